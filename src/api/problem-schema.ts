import { Type } from 'typebox'
import { about, object, openEnum } from '#canonical/schema.ts'
import { errorCategories, errorCodeNames } from './error-codes.ts'

/** What `problemText` writes. */
export const Problem = object(
  {
    type: Type.String(about('Page of the code.', '错误码文档地址')),
    title: Type.String(
      about('What is wrong, in the language asked for.', '错误标题，按 Accept-Language 返回'),
    ),
    status: Type.Integer(about('HTTP status.', 'HTTP 状态码')),
    detail: Type.String(about('What is wrong with this request.', '本次请求的具体原因')),
    instance: Type.String(about('Path that was called.', '请求路径')),
    code: openEnum(
      errorCodeNames,
      about('Decide on this, never on texts.', '错误码；程序请以此判断，不要匹配文案'),
    ),
    error_code: openEnum(errorCodeNames, about('The same as code.', '与 code 相同')),
    category: openEnum(errorCategories, about('Class of the code.', '错误类别')),
    retryable: Type.Boolean(about('The same request may succeed later.', '同一请求稍后重试是否可能成功')),
    retry_after: Type.Optional(
      Type.Integer(about('Seconds to wait, as in Retry-After.', '建议等待秒数，同 Retry-After')),
    ),
    request_id: Type.String(about('Names this request in our logs.', '请求 ID，可用于查日志')),
    errors: Type.Optional(
      Type.Array(
        object({
          in: openEnum(['path', 'query', 'body'] as const, about('Part of the request.', '所在位置')),
          pointer: Type.String(
            about(
              'Name of the parameter, or JSON pointer into the body.',
              '参数名，或请求体中的 JSON Pointer',
            ),
          ),
          code: openEnum(['PARAMETER_INVALID', 'PARAMETER_UNKNOWN'] as const),
          detail: Type.String(about('What is wanted.', '要求')),
        }),
        { ...about('Each value that was refused.', '不合法的参数明细') },
      ),
    ),
  },
  { title: 'Problem' },
)
