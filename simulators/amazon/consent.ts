import type { HttpAnswer, HttpRequest } from '../http.ts'
import { renderConsent, renderFailure, type PageError, type PageLanguage } from './consent-page.ts'
import { marketplaces, regions, type Region } from './marketplaces.ts'
import type { Seller } from './order-book.ts'
import type { World } from './world.ts'

/**
 * The seller's side of authorisation. Source: docs: website-authorization-workflow,
 * reauthorization-workflow, authorization-errors. What happens when a seller declines is not documented;
 * here the seller is sent back with `error=access_denied`.
 */
type Ask = {
  readonly world: World
  readonly fields: URLSearchParams
  readonly language: PageLanguage
  /** Sellers whose pages these are: all, or those of one region. */
  readonly sellers: readonly Seller[]
}

const html = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
})

const redirect = (target: string, query: Record<string, string | null>): HttpAnswer => {
  const url = new URL(target)
  for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value)
  return {
    status: 302,
    headers: { location: url.href, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
  }
}

const failure = (ask: Ask, code: PageError): HttpAnswer => html(400, renderFailure(code, ask.language))

function isRegistered(uri: string, registered: readonly string[] | null): boolean {
  if (registered) return registered.includes(uri)
  return URL.canParse(uri) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(uri).hostname)
}

/** The page to return to, or the error page that the platform shows instead. */
function checkAsk(ask: Ask): { readonly redirectUri: string } | HttpAnswer {
  const { app } = ask.world
  const redirectUri = ask.fields.get('redirect_uri') ?? app.redirectUris?.[0] ?? ''
  const appKnown = ask.fields.get('application_id') === app.applicationId
  if (!appKnown || (app.draft && ask.fields.get('version') !== 'beta')) return failure(ask, 'MD1000')
  if (!isRegistered(redirectUri, app.redirectUris)) return failure(ask, 'MD5101')
  return { redirectUri }
}

const approve = (ask: Ask, seller: Seller, redirectUri: string): HttpAnswer =>
  redirect(redirectUri, {
    state: ask.fields.get('state'),
    selling_partner_id: seller.sellerId,
    spapi_oauth_code: ask.world.grants.issueCode(seller.sellerId, redirectUri),
  })

export type Consent = {
  /** `place` is what follows `/seller/`: empty, a region, a country or a host of the seller's pages. */
  readonly answer: (request: HttpRequest, place: string, page: string) => HttpAnswer | null
}

/** Region of a place: `eu`, `de` and `sellercentral-europe.amazon.com` are all Europe. */
function regionOf(place: string): Region | null {
  const named = regions.find((region) => region === place)
  const market = marketplaces.find(
    ({ countryCode, sellerHost }) => countryCode.toLowerCase() === place || sellerHost === place,
  )
  return named ?? market?.region ?? null
}

function readAsk(world: World, request: HttpRequest, place: string): Ask {
  const region = regionOf(place)
  const fields = new URLSearchParams(request.query)
  if (request.method === 'POST')
    for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) fields.set(name, value)
  const language = fields.get('language') ?? request.headers['accept-language'] ?? 'en'
  return {
    world,
    fields,
    language: language.startsWith('zh') ? 'zh-CN' : 'en',
    sellers: world.sellers.filter((seller) => region === null || seller.region === region),
  }
}

export function openConsent(world: World, autoApprove: boolean, baseUrl: () => string): Consent {
  /** Appstore visits that wait for the app's answer: the platform's state to the seller it belongs to. */
  const visits = new Map<string, Seller>()
  let visitCount = 0
  let turn = 0

  /** The account named; else the first, or each in turn where nobody clicks, so that every consent brings another. */
  function chooseSeller({ fields, sellers }: Ask): Seller | undefined {
    const wanted = fields.get('selling_partner_id')
    return (
      sellers.find(({ sellerId }) => sellerId === wanted) ??
      sellers[autoApprove ? turn++ % sellers.length : 0]
    )
  }

  function answerConsent(ask: Ask, method: string): HttpAnswer {
    const checked = checkAsk(ask)
    if ('status' in checked) return checked
    if (method === 'POST' && ask.fields.get('decision') === 'decline')
      return redirect(checked.redirectUri, { error: 'access_denied', state: ask.fields.get('state') })
    if (method !== 'POST' && !autoApprove) return html(200, renderConsent(ask))
    const seller = chooseSeller(ask)
    return seller ? approve(ask, seller, checked.redirectUri) : failure(ask, 'MD9100')
  }

  /** The app store's button: sends the seller to the app's own login page. */
  function startFromStore(ask: Ask): HttpAnswer {
    const { app } = world
    const seller = chooseSeller(ask)
    if (!app.loginUri || !seller) return failure(ask, 'MD1000')
    const state = `amzn-${Buffer.from(`${seller.sellerId}.${visitCount++}`).toString('base64url')}`
    visits.set(state, seller)
    return redirect(app.loginUri, {
      amazon_callback_uri: `${baseUrl()}/seller/apps/authorize/confirm/${app.applicationId}`,
      amazon_state: state,
      selling_partner_id: seller.sellerId,
      version: app.draft ? 'beta' : null,
    })
  }

  function confirm(ask: Ask): HttpAnswer {
    ask.fields.set('application_id', world.app.applicationId)
    const checked = checkAsk(ask)
    if ('status' in checked) return checked
    const state = ask.fields.get('amazon_state') ?? ''
    const seller = visits.get(state)
    visits.delete(state)
    return seller ? approve(ask, seller, checked.redirectUri) : failure(ask, 'MD9100')
  }

  return {
    answer: (request, place, page) => {
      const ask = readAsk(world, request, place)
      if (page === 'apps/authorize/consent') return answerConsent(ask, request.method)
      if (page === 'apps/store/authorize') return startFromStore(ask)
      if (page === `apps/authorize/confirm/${world.app.applicationId}`) return confirm(ask)
      return null
    },
  }
}
