import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const cli = join(import.meta.dirname, '../cli.ts')

/** The real command in a process of its own: what a person or a script sees of it. */
function map(input: string | Buffer, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'map', 'amazon', ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  })
  const printed = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { status, printed, stderr }
}

const order = (number: number, more: object = {}) => ({
  orderId: `112-0000000-${String(number).padStart(7, '0')}`,
  createdTime: '2026-09-14T03:00:00Z',
  lastUpdatedTime: '2026-09-14T03:25:00.000Z',
  salesChannel: { channelName: 'AMAZON', marketplaceId: 'ATVPDKIKX0DER' },
  fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT' },
  proceeds: { grandTotal: { amount: '26.98', currencyCode: 'USD' } },
  orderItems: [
    { orderItemId: `${number}01`, quantityOrdered: 2, product: { title: 'Cup', sellerSku: 'CUP' } },
  ],
  ...more,
})

describe('openclaw map', () => {
  it('prints one unified order, and nothing else', () => {
    const { status, printed, stderr } = map(JSON.stringify(order(1)))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(printed).toMatchObject([
      {
        object: 'order',
        platform: 'amazon',
        platform_order_id: '112-0000000-0000001',
        status: 'awaiting_fulfillment',
        marketplace_code: 'amazon_us',
        totals: { grand_total: { amount: '26.98', currency: 'USD' } },
      },
    ])
  })

  it('prints every order of an answer but the faulty one, which it names with its path: exit 2', () => {
    const faulty = order(2, { proceeds: { grandTotal: { amount: '26.98' } } })
    const answer = { orders: [order(1), faulty, order(3)], pagination: {} }
    const { status, printed, stderr } = map(JSON.stringify(answer))
    expect(status).toBe(2)
    expect(printed.map((each) => each['platform_order_id'])).toEqual([
      '112-0000000-0000001',
      '112-0000000-0000003',
    ])
    const complaint = JSON.parse(stderr) as { faults: { path: string }[] }
    expect(complaint).toMatchObject({ error: 'PAYLOAD_FAULTY', order_index: 1 })
    expect(complaint.faults.map(({ path }) => path)).toContain('proceeds.grandTotal.currencyCode')
  })

  it('names wrong types and missing fields by their place', () => {
    const { status, stderr } = map(JSON.stringify(order(1, { orderItems: 'none', createdTime: undefined })))
    const { faults } = JSON.parse(stderr) as { faults: { path: string }[] }
    expect(status).toBe(2)
    expect(faults.map(({ path }) => path)).toEqual(expect.arrayContaining(['createdTime', 'orderItems']))
  })

  it.each<[string, string | Buffer, RegExp]>([
    ['no JSON', 'orders!', /NOT_JSON/],
    ['nothing', '', /NOT_JSON/],
    ['text that is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /NOT_UTF8/],
    ['a nesting bomb', '['.repeat(200_000), /TOO_DEEP/],
    ['more than it reads', `"${'x'.repeat(9 * 2 ** 20)}"`, /TOO_LARGE/],
    ['a list of nothing', '[]', /an empty list/],
  ])('says of %s what it is: exit 2', (_name, input, said) => {
    const { status, printed, stderr } = map(input)
    expect({ status, printed }).toEqual({ status: 2, printed: [] })
    expect(stderr).toMatch(said)
  })

  it('takes five megabytes', () => {
    const { status, printed } = map(JSON.stringify(order(1, { note: 'x'.repeat(5 * 2 ** 20) })))
    expect(status).toBe(0)
    expect(printed).toHaveLength(1)
  })

  it('fills the market in where the payload has none, and refuses one that does not exist', () => {
    const bare = JSON.stringify(order(1, { salesChannel: undefined }))
    expect(map(bare, '--market', 'DE').printed).toMatchObject([{ marketplace_code: 'amazon_de' }])
    expect(map(bare).printed).toMatchObject([{ marketplace_code: null }])
    const { status, stderr } = map(bare, '--market', 'atlantis')
    expect(status).toBe(2)
    expect(stderr).toContain('"atlantis"')
  })

  it('shows the table, and what a payload has beyond it', () => {
    const [rows] = map('', '--rows', '--lang', 'zh-CN').printed
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ note: expect.stringMatching(/\p{Script=Han}/u) as string }),
      ]),
    )
    const { status, printed } = map(JSON.stringify(order(1, { mood: 'good' })), '--drift')
    expect(status).toBe(0)
    expect(printed).toMatchObject([{ unknown: [{ path: 'mood', type: 'string' }] }])
    expect(JSON.stringify(printed)).not.toContain('good')
  })

  it('refuses a document it does not know', () => {
    const { status, stderr } = map('{}', '--doc', 'invoice')
    expect(status).toBe(2)
    expect(stderr).toContain('known: order, order_v0')
  })
})
