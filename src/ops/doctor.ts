import { access, constants, statfs } from 'node:fs/promises'
import { Client } from 'pg'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { isMigrated } from '#store/migrate.ts'

export type Finding = {
  readonly check: string
  readonly ok: boolean
  /** What was found: a figure or the system's own words. */
  readonly found: string
  /** What to do about it; `null` when nothing. */
  readonly remedy: Text | null
}

const freeDiskFloorBytes = 1024 ** 3
/** Signatures are refused beyond 300 s; the platforms' own bounds are tighter. */
const clockSkewCeilingMs = 5_000
const oldestServer = 150_000

const good = (check: string, found: string): Finding => ({ check, ok: true, found, remedy: null })
const bad = (check: string, found: string, remedy: Text): Finding => ({ check, ok: false, found, remedy })

export async function checkHome(home: string): Promise<readonly Finding[]> {
  try {
    await access(home, constants.W_OK)
  } catch (error) {
    const remedy = text(
      'Give this user write access to OPENCLAW_HOME, or set it to another directory.',
      '请为当前用户开放 OPENCLAW_HOME 目录的写权限，或改用其他目录。',
    )
    return [bad('home', error instanceof Error ? error.message : home, remedy)]
  }
  const { bavail, bsize } = await statfs(home)
  const free = bavail * bsize
  const found = `${(free / 1024 ** 3).toFixed(1)} GB free`
  const remedy = text(
    'Free disk space: at least 1 GB is needed to run safely.',
    '请清理磁盘，至少保留 1 GB 可用空间。',
  )
  return [good('home', home), free < freeDiskFloorBytes ? bad('disk', found, remedy) : good('disk', found)]
}

/** Reaches the database and compares its clock, version and schema with ours. */
export async function checkDatabase(url: string, nowMs: () => number): Promise<readonly Finding[]> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'openclaw doctor',
  })
  try {
    await client.connect()
  } catch (error) {
    const remedy = text(
      'Check DATABASE_URL and that the server accepts connections from here.',
      '请检查 DATABASE_URL，并确认数据库允许本机连接。',
    )
    return [bad('database', error instanceof Error ? error.message : String(error), remedy)]
  }
  try {
    const before = nowMs()
    const { rows } = await client.query<{ version: number; at: string }>(
      `select current_setting('server_version_num')::int as version,
              (extract(epoch from clock_timestamp()) * 1000)::text as at`,
    )
    const skewMs = Math.round(Number(rows[0]!.at) - (before + nowMs()) / 2)
    return [
      versionFinding(rows[0]!.version),
      clockFinding(skewMs),
      (await isMigrated(client))
        ? good('schema', 'up to date')
        : bad('schema', 'not this version', text('Run `openclaw migrate`.', '请执行 openclaw migrate。')),
    ]
  } finally {
    await client.end()
  }
}

function versionFinding(version: number): Finding {
  const found = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`
  const remedy = text('Use PostgreSQL 15 or newer.', '请使用 PostgreSQL 15 及以上版本。')
  return version >= oldestServer ? good('database', found) : bad('database', found, remedy)
}

function clockFinding(skewMs: number): Finding {
  const remedy = text(
    'Synchronise the clocks of this machine and the database server (NTP): platforms and receivers refuse late signatures.',
    '请为本机与数据库服务器配置 NTP 对时：时间戳偏差过大时，平台与回调方会拒绝签名。',
  )
  const found = `${skewMs} ms apart from the database`
  return Math.abs(skewMs) > clockSkewCeilingMs ? bad('clock', found, remedy) : good('clock', found)
}

/** Asks each host for anything at all: every HTTP answer counts, whatever its status. */
export async function checkReach(name: string, url: string): Promise<Finding> {
  const remedy = text(
    'Allow outbound HTTPS to this host, or set the proxy of this machine.',
    '请放行到该域名的出站 HTTPS，或检查本机代理设置。',
  )
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5_000) })
    return good(`reach ${name}`, url)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return bad(`reach ${name}`, `${url}: ${cause}`, remedy)
  }
}
