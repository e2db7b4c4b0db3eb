import { text } from '#kernel/text.ts'
import { rows } from '#mapping/index.ts'
import type { FieldMap } from '#mapping/index.ts'
import { blocks, code } from './page.ts'
import type { Page, Writer } from './page.ts'
import { ruleTexts } from './rules.ts'

/** The field table of one platform document. */
export function mappingPage(map: FieldMap<object>): Page {
  const title = text(
    `${map.platform} ${map.document}: field mapping`,
    `${map.platform} ${map.document} 字段映射`,
  )
  return { path: `${map.platform}/${map.document}.md`, title, body: (write) => body(map, write) }
}

function body(map: FieldMap<object>, { say, table }: Writer): string {
  const all = rows(map)
  const mapped = all.flatMap(({ field, platform_path, rule, required, note, values }) =>
    field === null
      ? []
      : [
          [
            code(field),
            paths(platform_path),
            rule,
            required ? say(text('yes', '是')) : '',
            [say(note), ...choices(values)].filter(Boolean).join('\n'),
          ],
        ],
  )
  const ignored = all.filter(({ field }) => field === null)
  const used = Object.entries(ruleTexts).filter(([name]) => all.some(({ rule }) => rule === name))
  return blocks(
    say(
      text(
        `${map.apiVersion}, from ${map.source}. Version of this table: \`${map.version}\`.`,
        `${map.apiVersion}，来源接口 ${map.source}，映射表版本 \`${map.version}\`。`,
      ),
    ),
    `## ${say(text('Mapped fields', '已映射字段'))}`,
    table(
      [
        text('Unified field', '统一字段'),
        text('Platform field', '平台字段'),
        text('Rule', '规则'),
        text('Required', '必填'),
        text('Note', '说明'),
      ],
      mapped,
    ),
    `## ${say(text('Fields that are not mapped', '不映射的字段'))}`,
    table(
      [text('Platform field', '平台字段'), text('Reason', '原因')],
      ignored.map(({ platform_path, note }) => [code(platform_path), say(note)]),
    ),
    `## ${say(text('Rules', '规则说明'))}`,
    table(
      [text('Rule', '规则'), text('What it does', '含义')],
      used.map(([name, meaning]) => [name, say(meaning)]),
    ),
  )
}

const paths = (joined: string): string => joined.split(', ').map(code).join('\n')

const choices = (values: Readonly<Record<string, unknown>> | undefined): readonly string[] =>
  Object.entries(values ?? {}).map(([from, to]) => `${code(from)} → ${code(String(to))}`)
