import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Simulator } from '#simulators/simulator.ts'

const cli = join(import.meta.dirname, '../../src/cli.ts')

export type HubProcess = {
  readonly url: string
  readonly pid: number
  /** Its lines on stderr so far. */
  readonly said: readonly string[]
  /** Resolves with the exit code when it is gone; `null` when a signal ended it. */
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<number | null>
}

/** Only what a test gives: nothing of the developer's own settings reaches the hub. */
const launch = (env: Readonly<Record<string, string>>): ChildProcess =>
  spawn(process.execPath, [cli, 'start', '--no-demo'], {
    env: { PATH: process.env['PATH'], ...env },
    // The channel ends with this process, and the hub with it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })

const linesOf = (child: ChildProcess): string[] => {
  const lines: string[] = []
  createInterface(child.stderr!).on('line', (line) => lines.push(line))
  return lines
}

/** A hub in a process of its own, ready. Rejects with what it said when it ends before that. */
export async function startHubProcess(env: Readonly<Record<string, string>>): Promise<HubProcess> {
  const child = launch(env)
  const said = linesOf(child)
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const ready = new Promise<{ url: string; pid: number }>((resolve) => {
    createInterface(child.stdout!).once('line', (line) => resolve(JSON.parse(line) as HubProcess))
  })
  const failed = ended.then((code) => {
    throw new Error(`the hub ended with ${String(code)}:\n${said.join('\n')}`)
  })
  failed.catch(() => {})
  const { url, pid } = await Promise.race([ready, failed])
  return {
    url,
    pid,
    said,
    kill: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

/** A start that is expected to be refused: its exit code and what it said. */
export async function refusedStart(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = launch(env)
  const said = linesOf(child)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said: said.join('\n') }
}

/** The simulator's app as a hub's settings; names of hosts are written with `__` for a dot. */
export function settingsOf({ platform, credentials, hosts, queue = {} }: Simulator): Record<string, string> {
  const prefix = `OPENCLAW_${platform.toUpperCase()}_SANDBOX_`
  const settings: Record<string, string> = {}
  const set = (name: string, value: string): string => (settings[`${prefix}${name.toUpperCase()}`] = value)
  for (const [name, value] of Object.entries(credentials)) set(name, value)
  for (const [name, value] of Object.entries(hosts)) set(`host_${name.replaceAll('.', '__')}`, value)
  for (const [name, value] of Object.entries(queue)) set(`queue_${name}`, value)
  return settings
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
