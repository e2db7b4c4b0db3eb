import { Ajv, type ValidateFunction } from 'ajv'

type Node = { [key: string]: unknown }
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
}

/**
 * Swagger 2.0 and loose draft-07 as strict JSON schema: no ids that point nowhere, and no member that the
 * model does not list. Parts of an `allOf` stay open: each knows only its own members.
 */
function harden(schema: unknown, isPart = false): unknown {
  if (Array.isArray(schema)) return schema.map((entry) => harden(entry, isPart))
  if (!isNode(schema)) return schema
  const out: Node = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$id' || key === 'example' || key === 'examples' || key.startsWith('x-')) continue
    out[key] = key === 'properties' && isNode(value) ? hardenMembers(value) : harden(value, key === 'allOf')
  }
  const isOpen = isPart || 'allOf' in out || 'additionalProperties' in out
  if (isNode(out['properties']) && !isOpen) out['additionalProperties'] = false
  return out
}

/** Members may be called `$id` or `example`: only their schemas are touched. */
const hardenMembers = (members: Node): Node =>
  Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, harden(schema)]))

const newAjv = (): Ajv => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  for (const [name, pattern] of Object.entries(formats)) ajv.addFormat(name, pattern)
  for (const name of ['double', 'float', 'int32', 'int64']) ajv.addFormat(name, true)
  return ajv
}

export type Check = (value: unknown) => readonly string[]

const checkWith =
  (validate: ValidateFunction): Check =>
  (value) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
        )

/** Checks values against definitions of an official Swagger 2.0 model; the answer is what is wrong. */
export function openModel(model: unknown): (definition: string) => Check {
  const ajv = newAjv()
  const definitions = hardenMembers((model as { definitions: Node }).definitions)
  ajv.addSchema({ $id: 'model', definitions })
  return (definition) => checkWith(ajv.compile({ $ref: `model#/definitions/${definition}` }))
}

export const openSchema = (schema: unknown): Check => {
  const { $schema: _draft, ...rest } = harden(schema) as Node
  return checkWith(newAjv().compile(rest))
}
