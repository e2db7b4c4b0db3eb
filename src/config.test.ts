import { describe, expect, it } from 'vitest'
import { localUrl, readConfig } from './config.ts'
import type { Config, Mistake } from './config.ts'

const key = Buffer.alloc(32, 7).toString('base64url')

function good(variables: Record<string, string>, overrides = {}): Config {
  const settings = readConfig(variables, overrides)
  if (!settings.ok) throw new Error(JSON.stringify(settings.mistakes))
  return settings.config
}

function mistakes(variables: Record<string, string>): readonly Mistake[] {
  const settings = readConfig(variables)
  return settings.ok ? [] : settings.mistakes
}

describe('configuration', () => {
  it('needs nothing', () => {
    const config = good({})
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://127.0.0.1:4000',
      databaseUrl: null,
      secretKeys: null,
      roles: ['api', 'worker'],
      logLevel: 'warn',
      webhookAllowCidrs: [],
      platforms: {},
    })
    expect(config.home).toMatch(/\/\.openclaw$/)
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('takes what is set, and the command line before it', () => {
    const config = good(
      {
        OPENCLAW_PORT: '5000',
        OPENCLAW_HOST: '0.0.0.0',
        OPENCLAW_ROLES: 'api',
        OPENCLAW_PUBLIC_URL: 'https://hub.example.com/',
        DATABASE_URL: 'postgresql://hub:secret@db:5432/hub',
        OPENCLAW_SECRET_KEY: `${key}, ${key}`,
        OPENCLAW_LOG_LEVEL: 'debug',
        OPENCLAW_WEBHOOK_ALLOW_CIDRS: '10.0.0.0/8,::1',
      },
      { port: '6000', roles: 'worker, api' },
    )
    expect(config).toMatchObject({
      port: 6000,
      roles: ['worker', 'api'],
      publicUrl: 'https://hub.example.com',
      databaseUrl: 'postgresql://hub:secret@db:5432/hub',
      secretKeys: [key, key],
      logLevel: 'debug',
      webhookAllowCidrs: ['10.0.0.0/8', '::1'],
    })
  })

  it('counts an empty variable as not set', () => {
    expect(good({ OPENCLAW_PORT: '', DATABASE_URL: '', OPENCLAW_SECRET_KEY: '' })).toEqual(good({}))
  })

  it('reports every mistake at once, each with its variable and its remedy, and no secret', () => {
    const found = mistakes({
      OPENCLAW_PORT: '70000',
      OPENCLAW_ROLES: 'api,janitor',
      OPENCLAW_PUBLIC_URL: 'ftp://hub',
      DATABASE_URL: 'mysql://root:hunter2@db/hub',
      OPENCLAW_SECRET_KEY: 'hunter2',
      OPENCLAW_LOG_LEVEL: 'loud',
    })
    expect(found.map(({ variable }) => variable).toSorted()).toEqual([
      'DATABASE_URL',
      'OPENCLAW_LOG_LEVEL',
      'OPENCLAW_PORT',
      'OPENCLAW_PUBLIC_URL',
      'OPENCLAW_ROLES',
      'OPENCLAW_SECRET_KEY',
    ])
    for (const { problem, remedy } of found) expect(problem.length * remedy.length).toBeGreaterThan(0)
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  it.each(['-1', '4000.5', 'x', '65536', '0x50'])('does not take %s for a port', (port) => {
    expect(mistakes({ OPENCLAW_PORT: port })).toMatchObject([{ variable: 'OPENCLAW_PORT' }])
  })

  it('shows an address that a browser can open', () => {
    expect(localUrl('0.0.0.0', 1)).toBe('http://127.0.0.1:1')
    expect(localUrl('::', 1)).toBe('http://127.0.0.1:1')
    expect(localUrl('::1', 1)).toBe('http://[::1]:1')
    expect(localUrl('hub.local', 1)).toBe('http://hub.local:1')
  })
})

describe('the apps of a platform', () => {
  it('are one for each environment, with hosts and queue beside the credentials', () => {
    const { platforms } = good({
      OPENCLAW_AMAZON_CLIENT_ID: 'live',
      OPENCLAW_AMAZON_QUEUE_URL: 'https://sqs.example.com/1/orders',
      OPENCLAW_AMAZON_SANDBOX_CLIENT_ID: 'test',
      OPENCLAW_AMAZON_SANDBOX_CLIENT_SECRET: 'secret',
      OPENCLAW_AMAZON_SANDBOX_HOST_API__NA: 'http://127.0.0.1:1/na',
      'OPENCLAW_AMAZON_SANDBOX_HOST_SELLER__SELLERCENTRAL.AMAZON.COM': 'http://127.0.0.1:1/seller',
      OPENCLAW_TIKTOK_SHOP_APP_KEY: 'other',
    })
    expect(platforms).toEqual({
      amazon: {
        production: {
          credentials: { client_id: 'live' },
          hosts: {},
          queue: { url: 'https://sqs.example.com/1/orders' },
        },
        sandbox: {
          credentials: { client_id: 'test', client_secret: 'secret' },
          hosts: {
            'api.na': 'http://127.0.0.1:1/na',
            'seller.sellercentral.amazon.com': 'http://127.0.0.1:1/seller',
          },
          queue: {},
        },
      },
      tiktok_shop: { production: { credentials: { app_key: 'other' }, hosts: {}, queue: {} } },
    })
  })

  it('are none without a credential: a host alone is nobody', () => {
    expect(good({ OPENCLAW_AMAZON_HOST_LWA: 'http://127.0.0.1:1' }).platforms).toEqual({})
  })
})
