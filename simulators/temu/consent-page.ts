import { inLanguage, text, type Language, type Text } from '#kernel/text.ts'
import { scopesOf } from './tokens-api.ts'
import type { Mall } from './sites.ts'
import type { App } from './world.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (value: string): string => value.replace(/[&<>"']/g, (mark) => escapes[mark]!)

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#111827}
main{max-width:34rem;margin:8vh auto;background:#fff;border:1px solid #d1d5db;border-radius:8px;padding:2rem}
h1{font-size:1.25rem;margin:0 0 .5rem}p,ul{margin:.5rem 0}.note{color:#6b7280;font-size:.875rem}
fieldset{border:1px solid #d1d5db;border-radius:6px;margin:1rem 0;padding:.75rem 1rem}label{display:block;padding:.25rem 0}
button{font:inherit;padding:.5rem 1.25rem;border-radius:6px;border:1px solid #9ca3af;background:#fff;cursor:pointer}
button.yes{background:#111827;border-color:#111827;color:#fff}nav{float:right;font-size:.875rem}`

const words = {
  title: text('Authorise application', '授权应用'),
  simulated: text(
    'This is a simulated Temu Seller Center of OpenClaw. No real account is involved.',
    '这是 OpenClaw 模拟的 Temu 卖家中心，不涉及任何真实账号。',
  ),
  asks: text('This application asks for access to your mall:', '以下应用请求访问你的店铺：'),
  may: text('It will be able to call these APIs for one year:', '授权后一年内，应用可以调用以下接口：'),
  mall: text('Mall', '店铺'),
  local: text('local', '本地'),
  semi: text('semi-managed', '半托管'),
  approve: text('Authorise', '同意授权'),
  decline: text('Decline', '拒绝'),
}

const pageErrors = {
  APP_UNKNOWN: text('The application does not exist.', '应用不存在。'),
  REDIRECT_UNKNOWN: text(
    'The redirect_uri is not one of those registered for the application.',
    'redirect_uri 不在应用登记的回调地址之列。',
  ),
  MALL_UNKNOWN: text('There is no such mall here.', '此处没有该店铺。'),
} satisfies Record<string, Text>

export type PageError = keyof typeof pageErrors

const page = (language: Language, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${inLanguage(words.title, language)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`

export const renderFailure = (code: PageError, language: Language): string =>
  page(language, `<h1>${code}</h1><p>${inLanguage(pageErrors[code], language)}</p>`)

/** The page on which a seller chooses a mall and says yes or no. It posts back to its own address. */
export function renderConsent(view: {
  readonly fields: URLSearchParams
  readonly app: App
  readonly malls: readonly Mall[]
  readonly language: Language
}): string {
  const say = (word: Text): string => inLanguage(word, view.language)
  const kept = ['appKey', 'redirect_uri', 'state']
    .filter((name) => view.fields.has(name))
    .map((name) => `<input type="hidden" name="${name}" value="${escape(view.fields.get(name)!)}">`)
  const malls = view.malls.map(
    ({ mallId, sellerName, type, site }, index) =>
      `<label><input type="radio" name="mall_id" value="${mallId}"${index === 0 ? ' checked' : ''}> ${escape(sellerName)} <span class="note">${mallId} · ${site.country} · ${say(words[type])}</span></label>`,
  )
  const scopes = scopesOf(view.app).map((scope) => `<li><code>${scope}</code></li>`)
  const other = new URLSearchParams(view.fields)
  other.set('language', view.language === 'en' ? 'zh-CN' : 'en')
  return page(
    view.language,
    `<nav><a href="?${escape(other.toString())}">${view.language === 'en' ? '中文' : 'English'}</a></nav>
<h1>${say(words.title)}</h1><p class="note">${say(words.simulated)}</p>
<p>${say(words.asks)}<br><code>${escape(view.fields.get('appKey') ?? '')}</code></p><p>${say(words.may)}</p><ul>${scopes.join('')}</ul>
<form method="post">${kept.join('')}<fieldset><legend>${say(words.mall)}</legend>${malls.join('')}</fieldset>
<button class="yes" name="decision" value="approve">${say(words.approve)}</button>
<button name="decision" value="decline">${say(words.decline)}</button></form>`,
  )
}
