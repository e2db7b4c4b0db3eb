import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newSecretKey } from '#kernel/seal.ts'
import type { Config } from './config.ts'

/**
 * The keys that seal data at rest: from `OPENCLAW_SECRET_KEY`, or one made once and kept in the home with
 * mode 600. Losing it loses every sealed value, so it is never replaced silently.
 */
export async function loadSecretKeys(config: Config): Promise<readonly Uint8Array[]> {
  const texts = config.secretKeys ?? [await ownKey(join(config.home, 'secret.key'))]
  return texts.map((text) => Buffer.from(text, 'base64url'))
}

async function ownKey(path: string): Promise<string> {
  try {
    await writeFile(path, newSecretKey(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    await chmod(path, 0o600)
  }
  const key = (await readFile(path, 'utf8')).trim()
  if (Buffer.from(key, 'base64url').length === 32) return key
  throw new Error(
    `${path} does not hold a key of 32 bytes. Restore it from a backup: without it sealed data cannot be read.`,
  )
}
