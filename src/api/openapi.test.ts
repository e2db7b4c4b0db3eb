import { afterAll, describe, expect, test } from 'vitest'
import { openTestApi } from '#test/support/api.ts'
import { scopeNames } from '#access/scopes.ts'
import { errorCodes } from './error-codes.ts'

type Operation = {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; description?: string }[]
  security: Record<string, string[]>[]
  responses: Record<string, { content?: Record<string, object> }>
  'x-i18n': { 'zh-CN': { summary: string; description?: string } }
  'x-scopes': string[]
  'x-error-codes': string[]
  'x-rate-limit'?: string
  'x-audit'?: string
}
type Document = {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

// No route is called, so the database it points to need not exist.
const hub = openTestApi('postgres://nobody@127.0.0.1:1/nothing')
afterAll(hub.close)
const read = async (path: string): Promise<Document> => (await hub.api.inject(path)).json<Document>()
const document = await read('/openapi.json')
const newer = await read('/openapi-3.1.json')
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
)

test('the file is 3.0.3, its twin 3.1, with the same operations and schemas', () => {
  expect([document.openapi, newer.openapi]).toEqual(['3.0.3', '3.1.0'])
  expect(document.servers.map(({ url }) => url)).toEqual(['http://hub.test/v1', 'http://hub.test/sandbox/v1'])
  expect(Object.keys(newer.paths)).toEqual(Object.keys(document.paths))
  expect(Object.keys(newer.components.schemas)).toEqual(Object.keys(document.components.schemas))
  expect(operations.length).toBeGreaterThan(15)
})

describe.each(operations)('%s', (name, operation) => {
  test('is described in both languages', () => {
    expect(operation.summary).toMatch(/^[A-Z]/)
    expect(operation['x-i18n']['zh-CN'].summary).toMatch(/\p{Script=Han}/u)
    expect(operations.filter(([, other]) => other.operationId === operation.operationId)).toHaveLength(1)
    for (const parameter of operation.parameters ?? []) expect(parameter.description).toBeTruthy()
  })

  test('declares its path parameters, scopes, limit, audit and error codes', () => {
    const inPath = (operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => `{${p.name}}`)
    expect(inPath).toEqual(name.match(/\{\w+\}/g) ?? [])
    for (const scope of operation['x-scopes']) expect(scopeNames).toContain(scope)
    for (const code of operation['x-error-codes']) expect(Object.keys(errorCodes)).toContain(code)
    const isPublic = operation.security.length === 0
    expect(operation['x-error-codes'].includes('AUTH_TOKEN_EXPIRED')).toBe(!isPublic)
    expect(operation['x-rate-limit'] === undefined).toBe(isPublic)
    expect(operation['x-audit'] === undefined).toBe(isPublic)
    if (!isPublic && !name.startsWith('get ')) expect(operation['x-audit']).not.toBe('none')
    expect(operation.responses['4XX']?.content).toHaveProperty('application/problem+json')
  })
})

test('every reference leads somewhere, and every named schema is used', () => {
  const text = JSON.stringify(document)
  const references = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!))
  expect([...references].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted())
})

test('3.0 has no null type and no const, 3.1 no nullable', () => {
  expect(JSON.stringify(document)).not.toMatch(/"type":"null"|"const":|"type":\[/)
  expect(JSON.stringify(newer)).not.toContain('"nullable"')
})
