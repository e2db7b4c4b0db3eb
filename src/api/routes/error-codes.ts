import { Type } from 'typebox'
import { about, object, openEnum } from '#canonical/schema.ts'
import { text } from '#kernel/text.ts'
import { errorCategories, errorCodes } from '../error-codes.ts'
import { publicRoute } from '../route.ts'
import type { PublicRoute } from '../route.ts'

const Text = object({ en: Type.String(), zh: Type.String() }, { title: 'Text' })

const ErrorCodeEntry = object(
  {
    code: Type.String(about('The code.', '错误码')),
    status: Type.Integer(about('HTTP status.', 'HTTP 状态码')),
    category: openEnum(errorCategories, about('Class.', '类别')),
    retryable: Type.Boolean(about('The same request may succeed later.', '同一请求稍后重试是否可能成功')),
    title: Text,
    cause: Text,
    remedy: Text,
  },
  { title: 'ErrorCode' },
)

export const errorCodeRoutes: readonly PublicRoute[] = [
  publicRoute({
    method: 'GET',
    path: '/error-codes',
    tag: 'reference',
    operationId: 'listErrorCodes',
    summary: text('List all error codes', '查询错误码列表'),
    scope: 'public',
    status: 200,
    response: object(
      {
        object: Type.Literal('list'),
        data: Type.Array(ErrorCodeEntry),
        has_more: Type.Boolean(),
        next_cursor: Type.Null(),
      },
      { title: 'ErrorCodeList' },
    ),
    errors: [],
    handler: () =>
      Promise.resolve({
        object: 'list',
        data: Object.entries(errorCodes).map(([code, entry]) => ({ code, ...entry })),
        has_more: false,
        next_cursor: null,
      }),
  }),
]
