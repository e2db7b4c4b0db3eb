import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHub } from './smoke/hub.ts'
import type { Hub } from './smoke/hub.ts'
import {
  firstOrder,
  getOrder,
  getToken,
  platformsWithoutOrder,
  readDemoFile,
  until,
  webhooksAbout,
} from './smoke/visitor.ts'
import type { Order } from './smoke/visitor.ts'

/**
 * `npm start` from the outside: ready, an order over HTTP, its verified webhook, Ctrl-C, and the same order
 * after a second start. Times count from `npm start`.
 */
const budgetMs = { ready: 5_000, order: 10_000, webhook: 10_000, 'all platforms': 15_000, stopped: 5_000 }
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
const home = await mkdtemp(join(tmpdir(), 'openclaw-smoke-'))

const order = await visit('first start, ended by Ctrl-C', 'ctrl-c', async (hub) => {
  withinBudget('ready', hub.readyMs)
  const demo = await readDemoFile(home)
  const token = await getToken(demo)
  const left = (limitMs: number): number => limitMs - (performance.now() - hub.startedAtMs)
  const found = await until('an order over HTTP', left(budgetMs.order), () => firstOrder(demo, token))
  withinBudget('order', performance.now() - hub.startedAtMs, `${found.id} ${found.status}`)
  const told = await until('its webhook', left(budgetMs.webhook), async () => {
    const webhooks = await webhooksAbout(demo, found.id)
    return webhooks.find(({ type }) => type === 'order.created') ?? null
  })
  assert.equal(told.valid, true, 'the receiver did not accept the signatures')
  withinBudget('webhook', performance.now() - hub.startedAtMs, `${told.type}, signatures verified`)
  // Counted from ready: that is what is promised.
  await until(
    'orders of every platform',
    left(budgetMs['all platforms'] + hub.readyMs),
    async () => ((await platformsWithoutOrder(demo, token)).length === 0 ? true : null),
    1000,
  )
  const platforms = new Set(demo.shops.map(({ platform }) => platform))
  const sinceReadyMs = performance.now() - hub.startedAtMs - hub.readyMs
  withinBudget('all platforms', sinceReadyMs, [...platforms].join(', '))
  return found
})
await visit('second start, ended by a kill of npm', 'kill', async (hub) => {
  withinBudget('ready', hub.readyMs)
  const demo = await readDemoFile(home)
  const again: Order = await getOrder(demo, await getToken(demo), order.id)
  assert.equal(again.platform_order_id, order.platform_order_id)
  say('same order', 'found')
})
await rm(home, { recursive: true, force: true })

async function visit<T>(
  title: string,
  how: Parameters<Hub['stop']>[0],
  look: (hub: Hub) => Promise<T>,
): Promise<T> {
  console.log(`smoke: ${title}`)
  const hub = await startHub(home)
  try {
    return await look(hub)
  } finally {
    const atMs = performance.now()
    await hub.stop(how)
    withinBudget('stopped', performance.now() - atMs)
  }
}

function withinBudget(name: keyof typeof budgetMs, ms: number, what = ''): void {
  say(name, `${(ms / 1000).toFixed(2)} s of ${budgetMs[name] / 1000}  ${what}`)
  assert.ok(ms <= budgetMs[name], `${name} took ${Math.round(ms)} ms, the budget is ${budgetMs[name]}`)
}

function say(name: string, text: string): void {
  console.log(`  ${name.padEnd(15)}${text}`)
}
