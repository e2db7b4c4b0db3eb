import { parentPort } from 'node:worker_threads'
import { Pool } from 'undici'

/** Asks for paths in turn over keep-alive connections for a while. Runs in a thread of its own, beside the server. */
export type LoadTask = {
  readonly origin: string
  readonly paths: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly durationMs: number
}
export type LoadResult = { readonly answers: number; readonly failures: number; readonly ms: number }

async function load(task: LoadTask): Promise<LoadResult> {
  const pool = new Pool(task.origin, { connections: task.connections, pipelining: 1 })
  const startMs = performance.now()
  const endMs = startMs + task.durationMs
  let next = 0
  let answers = 0
  let failures = 0
  const loop = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const path = task.paths[next++ % task.paths.length]!
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers: task.headers })
      await body.dump()
      if (statusCode === 200) answers++
      else failures++
    }
  }
  await Promise.all(Array.from({ length: task.connections }, loop))
  const ms = performance.now() - startMs
  await pool.close()
  return { answers, failures, ms }
}

parentPort?.on('message', (task: LoadTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  void load(task).then((result) => parentPort?.postMessage(result))
})
