import { PlatformFailure } from '#kernel/failure.ts'
import { retryAfterMs } from '#kernel/retry.ts'
import type { Connector, ErrorRule, PlatformAnswer } from '#connectors/connector.ts'

const matchesStatus = (rule: string, status: number): boolean =>
  rule === '*' || rule === String(status) || (rule.endsWith('xx') && rule[0] === String(status)[0])

/** The first row of a connector's error table that fits; `undefined` when no row does. */
export function findErrorRule(
  rules: readonly ErrorRule[],
  status: number,
  code: string,
  message: string,
): ErrorRule | undefined {
  return rules.find(
    (rule) =>
      matchesStatus(rule.status, status) &&
      (rule.code === '*' || rule.code === code) &&
      (rule.text === undefined || message.includes(rule.text)),
  )
}

/**
 * What an answer means: `null` for success, otherwise the failure. An error that no row knows is
 * `contract_broken`: loud, quarantined, never guessed to be retryable.
 */
export function classify(
  connector: Pick<Connector, 'errors' | 'readError' | 'platform'>,
  answer: PlatformAnswer,
  nowMs: number,
): PlatformFailure | null {
  const error = connector.readError(answer)
  if (!error) {
    if (answer.body !== null || answer.text === '') return null
    return new PlatformFailure(
      'contract_broken',
      'NOT_JSON',
      `${connector.platform}: the answer is not JSON`,
      {
        httpStatus: answer.status,
      },
    )
  }
  const rule = findErrorRule(connector.errors, answer.status, error.code, error.message)
  return new PlatformFailure(
    rule?.kind ?? 'contract_broken',
    error.code,
    `${connector.platform} answered ${answer.status} ${error.code}: ${error.message}`.slice(0, 500),
    {
      httpStatus: answer.status,
      platformRequestId: error.requestId,
      retryAfterMs: error.retryAfterMs ?? retryAfterMs(answer.headers['retry-after'], nowMs),
    },
  )
}
