/**
 * One MIGRATE on its way: sends each key as DUMP gives it, in a RESTORE, and takes the replies.
 *
 * Whoever runs it keeps the keys from changing until it is over. Keys are written out one at a time, as fast as the target takes them, so
 * that memory is bounded by the largest of them; and in slices, so that others get their turn.
 */

import { latin1Bytes } from '../../base/bytes.js'
import type { TimerHandle } from '../../base/environment.js'
import type { Store } from '../../engine/store.js'
import { SLICE_US } from '../../engine/time-events.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { expiryOf } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import { State } from '../../engine/command.js'
import { valueCodec } from '../rdb/value-codec.js'
import type { MigratedKey, MigrationProblem, MigrationRequest, MigrationResult } from './request.js'
import type { Target, TargetUser } from './target.js'

/** Bytes written in one go; the time-out is for each. */
const PIECE_BYTES = 65536
const ERROR_MARK = '-'

export type TransferEnd = (result: MigrationResult, mayTryAgain: boolean) => void

export class Transfer implements TargetUser {
  private readonly store: Store
  private readonly request: MigrationRequest
  private readonly target: Target
  private readonly end: TransferEnd
  private readonly keys: readonly MigratedKey[]
  /** Written and not sent yet, from `position` of the first on. */
  private pieces: Uint8Array[]
  private position: number
  /** Keys turned into requests, in the order of their replies. */
  private readonly sent: MigratedKey[]
  private nextKey: number
  private isDraining: boolean
  private hasEnded: boolean
  /** Replies to AUTH and SELECT that are still to come. */
  private repliesBefore: number
  private replies: number
  private firstError: string
  private refusedBefore: boolean
  private readonly moved: number[]
  private timer: TimerHandle | undefined
  private readonly selects: boolean

  constructor(store: Store, request: MigrationRequest, keys: readonly MigratedKey[], target: Target, end: TransferEnd) {
    this.store = store
    this.request = request
    this.target = target
    this.end = end
    this.keys = keys
    this.pieces = []
    this.position = 0
    this.sent = []
    this.nextKey = 0
    this.isDraining = false
    this.hasEnded = false
    this.selects = target.database !== request.targetDatabase
    this.repliesBefore = (request.password === undefined ? 0 : 1) + (this.selects ? 1 : 0)
    this.replies = 0
    this.firstError = ''
    this.refusedBefore = false
    this.moved = []
    this.timer = undefined
  }

  start(): void {
    const { password, targetDatabase, user } = this.request
    this.target.user = this
    if (password !== undefined) this.add('AUTH', ...(user === undefined ? [] : [user]), password)
    if (this.selects) this.add('SELECT', String(targetDatabase))
    this.armTimer()
    this.send()
  }

  drained(): void {
    this.isDraining = false
    this.armTimer()
    this.send()
  }

  replied(line: string): void {
    this.armTimer()
    const isRefused = line.startsWith(ERROR_MARK)
    if (this.repliesBefore !== 0) {
      this.repliesBefore--
      if (isRefused && this.firstError === '') this.firstError = line.slice(1)
      this.refusedBefore ||= isRefused
    } else this.restored(line, isRefused)
    this.endWhenComplete()
  }

  lost(): void {
    // Only while nothing is known to have arrived may all of it be sent again.
    this.finish(this.isSending ? 'writing' : 'reading', this.replies === 0)
  }

  private restored(line: string, isRefused: boolean): void {
    const key = this.sent[this.replies++]
    if (key === undefined) return // more replies than requests: not a server that we know
    if (!isRefused && !this.refusedBefore) this.moved.push(key.index)
    else if (this.firstError === '') this.firstError = line.slice(1)
  }

  private get isSending(): boolean {
    return this.isDraining || this.pieces.length !== 0 || this.nextKey !== this.keys.length
  }

  /** Sends until the target takes no more, or the slice is over. */
  private send(): void {
    const { clock, timers } = this.store.environment
    const deadlineUs = clock.monotonicUs() + SLICE_US
    while (!this.hasEnded && !this.isDraining && this.isSending) {
      if (this.pieces.length === 0) this.addKey(this.keys[this.nextKey++]!)
      else this.sendPiece()
      if (clock.monotonicUs() < deadlineUs || this.isDraining || !this.isSending) continue
      return timers.soon(() => this.send())
    }
    this.endWhenComplete()
  }

  private sendPiece(): void {
    const piece = this.pieces[0]!
    const start = this.position
    const end = Math.min(piece.length, start + PIECE_BYTES)
    this.position = end
    if (end === piece.length) {
      this.pieces.shift()
      this.position = 0
    }
    this.isDraining = !this.target.write(piece, start, end)
    if (!this.isDraining) this.armTimer()
  }

  private addKey(key: MigratedKey): void {
    const { store } = this
    const { database, replaces } = this.request
    const entry = database.peek(key.name, 0, key.name.length)
    if (entry === 0) return
    const timeToLive = this.timeToLive(entry)
    const payload = store.services.get(valueCodec).dump(entry)
    const isCluster = (store.state & State.clusterEnabled) !== 0
    const name = isCluster ? 'RESTORE-ASKING' : 'RESTORE'
    this.pieces.push(
      requestHead(replaces ? 5 : 4, [name, key.name, String(timeToLive)]),
      latin1Bytes(`$${payload.length}\r\n`),
      payload.bytes.subarray(0, payload.length),
      latin1Bytes(replaces ? '\r\n$7\r\nREPLACE\r\n' : '\r\n'),
    )
    this.sent.push(key)
  }

  /** In ms, at least 1; 0 for a key that lives for ever. */
  private timeToLive(entry: Pointer): number {
    const { arena, nowMs } = this.store.keyspace
    const expiryMs = expiryOf(arena, entry)
    return expiryMs === NO_EXPIRY ? 0 : Math.max(1, expiryMs - nowMs)
  }

  private add(...words: string[]): void {
    this.pieces.push(requestHead(words.length, words))
  }

  private endWhenComplete(): void {
    if (this.isSending || this.repliesBefore !== 0 || this.replies < this.sent.length) return
    const isRefused = this.firstError !== ''
    this.target.database = isRefused ? -1 : this.request.targetDatabase
    this.finish(isRefused ? 'refused' : 'none', false)
  }

  private finish(problem: MigrationProblem, mayTryAgain: boolean): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.timer?.cancel()
    this.target.user = undefined
    // What the target said counts more than that the link was lost then.
    const shown = this.firstError === '' ? problem : 'refused'
    this.end({ problem: shown, targetError: this.firstError, moved: this.moved }, mayTryAgain && shown !== 'refused')
  }

  private armTimer(): void {
    this.timer?.cancel()
    if (this.hasEnded) return
    this.timer = this.store.environment.timers.after(this.request.timeoutMs, () => this.timeOut())
  }

  private timeOut(): void {
    this.target.close()
    this.finish(this.isSending ? 'writing' : 'reading', false)
  }
}

/** The beginning of a request of so many words: the first of them. */
function requestHead(count: number, words: readonly (string | Uint8Array)[]): Uint8Array {
  const parts: Uint8Array[] = [latin1Bytes(`*${count}\r\n`)]
  for (const word of words) {
    const bytes = typeof word === 'string' ? latin1Bytes(word) : word
    parts.push(latin1Bytes(`$${bytes.length}\r\n`), bytes, latin1Bytes('\r\n'))
  }
  return joined(parts)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
