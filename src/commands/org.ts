import { parseArgs } from 'node:util'
import { systemClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { grantProduction, insertOrganisation, listOrganisations } from '#store/organisations.ts'
import { InputError, printJson } from './exit.ts'
import { loadConfig } from './settings.ts'
import { withDatabase } from './with-database.ts'

/** An operator's view of organisations: create one, list them, open production to one. */
export async function org(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
  const [verb, subject] = positionals
  return withDatabase(loadConfig(), async ({ store: { db } }) => {
    switch (verb) {
      case 'create': {
        if (!subject) throw new InputError('say a name: openclaw org create "Example Ltd"')
        const id = newId('org', systemClock.nowMs())
        await insertOrganisation(db, id, subject)
        printJson({ id, name: subject })
        return 0
      }
      case 'list':
        for (const row of await listOrganisations(db)) printJson(row)
        return 0
      case 'grant-production':
        if (!subject || !(await grantProduction(db, subject)))
          throw new InputError(`there is no organisation "${subject ?? ''}"; openclaw org list shows them`)
        printJson({ id: subject, production_granted: true })
        return 0
      case undefined:
      default:
        throw new InputError('say "org create NAME", "org list" or "org grant-production ORG"')
    }
  })
}
