import { chmod, rename, writeFile } from 'node:fs/promises'
import type { Platform } from '#canonical/platform.ts'
import { scopeNames } from '#access/scopes.ts'
import { systemClock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import { simulators } from '#simulators/registry.ts'
import type { Simulator } from '#simulators/simulator.ts'
import type { App } from '../app.ts'
import { say } from '../commands/exit.ts'
import type { DemoApps } from './apps.ts'
import { giveConsent } from './consent.ts'
import { openDemoReceiver } from './receiver.ts'
import type { DemoFile, DemoState } from './state.ts'

/** Which markets the demo connects on each platform: one consent covers a region. */
const consents: Readonly<Record<string, readonly string[]>> = {
  amazon: ['amazon_us', 'amazon_de', 'amazon_jp'],
  tiktok_shop: ['tiktok_shop_us'],
  shopee: ['shopee_tw'],
  lazada: ['lazada_my'],
  temu: ['temu_us'],
}
/** The simulators' time runs faster, so that a person sees orders live through their states. */
const timeScale = 60
const startingOrders = 24
const ordersPerMinute = 12

export type DemoParts = {
  readonly app: App
  readonly url: string
  readonly state: DemoState
  readonly demoApps: DemoApps
  readonly signal: AbortSignal
}

/**
 * A whole hub to look at: simulated marketplaces, a demo organisation with shops connected through each
 * platform's real consent flow, a receiver that verifies every webhook, and orders that keep coming.
 * Resolves when all is connected; `finished` when the simulators have stopped.
 */
export async function prepareDemo(parts: DemoParts): Promise<{ readonly finished: Promise<void> }> {
  const { state, signal } = parts
  const scope: Scope = { orgId: await ensureOrganisation(parts), environment: 'sandbox' }
  say('openclaw: demo: starting the simulators …')
  const running = await startSimulators(parts)
  const receiver = await openDemoReceiver(state)
  const stop = async (): Promise<void> => {
    await Promise.all([...running.map((simulator) => simulator.stop()), receiver.close()])
  }
  try {
    say('openclaw: demo: connecting shops through their consent pages …')
    for (const simulator of running) await connectShops(parts, scope, simulator)
    const file = await describe(parts, scope, receiver.url)
    receiver.addSecret(file.webhook.secret)
    await writeDemoFile(state.path, file)
    say(`openclaw: demo: ${file.shops.length} shops connected; credentials are in ${state.path}`)
    say(`openclaw: demo: webhooks arrive at ${receiver.url}; its log is ${receiver.logPath}`)
  } catch (error) {
    await stop()
    throw error
  }
  return { finished: Promise.all(running.map((simulator) => simulator.run(signal))).then(stop) }
}

async function ensureOrganisation({ app, state }: DemoParts): Promise<string> {
  if (state.previous) return state.previous.organisation_id
  const orgId = newId('org', systemClock.nowMs())
  await app.store.db.insertInto('organisations').values({ org_id: orgId, name: 'Demo' }).execute()
  return orgId
}

function startSimulators({ url, demoApps }: DemoParts): Promise<readonly Simulator[]> {
  const series = Math.floor(systemClock.nowMs() / 1000)
  return Promise.all(
    Object.entries(simulators).map(async ([platform, startSimulator]) => {
      const simulator = await startSimulator({
        clock: systemClock,
        series,
        orders: startingOrders,
        ordersPerMinute,
        timeScale,
        autoApprove: true,
        redirectUris: [`${url}/authorize/${platform}/callback`],
        pushUrl: `${url}/ingest/${platform}/sandbox`,
      })
      const { credentials, hosts, queue } = simulator
      demoApps.add({ platform: platform as Platform, credentials, hosts, ...(queue ? { queue } : {}) })
      return simulator
    }),
  )
}

async function connectShops(parts: DemoParts, scope: Scope, simulator: Simulator): Promise<void> {
  const platform = simulator.platform as Platform
  for (const marketplaceCode of consents[platform] ?? []) {
    const begun = await parts.app.connect.begin({
      scope,
      platform,
      marketplaceCode,
      startedBy: 'demo',
      returnUrl: null,
    })
    if (!begun.ok) throw new Error(`demo: ${begun.code}: ${begun.detail.en}`)
    await giveConsent(begun.authorizationUrl)
  }
}

async function describe(parts: DemoParts, scope: Scope, receiverUrl: string): Promise<DemoFile> {
  const { app, url, state } = parts
  const sandbox = state.previous?.environments.sandbox ?? (await newApplication(parts, scope))
  const shops = await app.store.db
    .selectFrom('shops')
    .select(['id', 'platform', 'marketplace_code as marketplace'])
    .where('org_id', '=', scope.orgId)
    .orderBy('id')
    .execute()
  const endpoint = state.previous?.webhook ?? (await newEndpoint(url, sandbox, receiverUrl))
  return {
    url,
    environments: {
      sandbox: { ...sandbox, base_url: `${url}/sandbox/v1`, token_url: `${url}/oauth/token` },
    },
    console: null,
    shops,
    webhook: { ...endpoint, receiver_url: receiverUrl },
    organisation_id: scope.orgId,
  }
}

type Credentials = { readonly client_id: string; readonly client_secret: string }

async function newApplication({ app }: DemoParts, scope: Scope): Promise<Credentials> {
  const made = await app.access.createApplication(scope, { name: 'Demo ERP', scopes: [...scopeNames] })
  return { client_id: made.clientId, client_secret: made.clientSecret }
}

/** Made over the API, as an integrator makes it. */
async function newEndpoint(
  url: string,
  { client_id, client_secret }: Credentials,
  receiverUrl: string,
): Promise<{ readonly endpoint_id: string; readonly secret: string }> {
  const grant = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'webhooks/manage' }),
  })
  const { access_token } = (await grant.json()) as { access_token: string }
  const made = await fetch(`${url}/sandbox/v1/webhook-endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: receiverUrl, description: 'Demo receiver' }),
  })
  const endpoint = (await made.json()) as { id: string; secret: string }
  if (made.status >= 300)
    throw new Error(`demo: the webhook endpoint was refused: ${JSON.stringify(endpoint)}`)
  return { endpoint_id: endpoint.id, secret: endpoint.secret }
}

/** Whole or not at all, and readable by its owner only. */
async function writeDemoFile(path: string, file: DemoFile): Promise<void> {
  const draft = `${path}.draft`
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, path)
}
