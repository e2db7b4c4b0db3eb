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
 * The seller's side of authorisation (docs: 108260). What happens when a seller declines is not
 * documented; here the seller is sent back with `error=access_denied`.
 */
export function openConsent(world: World, autoApprove: boolean): (request: HttpRequest) => HttpAnswer {
  const { app, accounts, grants } = world
  let turn = 0

  /** Accounts of the country asked for; a cross-border account is of each of its countries. */
  const offered = (country: string | null): readonly Account[] => {
    const wanted = new Set<string>((country ?? '').split(',').filter(Boolean))
    const fitting = accounts.filter(({ stores }) => stores.some((store) => wanted.has(store.country)))
    return fitting.length > 0 ? fitting : accounts
  }

  /** The account named; else the first, or each in turn where nobody clicks, so that every consent brings another. */
  const choose = (fields: URLSearchParams, choices: readonly Account[]): Account | undefined => {
    const wanted = fields.get('account_id')
    return wanted === null
      ? choices[autoApprove ? turn++ % choices.length : 0]
      : choices.find(({ accountId }) => accountId === wanted)
  }

  /** What is wrong with the link itself: the platform shows it and sends nobody back. */
  function mistakeOf(fields: URLSearchParams): PageError | null {
    const redirectUri = fields.get('redirect_uri') ?? ''
    if (fields.get('client_id') !== app.appKey) return 'app'
    if (fields.get('response_type') !== 'code') return 'response'
    const isKnown = app.redirectUris ? app.redirectUris.includes(redirectUri) : isLoopback(redirectUri)
    return isKnown ? null : 'redirect'
  }

  return (request) => {
    const fields = readFields(request)
    const language = languageOf(fields, request)
    const failure = (error: PageError): HttpAnswer => html(400, renderFailure(error, language))
    const mistake = mistakeOf(fields)
    if (mistake) return failure(mistake)
    const [redirectUri, state] = [fields.get('redirect_uri')!, fields.get('state')]
    const isPosted = request.method === 'POST'
    if (isPosted && fields.get('decision') === 'decline')
      return redirect(redirectUri, { error: 'access_denied', state })
    const choices = offered(fields.get('country'))
    if (!isPosted && !autoApprove) return html(200, renderConsent(fields, choices, language))
    const account = choose(fields, choices)
    if (!account) return failure('account')
    return redirect(redirectUri, { code: grants.issueCode(account.accountId), state })
  }
}

/** The link's own parameters, and what the page's form adds. */
function readFields(request: HttpRequest): URLSearchParams {
  const fields = new URLSearchParams(request.query)
  if (request.method === 'POST')
    for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) fields.set(name, value)
  return fields
}

function languageOf(fields: URLSearchParams, { headers }: HttpRequest): Language {
  const wanted = fields.get('language') ?? headers['accept-language'] ?? 'en'
  return wanted.startsWith('zh') ? 'zh-CN' : 'en'
}
