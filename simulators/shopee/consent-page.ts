import { inLanguage, text, type Language, type Text } from '#kernel/text.ts'
import type { Account } from './shops.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (value: string): string => value.replace(/[&<>"']/g, (mark) => escapes[mark]!)

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#fff5f2;color:#222}
main{max-width:34rem;margin:6vh auto;background:#fff;padding:2rem;border-radius:8px;box-shadow:0 1px 4px #0002}
h1{font-size:1.35rem;margin:0 0 .5rem;color:#c63d1f}.note{color:#666;font-size:.875rem}
fieldset{border:1px solid #ddd;border-radius:6px;margin:1rem 0;padding:.75rem 1rem}label{display:block;padding:.25rem 0}
button{font:inherit;padding:.5rem 1.25rem;border-radius:6px;border:1px solid #bbb;background:#fff;cursor:pointer}
button.yes{background:#d73211;border-color:#d73211;color:#fff}nav{float:right;font-size:.875rem}`

const words = {
  title: text('Authorise partner', '授权第三方应用'),
  simulated: text(
    'This is a simulated Shopee of OpenClaw. No real account is involved.',
    '这是 OpenClaw 模拟的 Shopee，不涉及任何真实账号。',
  ),
  asks: text('This application asks for access to your shop:', '以下应用请求访问你的店铺：'),
  may: text(
    'It will be able to read your orders and be told when they change.',
    '授权后，应用可以读取订单，并接收订单变更推送。',
  ),
  account: text('Sign in as', '登录账号'),
  mainAccount: text('main account, all shops', '主账号，包含全部店铺'),
  approve: text('Confirm authorisation', '确认授权'),
  decline: text('Decline', '拒绝'),
}

const pageErrors = {
  unknown_partner: text('The partner id is unknown.', 'partner_id 不存在。'),
  wrong_link: text(
    'The link is incomplete, wrongly signed, or older than five minutes.',
    '授权链接不完整、签名错误或已超过 5 分钟。',
  ),
  wrong_redirect: text(
    'The redirect address is not the domain registered for the application.',
    '回调地址与应用登记的域名不符。',
  ),
} satisfies Record<string, Text>

export type PageError = keyof typeof pageErrors

const page = (language: Language, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${inLanguage(words.title, language)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`

export const renderFailure = (code: PageError, language: Language): string =>
  page(language, `<h1>${code}</h1><p>${inLanguage(pageErrors[code], language)}</p>`)

/** The page on which a seller chooses an account and says yes or no. It posts back to its own address. */
export function renderConsent(
  fields: URLSearchParams,
  accounts: readonly Account[],
  language: Language,
): string {
  const say = (word: Text): string => inLanguage(word, language)
  const choices = accounts.map(
    ({ kind, id, name }, index) =>
      `<label><input type="radio" name="account" value="${kind}:${id}"${index === 0 ? ' checked' : ''}> ${escape(name)} <span class="note">${id}${kind === 'main' ? ` · ${say(words.mainAccount)}` : ''}</span></label>`,
  )
  const other = new URLSearchParams(fields)
  other.set('language', language === 'en' ? 'zh-CN' : 'en')
  return page(
    language,
    `<nav><a href="?${escape(other.toString())}">${language === 'en' ? '中文' : 'English'}</a></nav>
<h1>${say(words.title)}</h1><p class="note">${say(words.simulated)}</p>
<p>${say(words.asks)} <code>${escape(fields.get('partner_id') ?? '')}</code></p><p>${say(words.may)}</p>
<form method="post" action="?${escape(fields.toString())}"><fieldset><legend>${say(words.account)}</legend>${choices.join('')}</fieldset>
<button class="yes" name="decision" value="approve">${say(words.approve)}</button>
<button name="decision" value="decline">${say(words.decline)}</button></form>`,
  )
}
