/**
 * The sizes of a client's buffers as CLIENT LIST reports them.
 *
 * In Redis a client owns a query buffer and a reply buffer, which grow when they are full and shrink when they are not used.
 * Here both are lent for as long as there is something in them, and most clients hold none. People and tools that watch
 * `qbuf-free`, `rbs` and `rbp` learn from them how a client has behaved lately; so these figures follow Redis's rules, each
 * kept as a number without the buffer.
 */

import type { Clients } from '../engine/clients.js'
import type { PortFigures } from '../engine/client.js'

/** What Redis asks of a socket in one read, and so the least a query buffer holds. */
const QUERY_READ_BYTES = 16 * 1024
/** A query buffer up to this size is not shrunk while the client is active. */
const QUERY_KEPT_BYTES = 32 * 1024
/** So much unused room is not worth the trouble of shrinking. */
const QUERY_SPARE_BYTES = 4 * 1024
const IDLE_SECONDS = 2
const REPLY_BYTES_MIN = 1024
const REPLY_BYTES_MAX = 16 * 1024

export class BufferFigures implements PortFigures {
  replyBufferBytes: number
  replyPeakBytes: number
  isReading: boolean
  isWriting: boolean
  /** Size of the query buffer, and how much of it was in use at most since the last round. */
  queryBufferBytes: number
  private queryPeakBytes: number
  private replyPeakSinceMs: number

  constructor(nowMs: number) {
    this.replyBufferBytes = REPLY_BYTES_MAX
    this.replyPeakBytes = REPLY_BYTES_MAX
    this.isReading = true
    this.isWriting = false
    this.queryBufferBytes = 0
    this.queryPeakBytes = 0
    this.replyPeakSinceMs = nowMs
  }

  /** `count` bytes arrive behind `held` ones that are still to be run. */
  noteRead(held: number, count: number): void {
    const needed = held + (count > QUERY_READ_BYTES ? count : QUERY_READ_BYTES)
    if (this.queryBufferBytes < needed) this.queryBufferBytes = needed
    if (this.queryPeakBytes < held + count) this.queryPeakBytes = held + count
  }

  /** The client really holds a buffer of so many bytes, because a command is not there as a whole. */
  noteHeld(bytes: number): void {
    if (this.queryBufferBytes < bytes) this.queryBufferBytes = bytes
    if (this.queryPeakBytes < bytes) this.queryPeakBytes = bytes
  }

  /** Replies of so many bytes have gathered. */
  noteReply(bytes: number): void {
    const peak = bytes < this.replyBufferBytes ? bytes : this.replyBufferBytes
    if (this.replyPeakBytes < peak) this.replyPeakBytes = peak
  }

  /**
   * One round of growing and shrinking, about once a second and client.
   *
   * @param queryBytes  bytes received and not yet run
   * @param heldBytes   size of the buffer that the client really holds
   */
  adapt(idleSeconds: number, queryBytes: number, heldBytes: number, settings: Clients, nowMs: number): void {
    this.adaptQuery(idleSeconds, queryBytes, heldBytes)
    if (settings.resizesReplyBuffers) this.adaptReply(settings.replyPeakMs, nowMs)
  }

  private adaptQuery(idleSeconds: number, queryBytes: number, heldBytes: number): void {
    const size = this.queryBufferBytes
    if (size - queryBytes > QUERY_SPARE_BYTES) {
      if (idleSeconds > IDLE_SECONDS) this.queryBufferBytes = queryBytes
      else if (size > QUERY_KEPT_BYTES && size / 2 > this.queryPeakBytes) {
        this.queryBufferBytes = Math.max(queryBytes, this.queryPeakBytes)
      }
    }
    this.queryPeakBytes = Math.max(queryBytes, heldBytes)
  }

  private adaptReply(peakMs: number, nowMs: number): void {
    const size = this.replyBufferBytes
    const peak = this.replyPeakBytes
    if (size / 2 >= REPLY_BYTES_MIN && peak < Math.floor(size / 2)) {
      this.replyBufferBytes = Math.max(REPLY_BYTES_MIN, peak + 1)
    } else if (size * 2 < REPLY_BYTES_MAX * 2 && peak === size) {
      this.replyBufferBytes = Math.min(REPLY_BYTES_MAX, size * 2)
    }
    if (peakMs < 0 || nowMs - this.replyPeakSinceMs < peakMs) return
    this.replyPeakBytes = 0
    this.replyPeakSinceMs = nowMs
  }
}
