/**
 * What commands may ask of the program around a store: where it listens, who supervises it, and to end it. The server
 * implements this; an embedding host that offers none has a store without listeners that cannot be shut down by a command.
 */

import type { Random } from '../base/environment.js'
import { defineService } from './services.js'

export interface ListenerFacts {
  /** As INFO names it: `tcp`, `tls`, `unix`. */
  readonly name: string
  readonly addresses: readonly string[]
  /** 0 where there are no ports. */
  readonly port: number
}

export interface ShutdownRequest {
  /** Whether to write a snapshot first; undefined: when save points are set. */
  readonly saves: boolean | undefined
  /** Does not wait for replicas. */
  readonly isNow: boolean
  /** Goes on when something, such as saving, fails. */
  readonly isForced: boolean
}

/** How DEBUG ends the process on purpose. */
export type CrashKind = 'segfault' | 'panic' | 'assert' | 'out of memory'

export interface ServerControl {
  /** 40 hexadecimal digits that tell this run from any other. */
  readonly runId: string
  /** `no`, or who was told that the server is ready. */
  readonly supervisor: 'no' | 'systemd' | 'upstart' | 'unknown'
  readonly listeners: readonly ListenerFacts[]
  /** When a shutdown under way ends at the latest, ms since 1970; 0 when there is none. */
  readonly shutdownDeadlineMs: number
  /** Ends the program at the end of this turn, or starts to; returns why it does not. */
  shutdown(request: ShutdownRequest): string | undefined
  /** False when no shutdown was under way. */
  abortShutdown(): boolean
  crash(kind: CrashKind): never
  /** Ends the process at once, after a failure that nobody can answer for any more and that has been logged. */
  exit(status: number): never
}

export const serverControl = defineService<ServerControl>('server control')

/** An id for a run of the server, or for a history of its data: 40 hexadecimal digits. */
export function randomId(random: Random): string {
  let id = ''
  while (id.length < 40) id += random.next32().toString(16).padStart(8, '0')
  return id
}
