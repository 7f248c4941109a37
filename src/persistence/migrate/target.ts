/** A link to another server that keys are moved to. It is kept for a while: the next MIGRATE is likely to go there too. */

import { latin1 } from '../../base/bytes.js'
import type { Link, LinkReceiver } from '../../base/environment.js'

/** Who uses a target. */
export interface TargetUser {
  /** A line of a reply, without its end. */
  replied(line: string): void
  /** What was written has been taken. */
  drained(): void
  lost(): void
}

/** Bytes of a line that are kept; what follows is passed over. */
const LINE_BYTES_MAX = 1023
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

export class Target implements LinkReceiver {
  readonly name: string
  /** Selected there; -1 when that is not known. */
  database: number
  lastUsedMs: number
  user: TargetUser | undefined
  isLost: boolean
  private readonly link: Link
  private readonly line: Uint8Array
  private lineLength: number

  constructor(name: string, link: Link, nowMs: number) {
    this.name = name
    this.database = -1
    this.lastUsedMs = nowMs
    this.user = undefined
    this.isLost = false
    this.link = link
    this.line = new Uint8Array(LINE_BYTES_MAX)
    this.lineLength = 0
    link.start(this)
  }

  /** @returns false when the bytes have to stay as they are until the user hears `drained` */
  write(bytes: Uint8Array, start: number, end: number): boolean {
    return this.link.write(bytes, start, end)
  }

  close(): void {
    this.isLost = true
    this.user = undefined
    this.link.destroy()
  }

  received(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte === LINE_FEED) this.endLine()
      else if (this.lineLength < LINE_BYTES_MAX) this.line[this.lineLength++] = byte
    }
  }

  drained(): void {
    this.user?.drained()
  }

  ended(): void {
    this.lose()
  }

  closed(): void {
    this.lose()
  }

  private endLine(): void {
    let length = this.lineLength
    if (length !== 0 && this.line[length - 1] === CARRIAGE_RETURN) length--
    this.lineLength = 0
    this.user?.replied(latin1(this.line, 0, length))
  }

  private lose(): void {
    if (this.isLost) return
    const { user } = this
    this.close()
    user?.lost()
  }
}
