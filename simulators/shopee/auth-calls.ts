import type { HttpAnswer } from '../http.ts'
import { refuse, succeedAtTop } from './errors.ts'
import type { ApiCall, Operation } from './gate.ts'
import { secondsOf } from './order.ts'
import { accessLifeS, type Owner } from './tokens.ts'

/** Ids must be JSON numbers; text is refused as the pages say ("Expected: integer, given: string"). */
function integerOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
}

const notInteger = (name: string): HttpAnswer =>
  refuse('error_param', `Wrong parameters, detail: ${name}: Invalid type. Expected: integer, given: string.`)

/** The one of the names that is there; `null` when there is none or more than one. */
function onlyOne(body: ApiCall['body'], names: readonly string[]): string | null {
  const given = names.filter((name) => body[name] !== undefined)
  return given.length === 1 ? given[0]! : null
}

function exchange({ world, body }: ApiCall): HttpAnswer {
  if (integerOf(body['partner_id']) !== world.app.partnerId) return notInteger('partner_id')
  const name = onlyOne(body, ['shop_id', 'main_account_id'])
  if (name === null) return refuse('error_param', 'Exactly one of shop_id and main_account_id is needed.')
  const id = integerOf(body[name])
  if (id === null) return notInteger(name)
  const account = world.tokens.spendCode(typeof body['code'] === 'string' ? body['code'] : '')
  if (!account) return refuse('error_auth', 'Invalid code', 403)
  if (account.id !== id || (account.kind === 'main') !== (name === 'main_account_id'))
    return refuse(name === 'shop_id' ? 'invalid_shop_id' : 'invalid_main_acount_id', `Invalid ${name}.`)
  const { accessToken, refreshToken } = world.tokens.grant(account)
  for (const shopId of account.shopIds)
    world.pushes.tellAuthorisation(1, {
      authorize_type: 'shop authorization by user',
      extra: `shop id ${shopId} has been authorized successfully`,
      shop_id: shopId,
      success: 1,
    })
  return succeedAtTop({
    access_token: accessToken,
    refresh_token: refreshToken,
    expire_in: accessLifeS,
    ...(account.kind === 'main' && {
      shop_id_list: account.shopIds,
      merchant_id_list: account.merchantIds,
      supplier_id_list: [],
      user_id_list: [],
    }),
  })
}

const refreshRefusals = {
  unknown: ['error_auth', 'Invalid refresh_token.'],
  expired: ['refresh_token_expired', 'Your refresh_token is expired.'],
  'not linked': ['shop_no_linked', 'The shop is not linked with the partner.'],
} as const

function refresh({ world, body }: ApiCall): HttpAnswer {
  if (integerOf(body['partner_id']) !== world.app.partnerId) return notInteger('partner_id')
  const name = onlyOne(body, ['shop_id', 'merchant_id'])
  if (name === null) return refuse('error_param', 'Exactly one of shop_id and merchant_id is needed.')
  const id = integerOf(body[name])
  if (id === null) return notInteger(name)
  const owner: Owner = name === 'shop_id' ? `shop:${id}` : `merchant:${id}`
  const token = typeof body['refresh_token'] === 'string' ? body['refresh_token'] : ''
  const pair = world.tokens.refresh(token, owner)
  if (typeof pair === 'string') {
    const [error, message] = refreshRefusals[pair]
    return refuse(error, message, 403)
  }
  return succeedAtTop({
    partner_id: world.app.partnerId,
    [name]: id,
    access_token: pair.accessToken,
    refresh_token: pair.refreshToken,
    expire_in: accessLifeS,
  })
}

/** Docs: v2.public.get_shops_by_partner. Pages from 1. */
function shopsOfPartner({ world, query }: ApiCall): HttpAnswer {
  const size = Math.min(100, Number(query.get('page_size') ?? 100))
  const page = Math.max(1, Number(query.get('page_no') ?? 1))
  const linked = world.shops.flatMap(({ shopId, region }) => {
    const consent = world.tokens.consentOf(`shop:${shopId}`)
    if (!consent) return []
    const times = { auth_time: secondsOf(consent.fromMs), expire_time: secondsOf(consent.untilMs) }
    return [{ shop_id: shopId, region, ...times, sip_affi_shop_list: [] }]
  })
  return succeedAtTop({
    authed_shop_list: linked.slice((page - 1) * size, page * size),
    more: linked.length > page * size,
  })
}

function shopInfo({ world, shopId }: ApiCall): HttpAnswer {
  const shop = world.shops.find((known) => known.shopId === shopId)
  const consent = world.tokens.consentOf(`shop:${shopId}`)
  if (!shop || !consent) return refuse('error_auth', 'Invalid partner_id or shopid.')
  return succeedAtTop({
    auth_time: secondsOf(consent.fromMs),
    expire_time: secondsOf(consent.untilMs),
    shop_name: shop.name,
    region: shop.region,
    status: 'NORMAL',
    shop_fulfillment_flag: 'Others',
    is_cb: shop.mainAccountId !== null,
    is_upgraded_cbsc: false,
    merchant_id: shop.mainAccountId === null ? null : 1_000_000 + shop.mainAccountId,
    is_sip: false,
    sip_affi_shops: [],
    is_main_shop: false,
    is_direct_shop: false,
    linked_direct_shop_list: [],
    linked_main_shop_id: 0,
  })
}

export const authCalls: readonly Operation[] = [
  { method: 'POST', path: '/api/v2/auth/token/get', scope: 'public', answer: exchange },
  { method: 'POST', path: '/api/v2/auth/access_token/get', scope: 'public', answer: refresh },
  { method: 'GET', path: '/api/v2/public/get_shops_by_partner', scope: 'public', answer: shopsOfPartner },
  { method: 'GET', path: '/api/v2/shop/get_shop_info', scope: 'shop', answer: shopInfo },
]
