import { Type } from 'typebox'
import { about, nullable, object } from '#canonical/schema.ts'
import { text } from '#kernel/text.ts'
import { rows } from '#mapping/index.ts'
import type { FieldMap } from '#mapping/index.ts'
import { ClientFailure } from '../problem.ts'
import { publicRoute } from '../route.ts'
import type { PublicRoute } from '../route.ts'

/** The field tables by platform and document. */
export type Maps = Readonly<Record<string, Readonly<Record<string, FieldMap<object>>>>>

const name = (en: string, zh: string) => Type.String({ pattern: '^[a-z0-9_]{1,40}$', ...about(en, zh) })

const Mapping = object(
  {
    object: Type.Literal('mapping'),
    platform: Type.String(about('Platform.', '平台')),
    document: Type.String(about('Kind of document.', '报文类型')),
    api_version: Type.String(about('API version of the platform.', '平台 API 版本')),
    source: Type.String(about('Operation that gives the document.', '来源接口')),
    version: Type.String(about('Grows when the result changes.', '映射表版本')),
    rows: Type.Array(
      object({
        field: nullable(
          Type.String(),
          about('Unified field; null when not mapped.', '统一字段；null 表示不映射'),
        ),
        platform_path: Type.String(about('Where the platform has it.', '平台字段路径')),
        rule: Type.String(about('How it is read.', '转换规则')),
        note: object({ en: Type.String(), zh: Type.String() }, { title: 'Text' }),
        required: Type.Boolean(about('The document is faulty without it.', '缺失即视为报文异常')),
        values: Type.Optional(
          Type.Unknown(about('Known values and what they become.', '已知取值及其转换结果')),
        ),
      }),
    ),
  },
  { title: 'Mapping' },
)

export function mappingRoutes(maps: Maps): readonly PublicRoute[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/mappings/:platform/:document',
      tag: 'reference',
      operationId: 'getMapping',
      summary: text('Get the field table of a document', '查询字段映射表'),
      scope: 'public',
      params: object({
        platform: name('Platform.', '平台'),
        document: name('Document, e.g. order.', '报文类型，如 order'),
      }),
      status: 200,
      response: Mapping,
      errors: ['RESOURCE_NOT_FOUND'],
      handler: ({ params }) => {
        const map = own(own(maps, params.platform), params.document)
        if (!map) throw new ClientFailure('RESOURCE_NOT_FOUND')
        const { platform, document, apiVersion, source, version } = map
        return Promise.resolve({
          object: 'mapping',
          platform,
          document,
          api_version: apiVersion,
          source,
          version,
          rows: rows(map),
        })
      },
    }),
  ]
}

/** Only what was put there: `constructor` is no platform. */
const own = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
