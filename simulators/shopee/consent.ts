import type { Language } from '#kernel/text.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { renderConsent, renderFailure, type PageError } from './consent-page.ts'
import { checkCommon } from './gate.ts'
import type { Account } from './shops.ts'
import type { World } from './world.ts'

/**
 * The seller's side of authorisation, in both forms: `/auth` unsigned with a state, and the older signed link
 * without one (docs: developer-guide/20). What happens when a seller declines is not documented; here the
 * seller is sent back with `error=access_denied`.
 */
export const signedPath = '/api/v2/shop/auth_partner'

export const isLoopback = (uri: string): boolean =>
  URL.canParse(uri) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(uri).hostname)

const html = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
})

/** Shopee checks the domain only, so addresses with a path or query of their own pass. */
function isRegistered(uri: string, registered: readonly string[] | null): boolean {
  if (!registered) return isLoopback(uri)
  return URL.canParse(uri) && registered.some((known) => new URL(known).origin === new URL(uri).origin)
}

function languageOf(request: HttpRequest): Language {
  const wanted = request.query.get('language') ?? request.headers['accept-language'] ?? 'en'
  return wanted.startsWith('zh') ? 'zh-CN' : 'en'
}

export function openConsent(world: World, autoApprove: boolean): (request: HttpRequest) => HttpAnswer {
  let turn = 0

  /** The account named; else the first, or each in turn where nobody clicks, so that every consent brings another. */
  function chooseAccount(wanted: string | null): Account {
    const { accounts } = world
    const named = accounts.find(({ kind, id }) => wanted === `${kind}:${id}` || wanted === String(id))
    return named ?? accounts[autoApprove ? turn++ % accounts.length : 0]!
  }

  /** Where to return to, or the error page that the platform shows instead. */
  function checkLink({ path, query }: HttpRequest): { readonly redirect: string } | PageError {
    const isSigned = path === signedPath
    if (isSigned && checkCommon(world, path, 'public', query)) return 'wrong_link'
    if (query.get('partner_id') !== String(world.app.partnerId)) return 'unknown_partner'
    if (!isSigned && (query.get('response_type') !== 'code' || !query.get('auth_type'))) return 'wrong_link'
    const redirect = query.get(isSigned ? 'redirect' : 'redirect_uri') ?? ''
    return isRegistered(redirect, world.app.redirectUris) ? { redirect } : 'wrong_redirect'
  }

  function sendBack(
    redirect: string,
    fields: Readonly<Record<string, string>>,
    query: URLSearchParams,
  ): HttpAnswer {
    const url = new URL(redirect)
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
    const state = query.get('state')
    if (state !== null) url.searchParams.set('state', state)
    return {
      status: 302,
      headers: { location: url.href, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
    }
  }

  return (request) => {
    const { query } = request
    const checked = checkLink(request)
    if (typeof checked === 'string') return html(400, renderFailure(checked, languageOf(request)))
    const form = new URLSearchParams(request.method === 'POST' ? request.body.toString('utf8') : '')
    if (form.get('decision') === 'decline')
      return sendBack(checked.redirect, { error: 'access_denied' }, query)
    if (request.method !== 'POST' && !autoApprove)
      return html(200, renderConsent(query, world.accounts, languageOf(request)))
    const account = chooseAccount(form.get('account') ?? query.get('account'))
    const code = world.tokens.issueCode(account)
    const name = account.kind === 'main' ? 'main_account_id' : 'shop_id'
    return sendBack(checked.redirect, { code, [name]: String(account.id) }, query)
  }
}
