import type { Random } from '#kernel/retry.ts'
import { text, type Text } from '#kernel/text.ts'

/** The closed list of ways in which a simulator can misbehave, the same for all platforms. */
export const faultTable = [
  {
    name: 'hidden_order',
    text: text('Lists leave an order out; by its id it is there', '列表漏掉某个订单，但按订单号能查到'),
  },
  { name: 'repeated_page', text: text('A page is served a second time', '同一页数据返回两次') },
  {
    name: 'same_token_twice',
    text: text('The next-page token is the one just used', '返回的翻页令牌与刚用过的相同'),
  },
  {
    name: 'throttle_storm',
    text: text('Calls are throttled although quota is left', '配额未用完也返回限流错误'),
  },
  { name: 'server_error', text: text('The platform fails with an internal error', '平台返回内部错误') },
  { name: 'html_error', text: text('A gateway answers with an HTML page', '网关返回 HTML 错误页') },
  {
    name: 'slow_body',
    text: text('The answer stops half way for a minute', '响应体传到一半停顿一分钟'),
  },
  { name: 'cut_body', text: text('The connection breaks half way', '响应体传到一半连接中断') },
  {
    name: 'revoked_grant',
    text: text('The seller has withdrawn consent', '卖家已撤销授权'),
  },
  { name: 'expired_code', text: text('The authorisation code is refused as expired', '授权码因过期被拒绝') },
  {
    name: 'duplicate_notification',
    text: text('A notification arrives twice', '同一条通知推送两次'),
  },
  {
    name: 'out_of_order_notification',
    text: text('A notification is overtaken by later ones', '通知晚到，被后面的通知超过'),
  },
  { name: 'lost_notification', text: text('A notification never arrives', '通知丢失') },
  {
    name: 'wrong_signature',
    text: text('A correct signature is refused', '签名正确却被判为错误'),
  },
  {
    name: 'hidden_inner_failure',
    text: text('A success status wraps a failure', '外层显示成功，内层其实失败'),
  },
  {
    name: 'window_end',
    text: text('Both ends of a time window are left out', '时间窗口两端都变成开区间'),
  },
  { name: 'low_total', text: text('The total count is too low', '总数返回得偏小') },
  {
    name: 'mixed_time_units',
    text: text('Times change their unit or precision', '时间单位或精度前后不一致'),
  },
  { name: 'unknown_status', text: text('An order has a status nobody knows', '出现未知的订单状态') },
  { name: 'unknown_field', text: text('Orders carry fields nobody knows', '订单里出现未知字段') },
  { name: 'missing_currency', text: text('Amounts come without a currency', '金额缺少币种') },
  {
    name: 'refresh_race',
    text: text(
      'A refresh ends the tokens given before it, so of two at once one loses',
      '每次刷新都会作废旧令牌，并发刷新时必有一方失败',
    ),
  },
] as const satisfies readonly { readonly name: string; readonly text: Text }[]

export type FaultName = (typeof faultTable)[number]['name']
const names: ReadonlySet<string> = new Set(faultTable.map((row) => row.name))
export const isFaultName = (name: string): name is FaultName => names.has(name)

/** On or off, for the next `count` times, for a share (0 to 1) of times, or for named subjects only. */
export type FaultSetting =
  boolean | { readonly count: number } | { readonly share: number } | { readonly only: readonly string[] }

export type FaultState = {
  readonly name: FaultName
  readonly text: Text
  /** False when this platform has nothing the fault could apply to. */
  readonly applies: boolean
  readonly setting: FaultSetting
  /** How often it has struck since the start. */
  readonly struck: number
}

export type FaultSwitches = {
  readonly set: (name: FaultName, setting: FaultSetting) => void
  /** Decides anew at each call. The subject (an operation, an account) matters for `only`. */
  readonly strikes: (name: FaultName, subject: string) => boolean
  /** Decides once per subject and keeps to it until the switch is moved: a hidden order stays hidden. */
  readonly marks: (name: FaultName, subject: string) => boolean
  readonly list: () => readonly FaultState[]
}

export function openFaults(random: Random, applicable: readonly FaultName[]): FaultSwitches {
  const settings = new Map<FaultName, FaultSetting>()
  const marked = new Map<FaultName, Map<string, boolean>>()
  const struck = new Map<FaultName, number>()

  function decide(name: FaultName, subject: string): boolean {
    const setting = settings.get(name) ?? false
    if (typeof setting === 'boolean') return setting
    if ('only' in setting) return setting.only.includes(subject)
    if ('share' in setting) return random() < setting.share
    settings.set(name, setting.count > 1 ? { count: setting.count - 1 } : false)
    return setting.count > 0
  }

  function strikes(name: FaultName, subject: string): boolean {
    if (!settings.has(name) || !decide(name, subject)) return false
    struck.set(name, (struck.get(name) ?? 0) + 1)
    return true
  }

  function marks(name: FaultName, subject: string): boolean {
    const known = marked.get(name)
    if (!known) return false
    const before = known.get(subject)
    if (before !== undefined) return before
    const now = strikes(name, subject)
    known.set(subject, now)
    return now
  }

  return {
    set: (name, setting) => {
      settings.set(name, setting)
      if (setting === false) marked.delete(name)
      else marked.set(name, new Map())
    },
    strikes,
    marks,
    list: () =>
      faultTable.map((row) => ({
        ...row,
        applies: applicable.includes(row.name),
        setting: settings.get(row.name) ?? false,
        struck: struck.get(row.name) ?? 0,
      })),
  }
}

export type FaultSettings = Partial<Record<FaultName, FaultSetting>>

function readSetting(name: string, value: unknown): FaultSetting {
  if (typeof value === 'boolean') return value
  if (typeof value === 'object' && value !== null) {
    const { count, share, only } = value as { count?: unknown; share?: unknown; only?: unknown }
    if (Number.isSafeInteger(count) && (count as number) >= 0) return { count: count as number }
    if (typeof share === 'number' && share >= 0 && share <= 1) return { share }
    if (Array.isArray(only) && only.every((subject) => typeof subject === 'string')) return { only }
  }
  throw new RangeError(`fault ${name}: use true, false, {"count": n}, {"share": 0..1} or {"only": [...]}`)
}

/** Settings from JSON, as PUT /_sim/faults takes them. Throws RangeError that names the bad entry. */
export function readFaults(input: unknown): FaultSettings {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new RangeError('faults must be an object of settings by name')
  const out: FaultSettings = {}
  for (const [name, value] of Object.entries(input)) {
    if (!isFaultName(name))
      throw new RangeError(`no fault is called ${name}; there are ${[...names].join(', ')}`)
    out[name] = readSetting(name, value)
  }
  return out
}

/** Settings from a command line: `a,b=3,c=20%` is a on, b three times, c one time in five. Throws RangeError. */
export function parseFaults(list: string): FaultSettings {
  const settings: Record<string, unknown> = {}
  for (const entry of list.split(',')) {
    const [name, amount] = entry.trim().split('=', 2)
    if (!name) continue
    if (amount === undefined) settings[name] = true
    else if (/^\d+$/.test(amount)) settings[name] = { count: Number(amount) }
    else if (/^\d+(\.\d+)?%$/.test(amount)) settings[name] = { share: Number(amount.slice(0, -1)) / 100 }
    else throw new RangeError(`fault ${name}: ${amount} is neither a count nor a share like 20%`)
  }
  return readFaults(settings)
}
