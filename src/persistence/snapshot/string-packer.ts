/**
 * Compresses a long string piece by piece. Each piece is compressed by itself: one after the other they are again one LZF stream,
 * for what refers back never reaches beyond its piece. A piece that does not shrink goes in as literals.
 */

import { lzfCompress } from '../../base/lzf.js'
import type { SideBuffer } from './side-store.js'

const LITERALS_MAX = 32
/** Pieces after which a string that has hardly shrunk is given up. */
const TRIED_PIECES = 8
const HARDLY = 0.95

export class StringPacker {
  readonly packed: SideBuffer
  private readonly workspace: Uint8Array
  private seenBytes: number
  private pieces: number

  constructor(packed: SideBuffer, pieceBytes: number) {
    this.packed = packed
    this.workspace = new Uint8Array(pieceBytes + Math.ceil(pieceBytes / LITERALS_MAX))
    this.seenBytes = 0
    this.pieces = 0
  }

  /** False when it does not pay to go on. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    const packed = lzfCompress(bytes, start, end, this.workspace, 0, length)
    this.packed.append(this.workspace, 0, packed !== 0 ? packed : this.literals(bytes, start, end))
    this.seenBytes += length
    this.pieces++
    return this.pieces < TRIED_PIECES || this.packed.length < this.seenBytes * HARDLY
  }

  private literals(bytes: Uint8Array, start: number, end: number): number {
    let out = 0
    for (let at = start; at < end; at += LITERALS_MAX) {
      const length = Math.min(LITERALS_MAX, end - at)
      this.workspace[out++] = length - 1
      for (let i = 0; i < length; i++) this.workspace[out++] = bytes[at + i]!
    }
    return out
  }
}
