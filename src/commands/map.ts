import { parseArgs } from 'node:util'
import { readJson } from '#kernel/json.ts'
import { inLanguage } from '#kernel/text.ts'
import type { Language } from '#kernel/text.ts'
import { compile, findDrift, knownPaths, missingPaths, rows } from '#mapping/index.ts'
import type { FieldMap, Mapped } from '#mapping/index.ts'
import type { OrderContent } from '#canonical/order.ts'
import type { Connector, OrderDocument } from '#connectors/connector.ts'
import { InputError, printJson, readStdin } from './exit.ts'
import { connectorNamed } from './platform.ts'

/**
 * Reads one raw payload on stdin and prints one unified object per order. Faults go to stderr as JSON
 * with the platform path; the other orders of the payload are still printed (exit 2).
 */
export async function map(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      doc: { type: 'string', default: 'order' },
      market: { type: 'string' },
      lang: { type: 'string', default: 'en' },
      rows: { type: 'boolean', default: false },
      drift: { type: 'boolean', default: false },
    },
  })
  const connector = connectorNamed(positionals[0])
  const document = values.doc as OrderDocument
  const table = connector.maps[document]
  if (!table)
    throw new InputError(
      `--doc "${values.doc}" is not known; known: ${Object.keys(connector.maps).join(', ')}`,
    )
  const marketCode = values.market === undefined ? null : marketOf(connector, values.market)

  if (values.rows) {
    const language: Language = values.lang === 'zh-CN' ? 'zh-CN' : 'en'
    printJson(rows(table).map((row) => ({ ...row, note: inLanguage(row.note, language) })))
    return 0
  }
  const raws = connector.unwrap(answerIn(parse(await readStdin())), document)
  if (raws.length === 0) return complain(0, [{ path: '', wanted: 'an order', got: 'an empty list' }])
  const isClean = values.drift ? printDrift(table, raws) : printMapped(table, raws, marketCode)
  return isClean ? 0 : 2
}

function parse(input: Buffer): unknown {
  const reading = readJson(input)
  if (reading.ok) return reading.value
  process.stderr.write(`${JSON.stringify({ error: reading.reason, detail: reading.detail })}\n`)
  throw new InputError('the input cannot be read as JSON')
}

/** A recorded exchange (`{api_path, …, response}`), as documentation prints it, stands for its answer. */
function answerIn(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('response' in input)) return input
  return recordedMarks.some((mark) => mark in input) ? input.response : input
}
const recordedMarks = ['http_method', 'api_path', 'api']

function marketOf(connector: Connector, name: string): string {
  const wanted = name.toLowerCase()
  const market = connector.markets.find(
    ({ code, countryCode }) =>
      code === wanted || code.endsWith(`_${wanted}`) || countryCode.toLowerCase() === wanted,
  )
  if (market) return market.code
  const known = connector.markets.map(({ countryCode }) => countryCode.toLowerCase()).join(', ')
  throw new InputError(`--market "${name}" is not a market of ${connector.platform}; known: ${known}`)
}

function printMapped(
  table: FieldMap<OrderContent>,
  raws: readonly unknown[],
  marketCode: string | null,
): boolean {
  const transform = compile(table)
  let isClean = true
  for (const [index, raw] of raws.entries()) {
    const mapped: Mapped<OrderContent> = transform(raw)
    if (!mapped.ok) {
      complain(index, mapped.faults)
      isClean = false
      continue
    }
    const { value } = mapped
    printJson({
      object: 'order',
      platform: table.platform,
      ...value,
      marketplace_code: value.marketplace_code ?? marketCode,
      mapping_version: table.version,
    })
  }
  return isClean
}

function complain(index: number, faults: readonly object[]): number {
  process.stderr.write(`${JSON.stringify({ error: 'PAYLOAD_FAULTY', order_index: index, faults })}\n`)
  return 2
}

function printDrift(table: FieldMap<OrderContent>, raws: readonly unknown[]): boolean {
  const known = knownPaths(table)
  for (const raw of raws) printJson({ unknown: findDrift(known, raw), missing: missingPaths(table, raw) })
  return true
}
