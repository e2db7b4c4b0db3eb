import { parseArgs } from 'node:util'
import { openAccess } from '#access/access.ts'
import { scopeNames } from '#access/scopes.ts'
import { systemClock } from '#kernel/clock.ts'
import { environments } from '#kernel/environment.ts'
import { silentLog } from '#kernel/log.ts'
import { findOrganisation } from '#store/organisations.ts'
import { InputError, printJson } from './exit.ts'
import { loadConfig } from './settings.ts'
import { withDatabase } from './with-database.ts'

/** Makes the credentials of an application. The secret is printed this once. */
export async function app(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      org: { type: 'string' },
      environment: { type: 'string', default: 'sandbox' },
      name: { type: 'string', default: 'ERP' },
      scopes: { type: 'string', default: scopeNames.join(',') },
    },
  })
  if (positionals[0] !== 'create') throw new InputError('say "app create --org ORG"')
  const environment = environments.find((known) => known === values.environment)
  if (!environment) throw new InputError(`--environment is one of: ${environments.join(', ')}`)
  const scopes = values.scopes.split(',').map((name) => {
    const known = scopeNames.find((scope) => scope === name.trim())
    if (!known) throw new InputError(`--scopes: "${name}" is not one of ${scopeNames.join(', ')}`)
    return known
  })
  const config = loadConfig()
  return withDatabase(config, async ({ store, vault }) => {
    const organisation = values.org && (await findOrganisation(store.db, values.org))
    if (!organisation)
      throw new InputError(`--org "${values.org ?? ''}": no such organisation; see openclaw org list`)
    if (environment === 'production' && !organisation.production_granted)
      throw new InputError(
        `production is not open to this organisation: openclaw org grant-production ${values.org}`,
      )
    const access = openAccess({ store, vault, clock: systemClock, log: silentLog, issuer: config.publicUrl })
    const made = await access.createApplication(
      { orgId: organisation.org_id, environment },
      { name: values.name, scopes },
    )
    printJson({
      application_id: made.applicationId,
      environment,
      client_id: made.clientId,
      client_secret: made.clientSecret,
      scopes,
    })
    return 0
  })
}
