/**
 * Brings a clone to the point where it can serve, be tested or be published, doing only what is missing:
 *
 *     node scripts/prepare.mjs install   the packages of package-lock.json are in node_modules
 *     node scripts/prepare.mjs bundle    … and the server is in dist/spinel-server.mjs           (npm start)
 *     node scripts/prepare.mjs types     … or all of it is type-checked and compiled into dist/  (npm run typecheck)
 *     node scripts/prepare.mjs all       … or both                                               (npm run build, npm test)
 *
 * When nothing has changed no other program is started and the network is not touched. Several of these may run at
 * once in one clone: the second waits for the first and then finds nothing left to do.
 */
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import {
  bundles,
  filesUnder,
  fingerprint,
  isFresh,
  luaBinary,
  markFresh,
  readJson,
  root,
  runNode,
  say,
} from './project.mjs'

const nodeOldest = [20, 11]

/** A problem that has been explained to the user; the exit code is all that is left to say. */
class Failure extends Error {}

const goals = {
  install: { isReached: isInstalled, reach: install },
  bundle: { isReached: () => isFresh('bundle'), reach: bundleServer },
  types: { isReached: () => isInstalled() && isCompiled(), reach: compile },
  all: {
    isReached: () => isInstalled() && isCompiled() && (isFresh('bundle') || missingEntries().length > 0),
    reach: compileAndBundle,
  },
}

async function main(name) {
  const goal = goals[name]
  try {
    if (goal === undefined) fail(`unknown goal "${name}"; known: ${Object.keys(goals).join(', ')}`)
    checkNode()
    if (goal.isReached()) return
    await alone(async () => {
      if (!goal.isReached()) await goal.reach()
    })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    say(error.message)
    process.exitCode = 1
  }
}

function fail(message) {
  throw new Failure(message)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const isOldEnough = major > nodeOldest[0] || (major === nodeOldest[0] && minor >= nodeOldest[1])
  if (!isOldEnough) fail(`needs Node ${nodeOldest.join('.')} or newer; this is ${process.version}`)
}

// --- packages ---------------------------------------------------------------------------------------------------

const installStamp = 'node_modules/.spinel-installed'
const dependencyKinds = ['dependencies', 'devDependencies', 'optionalDependencies']

/**
 * Whether node_modules holds what package-lock.json asks for: either we installed it from exactly this lockfile, or
 * somebody else did and npm's own record of the tree says the same.
 */
function isInstalled() {
  const manifest = readJson('package.json') ?? fail('package.json cannot be read')
  const direct = dependencyKinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}))
  if (!direct.every((name) => existsSync(join(root, 'node_modules', name, 'package.json')))) return false
  return readStamp() === installFingerprint(manifest) || isTreeAsLocked(manifest)
}

function readStamp() {
  const path = join(root, installStamp)
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}

function installFingerprint(manifest) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(JSON.stringify(dependencyKinds.map((kind) => manifest[kind] ?? {})))
    .update(`${process.platform} ${process.arch} ${process.versions.node.split('.')[0]}`)
    .digest('hex')
}

/** Compares the lockfile with node_modules/.package-lock.json, which npm writes last of all: an interrupted install has none. */
function isTreeAsLocked(manifest) {
  const locked = readJson('package-lock.json')?.packages
  const present = readJson('node_modules/.package-lock.json')?.packages
  if (locked === undefined || present === undefined) return false
  const isManifestLocked = dependencyKinds.every(
    (kind) => JSON.stringify(manifest[kind] ?? {}) === JSON.stringify(locked['']?.[kind] ?? {}),
  )
  return (
    isManifestLocked &&
    Object.entries(locked).every(
      ([path, entry]) =>
        path === '' ||
        !isForThisMachine(entry) ||
        (present[path]?.version === entry.version &&
          present[path].integrity === entry.integrity &&
          existsSync(join(root, path, 'package.json'))),
    )
  )
}

/** Packages for another system are left out by npm. Those that name a C library are optional here, and not looked at. */
function isForThisMachine({ os, cpu, libc }) {
  return libc === undefined && isListed(os, process.platform) && isListed(cpu, process.arch)
}

function isListed(list, name) {
  if (list === undefined) return true
  if (list.includes(`!${name}`)) return false
  return list.includes(name) || list.every((item) => item.startsWith('!'))
}

async function install() {
  if (isInstalled()) return
  say('installing packages (npm ci)')
  // The flags win over NODE_ENV=production and over a user's settings: without the compiler there is nothing to run.
  // No package needs its install script.
  const flags = ['--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund']
  const quiet = ['--loglevel=error', '--progress=false', '--no-dry-run', '--package-lock', '--no-global']
  const code = (await npm(['ci', ...flags, ...quiet, '--prefer-offline'])) && (await npm(['ci', ...flags, ...quiet]))
  if (code !== 0) fail(`npm ci ended with code ${code}; the first run needs the npm registry, or npm's cache of it`)
  writeFileSync(join(root, installStamp), `${installFingerprint(readJson('package.json'))}\n`)
}

