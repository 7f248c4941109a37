/**
 * Commands put aside in mid-run: a script that has been at work for too long, with the transaction it may be part of. It goes on
 * in slices, and others get their turn in between, though most of what they ask is refused (State.busyScript).
 *
 * A command that waits for another server (MIGRATE) is put aside in one of two ways. Alone, it is detached: the loop goes on as if
 * it had not come, but for its client. Within a transaction it is suspended like a script, and whoever suspends it sees to it that
 * others are paused meanwhile instead of refused.
 *
 * Whoever suspends a command says how it goes on, and returns; each command around it sees `isUnwinding` and does the same. The
 * frames so gathered are taken up again from the innermost. What the commands have told the feed so far waits with them, and
 * the time they see stands still.
 */

import { assert } from '../base/assert.js'
import { ErrorReply } from '../protocol/errors.js'
import type { Call } from './call.js'
import { type Client, Gate } from './client.js'
import { State } from './command.js'
import type { UnitInProgress } from './effects.js'
import type { Executor } from './executor.js'
import { copyRequest, type QueuedCommand } from './transaction.js'

type Continuation = (call: Call) => void

interface Frame {
  readonly client: Client
  readonly request: QueuedCommand
  readonly depth: number
  readonly startUs: number
  readonly dirtyBefore: number
  readonly run: Continuation
}

/** A command put aside alone. */
export interface DetachedCommand {
  readonly client: Client
  readonly request: QueuedCommand
  readonly startUs: number
}

export class Suspension {
  /** A command has been suspended, and those around it are to return. */
  isUnwinding: boolean
  /** What others are told meanwhile. */
  busyError: ErrorReply
  private readonly executor: Executor
  private continuation: Continuation | undefined
  private detaching: ((command: DetachedCommand) => void) | undefined
  /** Others are paused, not refused. */
  private holdsOthers: boolean
  /** The innermost first. */
  private frames: Frame[]
  private unit: UnitInProgress | undefined
  private nowMs: number

  constructor(executor: Executor) {
    this.isUnwinding = false
    this.busyError = ErrorReply.busyEval
    this.executor = executor
    this.continuation = undefined
    this.detaching = undefined
    this.holdsOthers = false
    this.frames = []
    this.unit = undefined
    this.nowMs = 0
  }

  get isActive(): boolean {
    return this.frames.length !== 0
  }

  /** Called by a command that is to be put aside, before it returns without having replied. */
  suspend(run: Continuation): void {
    this.continuation = run
    this.isUnwinding = true
  }

  /** The same, by a command that has had all others paused until it goes on. */
  suspendAmongPaused(run: Continuation): void {
    this.holdsOthers = true
    this.suspend(run)
  }

  /**
   * Called by a command outside of any transaction and script that is to be put aside alone, before it returns without having
   * replied. `resume` takes it up again, not before `isActive` is false.
   *
   * @param begin  gets the command when it has returned
   */
  detach(begin: (command: DetachedCommand) => void): void {
    this.detaching = begin
    this.isUnwinding = true
  }

  /** Ends a detached command: `run` replies. */
  resume({ client, request, startUs }: DetachedCommand, run: Continuation): void {
    const { executor } = this
    assert(!this.isActive)
    assert(executor.depth === 0)
    executor.beginBatch()
    const mark = client.reply.mark()
    executor.goOn(client, request, 0, startUs, executor.store.dirty, run)
    this.release(client, mark)
  }

  /** Keeps a command that has just returned. */
  putAside(call: Call, startUs: number, dirtyBefore: number): void {
    if (this.detaching !== undefined) return this.putAsideAlone(call, startUs)
    assert(this.continuation !== undefined)
    const { client } = call
    const { depth } = this.executor
    const request = copyRequest(call.command, call.bytes, call.starts, call.ends, call.argc)
    this.frames.push({ client, request, depth, startUs, dirtyBefore, run: this.continuation })
    this.continuation = undefined
    if (depth === 0) this.begin()
  }

  /**
   * Goes on with what has been put aside.
   *
   * @returns whether all of it has come to its end
   */
  goOn(): boolean {
    const { executor } = this
    const { store } = executor
    const frames = this.frames
    this.frames = []
    const outermost = frames.at(-1)!
    const mark = outermost.client.reply.mark()
    store.state &= ~State.busyScript
    store.keyspace.setTime(this.nowMs)
    store.effects.takeUp(this.unit)
    this.unit = undefined
    for (const [index, frame] of frames.entries()) {
      const { client, request, depth, startUs, dirtyBefore, run } = frame
      if (executor.goOn(client, request, depth, startUs, dirtyBefore, run)) continue
      this.frames.push({ ...frame, run: this.continuation! }, ...frames.slice(index + 1))
      this.continuation = undefined
      this.begin()
      return false
    }
    this.release(outermost.client, mark)
    return true
  }

  private putAsideAlone({ client, command, bytes, starts, ends, argc }: Call, startUs: number): void {
    assert(this.executor.depth === 0)
    const begin = this.detaching!
    this.detaching = undefined
    this.isUnwinding = false
    client.gate |= Gate.blocked
    begin({ client, startUs, request: copyRequest(command, bytes, starts, ends, argc) })
  }

  /** The commands are all put aside: the loop goes on without them. */
  private begin(): void {
    const { store } = this.executor
    this.isUnwinding = false
    this.executor.depth = 0
    this.nowMs = store.keyspace.nowMs
    this.unit = store.effects.putAside()
    if (!this.holdsOthers) store.state |= State.busyScript
    this.holdsOthers = false
    this.frames.at(-1)!.client.gate |= Gate.blocked
  }

  /** The client goes on with its input when this turn is over. */
  private release(client: Client, mark: number): void {
    const { store } = this.executor
    client.gate &= ~Gate.blocked
    if ((client.gate & Gate.closing) !== 0) client.reply.reset()
    else {
      if ((client.gate & (Gate.replyOff | Gate.replySkip)) !== 0) client.reply.rollback(mark)
      client.gate &= ~Gate.replySkip
      client.port.outputReady()
      store.environment.timers.soon(() => {
        if ((client.gate & (Gate.closing | Gate.blocked | Gate.postponed)) === 0) client.port.resume()
      })
    }
    if (store.blocking.hasReady) store.blocking.serve()
  }
}
