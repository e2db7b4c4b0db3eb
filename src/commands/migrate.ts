import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { openDatabase } from '../database.ts'
import { printJson } from './exit.ts'
import { loadConfig } from './settings.ts'

/** Brings the schema up to date and says what was applied. */
export async function migrateCommand(args: readonly string[]): Promise<number> {
  parseArgs({ args: [...args], options: {} })
  const config = loadConfig()
  const log = pino({ level: config.logLevel }, process.stderr)
  const database = await openDatabase(config, log, () => {})
  await database.close()
  printJson({ applied: database.applied.map(({ number, name }) => ({ number, name })) })
  return 0
}
