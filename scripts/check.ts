import { spawn } from 'node:child_process'
import { root } from '#test/walls/imports.ts'

/**
 * Everything about the source that is not a test (walls are tests). One line per check, and what a failed
 * one said. Exit code 1 when any failed.
 */
const checks: Readonly<Record<string, readonly string[]>> = {
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lint: ['node_modules/oxlint/bin/oxlint'],
  types: ['node_modules/typescript/bin/tsc', '--noEmit'],
  'dead code': ['node_modules/knip/bin/knip.js', '--no-progress'],
  docs: ['scripts/docs.ts', '--check'],
}

const results = await Promise.all(
  Object.entries(checks).map(async ([name, command]) => {
    const startedAtMs = performance.now()
    const { code, output } = await run(command)
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
    console.log(`${name.padEnd(10)} ${code === 0 ? 'ok    ' : 'FAILED'} ${seconds.padStart(5)} s`)
    if (code !== 0) console.log(output.replaceAll(/^/gm, '  '))
    return code === 0
  }),
)
process.exitCode = results.every(Boolean) ? 0 : 1

function run(command: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const parts: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output: Buffer.concat(parts).toString('utf8').trimEnd() }))
  })
}
