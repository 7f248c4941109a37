/** The script at work: who called it, what it may do, and what it has done so far. There is one at most at a time. */

import type { Call } from '../engine/call.js'
import type { ErrorReply } from '../protocol/errors.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import type { QueuedCommand } from '../engine/transaction.js'
import type { ScriptCaller, ScriptEngine } from './script-engine.js'

export class ScriptRun implements ScriptCaller {
  name: string
  /** The command that runs it. When it goes on after a pause, this is another object than before. */
  call: Call
  engine: ScriptEngine
  isEval: boolean
  isReadOnly: boolean
  allowsOom: boolean
  /** Memory was over its limit when it began. */
  beganOverMemory: boolean
  hasWritten: boolean
  /** Steady time when it began, in microseconds. */
  startUs: number
  /** It has run for longer than `busy-reply-threshold`. */
  isSlow: boolean
  isKilled: boolean
  /** When the present slice ends: then others get their turn. */
  sliceEndUs: number
  /** A copy of the request that began it, made when it is suspended. */
  request: QueuedCommand | undefined

  constructor(call: Call, engine: ScriptEngine) {
    this.name = ''
    this.call = call
    this.engine = engine
    this.isEval = true
    this.isReadOnly = false
    this.allowsOom = false
    this.beganOverMemory = false
    this.hasWritten = false
    this.startUs = 0
    this.isSlow = false
    this.isKilled = false
    this.sliceEndUs = 0
    this.request = undefined
  }

  get reply(): ReplyWriter {
    return this.call.reply
  }

  failed(error: ErrorReply, isCounted: boolean): void {
    this.call.hasFailed = true
    if (!isCounted) this.call.store.executor.countError(error)
  }
}
