import { commands, usage } from './commands/index.ts'
import { InputError, RemoteRefusal } from './commands/exit.ts'

/** Exit codes: 0 done, 1 our fault, 2 the input's fault, 3 refused by a remote. */
const [name = 'help', ...args] = process.argv.slice(2)
const command = commands[name]

if (name === 'help' || name === '--help' || name === '-h') process.stderr.write(`${usage()}\n`)
else if (!command) {
  process.stderr.write(`openclaw: there is no command "${name}"\n\n${usage()}\n`)
  process.exitCode = 2
} else
  try {
    const load = await command.load()
    process.exitCode = await load(args)
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    process.stderr.write(`openclaw ${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    if (process.exitCode === 1 && error instanceof Error && process.env['OPENCLAW_LOG_LEVEL'] === 'debug')
      process.stderr.write(`${error.stack}\n`)
  }

function exitCodeOf(error: unknown): number {
  if (error instanceof InputError) return 2
  if (error instanceof RemoteRefusal) return 3
  // node:util parseArgs
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    return 2
  return 1
}
