/**
 * A long string, in pieces of bytes. One whose block is about to be overwritten in part has the pieces concerned saved first.
 *
 * Where strings are compressed, all pieces are compressed to a buffer at the side before anything is written, for the length
 * stands in front; if that does not pay, the string is written as it is.
 */

import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { LargeKey } from './consumer.js'
import { FrozenValue, type WalkContext } from './frozen-value.js'
import type { SideBuffer } from './side-store.js'
import { StringPacker } from './string-packer.js'

const PIECE_SHIFT = 16
const PIECE_BYTES = 1 << PIECE_SHIFT
/** A compressed string is shorter by so many bytes at least. */
const SAVED_BYTES_MIN = 4

const Stage = { packing: 0, head: 1, plain: 2, packed: 3 } as const
type Stage = (typeof Stage)[keyof typeof Stage]

export class FrozenString extends FrozenValue {
  /** Pieces saved early: where they begin at the side, as they are in the arena. */
  private readonly places: Map<number, number>
  private readonly packer: StringPacker | undefined
  private stage: Stage
  /** The next piece to be compressed or written. */
  private piece: number
  private headLength: number
  private copied: number

  /** @param packed  for the compressed string; undefined when it is not to be compressed */
  constructor(context: WalkContext, large: LargeKey, block: Pointer, side: SideBuffer, packed: SideBuffer | undefined) {
    super(context, large, block, side)
    this.places = new Map()
    this.packer = packed === undefined ? undefined : new StringPacker(packed, PIECE_BYTES)
    this.stage = packed === undefined ? Stage.head : Stage.packing
    this.piece = 0
    this.headLength = 0
    this.copied = 0
  }

  override begin(entry: Pointer): void {
    const { context, packer, side } = this
    context.turnTo(side)
    if (packer === undefined) context.consumer.beginLarge(this.large, entry)
    else context.consumer.packing!.begin(this.large, entry)
    context.turnBack()
    this.headLength = side.length
  }

  changing(piece: number): void {
    if (this.stage === Stage.packed || (this.stage === Stage.plain && piece < this.piece)) return
    if (this.places.has(piece)) return
    this.places.set(piece, this.side.length)
    this.side.append(this.bytes, this.start + piece * PIECE_BYTES, this.start + this.endOf(piece))
  }

  overwriting(from: number, to: number): void {
    const end = Math.min(to, this.large.units)
    if (from >= end) return
    for (let piece = from >>> PIECE_SHIFT; piece * PIECE_BYTES < end; piece++) this.changing(piece)
  }

  step(): boolean {
    if (this.stage === Stage.packing) return this.pack()
    if (this.stage === Stage.head) return this.writeHead()
    if (this.stage === Stage.plain) return this.writePiece()
    const { packed } = this.packer!
    const end = Math.min(packed.length, this.copied + PIECE_BYTES)
    packed.copyTo(this.context.sink, this.copied, end)
    this.copied = end
    return end < packed.length
  }

  override release(): void {
    this.packer?.packed.release()
    super.release()
  }

  private pack(): boolean {
    const saved = this.places.get(this.piece)
    const begin = this.piece * PIECE_BYTES
    const end = this.endOf(this.piece)
    let pays = true
    if (saved === undefined) pays = this.packer!.add(this.bytes, this.start + begin, this.start + end)
    else {
      const bytes = this.side.read(saved, saved + end - begin)
      pays = this.packer!.add(bytes, 0, bytes.length)
    }
    this.piece++
    if (!pays || end === this.large.units) this.stage = Stage.head
    return true
  }

  private writeHead(): boolean {
    this.copied = this.copySide(this.copied, this.headLength)
    if (this.copied < this.headLength) return true
    const { packing } = this.context.consumer
    const packedBytes = this.packer?.packed.length ?? 0
    const isAllPacked = this.packer !== undefined && this.piece * PIECE_BYTES >= this.large.units
    this.piece = 0
    this.copied = 0
    if (isAllPacked && packedBytes + SAVED_BYTES_MIN <= this.large.units) {
      packing!.packed(this.large, packedBytes)
      this.stage = Stage.packed
    } else {
      if (this.packer !== undefined) packing!.plain(this.large)
      this.stage = Stage.plain
    }
    return true
  }

  private writePiece(): boolean {
    const { consumer } = this.context
    const begin = this.piece * PIECE_BYTES
    const end = this.endOf(this.piece)
    const saved = this.places.get(this.piece)
    if (saved === undefined) consumer.stringPart(this.large, this.bytes, this.start + begin, this.start + end)
    else this.side.copyTo(this.context.sink, saved, saved + end - begin)
    this.places.delete(this.piece)
    this.piece++
    return end < this.large.units
  }

  private endOf(piece: number): number {
    return Math.min((piece + 1) * PIECE_BYTES, this.large.units)
  }

  private get bytes(): Uint8Array {
    return this.context.keyspace.arena.u8[this.root >>> SEGMENT_SHIFT]!
  }

  private get start(): number {
    return (this.root & OFFSET_MASK) << 3
  }
}
