import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { scopeTexts } from '#access/scopes.ts'
import type { Environment } from '#kernel/environment.ts'
import { inLanguage } from '#kernel/text.ts'
import { errorCodeNames } from './error-codes.ts'
import type { ErrorCode } from './error-codes.ts'
import type { Limits } from './gate.ts'
import { Problem } from './problem-schema.ts'
import type { PublicRoute, Route } from './route.ts'

/** Codes that any request may meet, and those that any request with a token may meet. */
const everywhere: readonly ErrorCode[] = [
  'PARAMETER_INVALID',
  'PARAMETER_UNKNOWN',
  'URL_INVALID',
  'INTERNAL',
  'SERVICE_UNAVAILABLE',
]
const withToken: readonly ErrorCode[] = [
  'AUTH_REQUIRED',
  'AUTH_TOKEN_INVALID',
  'AUTH_TOKEN_EXPIRED',
  'ENVIRONMENT_MISMATCH',
  'APPLICATION_SUSPENDED',
  'RATE_LIMITED',
]
const withBody: readonly ErrorCode[] = ['BODY_INVALID', 'BODY_TOO_LARGE', 'CONTENT_TYPE_UNSUPPORTED']

/** Every code a route can answer with, in the order of the registry. */
export function errorCodesOf(route: Route | PublicRoute): readonly ErrorCode[] {
  const codes = new Set([
    ...everywhere,
    ...(route.scope === 'public' ? [] : withToken),
    ...(route.scope === 'public' || route.scope === 'any' ? [] : (['INSUFFICIENT_SCOPE'] as const)),
    ...(route.method === 'GET' ? [] : withBody),
    ...route.errors,
  ])
  return errorCodeNames.filter((code) => codes.has(code))
}

/**
 * A route as Fastify and the OpenAPI file see it. Both environments have the same routes, so the file shows
 * one of them and names both servers.
 */
export function schemaOf(route: Route | PublicRoute, environment: Environment): Record<string, unknown> {
  const { summary, description } = route
  const scopes = route.scope === 'public' || route.scope === 'any' ? [] : [route.scope]
  const done = route.response ?? { type: 'null' }
  return {
    hide: environment === 'sandbox',
    operationId: route.operationId,
    tags: [route.tag],
    summary: inLanguage(summary, 'en'),
    ...(description ? { description: inLanguage(description, 'en') } : {}),
    'x-i18n': {
      'zh-CN': {
        summary: inLanguage(summary, 'zh-CN'),
        ...(description ? { description: inLanguage(description, 'zh-CN') } : {}),
      },
    },
    'x-scopes': scopes,
    'x-error-codes': errorCodesOf(route),
    ...(route.scope === 'public'
      ? { security: [] }
      : { security: [{ oauth2: scopes }], 'x-rate-limit': route.limit, 'x-audit': route.audit }),
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    response: {
      [route.status]: { ...done, 'x-response-description': inLanguage(summary, 'en') },
      '4xx': problemResponse('The request was refused; see code.'),
      '5xx': problemResponse('It is our side or the platform’s; see code and retryable.'),
    },
  }
}

const problemResponse = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
})

/** Serves `/openapi.json` (3.0.3, the contract) and `/openapi-3.1.json`. Register it before the routes. */
export function describeApi(app: FastifyInstance, publicUrl: string, limits: Limits): void {
  const openapi = {
    info: {
      title: 'OpenClaw API',
      version: '1',
      description: 'One API for the orders of every connected marketplace.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [
      { url: `${publicUrl}/v1`, description: 'Production · 生产环境' },
      { url: `${publicUrl}/sandbox/v1`, description: 'Sandbox · 沙箱环境' },
    ],
    tags: tags.map(([name, en, zh]) => ({
      name,
      description: en,
      'x-i18n': { 'zh-CN': { description: zh } },
    })),
    components: {
      securitySchemes: {
        oauth2: {
          type: 'oauth2' as const,
          flows: {
            clientCredentials: {
              tokenUrl: `${publicUrl}/oauth/token`,
              scopes: Object.fromEntries(Object.entries(scopeTexts).map(([name, { en }]) => [name, en])),
            },
          },
        },
      },
    },
    'x-rate-limits': limits,
  }
  const common = { convertConstToEnum: true, transformObject: nameSchemas }
  void app.register(swagger, { ...common, openapi: { openapi: '3.0.3', ...openapi }, decorator: 'openapi30' })
  void app.register(swagger, { ...common, openapi: { openapi: '3.1.0', ...openapi }, decorator: 'openapi31' })
  const files = { '/openapi.json': 'openapi30', '/openapi-3.1.json': 'openapi31' } as const
  for (const [url, decorator] of Object.entries(files))
    app.get(url, { schema: { hide: true } }, () =>
      (app as unknown as Record<string, () => object>)[decorator]!(),
    )
}

const tags = [
  ['shops', 'Connected shops and their authorisation.', '已接入店铺与授权'],
  [
    'orders',
    'Unified orders, their originals and where each field came from.',
    '统一订单、原始报文与字段溯源',
  ],
  ['events', 'Everything that happened, in order, without gaps.', '事件流，有序且无缺口'],
  ['webhooks', 'Where events are sent, and what became of each delivery.', 'webhook 端点与投递记录'],
  ['reference', 'What the documentation is made of.', '文档所依据的数据'],
] as const

type Json = Record<string, unknown>

/** OpenAPI 3.0 knows no type `null`, and `nullable` beside a reference means nothing. */
const onlyNull = { type: 'object', nullable: true, enum: [null] }

/**
 * Moves every schema that has a title to `components.schemas`, once, and refers to it by name. Two schemas
 * of one title must be equal: throws Error otherwise.
 */
function nameSchemas({ openapiObject }: { openapiObject?: object; swaggerObject?: object }): never {
  const document = openapiObject as { components: { schemas: Json }; paths: Json }
  const named = new Map<string, string>()
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    const inner = Object.fromEntries<unknown>(Object.entries(value).map(([key, part]) => [key, walk(part)]))
    return typeof inner['title'] === 'string' && 'type' in inner ? refer(inner['title'], inner) : inner
  }
  const refer = (title: string, schema: Json): Json => {
    const { description, nullable, 'x-zh': zh, ...rest } = schema
    const text = JSON.stringify(rest)
    if ((named.get(title) ?? text) !== text) throw new Error(`two different schemas are called ${title}`)
    named.set(title, text)
    document.components.schemas[title] = rest
    const around = {
      ...(description === undefined ? {} : { description }),
      ...(zh === undefined ? {} : { 'x-zh': zh }),
    }
    const reference = { $ref: `#/components/schemas/${title}` }
    if (nullable === true) return { ...around, anyOf: [reference, onlyNull] }
    return Object.keys(around).length === 0 ? reference : { ...around, allOf: [reference] }
  }
  document.paths = walk(document.paths) as Json
  return document as never
}
