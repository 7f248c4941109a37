/** An engine with a host that answers without a store, and scripts run on it in words. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ChunkPool } from '../../../../src/protocol/chunk-pool.js'
import type { ErrorReply } from '../../../../src/protocol/errors.js'
import { ReplyWriter } from '../../../../src/protocol/reply-writer.js'
import { LuaEngine } from '../../../../src/scripting/lua/engine.js'
import { compileModule, type WasmModule } from '../../../../src/scripting/lua/web-assembly.js'
import { Progress, ScriptError } from '../../../../src/scripting/script-engine.js'
import { Pulse, type ScriptHost } from '../../../../src/scripting/script-host.js'
import { ScriptRequest } from '../../../../src/scripting/script-request.js'
import { findRoot } from '../../../tidy/sources.js'

export function luaModule(): WasmModule {
  return compileModule(readFileSync(join(findRoot(), 'node_modules/wasmoon-lua5.1/dist/liblua5.1.wasm')))
}

/** Every command replies OK. */
export class ScriptBench {
  readonly engine: LuaEngine
  readonly host: ScriptHost & { answer: number }
  readonly logged: string[]
  pauses: number
  private readonly reply: ReplyWriter

  constructor(module: WasmModule, memoryBytesMax?: number) {
    const pool = new ChunkPool()
    const output = new ReplyWriter(pool)
    this.logged = []
    this.pauses = 0
    this.reply = new ReplyWriter(pool)
    this.host = {
      answer: Pulse.goOn,
      request: new ScriptRequest(),
      protocol: 2,
      output,
      endReason: 'ERR ended',
      run: () => void output.ok(),
      mayRun: () => true,
      setPropagation: () => {},
      logs: () => true,
      log: (level, text) => void this.logged.push(`${level} ${text}`),
      pulse: () => this.host.answer,
      steadyMs: () => 0,
    }
    const options = { module, kind: 'eval', host: this.host } as const
    this.engine = new LuaEngine(memoryBytesMax === undefined ? options : { ...options, memoryBytesMax })
  }

  /** The reply as it goes over the wire, one character a byte, without the last line end; what is wrong with the code if it is. */
  run(script: string, ...args: string[]): string {
    const code = Buffer.from(script, 'latin1')
    try {
      const compiled = this.engine.compile(code, 0, code.length)
      const bytes = Buffer.from(args.join(''), 'latin1')
      const ends = Int32Array.from(args, (_, i) => args.slice(0, i + 1).join('').length)
      const starts = Int32Array.from(args, (_, i) => args.slice(0, i).join('').length)
      const caller = { name: 'test', reply: this.reply, failed: (_error: ErrorReply) => {} }
      const range = { bytes, starts, ends, first: 0, keyCount: args.length, end: args.length }
      for (let at = this.engine.start(compiled, range, caller); at === Progress.paused; this.pauses++) {
        at = this.engine.resume(caller)
      }
      this.engine.release(compiled)
      return this.takeReply()
    } catch (error) {
      if (error instanceof ScriptError) return `compile: ${error.message}`
      throw error
    }
  }

  private takeReply(): string {
    const { reply } = this
    let text = ''
    for (let i = 0; i < reply.segmentCount; i++) {
      const part = reply.segmentBytes(i).subarray(reply.segmentStart(i), reply.segmentEnd(i))
      text += Buffer.from(part).toString('latin1')
    }
    reply.reset()
    return text.replace(/\r\n$/, '')
  }
}
