#!/usr/bin/env node
// Runs a command on the Node that the project brings, whatever Node the host has (20 or newer), and
// installs what is missing first. Plain JavaScript: this file must run before anything is installed.
//   node bin/with-node.mjs <script> [arguments]
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.openclaw-installed')
const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** The lockfile's hash is noted after a whole install, so an interrupted one is done again. */
function ensureInstalled() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const isComplete = existsSync(ownNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (isComplete) return
  process.stderr.write('openclaw: installing dependencies (once, about a minute) …\n')
  const npm = process.env.npm_execpath
  const [command, first] = npm
    ? [process.execPath, [npm]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
  // Not `npm ci`: it refuses a lockfile without the optional packages of other systems, which some registry
  // mirrors do not carry. `--no-save` leaves the lockfile and its versions alone.
  const wish = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  const install = spawnSync(command, [...first, ...wish], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, npm_config_update_notifier: 'false' },
  })
  if (install.status !== 0) {
    process.stderr.write(
      'openclaw: installing failed. Check that the package registry is reachable, then run the command again.\n',
    )
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}

ensureInstalled()
const child = spawn(ownNode, process.argv.slice(2), {
  // The channel tells the child when this process is gone, so that nothing outlives the terminal.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: {
    ...process.env,
    PATH: `${dirname(ownNode)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  },
})
// A terminal sends Ctrl-C to both; the child decides when it is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  })
// A polite kill of npm ends npm and its shell but comes no further than them: being orphaned says the same.
// Said once: a second time would mean that somebody has lost patience.
const parent = process.ppid
const watch = setInterval(() => {
  if (process.ppid === parent) return
  clearInterval(watch)
  child.kill('SIGTERM')
}, 500).unref()
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 128 + (signal === 'SIGKILL' ? 9 : 15) : (code ?? 1)
  process.exit()
})
