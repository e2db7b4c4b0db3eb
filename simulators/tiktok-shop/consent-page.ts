import { inLanguage, text, type Language, type Text } from '#kernel/text.ts'
import type { Account } from './order.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (value: string): string => value.replace(/[&<>"']/g, (mark) => escapes[mark]!)

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f4f5;color:#18181b}
main{max-width:34rem;margin:8vh auto;background:#fff;border:1px solid #d4d4d8;border-radius:8px;padding:2rem}
h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.5rem 0}.note{color:#71717a;font-size:.875rem}
fieldset{border:1px solid #d4d4d8;border-radius:6px;margin:1rem 0;padding:.75rem 1rem}label{display:block;padding:.25rem 0}
button{font:inherit;padding:.5rem 1.25rem;border-radius:6px;border:1px solid #a1a1aa;background:#fff;cursor:pointer}
button.yes{background:#18181b;border-color:#18181b;color:#fff}nav{float:right;font-size:.875rem}`

const words = {
  title: text('Authorise application', '授权应用'),
  simulated: text(
    'This is a simulated TikTok Shop of OpenClaw. No real account is involved.',
    '这是 OpenClaw 模拟的 TikTok Shop，不涉及任何真实账号。',
  ),
  asks: text('This application asks for access to your shops:', '以下应用请求访问你的店铺：'),
  may: text('It will be able to:', '授权后，应用可以：'),
  account: text('Sign in as', '登录账号'),
  approve: text('Authorise', '同意授权'),
  decline: text('Decline', '拒绝'),
}

const scopeWords: Readonly<Record<string, Text>> = {
  'seller.authorization.info': text(
    'see your shops and subscribe to their events',
    '查看店铺列表并订阅店铺事件',
  ),
  'seller.order.info': text('read your orders', '读取订单'),
}

const pageErrors = {
  SERVICE_UNKNOWN: text('There is no application with this service_id.', 'service_id 对应的应用不存在。'),
  REDIRECT_MISSING: text(
    'The application has no redirect URL on file.',
    '应用未登记回调地址，请先在应用页登记。',
  ),
} satisfies Record<string, Text>

export type PageError = keyof typeof pageErrors

const page = (language: Language, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${inLanguage(words.title, language)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`

export const renderFailure = (code: PageError, language: Language): string =>
  page(language, `<h1>${code}</h1><p>${inLanguage(pageErrors[code], language)}</p>`)

/** The page on which a seller chooses an account and says yes or no. It posts back to its own address. */
export function renderConsent(view: {
  readonly fields: URLSearchParams
  readonly accounts: readonly Account[]
  readonly scopes: readonly string[]
  readonly language: Language
}): string {
  const say = (word: Text): string => inLanguage(word, view.language)
  const kept = ['service_id', 'state', 'redirect_uri']
    .filter((name) => view.fields.has(name))
    .map((name) => `<input type="hidden" name="${name}" value="${escape(view.fields.get(name)!)}">`)
  const accounts = view.accounts.map(
    ({ openId, name, shops }, index) =>
      `<label><input type="radio" name="open_id" value="${openId}"${index === 0 ? ' checked' : ''}> ${escape(name)} <span class="note">${shops.map(({ market }) => market.country).join(' · ')}</span></label>`,
  )
  const may = view.scopes.map((scope) => {
    const word = scopeWords[scope]
    return `<li>${word ? say(word) : scope} <span class="note">${scope}</span></li>`
  })
  const other = new URLSearchParams(view.fields)
  other.set('language', view.language === 'en' ? 'zh-CN' : 'en')
  return page(
    view.language,
    `<nav><a href="?${escape(other.toString())}">${view.language === 'en' ? '中文' : 'English'}</a></nav>
<h1>${say(words.title)}</h1><p class="note">${say(words.simulated)}</p>
<p>${say(words.asks)}<br><code>${escape(view.fields.get('service_id') ?? '')}</code></p><p>${say(words.may)}</p><ul>${may.join('')}</ul>
<form method="post">${kept.join('')}<fieldset><legend>${say(words.account)}</legend>${accounts.join('')}</fieldset>
<button class="yes" name="decision" value="approve">${say(words.approve)}</button>
<button name="decision" value="decline">${say(words.decline)}</button></form>`,
  )
}
