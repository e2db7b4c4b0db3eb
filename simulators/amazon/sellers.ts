import type { HttpAnswer } from '../http.ts'
import { ok, type ApiCall, type Operation } from './api-call.ts'
import { marketplaceName, marketplaces, tradingCountries } from './marketplaces.ts'

/** Source: docs: sellers-api. */
function participations(call: ApiCall): HttpAnswer {
  const seller = call.world.sellers.find(({ sellerId }) => sellerId === call.sellerId)!
  const countries: readonly string[] = tradingCountries[seller.region]
  const trading = marketplaces.filter(({ countryCode }) => countries.includes(countryCode))
  const home = trading[0]!
  return ok({
    payload: [
      ...trading.map((market) => ({
        marketplace: {
          id: market.id,
          countryCode: market.countryCode,
          name: marketplaceName(market),
          defaultCurrencyCode: market.currency,
          defaultLanguageCode: market.language,
          domainName: `www.${market.domain}`,
        },
        storeName: seller.storeName,
        participation: { isParticipating: true, hasSuspendedListings: false },
      })),
      // Accounts also take part in marketplaces outside the store front; clients have to pass over them.
      {
        marketplace: {
          id: 'A2ZV50J4W1RKNI',
          countryCode: home.countryCode,
          name: 'Non-Amazon',
          defaultCurrencyCode: home.currency,
          defaultLanguageCode: home.language,
          domainName: `sim1.stores.${home.domain}`,
        },
        storeName: seller.storeName,
        participation: { isParticipating: true, hasSuspendedListings: false },
      },
    ],
  })
}

export const sellersApi: readonly Operation[] = [
  {
    operation: 'getMarketplaceParticipations',
    method: 'GET',
    path: '/sellers/v1/marketplaceParticipations',
    perSecond: 0.016,
    burst: 15,
    token: 'seller',
    answer: participations,
  },
]
