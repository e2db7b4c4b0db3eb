/**
 * What can go wrong with the embedded database, as data: how PostgreSQL, the loader or the operating
 * system says it (matched against stderr, log lines and errno texts, first row first), and what the
 * owner can do about it.
 */
const catalogue = {
  LIBRARY_MISSING: {
    // The last two: the file is there (we looked), so it is its loader or a library of it that is not.
    symptoms:
      /error while loading shared libraries|Library not loaded|GLIBC_[\d.]+' not found|spawn \S+ ENOENT|needed by initdb but was not found/,
    remedy:
      'Run "npm rebuild" (install scripts link the libraries; Linux needs glibc, not musl), or set DATABASE_URL to a PostgreSQL of your own.',
  },
  DISK_FULL: {
    symptoms: /no space left on device|wrote only \d+ of|disk quota exceeded|ENOSPC|EDQUOT/i,
    remedy: 'Free space on that disk, or set OPENCLAW_HOME to a larger one.',
  },
  READ_ONLY: {
    symptoms: /read-only file system|EROFS/i,
    remedy: 'Mount it writable, or set OPENCLAW_HOME to a place that is.',
  },
  NO_PERMISSION: {
    symptoms:
      /permission denied|operation not permitted|EACCES|EPERM|has wrong ownership|invalid permissions/i,
    remedy: 'Give this user that directory, or set OPENCLAW_HOME to one it owns.',
  },
  HOME_NOT_A_DIRECTORY: {
    symptoms: /ENOTDIR|EEXIST|not a directory/i,
    remedy: 'Move the file that is in the way, or set OPENCLAW_HOME to a directory.',
  },
  PORT_TAKEN: {
    symptoms: /address already in use|could not create any TCP\/IP sockets/i,
    remedy: 'Free the port; the next start picks another one.',
  },
  STILL_HELD: {
    symptoms: /pre-existing shared memory block|lock file ".*" already exists/,
    remedy:
      'Processes of an earlier start still hold the data: end them ("ps" shows them as postgres) and start again.',
  },
  WRONG_VERSION: {
    symptoms: /database files are incompatible with server/,
    remedy:
      'These files belong to another major version of PostgreSQL: start the version that wrote them, dump, and restore into a new OPENCLAW_HOME.',
  },
  DAMAGED: {
    symptoms: /valid checkpoint record|invalid primary checkpoint|pg_control/,
    remedy: 'The files are damaged: restore a backup of this directory.',
  },
  OUT_OF_MEMORY: {
    symptoms: /cannot allocate memory|could not (map anonymous|create) shared memory|out of memory/i,
    remedy: 'Give the machine or container at least 512 MB.',
  },
  ROOT_NEEDS_USER: {
    symptoms: /cannot be run as root|"root" execution of the PostgreSQL server is not permitted/,
    remedy:
      'PostgreSQL never runs as root. Start OpenClaw as an ordinary user, or put it and OPENCLAW_HOME where other users may enter (not under /root), or install "setpriv" (util-linux), or set DATABASE_URL.',
  },
  NO_BINARIES: {
    symptoms: null,
    remedy:
      'Install without --omit=optional on linux, macOS or Windows (x64 or arm64), or set DATABASE_URL to a PostgreSQL of your own.',
  },
  NOT_OURS: { symptoms: null, remedy: 'Stop that PostgreSQL, or set OPENCLAW_HOME to another directory.' },
  START_TIMEOUT: { symptoms: null, remedy: 'Read the log beside it, and start again.' },
  STOP_TIMEOUT: { symptoms: null, remedy: 'The data is safe; end the process by hand.' },
  KEEPS_FAILING: { symptoms: null, remedy: 'Read the log beside it; memory and disk are the usual reasons.' },
  FAILED: { symptoms: null, remedy: 'Read the log beside it.' },
} as const satisfies Record<string, { readonly symptoms: RegExp | null; readonly remedy: string }>

export type ClusterFailureCode = keyof typeof catalogue

/** The embedded database could not be had. The message names the place and the remedy, and holds no secret. */
export class ClusterFailure extends Error {
  override readonly name = 'ClusterFailure'
  readonly code: ClusterFailureCode
  /** The directory, file or port it is about. */
  readonly place: string

  constructor(code: ClusterFailureCode, place: string, what: string, cause?: unknown) {
    super(`${what} (${place}). ${catalogue[code].remedy}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.place = place
  }
}

/** Which row of the table a text shows; undefined when none does. */
export function recogniseSymptom(text: string): ClusterFailureCode | undefined {
  const codes = Object.keys(catalogue) as ClusterFailureCode[]
  return codes.find((code) => catalogue[code].symptoms?.test(text))
}

/** The lines a person needs out of a stderr or log: the fatal ones, else the last. */
function essence(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const fatal = lines.filter((line) => /FATAL|PANIC|error:|ERROR|\bE[A-Z]{3,}:/.test(line))
  const chosen = fatal.length > 0 ? fatal.slice(0, 2) : lines.slice(-2)
  return chosen.map((line) => line.replace(/^.*?(FATAL|PANIC|ERROR|error):\s*/, '')).join('; ')
}

/** A failed step's own words turned into a failure; `what` says which step. */
export function failureFrom(text: string, place: string, what: string): ClusterFailure {
  const said = essence(text)
  return new ClusterFailure(
    recogniseSymptom(text) ?? 'FAILED',
    place,
    said === '' ? what : `${what}: ${said}`,
  )
}

/** Runs a step on the file system; its errno becomes a failure that names `place`. */
export async function atPlace<T>(place: string, what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof ClusterFailure || !(error instanceof Error) || !('code' in error)) throw error
    throw new ClusterFailure(
      recogniseSymptom(error.message) ?? 'FAILED',
      place,
      `${what}: ${error.message}`,
      error,
    )
  }
}
