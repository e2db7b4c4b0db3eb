import type { Language } from '#kernel/text.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { renderConsent, renderFailure } from './consent-page.ts'
import type { PageError } from './consent-page.ts'
import { gatewayHosts } from './sites.ts'
import type { Mall } from './sites.ts'
import type { World } from './world.ts'

/**
 * The seller's side of authorisation (docs: authorize-and-authorization-callback). What happens when a seller
 * declines is not documented; here the seller is sent back with `error=access_denied`.
 */
type Ask = {
  readonly fields: URLSearchParams
  readonly language: Language
  /** Malls whose pages these are. */
  readonly malls: readonly Mall[]
}

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

const isRegistered = (uri: string, registered: readonly string[] | null): boolean =>
  registered
    ? registered.includes(uri)
    : URL.canParse(uri) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(uri).hostname)

/** `place` is what stands before the page: nothing, `home` (the United States and the world) or `eu`. */
function readAsk(world: World, request: HttpRequest, place: string): Ask {
  const fields = new URLSearchParams(request.query)
  if (request.method === 'POST')
    for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) fields.set(name, value)
  const language = fields.get('language') ?? request.headers['accept-language'] ?? 'en'
  return {
    fields,
    language: language.startsWith('zh') ? 'zh-CN' : 'en',
    malls: world.malls.filter(({ site }) => place === '' || (site.gateway === 'eu') === (place === 'eu')),
  }
}

export function openConsent(
  world: World,
  autoApprove: boolean,
): (request: HttpRequest, place: string) => HttpAnswer {
  let turn = 0

  /** The mall named; else the first, or each in turn where nobody clicks. */
  function chooseMall({ fields, malls }: Ask): Mall | undefined {
    const wanted = fields.get('mall_id')
    if (wanted !== null) return malls.find(({ mallId }) => String(mallId) === wanted)
    return malls[autoApprove ? turn++ % malls.length : 0]
  }

  return (request, place) => {
    const ask = readAsk(world, request, place)
    const failure = (code: PageError): HttpAnswer => html(400, renderFailure(code, ask.language))
    const { app, grants } = world
    const redirectUri = ask.fields.get('redirect_uri') ?? ''
    const state = ask.fields.get('state')
    if (ask.fields.get('appKey') !== app.appKey) return failure('APP_UNKNOWN')
    if (!isRegistered(redirectUri, app.redirectUris)) return failure('REDIRECT_UNKNOWN')
    if (request.method === 'POST' && ask.fields.get('decision') === 'decline')
      return redirect(redirectUri, { error: 'access_denied', state })
    if (request.method !== 'POST' && !autoApprove) return html(200, renderConsent({ ...ask, app }))
    const mall = chooseMall(ask)
    if (!mall) return failure('MALL_UNKNOWN')
    return redirect(redirectUri, {
      app_key: app.appKey,
      callback_host: gatewayHosts[mall.site.gateway],
      code: grants.issueCode(mall.mallId),
      state,
    })
  }
}
