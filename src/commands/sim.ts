import { parseArgs } from 'node:util'
import { systemClock } from '#kernel/clock.ts'
import { parseFaults } from '#simulators/faults.ts'
import type { FaultSettings } from '#simulators/faults.ts'
import { simulators } from '#simulators/registry.ts'
import { announce } from '#simulators/simulator.ts'
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
      'orders-per-minute': { type: 'string', default: '6' },
      'time-scale': { type: 'string', default: '1' },
    },
  })
  const startSimulator = simulators[positionals[0]?.replaceAll('-', '_') ?? '']
  if (!startSimulator)
    throw new InputError(
      `"${positionals[0] ?? ''}" is not a platform; known: ${Object.keys(simulators).join(', ')}`,
    )
  const number = (name: 'port' | 'seed' | 'orders' | 'orders-per-minute' | 'time-scale'): number => {
    const value = Number(values[name])
    if (Number.isFinite(value) && value >= 0) return value
    throw new InputError(`--${name} "${values[name]}" is not a number`)
  }
  const simulator = await startSimulator({
    clock: systemClock,
    port: number('port'),
    seed: number('seed'),
    orders: number('orders'),
    ordersPerMinute: number('orders-per-minute'),
    timeScale: number('time-scale'),
    faults: readFaultList(values.faults),
  })
  printJson(announce(simulator))
  const running = simulator.run()
  await untilStopped()
  await simulator.stop()
  await running
  return 0
}

function readFaultList(list: string): FaultSettings {
  try {
    return parseFaults(list)
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message)
    throw error
  }
}
