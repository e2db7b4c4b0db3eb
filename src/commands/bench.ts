import { parseArgs } from 'node:util'
import { arch, cpus, totalmem } from 'node:os'
import type { Figure } from '../bench/figure.ts'
import { InputError, printJson, say } from './exit.ts'

type Bench = () => Promise<readonly Figure[]>

/** Loaded one by one: a bench should not carry the weight of the others. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  mapping: async () => (await import('../bench/suites.ts')).mapping,
  ingest: async () => (await import('../bench/suites.ts')).ingest,
  delivery: async () => (await import('../bench/suites.ts')).delivery,
  api: async () => (await import('../bench/suites.ts')).api,
}

/** Prints each figure beside its baseline of the same run. Exit 1 when a target is missed. */
export async function bench(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const wanted = positionals[0] ?? 'all'
  const names = wanted === 'all' ? Object.keys(benches) : [wanted]
  const figures: Figure[] = []
  for (const name of names) {
    const load = benches[name]
    if (!load)
      throw new InputError(`"${name}" is not a bench; known: ${Object.keys(benches).join(', ')}, all`)
    say(`openclaw bench: ${name} …`)
    figures.push(...(await (await load())()))
  }
  const [processor] = cpus()
  const machine = `${cpus().length} × ${processor?.model ?? arch()}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.versions.node}`
  if (values.json) printJson({ machine, figures })
  else process.stdout.write(`${machine}\n\n${table(figures)}\n`)
  return figures.every(({ holds }) => holds) ? 0 : 1
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map((row) => [
    row.bench,
    row.name,
    number(row.ours),
    number(row.baseline),
    row.unit,
    row.ratio.toFixed(2),
    row.target,
    row.holds ? 'ok' : 'MISSED',
    row.note ?? '',
  ])
  const head = ['bench', 'figure', 'ours', 'baseline', 'unit', 'ratio', 'target', '', '']
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
