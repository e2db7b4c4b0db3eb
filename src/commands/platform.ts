import { platforms } from '#canonical/platform.ts'
import { connectors } from '#connectors/registry.ts'
import type { Connector } from '#connectors/connector.ts'
import { InputError } from './exit.ts'

/** The connector a person names; `tiktok-shop` and `tiktok_shop` are one. */
export function connectorNamed(name: string | undefined): Connector {
  const platform = platforms.find((known) => known === name?.replaceAll('-', '_'))
  const connector = platform && connectors[platform]
  if (connector) return connector
  const known = Object.keys(connectors).join(', ')
  throw new InputError(name ? `"${name}" is not a platform; known: ${known}` : `name a platform: ${known}`)
}
