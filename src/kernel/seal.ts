import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
  randomFillSync,
} from 'node:crypto'

/**
 * Encryption at rest: AES-256-GCM, `[version 1][key id 4][nonce 12][tag 16][ciphertext]`.
 * The context (for example `order:ord_…`) is authenticated but not stored: a box moved to another
 * row does not open. Promise: confidentiality and integrity of one value. Not promised: hiding its length.
 */
export type Vault = {
  readonly seal: (plain: string | Uint8Array, context: string) => Buffer
  /** Throws `SealError` when the key is unknown or the box was altered or moved. */
  readonly open: (box: Uint8Array, context: string) => Buffer
  readonly openText: (box: Uint8Array, context: string) => string
  /** True when the box was sealed with the current key; rotation re-seals the others. */
  readonly isCurrent: (box: Uint8Array) => boolean
}

export class SealError extends Error {
  override readonly name = 'SealError'
}

const version = 1
const headLength = 1 + 4 + 12 + 16

/** `keys[0]` seals; the others only open. Each is 32 bytes. */
export function openVault(keys: readonly Uint8Array[]): Vault {
  const ring = keys.map((key) => {
    if (key.byteLength !== 32) throw new SealError('a secret key must have 32 bytes')
    return {
      key: createSecretKey(key),
      id: createHash('sha256').update('openclaw key id').update(key).digest().subarray(0, 4),
    }
  })
  const current = ring[0]
  if (!current) throw new SealError('no secret key')

  const nonces = Buffer.alloc(12 * 256)
  let used = nonces.length

  function seal(plain: string | Uint8Array, context: string): Buffer {
    if (used >= nonces.length) {
      randomFillSync(nonces)
      used = 0
    }
    const nonce = nonces.subarray(used, (used += 12))
    const cipher = createCipheriv('aes-256-gcm', current!.key, nonce)
    cipher.setAAD(Buffer.from(context))
    const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
    cipher.final()
    const box = Buffer.allocUnsafe(headLength + body.length)
    box[0] = version
    current!.id.copy(box, 1)
    nonce.copy(box, 5)
    cipher.getAuthTag().copy(box, 17)
    body.copy(box, headLength)
    return box
  }

  function open(box: Uint8Array, context: string): Buffer {
    const bytes = Buffer.from(box.buffer, box.byteOffset, box.byteLength)
    if (bytes.length < headLength || bytes[0] !== version) throw new SealError('not a sealed value')
    const entry = ring.find(({ id }) => id.equals(bytes.subarray(1, 5)))
    if (!entry) throw new SealError('sealed with a key that is not in OPENCLAW_SECRET_KEY')
    const decipher = createDecipheriv('aes-256-gcm', entry.key, bytes.subarray(5, 17))
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(17, headLength))
    try {
      const head = decipher.update(bytes.subarray(headLength))
      const tail = decipher.final()
      return tail.length === 0 ? head : Buffer.concat([head, tail])
    } catch {
      throw new SealError('the sealed value was altered or belongs elsewhere')
    }
  }

  return {
    seal,
    open,
    openText: (box, context) => open(box, context).toString('utf8'),
    isCurrent: (box) => Buffer.from(box.buffer, box.byteOffset + 1, 4).equals(current.id),
  }
}

/** A new random key in the text form of `OPENCLAW_SECRET_KEY` (base64url, 32 bytes). */
export const newSecretKey = (): string => randomBytes(32).toString('base64url')
