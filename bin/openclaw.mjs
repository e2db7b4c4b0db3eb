#!/usr/bin/env node
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src', 'cli.ts')
process.argv.splice(2, 0, cli)
await import('./with-node.mjs')
