import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { TargetFailure, checkUrl, openResolver } from './target.ts'
import type { TargetPolicy, TargetReason } from './target.ts'

const reasons: Readonly<Record<TargetReason, Text>> = {
  URL_MALFORMED: text('It is not an absolute URL.', '不是完整的 URL。'),
  URL_HAS_CREDENTIALS: text('Credentials do not belong into a URL.', 'URL 中不得包含账号密码。'),
  URL_HOST_SPELLING: text('Write the host as a name or a plain address.', '主机名请写域名或标准 IP 写法。'),
  URL_PORT_INVALID: text('The port must be a number from 1 to 65535.', '端口须为 1 至 65535。'),
  URL_SCHEME_NOT_ALLOWED: text('Only https:// is delivered to.', '仅支持 https:// 回调地址。'),
  URL_TOO_LONG: text('It is longer than 2048 characters.', 'URL 超过 2048 个字符。'),
  TARGET_NOT_ALLOWED: text(
    'The host leads to an address that must not receive webhooks (private, loopback or reserved).',
    '该域名解析到内网、回环或保留地址,不能作为回调地址。',
  ),
}

/** The check at save, as a value: what is wrong with a receiver's URL, without telling what it resolves to. */
export async function checkWebhookUrl(
  url: string,
  policy: TargetPolicy,
): Promise<
  { readonly ok: true } | { readonly ok: false; readonly code: TargetReason; readonly detail: Text }
> {
  try {
    await checkUrl(url, policy, openResolver(policy))
    return { ok: true }
  } catch (error) {
    if (!(error instanceof TargetFailure)) throw error
    return { ok: false, code: error.reason, detail: reasons[error.reason] }
  }
}
