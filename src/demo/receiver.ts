import { dirname, join } from 'node:path'
import { pino } from 'pino'
import { systemClock } from '#kernel/clock.ts'
import { startReceiver } from '#simulators/receiver.ts'
import type { Receiver } from '#simulators/receiver.ts'
import type { DemoState } from './state.ts'

/** The demo's own receiver, on the port it had before where that is free; its log is a file beside the demo's. */
export async function openDemoReceiver(state: DemoState): Promise<Receiver & { readonly logPath: string }> {
  const logPath = join(dirname(state.path), 'receiver.log')
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(logPath))
  const options = { clock: systemClock, log }
  const previous = state.previous && Number(new URL(state.previous.webhook.receiver_url).port)
  const receiver = previous
    ? await startReceiver({ ...options, port: previous }).catch(() => startReceiver(options))
    : await startReceiver(options)
  return { ...receiver, logPath }
}
