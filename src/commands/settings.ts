import { readConfig } from '../config.ts'
import type { Config } from '../config.ts'
import { InputError } from './exit.ts'

/** The configuration of this process; all mistakes at once, each with the variable and the remedy. */
export function loadConfig(overrides: { port?: string; roles?: string } = {}): Config {
  const settings = readConfig(process.env, overrides)
  if (settings.ok) return settings.config
  const lines = settings.mistakes.map(
    ({ variable, problem, remedy }) => `  ${variable}: ${problem}; ${remedy}`,
  )
  throw new InputError(`the configuration has mistakes\n${lines.join('\n')}`)
}
