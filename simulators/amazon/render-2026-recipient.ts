import { isoTime } from '#kernel/clock.ts'
import { present } from './amounts.ts'
import { windowsOf, type SimulatedOrder } from './order.ts'
import type { View } from './view.ts'

/** The parts that name a person or a door: not for Amazon's own deliveries, not without the role. */
function renderDoor({ address, buyer, kind }: SimulatedOrder): object {
  const brazil = address.countryCode === 'BR'
  return {
    name: kind === 'pickup' ? 'Store #1042' : buyer.name,
    companyName: buyer.company,
    addressLine1: address.line1,
    addressLine2: address.line2,
    phone: buyer.phone,
    extendedFields: brazil
      ? present({
          streetName: address.street,
          streetNumber: address.houseNumber,
          complement: address.line2,
          neighborhood: address.district,
        })
      : undefined,
  }
}

export function renderAddress(order: SimulatedOrder, view: View): object {
  const { address, buyer } = order
  return present({
    ...(view.pii && !order.byAmazon && renderDoor(order)),
    city: address.city,
    districtOrCounty: address.countryCode === 'BR' ? undefined : address.district,
    stateOrRegion: address.state,
    postalCode: view.pii ? address.postalCode : undefined,
    countryCode: address.countryCode,
    addressType: buyer.company ? 'COMMERCIAL' : 'RESIDENTIAL',
  })
}

const deliveryHours = [{ startTime: { hour: 8, minute: 30 }, endTime: { hour: 17, minute: 0 } }] as const

/** Business receivers state their hours, a few others a hint for the driver. */
export function renderPreference(order: SimulatedOrder): object | undefined {
  if (order.buyer.company)
    return {
      dropOffLocation: 'Front desk',
      deliveryTime: {
        businessHours: ['MON', 'TUE', 'WED', 'THU', 'FRI'].map((dayOfWeek) => ({
          dayOfWeek,
          timeWindows: deliveryHours,
        })),
        exceptionDates: [
          {
            exceptionDate: isoTime(windowsOf(order).deliverByMs + 86_400_000).slice(0, 10),
            exceptionDateType: 'CLOSED',
            timeWindows: [],
          },
        ],
      },
      deliveryCapabilities: ['PALLET_DISABLED'],
    }
  return order.serial % 5 === 0
    ? { addressInstruction: 'Leave with the neighbour if nobody answers' }
    : undefined
}
