import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '#access/tokens.ts'
import { environments } from '#kernel/environment.ts'
import type { Environment } from '#kernel/environment.ts'
import type { Log } from '#kernel/log.ts'
import type { Gate } from './gate.ts'
import { schemaOf } from './openapi.ts'
import { noFields } from './route.ts'
import type { PublicRoute, Route } from './route.ts'
import { checkerOf } from './validate.ts'

declare module 'fastify' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- merging needs an interface
  interface FastifyRequest {
    /** Who calls, once the gate let the request in. */
    caller: Caller | null
  }
}

const basePaths: Readonly<Record<Environment, string>> = { production: '/v1', sandbox: '/sandbox/v1' }

const json = 'application/json; charset=utf-8'

/** Puts every route under both environments. What a handler gives is sent as it is: nothing is dropped by a schema. */
export function mountRoutes(
  app: FastifyInstance,
  routes: readonly (Route | PublicRoute)[],
  parts: { readonly gate: Gate; readonly log: Log },
): void {
  app.decorateRequest('caller', null)
  // Answers are sent as text: compiling their schemas would only cost time at start.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  for (const environment of environments)
    void app.register(
      (world, _, done) => {
        for (const route of routes) mountRoute(world, route, environment, parts)
        done()
      },
      { prefix: basePaths[environment] },
    )
}

function mountRoute(
  world: FastifyInstance,
  route: Route | PublicRoute,
  environment: Environment,
  { gate, log }: { readonly gate: Gate; readonly log: Log },
): void {
  const check = {
    params: checkerOf(route.params ?? noFields, 'path'),
    query: checkerOf(route.query ?? noFields, 'query'),
    body: checkerOf(route.body ?? noFields, 'body'),
  }
  const read = (request: FastifyRequest) => ({
    params: check.params(request.params),
    query: check.query(request.query),
    body: check.body(request.body),
  })

  world.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route, environment),
    // The checks run in the handler, all parts by the same rules; the schema here is for the OpenAPI file.
    validatorCompiler: () => () => true,
    ...(route.scope === 'public'
      ? {}
      : {
          onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
            request.caller = await gate(request, reply, route, environment)
          },
        }),
    handler: async (request, reply) => {
      const input = read(request)
      if (route.scope === 'public') return send(reply, route.status, await route.handler(input))
      const caller = request.caller!
      const scope = { orgId: caller.orgId, environment }
      const answer = await route.handler({ ...input, caller, scope })
      if (route.audit !== 'none')
        log.info(
          {
            audit: route.audit,
            requestId: request.id,
            applicationId: caller.applicationId,
            ...scope,
            target: input.params,
          },
          'changed through the API',
        )
      return send(reply, route.status, answer)
    },
  })
}

function send(reply: FastifyReply, status: number, answer: unknown): FastifyReply {
  reply.code(status)
  if (status === 204) return reply.send()
  return reply
    .header('content-type', json)
    .send(typeof answer === 'string' || Buffer.isBuffer(answer) ? answer : JSON.stringify(answer))
}
