/** The input is wrong: exit 2. The message says what and where. */
export class InputError extends Error {
  override readonly name: string = 'InputError'
}

/** The home is in use by another hub. */
export class HomeTakenError extends InputError {}

/** A remote refused: exit 3. */
export class RemoteRefusal extends Error {
  override readonly name = 'RemoteRefusal'
}

/** Outputs meant for machines: one JSON value per line on stdout. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Everything for people goes to stderr. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** Standard input to its end, as bytes: whether it is text is for the reader to say. */
export async function readStdin(): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
