import type { HttpAnswer } from '../http.ts'
import { isLoopback } from './consent.ts'
import { refuse, succeed } from './errors.ts'
import type { ApiCall, Operation } from './gate.ts'

const integers = (value: unknown): readonly number[] =>
  Array.isArray(value) ? value.filter((entry): entry is number => Number.isSafeInteger(entry)) : []

/** A new address is asked to answer a verification message first (docs: v2.push.set_app_push_config). */
async function setConfig({ world, body }: ApiCall): Promise<HttpAnswer> {
  const { config, verifyUrl } = world.pushes
  const url = body['callback_url']
  if (url !== undefined && url !== config.url) {
    if (typeof url !== 'string' || !isLoopback(url))
      return refuse('error_param', 'callback_url: a simulator calls loopback addresses only.')
    if (!(await verifyUrl(url))) return refuse('error_param', 'callback_url did not answer the verification.')
    config.url = url
  }
  for (const code of integers(body['set_push_config_on'])) config.codes.add(code)
  for (const code of integers(body['set_push_config_off'])) config.codes.delete(code)
  if (body['blocked_shop_id_list'] !== undefined)
    config.blockedShopIds = integers(body['blocked_shop_id_list'])
  return succeed({ result: 'success' })
}

function getConfig({ world }: ApiCall): HttpAnswer {
  const { url, codes, blockedShopIds } = world.pushes.config
  const known = Array.from({ length: 48 }, (_, code) => code)
  return succeed({
    callback_url: url ?? '',
    live_push_status: url === null ? 'Suspended' : 'Normal',
    suspended_time: 0,
    blocked_shop_id: blockedShopIds,
    push_config_on_list: known.filter((code) => codes.has(code)),
    push_config_off_list: known.filter((code) => !codes.has(code)),
  })
}

function getLost({ world }: ApiCall): HttpAnswer {
  const lost = world.pushes.lost()
  return succeed({
    push_message_list: lost.map(({ shopId, code, body, atMs }) => ({
      shop_id: shopId ?? 0,
      code,
      timestamp: Math.floor(atMs / 1000),
      data: body,
    })),
    has_next_page: false,
    last_message_id: lost.at(-1)?.id ?? 0,
  })
}

function confirmLost({ world, body }: ApiCall): HttpAnswer {
  const id = body['last_message_id']
  if (typeof id !== 'number') return refuse('error_param', 'Wrong parameters, detail: last_message_id.')
  world.pushes.confirmLost(id)
  return succeed({})
}

export const pushCalls: readonly Operation[] = [
  { method: 'POST', path: '/api/v2/push/set_app_push_config', scope: 'public', answer: setConfig },
  { method: 'GET', path: '/api/v2/push/get_app_push_config', scope: 'public', answer: getConfig },
  { method: 'GET', path: '/api/v2/push/get_lost_push_message', scope: 'public', answer: getLost },
  {
    method: 'POST',
    path: '/api/v2/push/confirm_consumed_lost_push_message',
    scope: 'public',
    answer: confirmLost,
  },
]
