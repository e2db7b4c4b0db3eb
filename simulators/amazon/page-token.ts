import { createHmac } from 'node:crypto'
import type { Cursor } from './order-book.ts'

const lifeMs = 86_400_000

/** Where a page begins, where the one before began, and what it belongs to. */
export type PageMark = {
  readonly after: Cursor
  readonly before: Cursor | null
  /** The search itself, for an API whose token stands for all of its parameters. */
  readonly query?: string
}

/** Tokens are bound to the parameters of the walk, as the platform's are, and hold no state here. */
export type PageTokens = {
  readonly write: (mark: PageMark, binding: string, nowMs: number) => string
  /** `null` for a token that is damaged, too old or of other parameters. */
  readonly read: (token: string, binding: string, nowMs: number) => PageMark | null
}

type Claim = { readonly m: PageMark; readonly u: number; readonly n: number }

export function openPageTokens(secret: string): PageTokens {
  let count = 0
  const mac = (text: string, binding: string): Buffer =>
    createHmac('sha256', secret).update(`${binding}\n${text}`).digest().subarray(0, 12)

  return {
    // Ordinary base64 on purpose: its + / = must survive the client's encoding.
    write: (mark, binding, nowMs) => {
      const claim: Claim = { m: mark, u: nowMs + lifeMs, n: count++ }
      const text = JSON.stringify(claim)
      return Buffer.concat([mac(text, binding), Buffer.from(text)]).toString('base64')
    },
    read: (token, binding, nowMs) => {
      const bytes = Buffer.from(token, 'base64')
      const text = bytes.subarray(12).toString('utf8')
      if (!mac(text, binding).equals(bytes.subarray(0, 12))) return null
      const claim = JSON.parse(text) as Claim
      return claim.u > nowMs ? claim.m : null
    },
  }
}
