import { Ajv, type ValidateFunction } from 'ajv'

type Node = { [key: string]: unknown }
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
}

const isNoise = (key: string): boolean =>
  key === '$id' || key === 'example' || key === 'examples' || key.startsWith('x-')

/**
 * Swagger 2.0 and loose draft-07 as strict JSON schema: no ids that point nowhere, and no member that the
 * model does not list. `open` schemas are parts of an `allOf`: each knows only its own members.
 */
function harden(schema: unknown, open = false): unknown {
  if (Array.isArray(schema)) return schema.map((entry) => harden(entry, open))
  if (!isNode(schema)) return schema
  const out: Node = {}
  for (const [key, value] of Object.entries(schema)) {
    if (isNoise(key)) continue
    out[key] = key === 'properties' && isNode(value) ? hardenMembers(value) : harden(value, key === 'allOf')
  }
  const closes = !open && isNode(out['properties']) && !('allOf' in out) && !('additionalProperties' in out)
  return closes ? { ...out, additionalProperties: false } : out
}

/** Members may be called `$id` or `example`: only their schemas are touched. */
const hardenMembers = (members: Node, open: ReadonlySet<string> = new Set()): Node =>
  Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, harden(schema, open.has(name))]))

/** Names of the definitions that an `allOf` anywhere puts together. */
function partsOf(schema: unknown, names = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return names
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'allOf')
      for (const part of value as { $ref?: string }[]) names.add(part.$ref?.split('/').at(-1) ?? '')
    partsOf(value, names)
  }
  return names
}

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
  const definitions = hardenMembers((model as { definitions: Node }).definitions, partsOf(model))
  ajv.addSchema({ $id: 'model', definitions })
  return (definition) => checkWith(ajv.compile({ $ref: `model#/definitions/${definition}` }))
}

export const openSchema = (schema: unknown): Check => {
  const { $schema: _draft, ...rest } = harden(schema) as Node
  return checkWith(newAjv().compile(rest))
}
