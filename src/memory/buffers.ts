/**
 * The ArrayBuffers of an arena by segment number, each seen through four views, and the limits on them.
 *
 * A buffer is not written to when it is made: the operating system supplies a page of memory when it is first touched,
 * so a segment costs what is used of it. A buffer that is dropped goes when V8 next collects, within a few seconds.
 * Detaching it would free it at once, but after the first buffer detached in a process V8 checks for that at every access
 * to any typed array: allocate and free became slower by a sixth.
 */
import { assert } from '../base/assert.js'
import { SEGMENT_NUMBERS } from './pointer.js'

const noBytes = new Uint8Array(0)
const noInt32 = new Int32Array(0)
const noUint32 = new Uint32Array(0)
const noFloat64 = new Float64Array(0)

export class Buffers {
  /** Views by segment number; those of a number not in use are empty. */
  readonly u8: Uint8Array[]
  readonly i32: Int32Array[]
  readonly u32: Uint32Array[]
  readonly f64: Float64Array[]
  readonly countMax: number
  readonly bytesMax: number
  count: number
  reservedBytes: number

  constructor(countMax: number, bytesMax: number) {
    assert(countMax > 0)
    assert(countMax < SEGMENT_NUMBERS)
    this.u8 = [noBytes]
    this.i32 = [noInt32]
    this.u32 = [noUint32]
    this.f64 = [noFloat64]
    this.countMax = countMax
    this.bytesMax = bytesMax
    this.count = 0
    this.reservedBytes = 0
  }

  /** One more than the highest number used so far. */
  get numbersEnd(): number {
    return this.u8.length
  }

  /** Bytes of the segment; 0 for a number not in use. */
  lengthOf(number: number): number {
    return number < this.u8.length ? this.u8[number].length : 0
  }

  hasRoomFor(bytes: number): boolean {
    return this.count < this.countMax && this.reservedBytes + bytes <= this.bytesMax
  }

  /** @returns the lowest number that was not in use, or 0 when a limit is reached or the system refuses */
  add(bytes: number): number {
    let number = 1
    while (this.lengthOf(number) > 0) number++
    return this.addAs(number, bytes) ? number : 0
  }

  addAs(number: number, bytes: number): boolean {
    assert(this.lengthOf(number) === 0)
    const buffer = this.hasRoomFor(bytes) ? newBuffer(bytes) : undefined
    if (buffer === undefined) return false
    this.coverNumber(number)
    this.u8[number] = new Uint8Array(buffer)
    this.i32[number] = new Int32Array(buffer)
    this.u32[number] = new Uint32Array(buffer)
    this.f64[number] = new Float64Array(buffer)
    this.count++
    this.reservedBytes += bytes
    return true
  }

  drop(number: number): void {
    assert(this.lengthOf(number) > 0)
    this.count--
    this.reservedBytes -= this.u8[number].length
    this.u8[number] = noBytes
    this.i32[number] = noInt32
    this.u32[number] = noUint32
    this.f64[number] = noFloat64
  }

  validate(): void {
    let count = 0
    let reservedBytes = 0
    for (let number = 0; number < this.u8.length; number++) {
      const bytes = this.u8[number].length
      if (bytes > 0) count++
      reservedBytes += bytes
      assert(this.i32[number].length * 4 === bytes)
      assert(this.u32[number].length * 4 === bytes)
      assert(this.f64[number].length * 8 === bytes)
    }
    assert(this.u8[0].length === 0)
    assert(count === this.count)
    assert(reservedBytes === this.reservedBytes)
    assert(count <= this.countMax)
    assert(reservedBytes <= this.bytesMax)
  }

  /** Fills the lists up with empty views, so that they have no holes. */
  private coverNumber(number: number): void {
    assert(number < SEGMENT_NUMBERS)
    while (this.u8.length <= number) {
      this.u8.push(noBytes)
      this.i32.push(noInt32)
      this.u32.push(noUint32)
      this.f64.push(noFloat64)
    }
  }
}

/**
 * Segments are SharedArrayBuffers where there are such: V8 counts plain ArrayBuffers as memory that garbage may hold, and
 * collects its heap at every second segment that is added, which showed as stalls of 5 to 35 ms while a data set grew.
 */
function newBuffer(bytes: number): ArrayBufferLike | undefined {
  try {
    return typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)
  } catch (error) {
    if (error instanceof RangeError) return undefined // the system has no more memory to reserve
    throw error
  }
}
