import { refuse } from './envelope.ts'
import type { Refusal } from './envelope.ts'
import { readTexts } from './operation.ts'
import type { ApiCall, Operation } from './operation.ts'
import { eventCodes } from './push-desk.ts'
import type { Mall } from './sites.ts'
import { findMall } from './world.ts'
import type { App, World } from './world.ts'

/** APIs of every grant. */
const commonScopes = [
  'bg.open.accesstoken.info.get',
  'bg.order.list.v2.get',
  'bg.order.detail.v2.get',
  'bg.order.shippinginfo.v2.get',
  'bg.tmc.message.update',
]

/** The APIs that a grant of this app covers. */
export const scopesOf = (app: App): readonly string[] => [
  ...commonScopes,
  ...(app.amountsApproved ? ['bg.order.amount.query', 'temu.order.amount.v2.query'] : []),
  ...(app.clearAddressesApproved ? ['bg.order.decryptshippinginfo.get'] : []),
]

function describe(world: World, mall: Mall, expiresAtMs: number): object {
  const subscribed = world.pushes.subscribed(mall.mallId)
  return {
    expiredTime: Math.floor(expiresAtMs / 1000),
    mallId: mall.mallId,
    mallType: mall.type === 'local' ? 100 : 1,
    regionId: mall.site.regionId,
    apiScopeList: scopesOf(world.app),
    appSubscribeEventCodeList: subscribed,
    appSubscribeStatus: 0,
    authEventCodeList: eventCodes.map((eventCode) => ({
      eventCode,
      permitsStatus: subscribed.includes(eventCode) ? 1 : 0,
    })),
  }
}

/** Other malls of the same seller on the same gateway: the grant covers them with tokens of their own. */
const associatedMalls = (world: World, mall: Mall): readonly Mall[] =>
  world.malls.filter(
    (other) =>
      other !== mall && other.sellerName === mall.sellerName && other.site.gateway === mall.site.gateway,
  )

/**
 * Code for token. The one call without a token: `access_token` must be there and equal to the code.
 * @returns the result and the mall, whose gateway must be the one that was asked.
 */
export function createToken(
  world: World,
  parameters: Readonly<Record<string, unknown>>,
  gateway: string,
): object | Refusal {
  const { code, access_token: token } = parameters
  if (typeof code !== 'string' || code === '') return refuse(110020002)
  if (token !== code) return refuse(3000031)
  const mallId = world.grants.spendCode(code)
  const mall = mallId === null ? undefined : findMall(world, mallId)
  if (!mall) return refuse(110020002)
  if (mall.site.gateway !== gateway) return refuse(120011072)
  const issued = world.grants.issueToken(mall.mallId)
  return {
    accessToken: issued.token,
    ...describe(world, mall, issued.expiresAtMs),
    associatedMallTokenList: associatedMalls(world, mall).map(({ mallId: other }) => ({
      mallId: other,
      accessToken: world.grants.issueToken(other).token,
    })),
  }
}

function getTokenInfo({ world, mall, token }: ApiCall): unknown {
  const read = world.grants.readToken(token)
  return read.state === 'good' ? describe(world, mall, read.expiresAtMs) : refuse(3000034)
}

const mostEvents = 20

/** Which events a mall sends to the app's callback. */
function updateMessages({ world, mall, parameters }: ApiCall): unknown {
  const permitted = readTexts(parameters['permitEventCodeList'])
  const cancelled = readTexts(parameters['cancelEventCodeList'])
  if (permitted === null || cancelled === null) return refuse(3000000)
  return changeEvents(world, mall, permitted ?? [], cancelled ?? [])
}

function changeEvents(
  world: World,
  mall: Mall,
  permitted: readonly string[],
  cancelled: readonly string[],
): true | Refusal {
  const both = [...permitted, ...cancelled]
  if (both.length === 0) return refuse(3000000)
  if (permitted.length > mostEvents || cancelled.length > mostEvents) return refuse(110020006)
  if (new Set(both).size < both.length) return refuse(110020007)
  if (both.some((code) => !eventCodes.includes(code))) return refuse(110020005)
  world.pushes.subscribe(mall.mallId, permitted, cancelled)
  return true
}

export const tokensApi: readonly Operation[] = [
  { type: 'bg.open.accesstoken.info.get', knows: [], answer: getTokenInfo },
  {
    type: 'bg.tmc.message.update',
    knows: ['permitEventCodeList', 'cancelEventCodeList'],
    perSecond: 1,
    answer: updateMessages,
  },
]
