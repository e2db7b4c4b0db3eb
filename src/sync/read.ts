import type { OrderContent } from '#canonical/order.ts'
import { readAgain, readJson } from '#kernel/json.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import type { Fault, FieldMap, KnownPaths, Mapped } from '#mapping/index.ts'
import type { DriftSighting } from '#store/raw-documents.ts'
import type { Connector } from '#connectors/connector.ts'
import type { IncomingDocument } from './apply.ts'
import { isPlainId } from './identity.ts'

/** A connector's tables, ready to run. */
export type CompiledMaps = ReadonlyMap<string, CompiledMap>
type CompiledMap = {
  readonly table: FieldMap<OrderContent>
  readonly map: (raw: unknown) => Mapped<OrderContent>
  readonly known: KnownPaths
}

/** Compiles each connector's tables once. */
export function compileMaps(): (connector: Connector) => CompiledMaps {
  const done = new Map<Connector, CompiledMaps>()
  return (connector) => {
    let maps = done.get(connector)
    if (!maps) {
      maps = new Map(
        Object.entries(connector.maps).map(([document, table]) => [
          document,
          { table, map: compile(table), known: knownPaths(table) },
        ]),
      )
      done.set(connector, maps)
    }
    return maps
  }
}

/** A document after its field table: content, or what contradicts the table. */
export type ReadDocument = {
  readonly incoming: IncomingDocument
  readonly mappingVersion: string
  readonly content: OrderContent | null
  readonly faults: readonly Fault[]
}

/** What is noted of one document: a platform that uses ids as names must not fill the table. */
const maxDriftPaths = 100
const maxDriftPathLength = 300

/** Maps documents one by one; whatever is wrong with one stays with that one. */
export function readDocuments(
  maps: CompiledMaps,
  documents: readonly IncomingDocument[],
): { readonly documents: readonly ReadDocument[]; readonly drift: readonly DriftSighting[] } {
  const drift = new Map<string, DriftSighting>()
  const read = documents.map((incoming): ReadDocument => {
    const entry = maps.get(incoming.document)
    if (!entry) return faulty(incoming, '', { path: '', wanted: 'a known document', got: incoming.document })
    const json =
      incoming.value === undefined ? readJson(incoming.text) : readAgain(incoming.text, incoming.value)
    if (!json.ok) return faulty(incoming, entry.table.version, { path: '', wanted: 'JSON', got: json.reason })
    for (const { path: found, type } of findDrift(entry.known, json.value).slice(0, maxDriftPaths)) {
      const path = found.replaceAll('\0', '').slice(0, maxDriftPathLength)
      drift.set(`${incoming.document}:${path}`, {
        platform: entry.table.platform,
        document: incoming.document,
        apiVersion: entry.table.apiVersion,
        path,
        type,
        count: (drift.get(`${incoming.document}:${path}`)?.count ?? 0) + 1,
      })
    }
    const mapped = withUsableId(entry, mapSafely(entry, json.value))
    return mapped.ok
      ? { incoming, mappingVersion: entry.table.version, content: mapped.value, faults: [] }
      : { incoming, mappingVersion: entry.table.version, content: null, faults: mapped.faults }
  })
  return { documents: read, drift: [...drift.values()] }
}

/** Longer or stranger ids could not be stored, and would cost the whole batch. */
function withUsableId({ table }: CompiledMap, mapped: Mapped<OrderContent>): Mapped<OrderContent> {
  if (!mapped.ok || isPlainId(mapped.value.platform_order_id)) return mapped
  const [path = ''] = table.shape.platform_order_id.paths
  return { ok: false, faults: [{ path, wanted: 'an id of at most 200 printable characters', got: 'string' }] }
}

/** A table that throws is our bug, but it must not cost the other orders of the batch: it becomes a fault. */
function mapSafely(entry: CompiledMap, raw: unknown): Mapped<OrderContent> {
  try {
    return entry.map(raw)
  } catch (error) {
    const got = error instanceof Error ? error.name : 'exception'
    return { ok: false, faults: [{ path: '', wanted: 'a document the table can read', got }] }
  }
}

const faulty = (incoming: IncomingDocument, mappingVersion: string, fault: Fault): ReadDocument => ({
  incoming,
  mappingVersion,
  content: null,
  faults: [fault],
})
