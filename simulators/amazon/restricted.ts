import type { HttpAnswer } from '../http.ts'
import { ok, readJsonBody, type ApiCall, type Operation } from './api-call.ts'
import { invalidInput, invalidRequest } from './errors.ts'
import { accessLifeMs, type Access, type RestrictedResource } from './grants.ts'

/** Restricted data tokens, which orders v0 wants for personal data. Source: docs: tokens-api-use-case-guide. */
export const piiElements = ['buyerInfo', 'shippingAddress', 'buyerTaxInformation'] as const
export type PiiElement = (typeof piiElements)[number]

const generic = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`)

/** The resource of the token that covers this call, if one does. */
export const resourceFor = (
  access: Access & { readonly kind: 'restricted' },
  method: string,
  path: string,
): RestrictedResource | undefined =>
  access.resources.find((resource) => resource.method === method && generic(resource.path).test(path))

/** What of the personal data this call may show: nothing with an ordinary token. */
export function revealed(call: ApiCall): ReadonlySet<PiiElement> {
  if (call.access.kind !== 'restricted' || !call.world.app.piiRole) return new Set()
  const resource = resourceFor(call.access, call.request.method, call.path)
  // Operations that give nothing but personal data need no elements.
  if (resource && resource.elements.length === 0) return new Set(piiElements)
  return new Set(piiElements.filter((element) => resource?.elements.includes(element)))
}

function readResource(value: unknown): RestrictedResource | null {
  const { method, path, dataElements = [] } = (value ?? {}) as Record<string, unknown>
  if (typeof method !== 'string' || typeof path !== 'string' || !path.startsWith('/')) return null
  if (!Array.isArray(dataElements)) return null
  const known = dataElements.every((element) => piiElements.includes(element as PiiElement))
  return known ? { method, path, elements: dataElements as string[] } : null
}

function createToken(call: ApiCall): HttpAnswer {
  const { restrictedResources, targetApplication } = readJsonBody(call.request) ?? {}
  if (!Array.isArray(restrictedResources) || restrictedResources.length === 0)
    return invalidRequest('Resource not provided.')
  if (restrictedResources.length > 50) return invalidRequest('Too many resources, the maximum is 50.')
  if (targetApplication !== undefined) return invalidRequest('The target application is not valid.')
  const resources = restrictedResources.map(readResource)
  if (resources.some((resource) => resource === null)) return invalidRequest('A resource is not valid.')
  const list = resources.filter((resource) => resource !== null)
  const asked = [...new Set(list.flatMap(({ elements }) => elements))]
  if (asked.length > 0 && !call.world.app.piiRole)
    return invalidInput(
      `Application does not have access to one or more requested data elements: [${asked.join(', ')}]`,
    )
  const { grants } = call.world
  return ok({
    restrictedDataToken: grants.issueAccess({
      kind: 'restricted',
      sellerId: call.sellerId,
      resources: list,
    }),
    expiresIn: accessLifeMs / 1000,
  })
}

export const tokensApi: readonly Operation[] = [
  {
    operation: 'createRestrictedDataToken',
    method: 'POST',
    path: '/tokens/2021-03-01/restrictedDataToken',
    perSecond: 1,
    burst: 10,
    token: 'seller',
    answer: createToken,
  },
]
