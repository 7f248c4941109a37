/**
 * Clients that wait inside a command (BLPOP, BZPOPMIN, XREAD BLOCK, …) until a key they named holds something for them.
 *
 * A blocking command that finds nothing parks its client: the request is kept, and the client stands in the queue of each of its
 * keys. Whatever adds a value under such a key marks the key as ready. When the command that did so is over, with its whole
 * transaction or script, the clients of the ready keys run their command again, in the order in which they came; who finds
 * nothing again, because those before took it all, waits on at the end of the queue with the time it has left. What one of them adds
 * may make further keys ready; they follow in the same round.
 *
 * As the whole command runs again, its reply, its effects and its statistics are those of an ordinary call.
 */

import { assert } from '../base/assert.js'
import { latin1, latin1Bytes } from '../base/bytes.js'
import type { Database } from '../keyspace/database.js'
import { type Type, typeOf } from '../keyspace/entry.js'
import { ErrorReply } from '../protocol/errors.js'
import type { Call } from './call.js'
import { type Client, ClientFlag, type ClientPart, Gate } from './client.js'
import { State } from './command.js'
import type { Store } from './store.js'
import { STOP, type TimeEvent } from './time-events.js'
import { copyRequest, type QueuedCommand } from './transaction.js'

/** What a command waits for. */
export interface WaiterKind {
  /** A key of this type may hold what it waits for; undefined when that is in no key, and somebody calls `finish`. */
  readonly type: Type | undefined
  /** It also runs again when a key vanishes or gets another type, to fail then (XREADGROUP). */
  readonly minds: boolean
  /** Replies when its time is over; without it that is a nil array. */
  timedOut?(client: Client): void
  /** It no longer waits, for whatever reason. */
  left?(): void
}

interface Waiter {
  readonly client: Client
  readonly kind: WaiterKind
  readonly request: QueuedCommand
  readonly database: Database
  readonly keys: readonly string[]
  /** When it stops waiting, ms since 1970; 0: never. */
  readonly deadlineMs: number
  readonly timeOut: TimeEvent | undefined
  /** Time its command has run so far, in microseconds. */
  spentUs: number
}

interface ReadyKey {
  readonly database: Database
  readonly key: string
}

/** Longest time between two looks at a deadline. */
const DELAY_MS_MAX = 1 << 30

export class Blocking implements ClientPart {
  /** Some key is ready: `serve` has something to do when the running command is over. */
  hasReady: boolean
  private readonly store: Store
  private readonly waiters: Map<Client, Waiter>
  /** By database, then key: who waits for it, first come first. */
  private readonly queues: Map<string, Set<Waiter>>[]
  /** Waiters that mind the loss of a key, by database and key. */
  private mindful: number
  private ready: ReadyKey[]
  private readonly readyKeys: Set<string>
  /** Served, and waiting to go on with their input when the turn is over. */
  private released: Client[]
  private isServing: boolean
  private isScheduled: boolean
  /** The wait that is being taken up again: a client that blocks once more keeps its deadline. */
  private resumed: Waiter | undefined

  constructor(store: Store) {
    this.hasReady = false
    this.store = store
    this.waiters = new Map()
    this.queues = store.keyspace.databases.map(() => new Map())
    this.mindful = 0
    this.ready = []
    this.readyKeys = new Set()
    this.released = []
    this.isServing = false
    this.isScheduled = false
    this.resumed = undefined
  }

  /** Clients that wait. */
  get count(): number {
    return this.waiters.size
  }

  /** Of these, clients with a time-out. */
  get timedCount(): number {
    let found = 0
    for (const waiter of this.waiters.values()) if (waiter.deadlineMs !== 0) found++
    return found
  }

  /** Keys that somebody waits for, and those of them whose loss somebody minds. */
  get keyCount(): number {
    return this.queues.reduce((total, queues) => total + queues.size, 0)
  }

  get mindfulKeyCount(): number {
    let found = 0
    for (const queues of this.queues) {
      for (const queue of queues.values()) if (hasMindful(queue)) found++
    }
    return found
  }

  /** Whether a client's command has not ended, but waits. */
  isWaiting(client: Client): boolean {
    return this.waiters.has(client)
  }