/** Runs npm as a Node program, since starting `npm` itself takes a shell on Windows. */
function npm(args) {
  const bin = dirname(process.execPath)
  const program = [
    process.env.npm_execpath ?? '', // set when npm has started us
    join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm')), // a link to npm-cli.js
  ].find((path) => existsSync(path) && basename(realpathSync(path)) === 'npm-cli.js')
  if (program === undefined) fail('npm was not found; run `npm ci` by hand, then try again')
  return runNode([program, ...args])
}

// --- compiling --------------------------------------------------------------------------------------------------

function isCompiled() {
  return isFresh('types') && !isOutputMissing()
}

async function compile() {
  await install()
  if (isCompiled()) return
  const inputs = fingerprint('types')
  say('compiling (tsc -b)')
  let code = await tsc([])
  if (isOutputMissing()) code = await tsc(['--force']) // somebody emptied a part of dist/, which tsc does not look at
  if (code !== 0) fail('there are type errors')
  removeOrphans()
  markFresh('types', inputs)
}

function tsc(flags) {
  return runNode([join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', ...flags])
}

const compiledFolders = ['src', 'test', 'bench']

/** Deletes compiled files whose source is gone; a test that was removed must not go on running. */
function removeOrphans() {
  for (const output of compiledFolders.flatMap((folder) => filesUnder(`dist/${folder}`))) {
    const source = output.replace(/^dist\//, '').replace(/(\.js|\.js\.map|\.d\.ts)$/, '.ts')
    if (!existsSync(join(root, source))) rmSync(join(root, output))
  }
}

function isOutputMissing() {
  return compiledFolders
    .flatMap((folder) => filesUnder(folder))
    .filter((source) => source.endsWith('.ts') && !source.endsWith('.d.ts'))
    .some((source) => !existsSync(join(root, 'dist', source.replace(/\.ts$/, '.js'))))
}

// --- bundling ---------------------------------------------------------------------------------------------------

function missingEntries() {
  return bundles.map((bundle) => bundle.entry).filter((entry) => !existsSync(join(root, entry)))
}

async function bundleServer() {
  const missing = missingEntries()
  if (missing.length > 0) fail(`nothing to serve yet: ${missing.join(', ')} does not exist`)
  await install()
  if (!isFresh('bundle')) await writeBundles()
}

async function compileAndBundle() {
  await compile()
  const missing = missingEntries()
  if (missing.length > 0) say(`no server bundle: ${missing.join(', ')} does not exist yet`)
  else if (!isFresh('bundle')) await writeBundles()
}

/** Bundles straight from the TypeScript sources, so that `npm start` need not wait for the type checker. */
async function writeBundles() {
  const inputs = fingerprint('bundle')
  copyLuaBinary()
  const { build } = await import('esbuild')
  for (const { entry, outfile } of bundles) {
    say(`bundling ${outfile}`)
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: true,
      external: ['node:*'],
      legalComments: 'none',
      logLevel: 'warning',
    }).catch(() => fail(`${entry} could not be bundled`)) // esbuild has said why
  }
  markFresh('bundle', inputs)
}

/** The server and the library read it when the first script comes; see src/platform/lua-binary.ts. */
function copyLuaBinary() {
  const { source, outfile, sha256 } = luaBinary
  const found = createHash('sha256')
    .update(readFileSync(join(root, source)))
    .digest('hex')
  if (found !== sha256) fail(`${source} is not the file that was reviewed: its SHA-256 is ${found}`)
  copyFileSync(join(root, source), join(root, outfile))
}

// --- one at a time ----------------------------------------------------------------------------------------------

const lockFile = 'dist/prepare.lock'
const lockHeartbeatMs = 1000
const lockStaleMs = 15_000

/** Does `work` while holding a lock file; its time is renewed while we live, so that a crashed holder is noticed. */
async function alone(work) {
  const path = join(root, lockFile)
  mkdirSync(dirname(path), { recursive: true })
  for (let isFirst = true; !tryCreate(path); isFirst = false) {
    if (isFirst) say('waiting for another build in this folder')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const heartbeat = setInterval(() => utimesSync(path, new Date(), new Date()), lockHeartbeatMs)
  const release = () => rmSync(path, { force: true })
  process.on('exit', release)
  for (const [signal, number] of [
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ]) {
    process.once(signal, () => setImmediate(() => process.exit(128 + number))) // once runNode has passed it on
  }
  try {
    await work()
  } finally {
    clearInterval(heartbeat)
    release()
  }
}

function tryCreate(path) {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (isStale(path)) rmSync(path, { force: true })
    return false
  }
}

function isStale(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > lockStaleMs
}

await main(process.argv[2] ?? 'all')
