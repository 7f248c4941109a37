/**
 * The chunks that replies are written into: 16 KB each, shared by all reply writers of a store.
 *
 * A writer takes a chunk when it has something to say and gives it back when the transport has sent everything, so that
 * ten thousand idle clients hold none. The pool keeps a bounded number of unused chunks; beyond that, and for chunks of
 * any other size (one item too large for a standard chunk), the garbage collector takes over.
 */

import { assert } from '../base/assert.js'

export const CHUNK_BYTES = 16 * 1024

/** Unused chunks kept by default: 4 MB. */
const SPARE_CHUNKS_MAX = 256

export class ChunkPool {
  readonly #spare: Uint8Array[] = []
  readonly #spareMax: number
  #takenBytes = 0

  constructor(spareMax: number = SPARE_CHUNKS_MAX) {
    this.#spareMax = spareMax
  }

  /** Bytes of the chunks in the hands of writers. */
  get takenBytes(): number {
    return this.#takenBytes
  }

  /** Bytes kept for later use. */
  get spareBytes(): number {
    return this.#spare.length * CHUNK_BYTES
  }

  /** @returns a chunk of `CHUNK_BYTES`, or of exactly `bytes` if that is more; it holds whatever it held before */
  take(bytes: number): Uint8Array {
    const spare = bytes <= CHUNK_BYTES ? this.#spare.pop() : undefined
    const chunk = spare ?? new Uint8Array(bytes <= CHUNK_BYTES ? CHUNK_BYTES : bytes)
    this.#takenBytes += chunk.length
    return chunk
  }

  give(chunk: Uint8Array): void {
    this.#takenBytes -= chunk.length
    assert(this.#takenBytes >= 0)
    if (chunk.length === CHUNK_BYTES && this.#spare.length < this.#spareMax) this.#spare.push(chunk)
  }
}
