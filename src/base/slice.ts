/** A view of bytes that someone else owns. Instances are reused: what must outlive the next use of one is copied. */
export class Slice {
  bytes: Uint8Array
  start: number
  end: number

  constructor(bytes: Uint8Array = EMPTY, start = 0, end = bytes.length) {
    this.bytes = bytes
    this.start = start
    this.end = end
  }

  get length(): number {
    return this.end - this.start
  }

  set(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.start = start
    this.end = end
  }
}

const EMPTY = new Uint8Array(0)
