import type { FastifyInstance } from 'fastify'

/** Learns every route that is added from now on. The result names the methods a path has, none if it is unknown. */
export function learnMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const methodsOf = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methodsOf.get(url) ?? { pattern: patternOf(url), methods: new Set() }
    methodsOf.set(url, known)
    for (const name of [method].flat()) known.methods.add(name)
  })
  return (path) =>
    [...methodsOf.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : []))
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/:[^/]+/g, '[^/]+')}$`)
