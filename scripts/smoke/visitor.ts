import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What `demo.json` tells a visitor. */
export type DemoFile = {
  readonly environments: {
    readonly sandbox: {
      readonly base_url: string
      readonly token_url: string
      readonly client_id: string
      readonly client_secret: string
    }
  }
  readonly shops: readonly { readonly id: string; readonly platform: string }[]
  readonly webhook: { readonly receiver_url: string }
}
export type Order = { readonly id: string; readonly platform_order_id: string; readonly status: string }
export type Webhook = { readonly entity_id: string | null; readonly type: string; readonly valid: boolean }

export const readDemoFile = async (home: string): Promise<DemoFile> =>
  JSON.parse(await readFile(join(home, 'demo.json'), 'utf8')) as DemoFile

export async function getToken({ environments: { sandbox } }: DemoFile): Promise<string> {
  const secret = Buffer.from(`${sandbox.client_id}:${sandbox.client_secret}`).toString('base64')
  const answer = await getJson<{ access_token: string }>(sandbox.token_url, {
    method: 'POST',
    headers: { authorization: `Basic ${secret}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return answer.access_token
}

export async function firstOrder(demo: DemoFile, token: string): Promise<Order | null> {
  for (const { id } of demo.shops) {
    const page = await getApi<{ data: Order[] }>(demo, token, `/shops/${id}/orders?limit=1`)
    if (page.data[0]) return page.data[0]
  }
  return null
}

/** Platforms of which no order can be seen yet. */
export async function platformsWithoutOrder(demo: DemoFile, token: string): Promise<readonly string[]> {
  const seen = new Set<string>()
  for (const { id, platform } of demo.shops) {
    if (seen.has(platform)) continue
    const page = await getApi<{ data: Order[] }>(demo, token, `/shops/${id}/orders?limit=1`)
    if (page.data[0]) seen.add(platform)
  }
  return [...new Set(demo.shops.map(({ platform }) => platform))].filter((platform) => !seen.has(platform))
}

export const getOrder = (demo: DemoFile, token: string, id: string): Promise<Order> =>
  getApi<Order>(demo, token, `/orders/${id}`)

export async function webhooksAbout(demo: DemoFile, entityId: string): Promise<readonly Webhook[]> {
  const { received } = await getJson<{ received: Webhook[] }>(
    new URL('/received', demo.webhook.receiver_url).href,
  )
  return received.filter(({ entity_id }) => entity_id === entityId)
}

/** Asks again until there is something, at most `patienceMs`. */
export async function until<T>(
  what: string,
  patienceMs: number,
  ask: () => Promise<T | null>,
  everyMs = 50,
): Promise<T> {
  const endMs = performance.now() + patienceMs
  while (performance.now() < endMs) {
    const found = await ask()
    if (found !== null) return found
    await sleep(everyMs)
  }
  throw new Error(`${what}: not within ${Math.round(patienceMs)} ms`)
}

const getApi = <T>({ environments }: DemoFile, token: string, path: string): Promise<T> =>
  getJson<T>(`${environments.sandbox.base_url}${path}`, { headers: { authorization: `Bearer ${token}` } })

async function getJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