  /**
   * Parks the client of a call, which replies nothing then. Not where waiting is denied (Gate.denyBlocking): the command says then
   * what it says when its time is over.
   *
   * @param first       argument of the first key; `count` keys follow one another
   * @param deadlineMs  ms since 1970, or 0 to wait for ever
   */
  park(call: Call, kind: WaiterKind, first: number, count: number, deadlineMs: number): void {
    const { client, database } = call
    assert((client.gate & (Gate.denyBlocking | Gate.inTransaction)) === 0)
    assert(!this.waiters.has(client))
    const keys = new Set<string>()
    for (let i = first; i < first + count; i++) keys.add(call.text(i))
    const again = this.resumed?.client === client ? this.resumed : undefined
    const deadline = again === undefined ? deadlineMs : again.deadlineMs
    const waiter: Waiter = {
      client,
      kind,
      database,
      keys: [...keys],
      request: again?.request ?? copyRequest(call.command, call.bytes, call.starts, call.ends, call.argc),
      deadlineMs: deadline,
      timeOut: deadline === 0 ? undefined : this.startTimer(client, deadline),
      spentUs: 0,
    }
    this.waiters.set(client, waiter)
    for (const key of waiter.keys) this.queueOf(database, key).add(waiter)
    if (kind.minds) this.mindful++
    client.gate |= Gate.blocked
    client.onUnblock = (withError) => this.end(client, withError ? ErrorReply.unblocked : undefined)
    client.join(this)
  }

  /** Notes how long a parked command ran before it waited. */
  noteSpent(client: Client, microseconds: number): void {
    const waiter = this.waiters.get(client)
    if (waiter !== undefined) waiter.spentUs += microseconds
  }

  /** A key has got a value, or more of it. */
  keyFed(database: Database, bytes: Uint8Array, start: number, end: number): void {
    if (this.waiters.size !== 0) this.markReady(database, latin1(bytes, start, end))
  }

  /** A key is gone, or has another type. */
  keyLost(database: Database, bytes: Uint8Array, start: number, end: number): void {
    if (this.mindful !== 0) this.markReady(database, latin1(bytes, start, end))
  }

  /** All keys of a database may be others. */
  databaseChanged(database: Database): void {
    if (this.waiters.size === 0) return
    for (const key of this.queues[database.index]!.keys()) this.markReady(database, key)
  }

  /** Runs the commands of those who wait for ready keys. Only when no command is running. */
  serve(): void {
    if (this.isServing || this.isHeldBack) return
    this.isServing = true
    while (this.ready.length !== 0) {
      const ready = this.ready
      this.ready = []
      for (const { database, key } of ready) {
        this.readyKeys.delete(readyName(database, key))
        this.serveKey(database, key)
      }
    }
    this.hasReady = false
    this.isServing = false
    if (this.released.length !== 0) this.scheduleRelease()
  }

  /** Ends a wait with the reply that it was for. */
  finish(client: Client, reply: (client: Client) => void): void {
    this.endWith(client, undefined, reply)
  }

  /** Ends a wait with an error. */
  fail(client: Client, error: ErrorReply): void {
    this.end(client, error)
  }

  /** Ends all waits with an error, and the connections with them: the store has become a replica. */
  endAll(): void {
    for (const client of [...this.waiters.keys()]) {
      this.end(client, ErrorReply.unblockedByRoleChange)
      client.port.close(true)
    }
  }

  /** The client is gone. */
  forget(client: Client): void {
    if (this.waiters.has(client)) this.unpark(client)
  }

  /** Ends a wait: with what the command says when its time is over, or with an error. */
  private end(client: Client, error: ErrorReply | undefined): void {
    const { kind } = this.waiters.get(client)!
    this.endWith(client, error, (waiting) => {
      if (kind.timedOut === undefined) waiting.reply.nilArray()
      else kind.timedOut(waiting)
    })
  }

  private endWith(client: Client, error: ErrorReply | undefined, reply: (client: Client) => void): void {
    const { executor } = this.store
    const waiter = this.unpark(client)
    if ((client.gate & Gate.closing) !== 0) return
    if (client.takesReplies) {
      if (error === undefined) reply(client)
      else client.reply.error(error)
    }
    client.gate &= ~Gate.replySkip
    if (error !== undefined) executor.countError(error)
    executor.endWaiting(client, waiter.request, waiter.spentUs, error !== undefined)
    this.release(client)
  }

