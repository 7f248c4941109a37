/** Reads a file front to back in small steps, as a checker does: lines, bytes, and what can be skipped. */

import { latin1 } from '../../base/bytes.js'
import type { OpenFile } from '../../base/environment.js'

const WINDOW_BYTES = 1 << 16

export class FileCursor {
  readonly size: number
  position: number
  private readonly file: OpenFile
  private readonly window: Uint8Array
  private windowStart: number
  private windowEnd: number

  constructor(file: OpenFile) {
    this.file = file
    this.size = file.size()
    this.position = 0
    this.window = new Uint8Array(WINDOW_BYTES)
    this.windowStart = 0
    this.windowEnd = 0
  }

  /** The next byte, which stays; -1 at the end. */
  peek(): number {
    return this.fill(1) === 0 ? -1 : this.window[this.position - this.windowStart]!
  }

  /** Up to and with the end of the line, or so many bytes, or what there is; undefined at the end of the file. */
  line(bytesMax: number): string | undefined {
    const there = Math.min(this.fill(bytesMax), bytesMax)
    if (there === 0) return undefined
    const start = this.position - this.windowStart
    const newline = this.window.subarray(start, start + there).indexOf(10)
    const length = newline < 0 ? there : newline + 1
    this.position += length
    return latin1(this.window, start, start + length)
  }

  /** The next bytes, fewer at the end of the file; only what is short may be asked for. */
  text(bytes: number): string {
    const there = Math.min(this.fill(bytes), bytes)
    const start = this.position - this.windowStart
    this.position += there
    return latin1(this.window, start, start + there)
  }

  /** Passes so many bytes; returns how many there were. */
  skip(bytes: number): number {
    const there = Math.min(bytes, this.size - this.position)
    this.position += there
    return there
  }

  /** Brings up to so many bytes (and no more than the window holds) into the window; returns how many are there. */
  private fill(bytes: number): number {
    const { file, position, window } = this
    if (position < this.windowStart || position + bytes > this.windowEnd) {
      this.windowStart = position
      this.windowEnd = position
      for (let got = 1; got > 0 && this.windowEnd - position < window.length; this.windowEnd += got) {
        got = file.read(window, this.windowEnd - position, window.length, this.windowEnd)
      }
    }
    return this.windowEnd - position
  }
}
