/**
 * A store in a test's hands: virtual time, seeded randomness, poisoned memory, and sessions that send commands as words.
 */

import { latin1Bytes } from '../../src/base/bytes.js'
import type {
  Dialer,
  Environment,
  Files,
  Host,
  LogLevel,
  Random,
  TimerHandle,
  Timers,
} from '../../src/base/environment.js'
import { Config } from '../../src/config/config.js'
import { type Client, type ClientPort, Gate } from '../../src/engine/client.js'
import type { ChangeFeed } from '../../src/engine/effects.js'
import type { QueuedCommand } from '../../src/engine/transaction.js'
import type { Store } from '../../src/engine/store.js'
import { DecodeStatus, PLAIN, plainMapping, ReplyDecoder, type ReplyMapping } from '../../src/protocol/reply-decoder.js'
import { ReplyWriter } from '../../src/protocol/reply-writer.js'
import { openStore } from '../../src/server/open-store.js'
import { isErrorReply, repliesIn, replyFault } from './reply-shape.js'

/** Time that moves only when told to; timers run as it passes. */
export class VirtualTime implements Timers {
  nowMs: number
  private waiting: { dueMs: number; order: number; run: () => void }[]
  private order: number

  constructor(startMs = 1_700_000_000_000) {
    this.nowMs = startMs
    this.waiting = []
    this.order = 0
  }

  after(delayMs: number, run: () => void): TimerHandle {
    const item = { dueMs: this.nowMs + Math.max(0, delayMs), order: this.order++, run }
    this.waiting.push(item)
    return { cancel: () => void (this.waiting = this.waiting.filter((other) => other !== item)) }
  }

  atTurnEnd(run: () => void): void {
    this.after(0, run)
  }

  soon(run: () => void): void {
    this.after(0, run)
  }

  /** Lets time pass and runs what falls due, in order. */
  advance(milliseconds: number): void {
    const untilMs = this.nowMs + milliseconds
    for (;;) {
      this.waiting.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)
      const next = this.waiting[0]
      if (next === undefined || next.dueMs > untilMs) break
      this.waiting.shift()
      this.nowMs = Math.max(this.nowMs, next.dueMs)
      next.run()
    }
    this.nowMs = untilMs
  }
}

/** xorshift128: the same numbers for the same seed. */
export class SeededRandom implements Random {
  private readonly state: Uint32Array

  constructor(seed: number) {
    this.state = new Uint32Array([seed | 1, 0x9e3779b9, seed ^ 0x243f6a88, 0xb7e15162])
    for (let i = 0; i < 16; i++) this.next32()
  }

  next32(): number {
    const s = this.state
    let t = s[3]!
    s[3] = s[2]!
    s[2] = s[1]!
    s[1] = s[0]!
    t ^= t << 11
    t ^= t >>> 8
    s[0] = t ^ s[0]! ^ (s[0]! >>> 19)
    return s[0]!
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.next32() & 255
  }
}

const testHost: Host = {
  processId: 4711,
  executable: 'test',
  operatingSystem: 'Linux test x86_64',
  pointerBits: 64,
  runtime: 'node test',
  residentBytes: () => 50_000_000,
  heapUsedBytes: () => 10_000_000,
  heapTotalBytes: () => 20_000_000,
  totalMemoryBytes: () => 8_000_000_000,
  cpuSeconds: () => ({ user: 1, system: 1 }),
  threadCpuSeconds: () => ({ user: 1, system: 1 }),
  releaseMemory: () => {},
  blockMs: () => {},
}

export interface LoggedLine {
  readonly level: LogLevel
  readonly message: string
}

/** Clients whose output is not one reply to each request: muted, waiting, or listening. */
const SPEAKS_OTHERWISE =
  Gate.replyOff | Gate.replySkip | Gate.replySkipNext | Gate.postponed | Gate.blocked | Gate.monitor | Gate.replica

/** A request in words: strings are sent one byte a character, numbers as digits. */
export type Word = string | number | Uint8Array

export class TestClient {
  readonly client: Client
  private readonly owner: TestStore
  private readonly reply: ReplyWriter
  isClosed = false

  constructor(owner: TestStore) {
    this.owner = owner
    this.reply = new ReplyWriter(owner.store.chunkPool)
    const port: ClientPort = {
      kind: 'direct',
      address: '127.0.0.1:1111',
      localAddress: '127.0.0.1:6379',
      descriptor: -1,
      queryBytes: 0,
      queryFreeBytes: 0,
      argumentBytes: 0,
      outputReady() {},
      resume() {},
      close: () => {
        this.isClosed = true
      },
    }
    const { store } = owner
    this.client = store.clients.open(port, this.reply, store.keyspace.databases[0]!, owner.time.nowMs)
    if (store.access.requiresAuthentication) this.client.gate |= Gate.mustAuthenticate
  }

  /** Runs one request; returns its reply as PLAIN maps it (errors as ReplyError), undefined when there is none. */
  send(...words: Word[]): unknown {
    return this.sendWith(PLAIN, ...words)
  }

  /** The same with text of one character a byte. */
  sendLatin1(...words: Word[]): unknown {
    return this.sendWith(plainMapping({ strings: 'latin1' }), ...words)
  }

  /** Runs one request; returns the raw bytes of the reply as text of one character a byte. */
  sendRaw(...words: Word[]): string {
    this.execute(words)
    return this.takeOutput()
  }

  /** What has been written and not yet taken: push messages, MONITOR lines, replies. */
  takeOutput(): string {
    const bytes = this.outputFrom(0)
    this.reply.reset()
    return Buffer.from(bytes.buffer, 0, bytes.length).toString('latin1')
  }

