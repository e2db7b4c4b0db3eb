/** Bounds that keep a hostile or broken document from exhausting the process. */
export const maxJsonBytes = 8 * 1024 * 1024
const maxDepth = 64

export type JsonRejection = 'NOT_UTF8' | 'TOO_LARGE' | 'TOO_DEEP' | 'NOT_JSON'

export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: JsonRejection; readonly detail: string }

/** Sixteen or more digits in a row outside the text's ordinary numbers: may exceed a double. */
const longDigits = /\d{16,}/
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

type ReviverContext = { readonly source?: string }

/**
 * Whole numbers beyond 2^53 become their own text, every digit kept (ids of TikTok Shop and others
 * arrive as bare numbers). The reviver is several times slower than a plain parse, so it runs only on
 * texts in which a long run of digits was seen.
 */
function keepLongNumbers(_key: string, value: unknown, context?: ReviverContext): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?\d+$/.test(source) ? source : value
}

/** Parses JSON without losing digits of long ids. Throws SyntaxError as JSON.parse does. */
export function parseJson(text: string): unknown {
  return longDigits.test(text)
    ? (JSON.parse(text, keepLongNumbers) as unknown)
    : (JSON.parse(text) as unknown)
}

/** Reads untrusted bytes or text as JSON; a refusal is a value that says why. */
export function readJson(input: Uint8Array | string, deepest = maxDepth): JsonReading {
  const size = typeof input === 'string' ? input.length : input.byteLength
  if (size > maxJsonBytes)
    return { ok: false, reason: 'TOO_LARGE', detail: `${size} bytes, limit ${maxJsonBytes}` }
  let text: string
  try {
    text = typeof input === 'string' ? input : strictUtf8.decode(input)
  } catch {
    return { ok: false, reason: 'NOT_UTF8', detail: 'the bytes are not valid UTF-8' }
  }
  if (isDeeper(text, deepest))
    return { ok: false, reason: 'TOO_DEEP', detail: `nested deeper than ${deepest} levels` }
  try {
    return { ok: true, value: parseJson(text) }
  } catch (error) {
    return { ok: false, reason: 'NOT_JSON', detail: error instanceof Error ? error.message : 'not JSON' }
  }
}

/**
 * A value that was read from this very text before, under the same bounds: saves reading it again.
 * Refuses what `readJson` would refuse of the text.
 */
export function readAgain(text: string, value: unknown): JsonReading {
  if (text.length > maxJsonBytes)
    return { ok: false, reason: 'TOO_LARGE', detail: `${text.length} bytes, limit ${maxJsonBytes}` }
  if (isDeeper(text, maxDepth))
    return { ok: false, reason: 'TOO_DEEP', detail: `nested deeper than ${maxDepth} levels` }
  return { ok: true, value }
}

/** Counted on the text, so that a bomb is refused before it is built. Stops early. */
function isDeeper(text: string, deepest: number): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 92) i++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 123 || code === 91) {
      if (++depth > deepest) return true
    } else if (code === 125 || code === 93) depth--
  }
  return false
}
