/** A transaction being put together: the commands between MULTI and EXEC, copied out of the query buffer. */

import type { CommandSpec } from './command.js'

export interface QueuedCommand {
  readonly command: CommandSpec
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly argc: number
}

export class Transaction {
  readonly commands: QueuedCommand[]
  /** A command was refused while queueing: EXEC will abort. */
  isSpoiled: boolean
  /** Flags that any, and that not all, queued commands have. */
  anyFlags: number
  missingFlags: number
  /** Bytes kept for the queue; `multi-mem` of CLIENT LIST. */
  memoryBytes: number

  constructor() {
    this.commands = []
    this.isSpoiled = false
    this.anyFlags = 0
    this.missingFlags = 0
    this.memoryBytes = 0
  }

  /** Keeps a copy of a command; of none any more once the transaction cannot succeed. */
  queue(command: CommandSpec, bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number): void {
    if (this.isSpoiled) return
    const request = copyRequest(command, bytes, starts, ends, argc)
    this.commands.push(request)
    this.anyFlags |= command.flags
    this.missingFlags |= ~command.flags
    this.memoryBytes += request.bytes.length + argc * 8 + QUEUED_OVERHEAD_BYTES
  }
}

/** About what one queued command costs beside its bytes. */
const QUEUED_OVERHEAD_BYTES = 200

/** A request that outlives the buffer it came in. */
export function copyRequest(
  command: CommandSpec, bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number,
): QueuedCommand {
  let total = 0
  for (let i = 0; i < argc; i++) total += ends[i]! - starts[i]!
  const own = new Uint8Array(total)
  const ownStarts = new Int32Array(argc)
  const ownEnds = new Int32Array(argc)
  let at = 0
  for (let i = 0; i < argc; i++) {
    own.set(bytes.subarray(starts[i]!, ends[i]!), at)
    ownStarts[i] = at
    at += ends[i]! - starts[i]!
    ownEnds[i] = at
  }
  return { command, bytes: own, starts: ownStarts, ends: ownEnds, argc }
} // prettier-ignore
