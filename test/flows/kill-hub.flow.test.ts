import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openAccess } from '#access/access.ts'
import { scopeNames } from '#access/scopes.ts'
import { systemClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { silentLog } from '#kernel/log.ts'
import { newSecretKey, openVault } from '#kernel/seal.ts'
import { startAmazonSimulator } from '#simulators/amazon/index.ts'
import type { AmazonSimulator } from '#simulators/amazon/index.ts'
import { openStore } from '#store/db.ts'
import type { Store } from '#store/db.ts'
import { connectionUrl } from '#store/embedded/access.ts'
import { isAlive, readPidFile } from '#store/embedded/pid-file.ts'
import { freePort, refusedStart, settingsOf, startHubProcess } from '#test/support/hub-process.ts'
import type { HubProcess } from '#test/support/hub-process.ts'
import { passingClock } from '#test/support/passing-clock.ts'
import { openWebhookLog } from '#test/support/webhook-log.ts'

const orderCount = 300
const secretKey = newSecretKey()

let home: string
let env: Record<string, string>
let hub: HubProcess
let store: Store
let simulator: AmazonSimulator
let receiver: Awaited<ReturnType<typeof openWebhookLog>>

beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    const lines = hub.said.map((line) => line.slice(0, 200))
    process.stderr.write(`The hub said:\n${lines.join('\n')}\n`)
  })
})
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openclaw-kill-'))
  receiver = await openWebhookLog()
  // Its time runs five times as fast: a message in the hands of a killed hub comes again after six seconds.
  simulator = await startAmazonSimulator({ clock: passingClock(5), timeScale: 200, autoApprove: true })
  env = {
    OPENCLAW_HOME: home,
    OPENCLAW_PORT: String(await freePort()),
    OPENCLAW_SECRET_KEY: secretKey,
    OPENCLAW_WEBHOOK_ALLOW_CIDRS: '127.0.0.1/32',
    ...settingsOf(simulator),
  }
  hub = await startHubProcess(env)
  store = openStore({ url: await databaseUrl(), name: 'kill test', maxConnections: 2, onIdleError: () => {} })
}, 30_000)

afterAll(async () => {
  await store.close()
  await hub.kill('SIGTERM')
  const left = await readPidFile(join(home, 'postgres'))
  if (left && isAlive(left.pid)) process.kill(left.pid, 'SIGKILL')
  await simulator.stop()
  await receiver.close()
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}, 20_000)

async function databaseUrl(): Promise<string> {
  const { password } = JSON.parse(await readFile(join(home, 'postgres.json'), 'utf8')) as { password: string }
  const running = await readPidFile(join(home, 'postgres'))
  return connectionUrl({ password, port: null }, running!.port)
}

/** The API as an integrator uses it; a hub that is away is asked again. */
function openClient(credentials: { readonly clientId: string; readonly clientSecret: string }) {
  let token: string | null = null

  async function ask<T>(path: string, body?: object): Promise<T> {
    token ??= await newToken()
    const response = await fetch(`${hub.url}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  async function newToken(): Promise<string> {
    const { clientId, clientSecret } = credentials
    const response = await fetch(`${hub.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    })
    return ((await response.json()) as { access_token: string }).access_token
  }

  /** Every entry of a list, page after page. */
  async function list<T>(path: string): Promise<T[]> {
    type Page = { data: T[]; has_more: boolean; next_cursor?: string; next_after?: number }
    const all: T[] = []
    for (let more = ''; ;) {
      const page = await ask<Page>(`${path}&limit=100${more}`)
      all.push(...page.data)
      if (!page.has_more) return all
      more = page.next_cursor ? `&cursor=${page.next_cursor}` : `&after=${page.next_after}`
    }
  }
  return { ask, list }
}

/** An organisation with an application, an endpoint and a connected account, over the public ways. */
async function connectEverything() {
  const vault = openVault([Buffer.from(secretKey, 'base64url')])
  const access = openAccess({ store, vault, clock: systemClock, log: silentLog, issuer: hub.url })
  const orgId = newId('org', Date.now())
  await store.db.insertInto('organisations').values({ org_id: orgId, name: 'Test' }).execute()
  const scope = { orgId, environment: 'sandbox' } as const
  const client = openClient(await access.createApplication(scope, { name: 'ERP', scopes: [...scopeNames] }))
  const endpoint = await client.ask<{ secret: string }>('/sandbox/v1/webhook-endpoints', {
    url: receiver.url,
  })
  receiver.addSecret(endpoint.secret)
  const wish = { platform: 'amazon', marketplace_code: 'amazon_us' }
  const started = await client.ask<{ authorization_url: string }>('/sandbox/v1/shop-authorizations', wish)
  expect((await fetch(started.authorization_url)).status).toBe(200)
  await vi.waitFor(async () => expect(await jobsLeft('subscribe_orders')).toBe(0), { timeout: 10_000 })
  const shops = await client.list<{ id: string; marketplace_code: string }>('/sandbox/v1/shops?')
  return { client, shopId: shops.find((shop) => shop.marketplace_code === 'amazon_us')!.id }
}

