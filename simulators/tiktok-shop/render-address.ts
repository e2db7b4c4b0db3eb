import { hasPlatformLabel, isByPlatform, type SimulatedOrder } from './order.ts'

type Masking = 'none' | 'contact' | 'all'

/** Who sees what of a buyer (docs: get-order-detail, notes on masking). */
function maskingOf(order: SimulatedOrder): Masking {
  if (isByPlatform(order)) return 'all'
  if (order.shop.market.country === 'US' && order.status === 'CANCELLED') return 'all'
  return hasPlatformLabel(order) ? 'contact' : 'none'
}

const hide = (value: string): string => (value === '' ? '' : `${value.slice(0, 1)}***`)

/** `recipient_address`; empty until the order may be shipped. */
export function renderAddress(order: SimulatedOrder): object {
  if (order.status === 'UNPAID' || order.status === 'ON_HOLD') return {}
  const { recipient, shop } = order
  const masking = maskingOf(order)
  const contact = masking === 'none' ? (value: string) => value : hide
  const place = masking === 'all' ? hide : (value: string) => value
  const [first = '', ...others] = recipient.name.split(' ')
  return {
    full_address: place(
      `${recipient.line1}, ${recipient.city}, ${recipient.region}, ${recipient.postalCode}`,
    ),
    phone_number: contact(recipient.phone),
    name: contact(recipient.name),
    first_name: contact(first),
    last_name: contact(others.join(' ')),
    region_code: shop.market.country,
    postal_code: place(recipient.postalCode),
    address_line1: place(recipient.line1),
    address_line2: place(recipient.line2),
    address_detail: place(recipient.line1),
    district_info: levelsOf(order, place),
    ...(shop.market.country === 'GB' && { post_town: recipient.city }),
    ...(shop.market.country === 'US' && { delivery_preferences: { drop_off_location: place('Front Door') } }),
  }
}

/** Country, region and what lies below; which level is the city differs by market. */
function levelsOf(
  { recipient, shop: { market } }: SimulatedOrder,
  place: (value: string) => string,
): object[] {
  const [region, second, third] = market.levels
  const below =
    second === 'City'
      ? [recipient.city, recipient.district]
      : [recipient.district || recipient.region, recipient.city]
  const levels = [
    ['L0', 'Country', market.country],
    ['L1', region, recipient.region],
    ['L2', second, below[0]],
    ['L3', third, place(below[1] ?? '')],
  ] as const
  return levels.flatMap(([address_level, address_level_name, address_name]) =>
    address_name ? [{ address_level, address_level_name, address_name }] : [],
  )
}
