#!/usr/bin/env node
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src', 'cli.ts')
// A hub makes much short-lived text: a small nursery keeps its memory low and costs no measurable time.
process.argv.splice(2, 0, '--max-semi-space-size=8', cli)
await import('./with-node.mjs')
