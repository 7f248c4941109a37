/** Where reports and exports go. */

import { utf8Bytes } from '../../base/bytes.js'
import type { ByteTaker } from '../../persistence/byte-sink.js'

/** Takes bytes; false when nobody wants more. */
export type WriteBytes = (bytes: Uint8Array, start: number, end: number) => boolean

/** Nobody reads the output any more (`| head`): there is nothing left to do. */
export class OutputClosed extends Error {}

const BUFFER_BYTES = 65536

export class Output implements ByteTaker {
  private readonly write: WriteBytes
  private readonly lines: string[]
  private lineCharacters: number

  constructor(write: WriteBytes) {
    this.write = write
    this.lines = []
    this.lineCharacters = 0
  }

  line(text: string): void {
    this.lines.push(text)
    this.lineCharacters += text.length
    if (this.lineCharacters >= BUFFER_BYTES) this.flush()
  }

  flush(): void {
    if (this.lines.length === 0) return
    const bytes = utf8Bytes(`${this.lines.join('\n')}\n`)
    this.lines.length = 0
    this.lineCharacters = 0
    this.take(bytes, bytes.length)
  }

  take(bytes: Uint8Array, end: number): Uint8Array {
    if (!this.write(bytes, 0, end)) throw new OutputClosed()
    return bytes
  }
}
