import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'

/** What a postmaster writes about itself into `postmaster.pid` (docs: "Database File Layout", storage-file-layout). */
export type PidFile = { readonly pid: number; readonly port: number; readonly isReady: boolean }

export const pidFilePath = (dataDir: string): string => join(dataDir, 'postmaster.pid')

/** Null when there is none, or when it is still being written. */
export async function readPidFile(dataDir: string): Promise<PidFile | null> {
  const text = await readFile(pidFilePath(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  // Lines: pid, data directory, start time, port, socket directory, address, shared memory key, status.
  const lines = text.split('\n').map((line) => line.trim())
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return Number.isInteger(pid) && pid > 0 ? { pid, port, isReady: lines[7] === 'ready' } : null
}

/** A process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Whether that process is a living server of this data directory: ids are reused, and a killed server's
 * id may be a browser's today. Where its command line cannot be read the answer is yes, the one that
 * never lets two servers at the same files.
 */
export async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform === 'win32') return true
  if (process.platform === 'linux') {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => dataDir)).split('\0')
    return words.includes(dataDir)
  }
  const listed = await run('ps', ['-o', 'command=', '-p', String(pid)], { account: null, launcher: [] })
  return listed.exitCode === 127 || listed.output.includes(dataDir)
}
