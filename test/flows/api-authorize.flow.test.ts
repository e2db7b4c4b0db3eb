import { afterAll, expect, test } from 'vitest'
import { openTestApi } from '#test/support/api.ts'
import type { Commands } from '#api/commands.ts'
import { text } from '#kernel/text.ts'

const calls: unknown[] = []
const answers: Record<string, Awaited<ReturnType<Commands['finishAuthorization']>>> = {
  good: {
    ok: true,
    shops: [{ id: 'shp_1', displayName: '<b>Shop & Co</b>', marketplaceCode: 'amazon_us' }],
    returnUrl: 'https://erp.test/done?a="1"',
  },
  bad: {
    ok: false,
    code: 'STATE_EXPIRED',
    detail: text('The link has ended.', '链接已失效。'),
    returnUrl: 'javascript:alert(1)',
  },
}
const finishAuthorization: Commands['finishAuthorization'] = (platform, query) => {
  calls.push([platform, query])
  return Promise.resolve(answers[query['state'] ?? 'bad'] ?? answers['bad']!)
}
const commands = { finishAuthorization } as Commands
const hub = openTestApi('postgres://nobody@127.0.0.1:1/nothing', { commands })
afterAll(hub.close)
const come = (url: string, language = 'en') =>
  hub.api.inject({ url, headers: { 'accept-language': language } })

test('a seller who agreed sees the shops, and nothing leaks on', async () => {
  const page = await come('/authorize/amazon/callback?state=good&code=c&code=d')
  expect(calls.at(-1)).toEqual(['amazon', { state: 'good', code: 'c' }])
  expect(page.statusCode).toBe(200)
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  expect(page.headers['content-security-policy']).toContain("default-src 'none'")
  expect(page.body).toContain('<h1>Shop connected</h1>')
  expect(page.body).toContain('&lt;b&gt;Shop &amp; Co&lt;/b&gt;')
  expect(page.body).toContain('href="https://erp.test/done?a=&quot;1&quot;"')
})

test('one who did not is told why, in Chinese too', async () => {
  const page = await come('/authorize/amazon/callback?error=access_denied', 'zh-CN')
  expect(page.statusCode).toBe(400)
  expect(page.body).toContain('<html lang="zh-CN">')
  expect(page.body).toContain('链接已失效。')
  expect(page.body).toContain('STATE_EXPIRED')
  expect(page.body).not.toContain('javascript:')
})

test('of an unknown platform there is no such page', async () => {
  const answer = await come('/authorize/ebay/callback')
  expect(answer.json()).toMatchObject({
    code: 'PARAMETER_INVALID',
    errors: [{ in: 'path', pointer: 'platform' }],
  })
})
