// Runs one of the repository's TypeScript programs on the Node that the repository brings along, and installs first
// what is missing. Plain JavaScript without dependencies: it is what an older Node meets on a fresh clone.
//
//   node scripts/run.mjs scripts/start.ts --help
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const oldestNode = 20
const neededNode = 26

const [program, ...args] = process.argv.slice(2)
if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  fail(`Fanfare installs itself with Node ${oldestNode} or newer; this is ${process.versions.node}.`)
}
if (program === undefined) fail('Usage: node scripts/run.mjs <program.ts> [arguments]')

const missing = whatIsMissing()
if (missing !== null) install(missing)
const node = findNode()
await run(node)

/** Why an installation is needed, for a person to read; null when everything is in place. */
function whatIsMissing() {
  const wanted = packagesOf('package-lock.json')
  if (wanted === null) return null
  const present = packagesOf('node_modules/.package-lock.json')
  if (present === null) return 'nothing is installed yet'
  for (const [path, { version, integrity, optional, link, resolved }] of Object.entries(wanted)) {
    if (!path.includes('node_modules/') || optional) continue
    const installed = present[path]
    if (installed === undefined || !existsSync(join(root, path))) return `${path} is not installed`
    const same = link ? installed.resolved === resolved : installed.version === version
    if (!same || (integrity && installed.integrity !== integrity)) return `${path} is installed in another version`
  }
  return null
}

/** The `packages` of a lock file, by path; null when there is no such file or it cannot be read. */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages ?? null
  } catch {
    return null
  }
}

function install(reason) {
  console.log(`Installing Fanfare's packages with npm ci: ${reason}.`)
  const { status, signal, error } = npm(['ci', '--include=dev', '--loglevel=error'])
  if (error) fail(`npm could not be started: ${error.message}`)
  if (signal !== null) process.exit(1)
  if (status !== 0) fail(`npm ci ended with ${status}; its output above says why.`)
}

/** Runs npm in the repository, its output shown: the npm that started this program, or else the one on PATH. */
function npm(npmArgs) {
  const script = process.env.npm_execpath
  const options = { cwd: root, stdio: 'inherit' }
  return script !== undefined && basename(script) === 'npm-cli.js'
    ? spawnSync(process.execPath, [script, ...npmArgs], options)
    : spawnSync('npm', npmArgs, { ...options, shell: process.platform === 'win32' })
}

/** Path of a Node that is new enough: the repository's own, or else one on PATH. */
function findNode() {
  const own = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (isNewEnough(own)) return own
  if (isNewEnough(process.execPath)) return process.execPath
  if (isNewEnough('node')) return 'node'

  console.log(`Fetching Node ${neededNode}: the install script of the package "node" has not run.`)
  npm(['rebuild', 'node', '--ignore-scripts=false'])
  if (isNewEnough(own)) return own
  const { stderr, error } = spawnSync(own, ['--version'], { encoding: 'utf8' })
  fail(
    [
      `Fanfare runs on Node ${neededNode}, and the one that its packages bring along does not start:`,
      `  ${(stderr || error?.message || 'no output').trim()}`,
      ...(String(stderr).includes('libatomic')
        ? ['Install libatomic, for instance with: apt-get install libatomic1']
        : [`Install Node ${neededNode} or newer (https://nodejs.org) so that "node" on PATH is it, and try again.`]),
    ].join('\n'),
  )
}

function isNewEnough(path) {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return status === 0 && Number(/^v(\d+)/.exec(stdout)?.[1]) >= neededNode
}

/**
 * Runs the program and ends as it ends. It leads a process group of its own, so that Ctrl-C reaches it once, from here:
 * a terminal signals every process of the foreground group, and npm then signals its script again.
 */
async function run(node) {
  const child = spawn(node, [join(root, program), ...args], {
    cwd: root,
    // The fourth one is a channel: the program notices when this process is gone without a word.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
    env: {
      // Where Node keeps what it compiled, so that this program and those that it starts are there sooner the next time.
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/fanfare'),
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
    },
  })
  let lastSignalAt = Number.NEGATIVE_INFINITY
  const handOn = (signal) => {
    const now = performance.now()
    if (now - lastSignalAt > 300) child.kill(signal)
    lastSignalAt = now
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => handOn(signal))
  // npm runs scripts through a shell that hands no signal on: when it is ended, all that is left to see is that it is gone.
  const shell = process.ppid
  if (process.env.npm_lifecycle_event !== undefined) {
    const watch = setInterval(() => {
      if (process.ppid === shell) return
      clearInterval(watch)
      handOn('SIGTERM')
    }, 250)
  }
  const [code, signal] = await new Promise((resolve) => {
    child.once('error', (error) => fail(`${node} could not be started: ${error.message}`))
    child.once('exit', (...how) => resolve(how))
  })
  if (signal === null) process.exit(code)
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
  process.kill(process.pid, signal)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
