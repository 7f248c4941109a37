/**
 * The scripts of EVAL and SCRIPT LOAD, by the SHA-1 of their text.
 *
 * Finding one allocates nothing when it is the one found last, or when a text has lately been found at the same place of a
 * small table: hashing a text anew for each EVAL would cost more than running it.
 */

import { equals, latin1 } from '../base/bytes.js'
import { sha1Hex } from '../base/sha1.js'
import { readScriptHeader } from './shebang.js'
import { type CompiledScript, type ScriptEngine, ScriptError } from './script-engine.js'

export interface Script {
  readonly sha: string
  readonly shaBytes: Uint8Array
  readonly body: Uint8Array
  readonly flags: number
  readonly codeStart: number
  /** Undefined when its engine has been given up since. */
  compiled: CompiledScript | undefined
}

const SHA_LENGTH = 40
const RECENT_MASK = 63
/** About what a script costs beside its text. */
const SCRIPT_OVERHEAD_BYTES = 200

export class ScriptCache {
  bytes: number
  private readonly scripts: Map<string, Script>
  private readonly recent: (Script | undefined)[]
  private last: Script | undefined

  constructor() {
    this.bytes = 0
    this.scripts = new Map()
    this.recent = []
    this.last = undefined
  }

  get count(): number {
    return this.scripts.size
  }

  has(sha: string): boolean {
    return this.scripts.has(sha)
  }

  /** The script of a hash, in either case. */
  findSha(bytes: Uint8Array, start: number, end: number): Script | undefined {
    if (end - start !== SHA_LENGTH) return undefined
    const { last } = this
    if (last !== undefined && equals(bytes, start, end, last.shaBytes, 0, SHA_LENGTH)) return last
    const found = this.scripts.get(latin1(bytes, start, end).toLowerCase())
    if (found !== undefined) this.last = found
    return found
  }

  findBody(bytes: Uint8Array, start: number, end: number): Script | undefined {
    const place = placeOf(bytes, start, end)
    const seen = this.recent[place]
    if (seen !== undefined && equals(bytes, start, end, seen.body, 0, seen.body.length)) return seen
    const found = this.scripts.get(sha1Hex(bytes, start, end))
    if (found !== undefined) this.recent[place] = found
    return found
  }

  /** Adds a script that is not there yet. @throws ScriptError */
  add(bytes: Uint8Array, start: number, end: number, engine: ScriptEngine): Script {
    const { flags, codeStart } = readScriptHeader(bytes, start, end)
    const compiled = compile(engine, bytes, codeStart, end)
    const sha = sha1Hex(bytes, start, end)
    const shaBytes = Uint8Array.from(sha, (letter) => letter.charCodeAt(0))
    const body = bytes.slice(start, end)
    const script: Script = { sha, shaBytes, body, flags, codeStart: codeStart - start, compiled }
    this.scripts.set(sha, script)
    this.bytes += body.length + SCRIPT_OVERHEAD_BYTES
    return script
  }

  /** Compiles what an engine that is no more has compiled. */
  renew(script: Script, engine: ScriptEngine): CompiledScript {
    script.compiled ??= engine.compile(script.body, script.codeStart, script.body.length)
    return script.compiled
  }

  /** The engine is no more; scripts are compiled again when they are needed. */
  forgetCompiled(): void {
    for (const script of this.scripts.values()) script.compiled = undefined
  }

  clear(): void {
    this.scripts.clear()
    this.recent.length = 0
    this.last = undefined
    this.bytes = 0
  }
}

/** @throws ScriptError  with the words for new scripts */
function compile(engine: ScriptEngine, bytes: Uint8Array, start: number, end: number): CompiledScript {
  try {
    return engine.compile(bytes, start, end)
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    throw new ScriptError(`Error compiling script (new function): ${error.message}`)
  }
}

function placeOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 0) return 0
  const middle = bytes[start + (length >> 1)]!
  return (length + bytes[end - 1]! * 7 + middle * 31) & RECENT_MASK
}
