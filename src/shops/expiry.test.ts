import { expect, test } from 'vitest'
import { noticeDue } from './expiry.ts'

const day = 24 * 3600_000

test.each([
  [31 * day, null],
  [30 * day, 30],
  [8 * day, 30],
  [7 * day, 7],
  [day + 1, 7],
  [day, 1],
  [1, 1],
])('with %d ms left the notice due is %s', (leftMs, due) => {
  expect(noticeDue(leftMs)).toBe(due)
})
