/**
 * A session: whoever sends commands, with its database, protocol, transaction and place to reply to. Network clients, embedded
 * callers, scripts and the AOF loader differ in their session, not in how a command runs.
 */

import type { Database } from '../keyspace/database.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import type { CommandSpec } from './command.js'
import type { Transaction } from './transaction.js'
import type { WatchedKey } from './watch.js'

/** Conditions of a client that send its commands through the slow admission check; 0 is the usual case. */
export const Gate = {
  mustAuthenticate: 1 << 0,
  inTransaction: 1 << 1,
  /** A watched key has changed: EXEC will reply nil. */
  watchedChanged: 1 << 2,
  /** In RESP2 with subscriptions: few commands are allowed. */
  subscribed: 1 << 3,
  replyOff: 1 << 4,
  replySkip: 1 << 5,
  replySkipNext: 1 << 6,
  /** Waits for CLIENT UNPAUSE or a pause's end; its command has been put back. */
  postponed: 1 << 7,
  /** Waits inside a blocking command. */
  blocked: 1 << 8,
  /** Nothing more is read; the link closes when its output is sent. */
  closing: 1 << 9,
  /** Runs inside EXEC or a script: blocking commands do not block. */
  denyBlocking: 1 << 10,
  monitor: 1 << 11,
  replica: 1 << 12,
} as const

/** Other properties, shown in CLIENT LIST or asked by commands. */
export const ClientFlag = {
  noEvict: 1 << 0,
  noTouch: 1 << 1,
  readOnly: 1 << 2,
  /** A session of the store itself (AOF loading, replication): refused nothing, never paused. */
  isInternal: 1 << 3,
  isPrimary: 1 << 4,
  /** Closed by the server on purpose (CLIENT KILL, limits). */
  killed: 1 << 5,
  /** Came when a password was needed, and has not given it yet. */
  unauthenticated: 1 << 6,
  tracking: 1 << 7,
  /** The client that invalidations were redirected to is gone. */
  trackingBroken: 1 << 8,
  trackingBroadcast: 1 << 9,
  /** The session in which a script's commands run. */
  script: 1 << 10,
} as const

/** A part of the server that remembers clients (MONITOR, pub/sub, tracking). */
export interface ClientPart {
  /** The session ends, or RESET makes it like new: forget it. */
  forget(client: Client): void
}

/** What CLIENT LIST shows of a network link beyond the query buffer. */
export interface PortFigures {
  /** Size of the buffer that replies are first written to, and how much of it was in use at most lately. */
  readonly replyBufferBytes: number
  readonly replyPeakBytes: number
  /** Whether the link waits for input, and for the peer to take output. */
  readonly isReading: boolean
  readonly isWriting: boolean
}

/** What a session needs of its transport. */
export interface ClientPort {
  readonly kind: 'tcp' | 'unix' | 'stream' | 'direct' | 'internal'
  /** As in `addr=` and `laddr=` of CLIENT LIST. */
  readonly address: string
  readonly localAddress: string
  readonly descriptor: number
  /** Bytes received and not yet run, spare bytes of that buffer, and bytes of a half-read command. */
  readonly queryBytes: number
  readonly queryFreeBytes: number
  readonly argumentBytes: number
  /** Left out by ports without a link. */
  readonly figures?: PortFigures
  /** The client has output that did not arise from its own command in this turn. Write nothing to one that is closing. */
  outputReady(): void
  /** Goes on with input that was held back while the client was postponed or blocked. */
  resume(): void
  /** Closes: when pending output is sent, or at once (a client that is running a command: when that is over). */
  close(afterReply: boolean): void
}

export class Client {
  readonly id: number
  readonly port: ClientPort
  readonly reply: ReplyWriter
  readonly createdMs: number
  database: Database
  /** Gate bits; see there. */
  gate: number
  flags: number
  /** Byte strings (one character a byte). */
  name: string
  libraryName: string
  libraryVersion: string
  user: string
  lastInteractionMs: number
  lastCommand: CommandSpec | undefined
  transaction: Transaction | undefined
  readonly watched: WatchedKey[]
  /** Parts that remember this client, told when it goes. */
  readonly parts: ClientPart[]
  /** Subscriptions, counted by pub/sub: channels, patterns, shard channels. */
  channelCount: number
  patternCount: number
  shardChannelCount: number
  /** Whom invalidations go to: -1 while tracking is off, 0 for the client itself. */
  redirectId: number
  /** Counters of CLIENT LIST's tot-net-in and the like. */
  commandCount: number
  inputBytes: number
  outputBytes: number
  /** When the soft output limit was first exceeded, ms; 0 when it is not. */
  softLimitSinceMs: number
  /** Ends a wait early, by CLIENT UNBLOCK or a lost link; set by blocking commands. */
  onUnblock: ((withError: boolean) => void) | undefined

  constructor(id: number, port: ClientPort, reply: ReplyWriter, database: Database, nowMs: number) {
    this.id = id
    this.port = port
    this.reply = reply
    this.createdMs = nowMs
    this.database = database
    this.gate = 0
    this.flags = 0
    this.name = ''
    this.libraryName = ''
    this.libraryVersion = ''
    this.user = 'default'
    this.lastInteractionMs = nowMs
    this.lastCommand = undefined
    this.transaction = undefined
    this.watched = []
    this.parts = []
    this.channelCount = 0
    this.patternCount = 0
    this.shardChannelCount = 0
    this.redirectId = -1
    this.commandCount = 0
    this.inputBytes = 0
    this.outputBytes = 0
    this.softLimitSinceMs = 0
    this.onUnblock = undefined
  }

  get isInTransaction(): boolean {
    return (this.gate & Gate.inTransaction) !== 0
  }

  /** False when replies to it go nowhere: it is closing, or has turned them off. Messages of pub/sub arrive all the same. */
  get takesReplies(): boolean {
    return (this.gate & (Gate.closing | Gate.replyOff | Gate.replySkip)) === 0
  }

  join(part: ClientPart): void {
    if (!this.parts.includes(part)) this.parts.push(part)
  }

  /** Makes every part forget this client. */
  leaveParts(): void {
    for (const part of this.parts.splice(0)) part.forget(this)
  }
}

/** As TYPE of CLIENT LIST and KILL, and the limits on output, sort clients. Monitors count as normal ones. */
export type ClientType = 'normal' | 'master' | 'replica' | 'pubsub'

export function typeOfClient(client: Client): ClientType {
  if ((client.flags & ClientFlag.isPrimary) !== 0) return 'master'
  if ((client.gate & Gate.replica) !== 0) return 'replica'
  return (client.gate & Gate.subscribed) !== 0 ? 'pubsub' : 'normal'
}

/** Whether a client is on this host: not over the network, or from a loopback address. */
export function isLocalClient(client: Client): boolean {
  const { kind, address } = client.port
  return kind !== 'tcp' || address.startsWith('127.') || address.startsWith('[::1]')
}
