/**
 * What the scripts beside this file share: where the project stands, what its sources amount to, how a child process
 * is run. Nothing here needs an installed package, since these scripts run on a fresh clone.
 *
 * Freshness is decided by content, not by file times: a fingerprint of the inputs is kept with the outputs, so that
 * a checkout, a copy or an unpacked archive neither hides a change nor asks for needless work.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Programs shipped as one file each: reading two hundred small modules would dominate the time to start. */
export const bundles = [{ entry: 'src/server/main.ts', outfile: 'dist/spinel-server.mjs' }]

/** The engine of Lua scripts: a file of a package, which is shipped with the server. What it is may not change unnoticed. */
export const luaBinary = {
  source: 'node_modules/wasmoon-lua5.1/dist/liblua5.1.wasm',
  outfile: 'dist/lua-5.1.5.wasm',
  sha256: 'cba969b97e8a319eba8996b5df488aed5cdd22a56f2de53b42598e474014e610',
}

/** What is built, from which inputs; folders are taken whole. */
const products = {
  bundle: {
    inputs: ['src', 'tsconfig.base.json', 'package-lock.json', 'scripts/prepare.mjs', 'scripts/project.mjs'],
    outputs: [...bundles.map((bundle) => bundle.outfile), luaBinary.outfile],
  },
  types: {
    inputs: ['src', 'test', 'bench', 'tsconfig.base.json', 'tsconfig.json', 'package-lock.json'],
    outputs: ['dist/bytes.tsbuildinfo', 'dist/src.tsbuildinfo', 'dist/test.tsbuildinfo'],
  },
}

const stampFile = 'dist/fingerprints.json'

/** The fingerprint of what `product` is made from, as the files are now. */
export function fingerprint(product) {
  const hash = createHash('sha256')
  for (const input of products[product].inputs) {
    for (const file of filesUnder(input)) {
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

/** Whether `product` was built from exactly the inputs of today. */
export function isFresh(product) {
  if (!products[product].outputs.every((output) => existsSync(join(root, output)))) return false
  return readJson(stampFile)?.[product] === fingerprint(product)
}

/** Records that `product` now stands for inputs with this fingerprint (taken before building, so an edit made meanwhile is seen). */
export function markFresh(product, value) {
  const stamps = { ...readJson(stampFile), [product]: value }
  mkdirSync(join(root, 'dist'), { recursive: true })
  replaceFile(stampFile, `${JSON.stringify(stamps, undefined, 2)}\n`)
}

/** Every file in a folder, at any depth, or the file itself; nothing if it does not exist. Paths use '/', sorted. */
export function filesUnder(path) {
  let entries
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    if (error.code === 'ENOENT') return []
    throw error
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const inner = `${path}/${entry.name}`
    return entry.isDirectory() ? filesUnder(inner) : [inner]
  })
}

/** A JSON file of the project, or undefined if it is missing or damaged. */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'))
  } catch {
    return undefined
  }
}

/** Writes a file so that a reader sees the old text or the new one, never a part. */
export function replaceFile(path, text) {
  const temporary = join(root, `${path}.${process.pid}.tmp`)
  writeFileSync(temporary, text)
  renameSync(temporary, join(root, path))
}

/** Progress goes to stderr: stdout belongs to the server. */
export function say(text) {
  process.stderr.write(`spinel: ${text}\n`)
}

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a Node program with our arguments and waits for it. Signals that reach us are passed on to it.
 *
 * @returns its exit code; 128 + the signal's number if it died of one
 */
export function runNode(args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
    const passOn = (signal) => child.kill(signal)
    for (const signal of forwarded) process.on(signal, passOn)
    const settle = (finish) => {
      for (const signal of forwarded) process.off(signal, passOn)
      finish()
    }
    child.on('error', (error) => settle(() => reject(error)))
    child.on('close', (code, signal) => settle(() => resolve(code ?? 128 + constants.signals[signal])))
  })
}

/**
 * Brings the project up to `goal` (see prepare.mjs) in a process of its own, whose memory is gone afterwards.
 * Ends this process if that fails.
 */
export async function prepareOrExit(goal) {
  const code = await runNode([join(root, 'scripts', 'prepare.mjs'), goal])
  if (code !== 0) process.exit(code)
}
