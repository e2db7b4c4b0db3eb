import type { Language } from '#kernel/text.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { renderConsent, renderFailure, type PageError } from './consent-page.ts'
import type { Account } from './order.ts'
import type { World } from './world.ts'

const html = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
})

function redirect(target: string, query: Readonly<Record<string, string | null>>): HttpAnswer {
  const url = new URL(target)
  for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value)
  return {
    status: 302,
    headers: { location: url.href, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
  }
}

const isLoopback = (uri: string): boolean =>
  URL.canParse(uri) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(uri).hostname)

/**
 * The seller's side of authorisation (docs: authorization-overview-202407). Sellers return to the address
 * registered with the app; where none is on file, a loopback address in the link is taken instead. Without
 * a click each account has its turn, so that every consent brings another.
 */
export function openConsent(
  world: World,
  autoApprove: boolean,
): (request: HttpRequest, region: 'us' | 'global') => HttpAnswer {
  let turn = 0

  function redirectFor(fields: URLSearchParams): string | null {
    const { redirectUris } = world.app
    const named = fields.get('redirect_uri') ?? ''
    if (redirectUris) return redirectUris.includes(named) ? named : (redirectUris[0] ?? null)
    return isLoopback(named) ? named : null
  }

  return (request, region) => {
    const fields = readFields(request)
    const language = languageOf(request, fields)
    const fail = (code: PageError): HttpAnswer => html(400, renderFailure(code, language))
    if (fields.get('service_id') !== world.app.serviceId) return fail('SERVICE_UNKNOWN')
    const target = redirectFor(fields)
    if (target === null) return fail('REDIRECT_MISSING')
    const state = fields.get('state')
    if (request.method === 'POST' && fields.get('decision') === 'decline')
      return redirect(target, { code: 'null', error: 'auth_denied', state })
    const accounts = world.accounts.filter((account) => account.consentRegion === region)
    if (request.method !== 'POST' && !autoApprove)
      return html(200, renderConsent({ fields, accounts, scopes: world.app.scopes, language }))
    const account =
      accounts.find(({ openId }) => openId === fields.get('open_id')) ??
      accounts[autoApprove ? turn++ % accounts.length : 0]!
    return redirect(target, {
      ...extras(world, account),
      code: world.grants.issueCode(account.openId),
      state,
    })
  }
}

/** Parameters seen in the field beside the documented ones. */
const extras = ({ app }: World, { shops }: Account): Readonly<Record<string, string>> => ({
  app_key: app.appKey,
  locale: 'en',
  shop_region: shops[0]!.market.country,
})

function readFields({ method, query, body }: HttpRequest): URLSearchParams {
  const fields = new URLSearchParams(query)
  if (method === 'POST')
    for (const [name, value] of new URLSearchParams(body.toString('utf8'))) fields.set(name, value)
  return fields
}

const languageOf = ({ headers }: HttpRequest, fields: URLSearchParams): Language =>
  (fields.get('language') ?? headers['accept-language'] ?? 'en').startsWith('zh') ? 'zh-CN' : 'en'
