/** Clients of WAITAOF that wait until what has been written so far is on the disk. */

import type { WaiterKind } from '../../engine/blocking.js'
import type { Call } from '../../engine/call.js'
import type { Client } from '../../engine/client.js'
import type { Store } from '../../engine/store.js'
import { ErrorReply } from '../../protocol/errors.js'

/** The log that is waited for. */
export interface SyncedLog {
  readonly state: 'off' | 'waiting' | 'on'
  hasSynced(position: number): boolean
}

interface SyncWait {
  readonly client: Client
  readonly position: number
  /** The log of this server has to be on the disk; otherwise those of replicas alone, of which there are none. */
  readonly wantsLocal: boolean
  readonly replicas: number
}

export class SyncWaiters {
  private readonly store: Store
  private readonly log: SyncedLog
  private readonly waiting: Set<SyncWait>

  constructor(store: Store, log: SyncedLog) {
    this.store = store
    this.log = log
    this.waiting = new Set()
  }

  /** Parks the client of a call; the deadline is in ms since 1970, 0 for none. */
  park(call: Call, position: number, wantsLocal: boolean, replicas: number, deadlineMs: number): void {
    const wait: SyncWait = { client: call.client, position, wantsLocal, replicas }
    const kind: WaiterKind = {
      type: undefined,
      minds: false,
      timedOut: (client) => this.reply(client, position),
      left: () => void this.waiting.delete(wait),
    }
    this.waiting.add(wait)
    this.store.blocking.park(call, kind, 1, 0, deadlineMs)
  }

  /** More is on the disk, or the log has been switched off. */
  check(): void {
    if (this.waiting.size === 0) return
    for (const { client, position, replicas, wantsLocal } of [...this.waiting]) {
      if (wantsLocal && this.log.state === 'off') this.store.blocking.fail(client, ErrorReply.waitaofWithoutAppendOnly)
      else if (replicas === 0 && this.log.hasSynced(position)) {
        this.store.blocking.finish(client, (waiting) => this.reply(waiting, position))
      }
    }
  }

  /** How many logs are on the disk up to a position: of this server, and of replicas. */
  reply({ reply }: Client, position: number): void {
    reply.array(2)
    reply.integer(this.log.hasSynced(position) ? 1 : 0)
    reply.integer(0)
  }
}