  private unpark(client: Client): Waiter {
    const waiter = this.waiters.get(client)
    assert(waiter !== undefined)
    this.waiters.delete(client)
    const queues = this.queues[waiter.database.index]!
    for (const key of waiter.keys) {
      const queue = queues.get(key)!
      queue.delete(waiter)
      if (queue.size === 0) queues.delete(key)
    }
    if (waiter.kind.minds) this.mindful--
    waiter.timeOut?.cancel()
    client.gate &= ~Gate.blocked
    client.onUnblock = undefined
    const part = client.parts.indexOf(this)
    if (part >= 0) client.parts.splice(part, 1)
    waiter.kind.left?.()
    return waiter
  }

  private serveKey(database: Database, key: string): void {
    const queue = this.queues[database.index]!.get(key)
    if (queue === undefined) return
    // Those who come back to the end of the queue are not served twice.
    for (const waiter of [...queue]) {
      if (this.waiters.get(waiter.client) === waiter && this.concerns(database, key, waiter.kind)) this.runAgain(waiter)
    }
  }

  private concerns(database: Database, key: string, kind: WaiterKind): boolean {
    if (kind.minds) return true
    const entry = database.peek(latin1Bytes(key), 0, key.length)
    return entry !== 0 && typeOf(this.store.keyspace.arena, entry) === kind.type
  }

  private runAgain(waiter: Waiter): void {
    const { client } = waiter
    this.unpark(client)
    this.resumed = waiter
    this.store.executor.runAgain(client, waiter.request, waiter.spentUs)
    this.resumed = undefined
    if ((client.gate & Gate.blocked) === 0) this.release(client)
  }

  /** Lets a client go on: its reply goes out, and what it has sent meanwhile runs when this turn is over. */
  private release(client: Client): void {
    client.port.outputReady()
    this.released.push(client)
    if (!this.isServing) this.scheduleRelease()
  }

  private scheduleRelease(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    this.store.environment.timers.soon(() => this.resumeReleased())
  }

  private resumeReleased(): void {
    const released = this.released
    this.isScheduled = false
    this.released = []
    for (const client of released) {
      if ((client.gate & (Gate.closing | Gate.blocked | Gate.postponed)) === 0) client.port.resume()
    }
    // Keys that were fed outside of any command are served here, and those that a pause held back.
    if (this.hasReady && !this.store.executor.isRunning) this.serve()
  }

  /**
   * While writes are paused nobody is served: the commands would have to be put back. Nor while a script is busy. Whoever ends
   * the pause, or the script, serves.
   */
  private get isHeldBack(): boolean {
    return (this.store.state & (State.pausedAll | State.pausedWrites | State.busyScript)) !== 0
  }

  private startTimer(client: Client, deadlineMs: number): TimeEvent {
    const delay = (nowMs: number): number => Math.min(Math.max(deadlineMs - nowMs, 1), DELAY_MS_MAX)
    return this.store.timeEvents.add('blocked', delay(this.store.keyspace.nowMs), (nowMs) => {
      if (nowMs < deadlineMs) return delay(nowMs)
      this.end(client, undefined)
      return STOP
    })
  }

  private queueOf(database: Database, key: string): Set<Waiter> {
    const queues = this.queues[database.index]!
    const queue = queues.get(key)
    if (queue !== undefined) return queue
    const created = new Set<Waiter>()
    queues.set(key, created)
    return created
  }

  private markReady(database: Database, key: string): void {
    if (!this.queues[database.index]!.has(key)) return
    const name = readyName(database, key)
    if (this.readyKeys.has(name)) return
    this.readyKeys.add(name)
    this.ready.push({ database, key })
    this.hasReady = true
    if (!this.store.executor.isRunning && !this.isServing) this.scheduleRelease()
  }
}

function readyName(database: Database, key: string): string {
  return `${database.index}:${key}`
}

function hasMindful(queue: ReadonlySet<Waiter>): boolean {
  for (const waiter of queue) if (waiter.kind.minds) return true
  return false
}

/** Whether a client may wait at all: not within a transaction or script, and not a session of the store itself. */
export function mayWait(client: Client): boolean {
  return (client.gate & Gate.denyBlocking) === 0 && (client.flags & ClientFlag.isInternal) === 0
}
