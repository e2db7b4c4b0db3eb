/**
 * A request body as its bytes tell it. Signatures cover the text of nested values in the order in which
 * they were sent, so nothing is parsed and written again here.
 */
export type RawBody = {
  readonly values: Readonly<Record<string, unknown>>
  /** Text of each top-level value as it is signed. */
  readonly texts: ReadonlyMap<string, string>
  readonly repeated: ReadonlySet<string>
}

/** `null` when the bytes are not one JSON object. */
export function readRawBody(bytes: Buffer): RawBody | null {
  const json = bytes.toString('utf8')
  let values: unknown
  try {
    values = JSON.parse(json)
  } catch {
    return null
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return null
  const texts = new Map<string, string>()
  const repeated = new Set<string>()
  let at = skipBlanks(json, json.indexOf('{') + 1)
  while (json[at] !== '}') {
    const nameEnd = endOfValue(json, at)
    const name = JSON.parse(json.slice(at, nameEnd)) as string
    const start = skipBlanks(json, skipBlanks(json, nameEnd) + 1)
    const end = endOfValue(json, start)
    if (texts.has(name)) repeated.add(name)
    const raw = json.slice(start, end)
    texts.set(name, raw.startsWith('"') ? (JSON.parse(raw) as string) : squeeze(raw))
    at = skipBlanks(json, end)
    if (json[at] === ',') at = skipBlanks(json, at + 1)
  }
  return { values: values as Record<string, unknown>, texts, repeated }
}

const isBlank = (mark: string | undefined): boolean =>
  mark === ' ' || mark === '\n' || mark === '\r' || mark === '\t'

function skipBlanks(json: string, from: number): number {
  let at = from
  while (isBlank(json[at])) at++
  return at
}

/** Where the value that begins at `start` ends; the text is known to be JSON. */
function endOfValue(json: string, start: number): number {
  let depth = 0
  for (let at = start; ; at++) {
    const mark = json[at]!
    if (mark === '"') at = endOfText(json, at)
    else if (mark === '{' || mark === '[') depth++
    else if (mark === '}' || mark === ']') depth--
    const next = json[at + 1]
    if (depth === 0 && (next === undefined || ',:}]'.includes(next) || isBlank(next))) return at + 1
  }
}

/** Index of the closing quote. */
function endOfText(json: string, open: number): number {
  let at = open + 1
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at
}

/** Without the blanks outside of texts. */
function squeeze(raw: string): string {
  let out = ''
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === '"') {
      const end = endOfText(raw, at)
      out += raw.slice(at, end + 1)
      at = end
    } else if (!isBlank(raw[at])) out += raw[at]
  }
  return out
}
