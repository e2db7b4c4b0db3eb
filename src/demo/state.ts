import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'

/** What the demo keeps over restarts, and the file that people and scripts read. Mode 600: it holds secrets. */
export type DemoFile = {
  readonly url: string
  readonly environments: {
    readonly sandbox: {
      readonly base_url: string
      readonly token_url: string
      readonly client_id: string
      readonly client_secret: string
    }
  }
  readonly console: { readonly email: string; readonly password: string } | null
  readonly shops: readonly { readonly id: string; readonly platform: string; readonly marketplace: string }[]
  readonly webhook: { readonly endpoint_id: string; readonly secret: string; readonly receiver_url: string }
  readonly organisation_id: string
}

export type DemoState = { readonly path: string; readonly previous: DemoFile | null }

/**
 * Whether this hub is a demo: it was one before, or nobody has connected a shop. `null` when it is not.
 */
export async function readDemoState(home: string, databaseUrl: string): Promise<DemoState | null> {
  const path = join(home, 'demo.json')
  const previous = await readPrevious(path)
  const client = new Client({ connectionString: databaseUrl, application_name: 'openclaw start' })
  await client.connect()
  try {
    const { rows } = await client.query<{ strangers: boolean; known: boolean }>(
      `select exists (select from shops where org_id is distinct from $1) as strangers,
              exists (select from organisations where org_id = $1) as known`,
      [previous?.organisation_id ?? null],
    )
    const [found] = rows
    if (found!.strangers) return null
    return { path, previous: found!.known ? previous : null }
  } finally {
    await client.end()
  }
}

async function readPrevious(path: string): Promise<DemoFile | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as DemoFile
  } catch {
    return null
  }
}
