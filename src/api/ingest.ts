import type { FastifyInstance } from 'fastify'
import { platforms } from '#canonical/platform.ts'
import type { Platform } from '#canonical/platform.ts'
import type { Commands } from './commands.ts'
import { ClientFailure } from './problem.ts'

/** Pushes are small; a platform that sends more is not one of ours. */
const longestPushBytes = 256 * 1024
/** Pushes being taken at once; more are told to come again, so that a flood cannot use up the process. */
const mostAtOnce = 64

/**
 * Where marketplaces push: `/ingest/{platform}/{app}`. The bytes go to the connector's check untouched;
 * a push that passes is stored as work and answered as the platform expects, before the work is done.
 */
export function mountIngest(app: FastifyInstance, takePush: Commands['takePush'], publicUrl: string): void {
  let underWay = 0
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: longestPushBytes },
      (_request, body, parsed) => parsed(null, body),
    )
    scope.route({
      method: ['POST', 'GET'],
      url: '/ingest/:platform/:app',
      schema: { hide: true },
      handler: async (request, reply) => {
        const { platform, app: appName } = request.params as { platform: string; app: string }
        const known = platforms.find((name) => name === platform.replaceAll('-', '_'))
        if (!known) throw new ClientFailure('ROUTE_NOT_FOUND')
        if (underWay >= mostAtOnce) throw new ClientFailure('SERVICE_UNAVAILABLE', { retryAfterMs: 1000 })
        underWay++
        try {
          const taken = await takePush(known satisfies Platform, appName, {
            method: request.method,
            url: `${publicUrl}${request.raw.url}`,
            headers: singleHeaders(request.headers),
            rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          })
          if (!taken.ok) throw new ClientFailure(taken.code)
          return await reply.code(taken.status).type(taken.type).send(taken.body)
        } finally {
          underWay--
        }
      },
    })
    done()
  })
}

const singleHeaders = (headers: Readonly<Record<string, string | string[] | undefined>>) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
