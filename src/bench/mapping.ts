import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import type { OrderContent } from '#canonical/order.ts'
import { figure, median, stopwatchMs } from './figure.ts'
import type { Figure } from './figure.ts'
import type { FieldMap } from '#mapping/index.ts'

export type MappingSample = {
  readonly name: string
  readonly table: FieldMap<OrderContent>
  /** JSON texts of raw documents. */
  readonly texts: readonly string[]
}

const rounds = 15
const passMs = 60

/** Mapping and drift of a document against `JSON.parse` of its text, in turns, per document. */
export function benchMapping(samples: readonly MappingSample[]): Figure[] {
  return samples.map(({ name, table, texts }) => {
    const transform = compile(table)
    const known = knownPaths(table)
    const raws = texts.map((text) => JSON.parse(text) as unknown)
    const ours = () => {
      for (const raw of raws) {
        const mapped = transform(raw)
        if (!mapped.ok)
          throw new Error(`bench: a sample of ${name} is faulty: ${JSON.stringify(mapped.faults)}`)
        if (findDrift(known, raw).length > 0) throw new Error(`bench: a sample of ${name} drifts`)
      }
    }
    const parse = () => {
      for (const text of texts) JSON.parse(text)
    }
    measure(ours)
    measure(parse)
    const pairs = Array.from({ length: rounds }, () => [measure(ours), measure(parse)] as const)
    const perDocumentUs = (index: 0 | 1): number =>
      (median(pairs.map((pair) => pair[index])) / raws.length) * 1000
    return figure('mapping', name, perDocumentUs(0), perDocumentUs(1), 'µs/order', { atMost: 1 })
  })
}

/** Milliseconds of one call, over as many calls as fit into a pass. */
function measure(run: () => void): number {
  const startMs = stopwatchMs()
  let calls = 0
  while (stopwatchMs() - startMs < passMs) {
    run()
    calls++
  }
  return (stopwatchMs() - startMs) / calls
}
