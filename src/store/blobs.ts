import { sql } from 'kysely'

/**
 * Many byte strings as one parameter. An array of bytea travels as hex text, doubled, escaped and parsed
 * again; one binary value with positions travels as it is. Join `columns` (two arrays) through `unnest`
 * and select `at('start', 'length')`.
 */
export function asBlob(parts: readonly Buffer[]) {
  const lengths = parts.map((part) => part.length)
  let end = 1
  const starts = lengths.map((length) => {
    const start = end
    end += length
    return start
  })
  const blob = Buffer.concat(parts)
  return {
    columns: sql`${starts}::integer[], ${lengths}::integer[]`,
    /** The part that belongs to the row whose position is in these columns. */
    at: (start: string, length: string) =>
      sql`substring(${blob}::bytea from ${sql.ref(start)} for ${sql.ref(length)})`,
  }
}
