import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '#test/walls/imports.ts'
import { rooms } from '#test/walls/rooms.ts'

const begin = '<!-- rooms: written by `npm run docs` from test/walls/rooms.ts -->'
const end = '<!-- /rooms -->'

/** ARCHITECTURE.md with its table of rooms as the walls have it. */
export async function architecture(): Promise<string> {
  const page = await readFile(join(root, 'ARCHITECTURE.md'), 'utf8')
  const [before, after] = [page.split(begin)[0]!, page.split(end)[1]]
  if (after === undefined) throw new Error(`ARCHITECTURE.md has lost its marks: ${begin} … ${end}`)
  const lines = rooms.map(({ name, about, mayImport }) => {
    const allowed =
      mayImport === 'everything' ? 'everything' : mayImport.map((room) => `\`${room}\``).join(', ')
    return `| \`${name}\` | ${about} | ${allowed || 'nothing'} |`
  })
  const table = ['| Room | What it is | May import |', '| --- | --- | --- |', ...lines].join('\n')
  return `${before}${begin}\n\n${table}\n\n${end}${after}`
}
