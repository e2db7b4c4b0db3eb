import { inLanguage } from '#kernel/text.ts'
import type { Language, Text } from '#kernel/text.ts'

/** One generated page; `path` is inside the folder of the language. */
export type Page = { readonly path: string; readonly title: Text; readonly body: (write: Writer) => string }

/** What a page is written with, in one language. */
export type Writer = {
  readonly say: (text: Text) => string
  readonly table: (head: readonly Text[], rows: readonly (readonly string[])[]) => string
}

export function writerIn(language: Language): Writer {
  const say = (text: Text): string => inLanguage(text, language)
  return {
    say,
    table: (head, rows) =>
      [head.map(say), head.map(() => '---'), ...rows]
        .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
        .join('\n'),
  }
}

/** In a table a bar would end the cell and a line break the row. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, '<br>')

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``)

/** Blocks with one empty line between them. */
export const blocks = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join('\n\n')
