import { sql } from 'kysely'
import type { Rate } from '#kernel/rate.ts'
import type { Db } from './db.ts'

/** Buckets of platform operations, shared by every process that uses this database. Times in unix ms. */
export type PlatformBuckets = {
  /** Takes one token; otherwise how long until there is one. `rate` seeds a bucket nobody has learnt about. */
  readonly take: (key: string, rate: Rate, nowMs: number) => Promise<{ readonly waitMs: number }>
  /** The platform told its real rate: what was taken so far counts at the new one. */
  readonly learn: (key: string, perSecond: number, seed: Rate, nowMs: number) => Promise<void>
  /** The platform refused: nobody uses the bucket before `untilMs`. */
  readonly block: (key: string, untilMs: number) => Promise<void>
}

export function openPlatformBuckets(db: Db): PlatformBuckets {
  const learnt = new Map<string, number>()
  return {
    async take(key, rate, nowMs) {
      const taken = await sql`
        insert into platform_buckets as b (key, next_free_at)
        values (${key}, ${nowMs + 1000 / rate.perSecond})
        on conflict (key) do update
          set next_free_at = greatest(b.next_free_at, ${nowMs}::float8)
                           + 1000 / coalesce(b.per_second, ${rate.perSecond})
        where greatest(b.next_free_at, ${nowMs}::float8) - ${nowMs}::float8
                <= ${rate.burst - 1} * 1000 / coalesce(b.per_second, ${rate.perSecond})
          and coalesce(b.blocked_until, 0) <= ${nowMs}::float8
        returning key`.execute(db)
      if (taken.rows.length > 0) return { waitMs: 0 }
      const { rows } = await sql<{ free_at: number }>`
        select greatest(
          coalesce(blocked_until, 0),
          next_free_at - ${rate.burst - 1} * 1000 / coalesce(per_second, ${rate.perSecond})
        ) as free_at from platform_buckets where key = ${key}`.execute(db)
      return { waitMs: Math.max(1, Math.ceil((rows[0]?.free_at ?? nowMs) - nowMs)) }
    },
    async learn(key, perSecond, seed, nowMs) {
      if (learnt.get(key) === perSecond) return
      await sql`
        update platform_buckets
        set next_free_at = ${nowMs}::float8
              + greatest(0, next_free_at - ${nowMs}::float8) * coalesce(per_second, ${seed.perSecond}) / ${perSecond},
            per_second = ${perSecond}
        where key = ${key} and per_second is distinct from ${perSecond}`.execute(db)
      learnt.set(key, perSecond)
    },
    async block(key, untilMs) {
      await sql`
        insert into platform_buckets as b (key, next_free_at, blocked_until) values (${key}, ${untilMs}, ${untilMs})
        on conflict (key) do update
          set blocked_until = greatest(coalesce(b.blocked_until, 0), excluded.blocked_until)`.execute(db)
    },
  }
}
