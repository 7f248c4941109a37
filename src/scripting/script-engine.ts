/**
 * What runs scripts. One engine is one world of scripts: those of EVAL share one, the libraries of functions another.
 *
 * Lua in WebAssembly (lua/engine.ts) is the only one so far; one that compiles Lua to JavaScript could stand beside it.
 */

import type { ErrorReply } from '../protocol/errors.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import type { ScriptHost } from './script-host.js'

/** A compiled script or a function of a library, as its engine knows it. */
export type CompiledScript = number & { readonly compiledBrand: unique symbol }

/** A script could not be compiled, or a library not be loaded; the message says why, in one byte a character. */
export class ScriptError extends Error {
  override readonly name: string = 'ScriptError'
}

/** Keys and arguments of a script, as ranges of a request. */
export interface ScriptArguments {
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Keys are the arguments from `first`, others those from `first + keyCount` up to `end`. */
  readonly first: number
  readonly keyCount: number
  readonly end: number
}

/** How far a script has come. */
export const Progress = {
  done: 0,
  /** Suspended by the host's pulse; `resume` goes on. */
  paused: 1,
} as const

/** What became of a script's end: where it writes its reply, and whom it tells of errors. */
export interface ScriptCaller {
  /** As the error text names the script: its hash, or the function. */
  readonly name: string
  readonly reply: ReplyWriter
  failed(error: ErrorReply, isCounted: boolean): void
}

export interface RegisteredFunction {
  readonly name: string
  readonly description: string | undefined
  readonly flags: number
  readonly callback: CompiledScript
}

export interface ScriptEngine {
  /** @throws ScriptError */
  compile(bytes: Uint8Array, start: number, end: number): CompiledScript
  /**
   * Runs the code of a library, which registers functions.
   *
   * @param timeoutMs  how long it may take; 0 for as long as it likes
   * @throws ScriptError
   */
  load(bytes: Uint8Array, start: number, end: number, timeoutMs: number): RegisteredFunction[]
  /** The script is not needed any more. */
  release(script: CompiledScript): void
  /** Runs a script up to its end or its first pause. At its end its reply, or its error, has been written. */
  start(script: CompiledScript, args: ScriptArguments, caller: ScriptCaller): number
  resume(caller: ScriptCaller): number
  /** Bytes that scripts use of the engine's memory, and bytes that it holds of the system's. */
  readonly usedBytes: number
  readonly heldBytes: number
  /** It has failed and cannot be used any more. */
  readonly isLost: boolean
}

export type MakeEngine = (host: ScriptHost) => ScriptEngine