async function jobsLeft(task: string): Promise<number> {
  const { rows } = await sql`select from graphile_worker.jobs where task_identifier = ${task}`.execute(
    store.db,
  )
  return rows.length
}

const wait = (ms: number): Promise<void> => systemClock.sleep(ms)

/** New orders at an even pace; each is announced when it is authorised. */
async function burst(): Promise<void> {
  for (let made = 0; made < orderCount; made++) {
    const id = simulator.createOrder({ countryCode: 'US', kind: 'merchant' })
    simulator.advance(id)
    await wait(20)
  }
}

async function killAndRestart(): Promise<void> {
  await wait(200 + Math.random() * 1_000)
  await hub.kill('SIGKILL')
  hub = await startHubProcess(env)
}

describe('a hub', () => {
  it('loses and doubles nothing while it and its database are killed in a burst', async () => {
    const { client, shopId } = await connectEverything()
    const bursting = burst()
    for (let kills = 0; kills < 3; kills++) await killAndRestart()
    const server = (await readPidFile(join(home, 'postgres')))!.pid
    process.kill(server, 'SIGKILL')
    await bursting

    type Listed = { platform_order_id: string }
    const truth = simulator.orderIds().toSorted()
    expect(truth).toHaveLength(orderCount)
    await vi.waitFor(
      async () => {
        const listed = await client.list<Listed>(`/sandbox/v1/shops/${shopId}/orders?`)
        expect(listed.map((order) => order.platform_order_id).toSorted()).toEqual(truth)
      },
      { timeout: 40_000, interval: 250 },
    )
    expect((await readPidFile(join(home, 'postgres')))!.pid).not.toBe(server)

    type Event = { offset: number; id: string; type: string }
    const events = await client.list<Event>('/sandbox/v1/events?')
    expect(events.map(({ offset }) => offset)).toEqual(events.map((_, index) => index + 1))
    expect(events.filter(({ type }) => type === 'order.created')).toHaveLength(orderCount)

    // What a killed hub had claimed comes back when its lease ends: that time is made to pass.
    await sql`update deliveries set lease_until = now() where lease_until is not null`.execute(store.db)
    await vi.waitFor(() => expect(receiver.idsByOffset.size).toBe(events.length), { timeout: 20_000 })
    for (const { offset, id } of events) expect([...receiver.idsByOffset.get(offset)!]).toEqual([id])
    expect(receiver.faults).toEqual([])
  }, 90_000)

  it('is the only one of its home: a second start is refused and says by whom', async () => {
    const { code, said } = await refusedStart({ ...env, OPENCLAW_PORT: '0' })
    expect(code).toBe(2)
    expect(said).toContain(`${home} is in use by`)
    expect(said).toContain(String(hub.pid))
    expect((await fetch(`${hub.url}/healthz`)).status).toBe(200)
  }, 20_000)

  it('stops when it is told to, its database with it, and names a port that is taken', async () => {
    const { pid } = (await readPidFile(join(home, 'postgres')))!
    await store.close()
    expect(await hub.kill('SIGTERM')).toBe(0)
    expect(isAlive(pid)).toBe(false)

    const { code, said } = await refusedStart({ ...env, OPENCLAW_PORT: String(receiver.port) })
    expect(code).toBe(2)
    expect(said).toContain('OPENCLAW_PORT')
    expect(said).toContain(`${receiver.port} is in use by another program`)
  }, 20_000)

  it('reports all mistakes of its configuration together', async () => {
    const { code, said } = await refusedStart({ ...env, OPENCLAW_PORT: 'many', OPENCLAW_LOG_LEVEL: 'loud' })
    expect(code).toBe(2)
    expect(said).toMatch(/OPENCLAW_PORT: .*many/)
    expect(said).toMatch(/OPENCLAW_LOG_LEVEL: .*loud/)
  })
})
