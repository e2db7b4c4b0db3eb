import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '#test/walls/imports.ts'
import { until } from './visitor.ts'

/** A hub started as a person starts it: `npm start`, in a process group of its own. */
export type Hub = {
  readonly url: string
  readonly pid: number
  /** From `npm start` to the ready line. */
  readonly readyMs: number
  readonly startedAtMs: number
  /**
   * `ctrl-c`: the terminal sends it to the whole group. `kill`: a supervisor ends npm alone. Resolves when
   * npm has ended and, after it, every process of the hub.
   */
  readonly stop: (how: 'ctrl-c' | 'kill') => Promise<void>
}

export async function startHub(home: string): Promise<Hub> {
  const startedAtMs = performance.now()
  const said: string[] = []
  const npm = process.env['npm_execpath']
  const [command, args] = npm ? [process.execPath, [npm, 'start']] : ['npm', ['start']]
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    env: { ...process.env, OPENCLAW_HOME: home, OPENCLAW_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const killGroup = (): boolean => isRunning(child.pid!) && process.kill(-child.pid!, 'SIGTERM')
  process.once('exit', killGroup)
  createInterface(child.stderr).on('line', (line) => said.push(line))
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`npm start ended with ${String(code)}:\n${said.join('\n')}`)
  })
  ended.catch(() => {})
  const ready = await Promise.race([readyLine(child), ended])
  const database = Number((await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
  const processes = [child.pid!, ready.pid, database]
  return {
    ...ready,
    startedAtMs,
    readyMs: performance.now() - startedAtMs,
    stop: async (how) => {
      const exit = once(child, 'exit')
      if (how === 'ctrl-c') process.kill(-child.pid!, 'SIGINT')
      else child.kill('SIGTERM')
      await exit
      await until('the end of every process', 10_000, () =>
        Promise.resolve(processes.some(isRunning) ? null : true),
      )
      process.off('exit', killGroup)
    },
  }
}

/** npm writes lines of its own to stdout; ours is the one that is JSON. */
async function readyLine(child: ChildProcess): Promise<{ readonly url: string; readonly pid: number }> {
  for await (const line of createInterface(child.stdout!))
    if (line.startsWith('{')) return JSON.parse(line) as { url: string; pid: number }
  return new Promise(() => {})
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
