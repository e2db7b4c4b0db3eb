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

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#111827}
main{max-width:34rem;margin:8vh auto;background:#fff;border:1px solid #d1d5db;border-radius:8px;padding:2rem}
h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.5rem 0}.note{color:#6b7280;font-size:.875rem}
fieldset{border:1px solid #d1d5db;border-radius:6px;margin:1rem 0;padding:.75rem 1rem}label{display:block;padding:.25rem 0}
button{font:inherit;padding:.5rem 1.25rem;border-radius:6px;border:1px solid #9ca3af;background:#fff;cursor:pointer}
button.yes{background:#111827;border-color:#111827;color:#fff}nav{float:right;font-size:.875rem}`

const words = {
  title: text('Authorise application', '应用授权'),
  simulated: text(
    'This is a simulated Lazada of OpenClaw. No real account is involved.',
    '这是 OpenClaw 模拟的 Lazada,不涉及任何真实账号。',
  ),
  asks: text('This application asks for access to your store:', '以下应用请求访问您的店铺:'),
  may: text(
    'It will be able to read your orders and be told when they change.',
    '授权后可读取订单,并接收订单变更推送。',
  ),
  account: text('Country and account', '国家与账号'),
  crossBorder: text('Cross-border', '跨境'),
  approve: text('Submit', '同意授权'),
  decline: text('Decline', '拒绝'),
}

const pageErrors = {
  app: text('The client_id does not belong to any app.', 'client_id 对应的应用不存在。'),
  redirect: text(
    'Redirect uri does not match the callback URL of the APP',
    'redirect_uri 与应用配置的回调地址不一致。',
  ),
  response: text('The response_type must be code.', 'response_type 必须为 code。'),
  account: text('There is no such account.', '账号不存在。'),
} satisfies Record<string, Text>

export type PageError = keyof typeof pageErrors

const page = (language: Language, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${inLanguage(words.title, language)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`

export const renderFailure = (error: PageError, language: Language): string =>
  page(language, `<h1>Lazada</h1><p>${inLanguage(pageErrors[error], language)}</p>`)

/** The page on which a seller chooses an account and says yes or no. It posts back to its own address. */
export function renderConsent(
  fields: URLSearchParams,
  accounts: readonly Account[],
  language: Language,
): string {
  const say = (word: Text): string => inLanguage(word, language)
  const countriesOf = ({ region, stores }: Account): string =>
    `${region === 'cb' ? `${say(words.crossBorder)} ` : ''}${stores.map(({ country }) => country.toUpperCase()).join(' ')}`
  const choices = accounts.map(
    (account, index) =>
      `<label><input type="radio" name="account_id" value="${account.accountId}"${index === 0 ? ' checked' : ''}> ${escape(account.name)} <span class="note">${countriesOf(account)} · ${account.accountId}</span></label>`,
  )
  const other = new URLSearchParams(fields)
  other.set('language', language === 'en' ? 'zh-CN' : 'en')
  return page(
    language,
    `<nav><a href="?${escape(other.toString())}">${language === 'en' ? '中文' : 'English'}</a></nav>
<h1>${say(words.title)}</h1><p class="note">${say(words.simulated)}</p>
<p>${say(words.asks)}<br><code>${escape(fields.get('client_id') ?? '')}</code></p><p>${say(words.may)}</p>
<form method="post"><fieldset><legend>${say(words.account)}</legend>${choices.join('')}</fieldset>
<button class="yes" name="decision" value="approve">${say(words.approve)}</button>
<button name="decision" value="decline">${say(words.decline)}</button></form>`,
  )
}
