import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { object } from '#canonical/schema.ts'
import { platforms } from '#canonical/platform.ts'
import { inLanguage, text } from '#kernel/text.ts'
import type { Language, Text } from '#kernel/text.ts'
import type { Commands } from './commands.ts'
import { languageOf } from './problem.ts'
import { checkerOf } from './validate.ts'

const checkPlatform = checkerOf(object({ platform: Type.Enum([...platforms]) }), 'path')

/** Where a marketplace sends the seller back: finishes the consent and says how it went, to a person. */
export function mountAuthorizePage(app: FastifyInstance, finish: Commands['finishAuthorization']): void {
  app.get('/authorize/:platform/callback', { schema: { hide: true } }, async (request, reply) => {
    const { platform } = checkPlatform(request.params) as { platform: string }
    const language = languageOf(request.headers['accept-language'])
    const result = await finish(platform, firstValues(request.query as Record<string, string | string[]>))
    const say = (words: Text): string => escapeHtml(inLanguage(words, language))
    const message = result.ok
      ? `<p>${say(texts.connected)}</p><ul>${result.shops
          .map(
            (shop) =>
              `<li>${escapeHtml(shop.displayName)} <code>${escapeHtml(shop.marketplaceCode)}</code></li>`,
          )
          .join('')}</ul>`
      : `<p>${say(result.detail)}</p><p><code>${escapeHtml(result.code)}</code></p><p>${say(texts.again)}</p>`
    return reply
      .code(result.ok ? 200 : 400)
      .headers(pageHeaders)
      .type('text/html; charset=utf-8')
      .send(
        page(language, say(result.ok ? texts.done : texts.failed), message + onward(result.returnUrl, say)),
      )
  })
}

const texts = {
  done: text('Shop connected', '店铺授权成功'),
  failed: text('Not connected', '店铺授权未完成'),
  connected: text(
    'These shops are connected. Their orders will follow shortly.',
    '以下店铺已接入，订单将陆续同步。',
  ),
  again: text(
    'Nothing was changed. Ask for a new link and try again.',
    '未做任何变更。请重新获取授权链接后再试。',
  ),
  onward: text('Continue', '返回'),
}

/** The address bar holds a one-time code: it must not travel on as a referrer, nor the page be kept. */
const pageHeaders = {
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

const onward = (returnUrl: string | null, say: (words: Text) => string): string =>
  returnUrl !== null && /^https?:\/\//.test(returnUrl)
    ? `<p><a href="${escapeHtml(returnUrl)}">${say(texts.onward)}</a></p>`
    : ''

const page = (language: Language, title: string, body: string): string =>
  `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${title} · OpenClaw</title><style>body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:15vh auto;` +
  `padding:0 1rem;color-scheme:light dark}h1{font-size:1.4rem}</style><h1>${title}</h1>${body}</html>\n`

/** A parameter that is repeated counts once: platforms send each once. */
const firstValues = (query: Readonly<Record<string, string | string[]>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? '') : value]),
  )

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (words: string): string => words.replaceAll(/[&<>"']/g, (sign) => entities[sign]!)
