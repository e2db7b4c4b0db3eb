import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { connectors } from '#connectors/registry.ts'
import { environments } from '#kernel/environment.ts'
import { silentLog } from '#kernel/log.ts'
import { newSecretKey } from '#kernel/seal.ts'
import { checkDatabase, checkHome, checkReach } from '#ops/doctor.ts'
import type { Finding } from '#ops/doctor.ts'
import { ClusterFailure } from '#store/embedded/failure.ts'
import { openCluster } from '#store/embedded/cluster.ts'
import type { Config } from '../config.ts'
import { platformAppsOf } from '../platform-apps.ts'
import { loadSecretKeys } from '../secret-key.ts'
import { printJson, say } from './exit.ts'
import { loadConfig } from './settings.ts'

/** Looks at everything the hub depends on; one JSON line per finding, exit 1 when one is not good. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { 'new-key': { type: 'boolean', default: false } },
  })
  if (values['new-key']) {
    printJson({ key: newSecretKey() })
    return 0
  }
  const config = loadConfig()
  await mkdir(config.home, { recursive: true })
  const findings = [
    ...(await checkHome(config.home)),
    await checkKey(config),
    ...(await checkAnyDatabase(config)),
    ...(await checkPlatforms(config)),
  ]
  for (const finding of findings) {
    printJson(finding)
    say(`${finding.ok ? '  ok ' : 'FAIL '} ${finding.check}: ${finding.found}`)
    if (finding.remedy) say(`      → ${finding.remedy.en}\n      → ${finding.remedy.zh}`)
  }
  return findings.every(({ ok }) => ok) ? 0 : 1
}

async function checkKey(config: Config): Promise<Finding> {
  const keys = await loadSecretKeys(config)
  const found = config.secretKeys ? `${keys.length} from OPENCLAW_SECRET_KEY` : `kept in ${config.home}`
  return { check: 'secret key', ok: true, found, remedy: null }
}

/** The built-in database is started for the look when no hub runs it, and stopped again. */
async function checkAnyDatabase(config: Config): Promise<readonly Finding[]> {
  if (config.databaseUrl !== null) return checkDatabase(config.databaseUrl, Date.now)
  try {
    const cluster = await openCluster({ home: config.home, log: silentLog, onProgress: () => {} })
    try {
      return await checkDatabase(cluster.url, Date.now)
    } finally {
      if (cluster.started !== 'adopted') await cluster.close()
    }
  } catch (error) {
    if (!(error instanceof ClusterFailure)) throw error
    const said = { en: error.message, zh: error.message }
    return [{ check: 'database', ok: false, found: error.code, remedy: said }]
  }
}

function checkPlatforms(config: Config): Promise<readonly Finding[]> {
  const appOf = platformAppsOf(config, connectors)
  const checks = Object.values(connectors).flatMap((connector) =>
    environments.flatMap((environment) => {
      const app = appOf(connector.platform, environment)
      if (!app) return []
      const hosts = { ...connector.hosts, ...app.hosts }
      return Object.entries(hosts).map(([name, url]) =>
        checkReach(`${connector.platform} ${environment} ${name}`, url),
      )
    }),
  )
  return Promise.all(checks)
}