  /** A copy of what has been written and not yet taken, without its first bytes. */
  private outputFrom(skipped: number): Uint8Array {
    const parts: Uint8Array[] = []
    for (let i = 0; i < this.reply.segmentCount; i++) {
      parts.push(this.reply.segmentBytes(i).subarray(this.reply.segmentStart(i), this.reply.segmentEnd(i)))
    }
    return new Uint8Array(Buffer.concat(parts).subarray(skipped))
  }

  sendWith(mapping: ReplyMapping, ...words: Word[]): unknown {
    const raw = latin1Bytes(this.sendRaw(...words))
    const decoder = new ReplyDecoder(mapping)
    decoder.feed(raw, 0, raw.length)
    return decoder.next() === DecodeStatus.Incomplete ? undefined : decoder.value
  }

  private execute(words: Word[]): void {
    const parts = words.map((word) => (word instanceof Uint8Array ? word : latin1Bytes(String(word))))
    const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
    const starts = new Int32Array(parts.length)
    const ends = new Int32Array(parts.length)
    let at = 0
    for (const [i, part] of parts.entries()) {
      bytes.set(part, at)
      starts[i] = at
      at += part.length
      ends[i] = at
    }
    const before = this.outputFrom(0).length
    const queued = this.client.transaction?.commands ?? []
    this.owner.store.executor.beginBatch()
    this.owner.store.executor.execute(this.client, bytes, starts, ends, parts.length)
    if (this.owner.checksReplies) this.checkReply(this.outputFrom(before), queued)
  }

  /** Holds the reply to what its command declares: one reply, of a declared shape. */
  private checkReply(output: Uint8Array, queued: readonly QueuedCommand[]): void {
    const { gate, lastCommand } = this.client
    if (this.isClosed || (gate & SPEAKS_OTHERWISE) !== 0 || lastCommand?.group === 'pubsub') return
    const replies = repliesIn(output)
    const reply = replies[0]
    if (replies.length !== 1 || reply === undefined)
      throw new Error(`${lastCommand?.fullName}: ${replies.length} replies`)
    if (isErrorReply(reply)) return
    if (lastCommand === undefined) throw new Error('an unknown command got no error')
    const isQueued = this.client.transaction !== undefined && Buffer.from(reply.content ?? []).toString() === 'QUEUED'
    if (isQueued) return
    const commands = queued.map((item) => item.command)
    const fault = replyFault(lastCommand, reply, this.client.reply.protocol, commands)
    if (fault !== undefined) throw new Error(fault)
    this.owner.reached.add(lastCommand.fullName)
    if (lastCommand.name === 'EXEC') for (const command of commands) this.owner.reached.add(command.fullName)
  }
}

export class TestStore {
  readonly time: VirtualTime
  readonly store: Store
  readonly logged: LoggedLine[]
  /** Whether each reply is held to the shape that its command declares. */
  checksReplies: boolean
  /** Full names of the commands that have replied with success (a transaction's, whatever they replied). */
  readonly reached: Set<string>
  /** A first client, for tests that need only one. */
  readonly client: TestClient

  /**
   * @param options  configuration lines, e.g. `{ databases: '4' }`
   * @param files    where data is kept; nowhere when not given
   * @param dialer   how other servers are reached; not at all when not given
   */
  constructor(options: Readonly<Record<string, string>> = {}, seed = 1, files?: Files, dialer?: Dialer) {
    this.time = new VirtualTime()
    this.logged = []
    this.checksReplies = true
    this.reached = new Set()
    const environment: Environment = {
      clock: { nowMs: () => this.time.nowMs, monotonicUs: () => this.time.nowMs * 1000 },
      random: new SeededRandom(seed),
      timers: this.time,
      log: { write: (level, message) => void this.logged.push({ level, message }) },
      host: testHost,
      ...(files === undefined ? {} : { files }),
      ...(dialer === undefined ? {} : { dialer }),
    }
    const config = new Config()
    config.load({
      options: Object.entries(options)
        .map(([name, value]) => `${name} ${value}`)
        .join('\n'),
    })
    this.store = openStore({ environment, config, poisonsMemory: true })
    this.client = new TestClient(this)
  }

  connect(): TestClient {
    return new TestClient(this)
  }

  send(...words: Word[]): unknown {
    return this.client.send(...words)
  }

  /** Records effects as lines `db: WORD WORD …`; units of several are wrapped in `[` and `]`. */
  recordEffects(): string[] {
    const lines: string[] = []
    const feed: ChangeFeed = {
      append(bytes, databases, starts, ends, count) {
        if (count > 1) lines.push('[')
        for (let i = 0; i < count; i++) lines.push(`${databases[i]}: ${requestText(bytes, starts[i]!, ends[i]!)}`)
        if (count > 1) lines.push(']')
      },
      settle() {},
    }
    this.store.effects.attach(feed)
    return lines
  }

  /** Records key-space events as `event key@db`. */
  recordEvents(): string[] {
    const lines: string[] = []
    this.store.keyEvents = {
      keyEvent(_class, event, database, bytes, start, end) {
        lines.push(`${event} ${String.fromCharCode(...bytes.subarray(start, end))}@${database.index}`)
      },
    }
    return lines
  }

  /** Checks every structure of the store. */
  validate(): void {
    this.store.keyspace.arena.validate()
    for (const database of this.store.keyspace.databases) {
      database.keys.validate()
      database.volatile.validate()
      database.timed.validate()
    }
  }
}

function requestText(bytes: Uint8Array, start: number, end: number): string {
  const decoder = new ReplyDecoder(plainMapping({ strings: 'latin1' }))
  decoder.feed(bytes, start, end)
  decoder.next()
  return (decoder.value as string[]).join(' ')
}
