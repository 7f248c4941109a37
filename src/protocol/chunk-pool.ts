/**
 * The chunks that replies are written into: 16 KB each, shared by all reply writers of a store.
 *
 * A writer takes a chunk when it has something to say and gives it back when the transport has sent everything, so that
 * ten thousand idle clients hold none. An item too large for a standard chunk gets one of the next power of two, up to
 * 1 MB, and beyond that one of its own size. Chunks up to 1 MB are kept for reuse, since clearing and collecting them costs
 * more than writing the reply; all together no more than a bound, and the garbage collector takes the rest.
 */

import { assert } from '../base/assert.js'
import { allocate } from './allocate.js'

const CHUNK_BITS = 14
const CHUNK_BITS_MAX = 20

/** A standard chunk. */
export const CHUNK_BYTES = 1 << CHUNK_BITS

/** Unused chunks kept by default. */
const SPARE_BYTES_MAX = 4 * 1024 * 1024

export class ChunkPool {
  private readonly spares: Uint8Array[][] // by size, from CHUNK_BYTES up
  private readonly spareBytesMax: number
  private spareTotal: number
  private takenTotal: number

  constructor(spareBytesMax: number = SPARE_BYTES_MAX) {
    this.spares = []
    for (let bits = CHUNK_BITS; bits <= CHUNK_BITS_MAX; bits++) this.spares.push([])
    this.spareBytesMax = spareBytesMax
    this.spareTotal = 0
    this.takenTotal = 0
  }

  /** Bytes of the chunks in the hands of writers. */
  get takenBytes(): number {
    return this.takenTotal
  }

  /** Bytes kept for later use. */
  get spareBytes(): number {
    return this.spareTotal
  }

  /** @returns a chunk of `bytes` at least, holding whatever it held before; undefined when the system is out of memory */
  take(bytes: number): Uint8Array | undefined {
    const sizeClass = sizeClassOf(bytes)
    if (sizeClass < this.spares.length) return this.takeOfClass(sizeClass)
    const chunk = allocate(bytes)
    if (chunk !== undefined) this.takenTotal += chunk.length
    return chunk
  }

  takeStandard(): Uint8Array {
    return this.takeOfClass(0)
  }

  give(chunk: Uint8Array): void {
    this.takenTotal -= chunk.length
    assert(this.takenTotal >= 0)
    const sizeClass = sizeClassOf(chunk.length)
    if (sizeClass >= this.spares.length || this.spareTotal + chunk.length > this.spareBytesMax) return
    this.spares[sizeClass].push(chunk)
    this.spareTotal += chunk.length
  }

  private takeOfClass(sizeClass: number): Uint8Array {
    const spare = this.spares[sizeClass].pop()
    if (spare !== undefined) this.spareTotal -= spare.length
    const chunk = spare ?? new Uint8Array(CHUNK_BYTES << sizeClass)
    this.takenTotal += chunk.length
    return chunk
  }
}

/** @returns 0 for a standard chunk, one more for each doubling */
function sizeClassOf(bytes: number): number {
  if (bytes <= CHUNK_BYTES) return 0
  return bytes <= 1 << CHUNK_BITS_MAX ? 32 - Math.clz32(bytes - 1) - CHUNK_BITS : CHUNK_BITS_MAX - CHUNK_BITS + 1
}
