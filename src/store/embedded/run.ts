import { spawn, type ChildProcess, type SpawnOptions, type StdioOptions } from 'node:child_process'

/** A user of this machine. */
export type Account = { readonly uid: number; readonly gid: number }

/** How PostgreSQL's programs are started, and who must own their files. */
export type Identity = {
  /** Null: as ourselves. */
  readonly account: Account | null
  /** A command line that comes before the program; empty when plain spawn options are enough. */
  readonly launcher: readonly string[]
}

/** Starts a program under an identity, in an environment that holds none of the hub's secrets. */
export function start(
  program: string,
  args: readonly string[],
  { account, launcher }: Identity,
  options: { readonly stdio: StdioOptions; readonly detached?: boolean },
): ChildProcess {
  const base: SpawnOptions = {
    ...options,
    cwd: '/',
    // C messages, because the symptom table reads them. PGDATA, PGPORT and friends must not leak in.
    env: { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], LC_ALL: 'C', TZ: 'UTC' },
  }
  const [wrapper, ...before] = launcher
  if (wrapper !== undefined) return spawn(wrapper, [...before, program, ...args], base)
  return spawn(program, args, account === null ? base : { ...base, uid: account.uid, gid: account.gid })
}

export type Outcome = { readonly exitCode: number; readonly output: string }

/** Runs a program to its end; one that cannot be started has exit code 127 and says why in `output`. */
export async function run(
  program: string,
  args: readonly string[],
  identity: Identity,
  input = '',
): Promise<Outcome> {
  let child: ChildProcess
  try {
    child = start(program, args, identity, { stdio: ['pipe', 'pipe', 'pipe'] })
  } catch (error) {
    // Some refusals are thrown, such as EPERM for a root that may not change its user.
    return { exitCode: 127, output: String(error) }
  }
  let output = ''
  const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'))
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  // A program that ended before reading its input is judged by its exit code, not by the broken pipe.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ exitCode: 127, output: `${output}${error.message}` }))
    child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? 1, output }))
  })
}
