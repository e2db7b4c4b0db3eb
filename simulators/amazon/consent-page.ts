import { inLanguage, text, type Language, type Text } from '#kernel/text.ts'
import type { Seller } from './order-book.ts'

export type PageLanguage = Language

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
h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.5rem 0}.note{color:#6b7280;font-size:.875rem}
fieldset{border:1px solid #d1d5db;border-radius:6px;margin:1rem 0;padding:.75rem 1rem}label{display:block;padding:.25rem 0}
button{font:inherit;padding:.5rem 1.25rem;border-radius:6px;border:1px solid #9ca3af;background:#fff;cursor:pointer}
button.yes{background:#111827;border-color:#111827;color:#fff}nav{float:right;font-size:.875rem}`

const words = {
  title: text('Authorise application', '授权应用'),
  simulated: text(
    'This is a simulated Seller Central of OpenClaw. No real account is involved.',
    '这是 OpenClaw 模拟的卖家平台，不涉及任何真实账号。',
  ),
  asks: text('This application asks for access to your selling account:', '以下应用请求访问你的卖家账号：'),
  may: text(
    'It will be able to read your orders and be told when they change.',
    '授权后，应用可以读取订单，并接收订单变更通知。',
  ),
  account: text('Sign in as', '登录账号'),
  approve: text('Authorise', '同意授权'),
  decline: text('Decline', '拒绝'),
}

const pageErrors = {
  MD1000: text(
    'The application is not published. A draft can be authorised only with version=beta.',
    '应用尚未发布。草稿状态的应用必须带上 version=beta 才能授权。',
  ),
  MD5101: text(
    'The redirect_uri is not one of those registered for the application.',
    'redirect_uri 不在应用登记的回调地址之列。',
  ),
  MD9100: text('The authorisation request is unknown or was used already.', '授权请求不存在或已使用过。'),
} satisfies Record<string, Text>

export type PageError = keyof typeof pageErrors

const page = (language: PageLanguage, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${inLanguage(words.title, language)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`

export const renderFailure = (code: PageError, language: PageLanguage): string =>
  page(language, `<h1>${code}</h1><p>${inLanguage(pageErrors[code], language)}</p>`)

/** The page on which a seller chooses an account and says yes or no. It posts back to its own address. */
export function renderConsent(view: {
  readonly fields: URLSearchParams
  readonly sellers: readonly Seller[]
  readonly language: PageLanguage
}): string {
  const say = (word: Text): string => inLanguage(word, view.language)
  const kept = ['application_id', 'state', 'redirect_uri', 'version']
    .filter((name) => view.fields.has(name))
    .map((name) => `<input type="hidden" name="${name}" value="${escape(view.fields.get(name)!)}">`)
  const accounts = view.sellers.map(
    (seller, index) =>
      `<label><input type="radio" name="selling_partner_id" value="${seller.sellerId}"${index === 0 ? ' checked' : ''}> ${escape(seller.storeName)} <span class="note">${seller.sellerId} · ${seller.region.toUpperCase()}</span></label>`,
  )
  const other = new URLSearchParams(view.fields)
  other.set('language', view.language === 'en' ? 'zh-CN' : 'en')
  return page(
    view.language,
    `<nav><a href="?${escape(other.toString())}">${view.language === 'en' ? '中文' : 'English'}</a></nav>
<h1>${say(words.title)}</h1><p class="note">${say(words.simulated)}</p>
<p>${say(words.asks)}<br><code>${escape(view.fields.get('application_id') ?? '')}</code></p><p>${say(words.may)}</p>
<form method="post">${kept.join('')}<fieldset><legend>${say(words.account)}</legend>${accounts.join('')}</fieldset>
<button class="yes" name="decision" value="approve">${say(words.approve)}</button>
<button name="decision" value="decline">${say(words.decline)}</button></form>`,
  )
}
