import { expect, test } from 'vitest'
import { atPlace, ClusterFailure, failureFrom, recogniseSymptom } from './failure.ts'

/** What PostgreSQL 18, glibc, Node and initdb were seen to say, and what it means. */
const said = [
  [
    'LIBRARY_MISSING',
    'postgres: error while loading shared libraries: libicui18n.so.60: cannot open shared object file: No such file or directory',
  ],
  ['LIBRARY_MISSING', "/lib/libc.so.6: version `GLIBC_2.27' not found (required by postgres)"],
  ['LIBRARY_MISSING', 'spawn /app/native/bin/initdb ENOENT'],
  ['DISK_FULL', 'FATAL:  could not write lock file "postmaster.pid": No space left on device'],
  ['DISK_FULL', 'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 10'],
  ['DISK_FULL', 'ENOSPC: no space left on device, write'],
  ['READ_ONLY', "EROFS: read-only file system, open '/data/postgres.log'"],
  ['NO_PERMISSION', 'FATAL:  data directory "/data/postgres" has wrong ownership'],
  ['HOME_NOT_A_DIRECTORY', "ENOTDIR: not a directory, mkdir '/file/sub'"],
  ['PORT_TAKEN', 'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use'],
  ['STILL_HELD', 'FATAL:  lock file "postmaster.pid" already exists'],
  ['STILL_HELD', 'FATAL:  pre-existing shared memory block (key 9995988, ID 32791) is still in use'],
  ['WRONG_VERSION', 'FATAL:  database files are incompatible with server'],
  ['DAMAGED', 'PANIC:  could not locate a valid checkpoint record at 0/1500028'],
  ['OUT_OF_MEMORY', 'FATAL:  could not map anonymous shared memory: Cannot allocate memory'],
  ['ROOT_NEEDS_USER', 'initdb: error: cannot be run as root'],
] as const

test.each(said)('%s: %s', (code, text) => {
  expect(recogniseSymptom(`2026-11-23 12:00:00.000 UTC [7] LOG:  starting PostgreSQL 18.4\n${text}`)).toBe(
    code,
  )
})

test('an unknown reason is told in its own words', () => {
  const failure = failureFrom(
    'LOG:  starting\nFATAL:  the moon is full\n',
    '/data/postgres',
    'It cannot start',
  )
  expect(failure.code).toBe('FAILED')
  expect(failure.message).toBe('It cannot start: the moon is full (/data/postgres). Read the log beside it.')
})

test('every remedy is a sentence, and every message names the place', () => {
  const failure = new ClusterFailure('DISK_FULL', '/data', 'No room')
  expect(failure.message).toMatch(/^No room \(\/data\)\. .+\.$/)
})

test('only errors of the file system are explained; a bug passes as it is', async () => {
  const bug = new TypeError('bug')
  await expect(atPlace('/x', 'reading', () => Promise.reject(bug))).rejects.toBe(bug)
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  await expect(atPlace('/x', 'writing', () => Promise.reject(full))).rejects.toMatchObject({
    code: 'DISK_FULL',
    place: '/x',
  })
})
