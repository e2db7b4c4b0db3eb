import type { AmazonSimulator } from '#simulators/amazon/index.ts'

/** A plain caller of the simulated platform, written for its tests: no connector code in it. */
export const userAgent = 'SimulatorTest/1.0 (Language=TypeScript/5; Platform=Linux)'

export const allData =
  'BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT'

/** A JSON value read by dotted paths: `at('orders.0.orderId')`; what is not there is `undefined`. */
export type Json = {
  readonly value: unknown
  readonly at: (path: string) => unknown
  /** The members of a list; an empty one when it is not there. */
  readonly list: (path: string) => readonly Json[]
}

function json(value: unknown): Json {
  const at = (path: string): unknown =>
    path === ''
      ? value
      : path
          .split('.')
          .reduce<unknown>(
            (inner, key) => (inner as Record<string, unknown> | undefined | null)?.[key],
            value,
          )
  return {
    value,
    at,
    list: (path) => {
      const found = at(path)
      return Array.isArray(found) ? found.map(json) : []
    },
  }
}

export type Reply = Json & {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

async function readReply(response: Response): Promise<Reply> {
  const text = await response.text()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  return { ...json(value), status: response.status, headers: response.headers, text }
}

/** Asks the token endpoint; the app's credentials are added unless given. */
export const askToken = async (sim: AmazonSimulator, fields: Record<string, string>): Promise<Reply> => {
  const { client_id = '', client_secret = '' } = sim.credentials
  return readReply(
    await fetch(`${sim.url}/auth/o2/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id, client_secret, ...fields }),
    }),
  )
}

export type Client = {
  readonly sellerId: string
  readonly region: string
  readonly get: (
    path: string,
    query?: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<Reply>
  readonly send: (method: string, path: string, body: unknown) => Promise<Reply>
}

function clientWith(sim: AmazonSimulator, token: string, region: string, sellerId: string): Client {
  const base = `${sim.url}/${region}`
  const own = { 'x-amz-access-token': token, 'user-agent': userAgent }
  return {
    sellerId,
    region,
    get: async (path, query = {}, headers = {}) =>
      readReply(
        await fetch(`${base}${path}?${new URLSearchParams(query).toString()}`, {
          headers: { ...own, ...headers },
        }),
      ),
    send: async (method, path, body) =>
      readReply(
        await fetch(base + path, {
          method,
          headers: { ...own, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      ),
  }
}

/** A caller with the token of the region's first seller (or of the one named). */
export async function connectSeller(
  sim: AmazonSimulator,
  region = 'na',
  accountId?: string,
): Promise<Client> {
  const shop = sim.shops.find(
    (each) => each.region === region && (!accountId || each.accountId === accountId),
  )!
  const reply = await askToken(sim, { grant_type: 'refresh_token', refresh_token: shop.refreshToken! })
  return clientWith(sim, String(reply.at('access_token')), region, shop.accountId)
}

export async function connectGrantless(sim: AmazonSimulator, region = 'na'): Promise<Client> {
  const reply = await askToken(sim, {
    grant_type: 'client_credentials',
    scope: 'sellingpartnerapi::notifications',
  })
  return clientWith(sim, String(reply.at('access_token')), region, '')
}

/** A caller with a restricted data token for these resources of orders v0. */
export async function connectRestricted(
  sim: AmazonSimulator,
  seller: Client,
  resources: object[],
): Promise<Client> {
  const reply = await seller.send('POST', '/tokens/2021-03-01/restrictedDataToken', {
    restrictedResources: resources,
  })
  return clientWith(sim, String(reply.at('restrictedDataToken')), seller.region, seller.sellerId)
}

/** Walks a search to its end, pages in order. */
export async function walkOrders(client: Client, query: Record<string, string>): Promise<Reply[]> {
  const pages: Reply[] = []
  let token: string | undefined
  do {
    const page = await client.get('/orders/2026-01-01/orders', {
      ...query,
      ...(token && { paginationToken: token }),
    })
    pages.push(page)
    token = page.at('pagination.nextToken') as string | undefined
  } while (token && pages.length < 50)
  return pages
}
