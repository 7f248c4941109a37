/** Libraries of functions: what FUNCTION LOAD has loaded, by name, and their functions, by name without regard to case. */

import { latin1 } from '../base/bytes.js'
import { type CompiledScript, type RegisteredFunction, type ScriptEngine, ScriptError } from './script-engine.js'
import { readLibraryHeader } from './shebang.js'

export interface LibraryFunction {
  readonly name: string
  readonly description: string | undefined
  readonly flags: number
  callback: CompiledScript
}

export interface FunctionLibrary {
  readonly name: string
  readonly code: Uint8Array
  readonly functions: readonly LibraryFunction[]
}

export const ENGINE_NAME = 'LUA'
const NAME = /^\w+$/
/** How long the code of a library may take to register its functions. */
export const LOAD_TIMEOUT_MS = 500
/** About what a function, and a library, cost beside their texts. */
const FUNCTION_OVERHEAD_BYTES = 120
const LIBRARY_OVERHEAD_BYTES = 160

/** A set of libraries that go together. */
export class LibrarySet {
  readonly libraries: Map<string, FunctionLibrary>
  /** By lower-case name. */
  readonly functions: Map<string, LibraryFunction>

  constructor() {
    this.libraries = new Map()
    this.functions = new Map()
  }

  add(library: FunctionLibrary): void {
    this.libraries.set(library.name, library)
    for (const item of library.functions) this.functions.set(item.name.toLowerCase(), item)
  }

  remove(library: FunctionLibrary): void {
    this.libraries.delete(library.name)
    for (const { name } of library.functions) this.functions.delete(name.toLowerCase())
  }

  get bytes(): number {
    let bytes = 0
    for (const { name, code, functions } of this.libraries.values()) {
      bytes += LIBRARY_OVERHEAD_BYTES + name.length + code.length
      for (const item of functions) {
        bytes += FUNCTION_OVERHEAD_BYTES + item.name.length + (item.description?.length ?? 0)
      }
    }
    return bytes
  }
}

/**
 * Loads a library into a set. What it takes the place of stays in the set when it fails.
 *
 * @param replaces  a library of the same name may be there
 * @returns the library, and the one it replaced
 * @throws ScriptError
 */
export function loadLibrary(
  set: LibrarySet, engine: ScriptEngine, bytes: Uint8Array, start: number, end: number, replaces: boolean, timeoutMs: number,
): { library: FunctionLibrary; replaced: FunctionLibrary | undefined } {
  const header = readLibraryHeader(bytes, start, end)
  if (!NAME.test(header.name)) {
    throw new ScriptError(
      'Library names can only contain letters, numbers, or underscores(_) and must be at least one character long',
    )
  }
  if (header.engine.toUpperCase() !== ENGINE_NAME) throw new ScriptError(`Engine '${header.engine}' not found`)
  const replaced = set.libraries.get(header.name)
  if (replaced !== undefined && !replaces) throw new ScriptError(`Library '${header.name}' already exists`)
  const functions = engine.load(bytes, header.codeStart, end, timeoutMs)
  const fault = faultOf(set, functions, replaced)
  if (fault !== undefined) {
    for (const { callback } of functions) engine.release(callback)
    throw new ScriptError(fault)
  }
  const library: FunctionLibrary = { name: header.name, code: bytes.slice(start, end), functions }
  if (replaced !== undefined) set.remove(replaced)
  set.add(library)
  return { library, replaced }
} // prettier-ignore

function faultOf(
  set: LibrarySet,
  functions: readonly RegisteredFunction[],
  replaced: FunctionLibrary | undefined,
): string | undefined {
  if (functions.length === 0) return 'No functions registered'
  for (const { name } of functions) {
    const other = set.functions.get(name.toLowerCase())
    if (other !== undefined && !replaced?.functions.includes(other)) return `Function ${name} already exists`
  }
  return undefined
}

/** @throws ScriptError when libraries or functions of both sets have the same names */
export function joinLibraries(into: LibrarySet, from: LibrarySet, replaces: boolean): FunctionLibrary[] {
  const removed: FunctionLibrary[] = []
  try {
    for (const { name } of from.libraries.values()) {
      const old = into.libraries.get(name)
      if (old === undefined) continue
      if (!replaces) throw new ScriptError(`Library ${name} already exists`)
      into.remove(old)
      removed.push(old)
    }
    for (const [key, { name }] of from.functions) {
      if (into.functions.has(key)) throw new ScriptError(`Function ${name} already exists`)
    }
  } catch (error) {
    for (const library of removed) into.add(library)
    throw error
  }
  for (const library of from.libraries.values()) into.add(library)
  return removed
}

/** The name of a function as a request holds it, as the set looks it up. */
export function functionKey(bytes: Uint8Array, start: number, end: number): string {
  return latin1(bytes, start, end).toLowerCase()
}
