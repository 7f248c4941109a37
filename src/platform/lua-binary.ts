/**
 * The WebAssembly file of Lua 5.1.5, taken from the npm package wasmoon-lua5.1 as it is.
 *
 * A build copies it to dist/ (scripts/prepare.mjs), from where the bundle and the compiled modules read it; a clone whose modules
 * were compiled without the script finds it among the packages.
 */

import { readFileSync } from 'node:fs'
import { OperationalError } from '../base/operational-error.js'

const FILE = 'lua-5.1.5.wasm'

const PLACES = [
  `./${FILE}`, // beside the bundle
  `../../${FILE}`, // from dist/src/platform
  '../../../node_modules/wasmoon-lua5.1/dist/liblua5.1.wasm',
]

/** @throws OperationalError when it is in none of its places */
export function readLuaBinary(): Uint8Array {
  let cause: unknown
  for (const place of PLACES) {
    try {
      return readFileSync(new URL(place, import.meta.url))
    } catch (error) {
      cause = error
    }
  }
  throw new OperationalError(
    'ENOENT',
    FILE,
    `The file of the Lua engine, ${FILE}, is missing from this installation`,
    cause,
  )
}
