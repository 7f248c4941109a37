/** A request that a script puts together, argument by argument, in a buffer of its own. */

import { DOUBLE_TEXT_BYTES_MAX } from '../base/double.js'
import { writeGrisu } from '../base/grisu.js'
import { writeInteger } from '../base/integer.js'

const INITIAL_BYTES = 1024
const INITIAL_ARGS = 16
const KEPT_BYTES_MAX = 1 << 16
const LOOP_BYTES_MAX = 32
/** Integers below are written without an exponent whatever their digits. */
const PLAIN_MAX = 1e8

export class ScriptRequest {
  bytes: Uint8Array
  starts: Int32Array
  ends: Int32Array
  argc: number
  private end: number

  constructor() {
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.starts = new Int32Array(INITIAL_ARGS)
    this.ends = new Int32Array(INITIAL_ARGS)
    this.argc = 0
    this.end = 0
  }

  begin(): void {
    this.argc = 0
    this.end = 0
    if (this.bytes.length > KEPT_BYTES_MAX) this.bytes = new Uint8Array(INITIAL_BYTES)
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    const at = this.open(length)
    const out = this.bytes
    if (length <= LOOP_BYTES_MAX) for (let i = 0; i < length; i++) out[at + i] = bytes[start + i]!
    else out.set(bytes.subarray(start, end), at)
    this.close(at + length)
  }

  /** A number, in the shortest form that stands for it: 1e+15, 12345678. */
  addNumber(value: number): void {
    const at = this.open(DOUBLE_TEXT_BYTES_MAX)
    const isPlain = value > -PLAIN_MAX && value < PLAIN_MAX && Math.floor(value) === value && value !== 0
    this.close(isPlain ? writeInteger(value, this.bytes, at) : writeGrisu(value, this.bytes, at))
  }

  private open(length: number): number {
    if (this.end + length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.end + length, this.bytes.length * 2))
      larger.set(this.bytes.subarray(0, this.end))
      this.bytes = larger
    }
    if (this.argc === this.starts.length) {
      this.starts = doubled(this.starts)
      this.ends = doubled(this.ends)
    }
    this.starts[this.argc] = this.end
    return this.end
  }

  private close(end: number): void {
    this.ends[this.argc++] = end
    this.end = end
  }
}

function doubled(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
