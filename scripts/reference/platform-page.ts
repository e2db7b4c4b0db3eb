import type { Connector } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'
import { blocks, code } from './page.ts'
import type { Page, Writer } from './page.ts'

/** Markets, limits, errors and surprises of one platform. */
export const platformPage = (connector: Connector): Page => ({
  path: `${connector.platform}/README.md`,
  title: connector.about.name,
  body: (write) => body(connector, write),
})

function body(connector: Connector, write: Writer): string {
  const { say } = write
  const { about, maps } = connector
  return blocks(
    about.apiVersion,
    `## ${say(text('Documents', '报文'))}`,
    Object.values(maps)
      .map(({ document, apiVersion, source }) => `- [${document}](${document}.md): ${apiVersion} (${source})`)
      .join('\n'),
    `## ${say(text('Worth knowing', '平台特性'))}`,
    about.quirks.map((quirk) => `- ${say(quirk)}`).join('\n'),
    `## ${say(text('Marketplaces', '站点'))}`,
    markets(connector, write),
    `## ${say(text('Rate limits', '限流'))}`,
    limits(connector, write),
    `## ${say(text('Errors', '错误'))}`,
    errors(connector, write),
  )
}

function markets({ markets }: Connector, { say, table }: Writer): string {
  const doubtful = markets.flatMap(({ unverified }) => unverified ?? [])
  const rows = markets.map((market) => [
    code(market.code),
    say(market.name),
    code(market.platformMarketId),
    market.region,
    market.currency,
    market.timeZone,
    market.languages.join(', '),
    market.unverified?.includes('sellerHost') ? `${market.sellerHost} (?)` : market.sellerHost,
  ])
  const head = [
    text('Code', '站点代码'),
    text('Name', '名称'),
    text('Platform id', '平台站点 ID'),
    text('Region', '区域'),
    text('Currency', '币种'),
    text('Time zone', '时区'),
    text('Languages', '语言'),
    text('Seller pages', '卖家后台'),
  ]
  const remark = text(
    'Time zones and languages are for display only and come from general knowledge; a question mark stands where no public source of the platform confirms the host.',
    '时区与语言仅用于展示，来自常识而非平台文档；带问号的后台域名未见平台公开资料确认。',
  )
  return blocks(table(head, rows), doubtful.length > 0 ? say(remark) : '')
}

function limits({ limits }: Connector, { say, table }: Writer): string {
  const scopes = { account: text('account', '账号'), app: text('app', '应用') }
  return table(
    [
      text('Operation', '操作'),
      text('Requests per second', '每秒请求数'),
      text('Burst', '突发'),
      text('Counted for each', '计数维度'),
      text('Source', '来源'),
    ],
    limits.map(({ operation, perSecond, burst, scope, source }) => [
      code(operation),
      String(perSecond),
      String(burst),
      say(scopes[scope]),
      source,
    ]),
  )
}

function errors({ errors }: Connector, { say, table }: Writer): string {
  return blocks(
    say(text('The first row that matches counts.', '自上而下，命中第一行即生效。')),
    table(
      [
        text('HTTP', 'HTTP 状态'),
        text('Code', '错误码'),
        text('Kind', '类别'),
        text('Meaning', '含义'),
        text('Remedy', '处理办法'),
      ],
      errors.map((rule) => [
        rule.status,
        rule.text === undefined ? code(rule.code) : `${code(rule.code)} + "${rule.text.trim()}"`,
        code(rule.kind),
        say(rule.meaning),
        say(rule.remedy),
      ]),
    ),
  )
}
