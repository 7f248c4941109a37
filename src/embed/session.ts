/** A session as a program holds it: commands in, values out. */

import { ReplyError } from '../protocol/reply-decoder.js'
import type { DirectClient } from './direct-client.js'
import type { Reply } from './reply-reader.js'
import type { Word } from './request-buffer.js'

export interface SetOptions {
  /** Time to live in milliseconds. */
  readonly ttlMs?: number
  /** When the key goes, in milliseconds since 1970. */
  readonly expiresAtMs?: number
  /** The time to live that the key has stays. */
  readonly keepTtl?: boolean
  /** Only if the key is missing, or only if it exists. */
  readonly when?: 'missing' | 'exists'
}

/**
 * One caller of a store, with a database, a transaction, a protocol and a name of its own, like a connection to a server.
 *
 * An error that a command replies is thrown as a ReplyError; with `errors: 'return'` the three `call` methods return it. An
 * argument that is no word throws a TypeError, and a store or session that is closed a StoreError.
 */
export class Session {
  private readonly direct: DirectClient

  /** @internal */
  constructor(direct: DirectClient) {
    this.direct = direct
  }

  /**
   * Runs a command and returns its reply. Every command goes this way; the methods below are shorthands, which have no place
   * between MULTI and EXEC: `QUEUED` is not what they return.
   *
   * A command that would wait for other clients (BLPOP, XREAD BLOCK, WAIT) answers at once, as if its time-out were over.
   *
   * @param command  its name, in any case; a subcommand is an argument: `call('CONFIG', 'GET', 'maxmemory')`
   * @throws ReplyError  the error the store replied
   * @throws WaitError   while clients are paused, or for one of the few commands that take time; `callAsync` waits
   */
  call<T extends Reply = Reply>(command: string, ...args: readonly Word[]): T {
    const { direct } = this
    const request = direct.begin(command)
    for (let i = 0; i < args.length; i++) request.add(args[i]!)
    return this.outcome(direct.run(direct.givesBytes)) as T
  }

  /** The same with strings as Uint8Arrays, which are copies: for values that are not text. */
  callBytes<T extends Reply = Reply>(command: string, ...args: readonly Word[]): T {
    const { direct } = this
    const request = direct.begin(command)
    for (let i = 0; i < args.length; i++) request.add(args[i]!)
    return this.outcome(direct.run(true)) as T
  }

  /** Runs a command that may have to wait. Further asynchronous calls of this session wait behind it; synchronous ones throw. */
  async callAsync<T extends Reply = Reply>(command: string, ...args: readonly Word[]): Promise<T> {
    const { direct } = this
    const request = direct.begin(command)
    for (let i = 0; i < args.length; i++) request.add(args[i]!)
    return this.outcome(await direct.runLater()) as T
  }

  /** The string at a key, null when it is missing. */
  get(key: string | Uint8Array): string | null {
    const { direct } = this
    const request = direct.begin('GET')
    request.add(key)
    return orThrow(direct.run(false)) as string | null
  }

  /** The bytes of the string at a key, null when it is missing. */
  getBytes(key: string | Uint8Array): Uint8Array | null {
    const { direct } = this
    const request = direct.begin('GET')
    request.add(key)
    return orThrow(direct.run(true)) as Uint8Array | null
  }

  /** Stores a string. @returns false when the condition was not met, and nothing was stored */
  set(key: string | Uint8Array, value: Word, options?: SetOptions): boolean {
    const { direct } = this
    const request = direct.begin('SET')
    request.add(key)
    request.add(value)
    if (options !== undefined) addSetOptions(request, options)
    return orThrow(direct.run(false)) === 'OK'
  }

  /** Deletes keys. @returns how many there were */
  del(...keys: readonly (string | Uint8Array)[]): number {
    return orThrow(this.call('DEL', ...keys)) as number
  }

  /** Counts the keys that exist; one that is named twice counts twice. */
  exists(...keys: readonly (string | Uint8Array)[]): number {
    return orThrow(this.call('EXISTS', ...keys)) as number
  }

  /** Adds to the integer at a key, a missing one being 0. @returns the sum, a bigint beyond the safe integers */
  incrBy(key: string | Uint8Array, increment: number | bigint = 1): number | bigint {
    return orThrow(this.call('INCRBY', key, increment)) as number | bigint
  }

  /** Receives what arrives without having been asked for: messages of channels, invalidations, MONITOR's lines. */
  get onPush(): ((message: Reply) => void) | undefined {
    return this.direct.onPush
  }

  set onPush(listener: ((message: Reply) => void) | undefined) {
    this.direct.onPush = listener
  }

  get isClosed(): boolean {
    return this.direct.isClosed
  }

  /** Ends the session: its transaction is discarded, calls that wait are rejected. Closing it again does nothing. */
  close(): void {
    this.direct.end()
  }

  private outcome(reply: Reply): Reply {
    return this.direct.host.throwsErrors ? orThrow(reply) : reply
  }
}

function orThrow(reply: Reply): Reply {
  if (reply instanceof ReplyError) throw reply
  return reply
}

function addSetOptions(request: { add(word: Word): void }, options: SetOptions): void {
  const { ttlMs, expiresAtMs, keepTtl, when } = options
  if (when !== undefined) request.add(when === 'missing' ? 'NX' : 'XX')
  if (ttlMs !== undefined) {
    request.add('PX')
    request.add(ttlMs)
  }
  if (expiresAtMs !== undefined) {
    request.add('PXAT')
    request.add(expiresAtMs)
  }
  if (keepTtl === true) request.add('KEEPTTL')
}
