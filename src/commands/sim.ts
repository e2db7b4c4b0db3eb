import { parseArgs } from 'node:util'
import { startSimulator } from '#simulators/registry.ts'
import { InputError, printJson } from './exit.ts'
import { untilStopped } from './until-stopped.ts'

/** Runs one simulator until it is told to stop; prints where it is as one JSON line. */
export async function sim(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      faults: { type: 'string', default: '' },
      orders: { type: 'string', default: '20' },
      'time-scale': { type: 'string', default: '1' },
    },
  })
  const number = (name: 'port' | 'seed' | 'orders' | 'time-scale'): number => {
    const value = Number(values[name])
    if (Number.isFinite(value) && value >= 0) return value
    throw new InputError(`--${name} "${values[name]}" is not a number`)
  }
  const running = await startSimulator(positionals[0]?.replaceAll('-', '_') ?? '', {
    port: number('port'),
    seed: number('seed'),
    orders: number('orders'),
    timeScale: number('time-scale'),
    faults: values.faults.split(',').filter(Boolean),
  })
  if (!running.ok) throw new InputError(running.problem)
  const { simulator } = running
  printJson({
    url: simulator.url,
    auth_url: simulator.authUrl,
    credentials: simulator.credentials,
    shops: simulator.shops,
  })
  await untilStopped()
  await simulator.stop()
  return 0
}
