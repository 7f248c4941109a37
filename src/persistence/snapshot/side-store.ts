/**
 * Bytes that had to be saved before their turn: in memory up to a bound, beyond it in a temporary file.
 *
 * A buffer is one stretch of bytes that grows at its end and is read in pieces. The file is written at its end only; the room of
 * buffers that are done is not used again, which is bounded by the size of the data set, for everything is saved once.
 */

import { copy } from '../../base/bytes.js'
import type { Files, OpenFile } from '../../base/environment.js'
import { ByteSink, type ByteTaker, MemoryTaker } from '../byte-sink.js'

const CHUNK_BYTES_MIN = 256
const CHUNK_BYTES_MAX = 65536

/** Part of a buffer: in memory, or at a place of the file. */
interface Piece {
  /** Where it begins in the buffer. */
  readonly start: number
  length: number
  memory: Uint8Array | undefined
  place: number
}

export class SideStore {
  /** Bytes held in memory. */
  heldBytes: number
  /** Bytes written to the file so far. */
  spilledBytes: number
  private readonly files: Files | undefined
  private readonly path: string
  private readonly limitBytes: number
  private readonly buffers: Set<SideBuffer>
  private file: OpenFile | undefined
  private readonly scratch: Uint8Array

  /** @param files  undefined: everything stays in memory */
  constructor(files: Files | undefined, path: string, limitBytes: number) {
    this.heldBytes = 0
    this.spilledBytes = 0
    this.files = files
    this.path = path
    this.limitBytes = limitBytes
    this.buffers = new Set()
    this.file = undefined
    this.scratch = new Uint8Array(CHUNK_BYTES_MAX)
  }

  open(): SideBuffer {
    const buffer = new SideBuffer(this)
    this.buffers.add(buffer)
    return buffer
  }

  /** A buffer has taken more memory. Throws when that is too much and cannot be written to the file. */
  grown(bytes: number): void {
    this.heldBytes += bytes
    if (this.heldBytes > this.limitBytes && this.files !== undefined) this.spill(this.files)
  }

  released(buffer: SideBuffer, bytes: number): void {
    this.heldBytes -= bytes
    this.buffers.delete(buffer)
  }

  append(bytes: Uint8Array, length: number): number {
    const place = this.spilledBytes
    for (let at = 0; at < length;) at += this.file!.write(bytes, at, length)
    this.spilledBytes += length
    return place
  }

  copyFromFile(place: number, length: number, into: ByteSink): void {
    for (let done = 0; done < length;) {
      const wanted = Math.min(length - done, this.scratch.length)
      const read = this.file!.read(this.scratch, 0, wanted, place + done)
      if (read === 0) throw new Error('The temporary file of a snapshot has become shorter.')
      into.bytes(this.scratch, 0, read)
      done += read
    }
  }

  /** Drops everything, the file included. */
  close(): void {
    this.buffers.clear()
    this.heldBytes = 0
    if (this.file === undefined) return
    this.file.close()
    this.file = undefined
    this.files!.removeSoon(this.path)
  }

  private spill(files: Files): void {
    if (this.file === undefined) {
      files.remove(this.path)
      files.open(this.path, 'replace').close()
      this.file = files.open(this.path, 'update')
    }
    for (const buffer of this.buffers) this.heldBytes -= buffer.moveOut()
  }
}

export class SideBuffer implements ByteTaker {
  length: number
  private readonly store: SideStore
  private readonly pieces: Piece[]
  private heldBytes: number

  constructor(store: SideStore) {
    this.length = 0
    this.store = store
    this.pieces = []
    this.heldBytes = 0
  }

  take(bytes: Uint8Array, end: number): Uint8Array {
    this.append(bytes, 0, end)
    return bytes
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end;) {
      const piece = this.pieceWithRoom(end - at)
      const { memory } = piece
      const taken = Math.min(end - at, memory!.length - piece.length)
      copy(bytes, at, at + taken, memory!, piece.length)
      piece.length += taken
      this.length += taken
      at += taken
    }
  }

  /** Copies a part to a sink. */
  copyTo(sink: ByteSink, start: number, end: number): void {
    let index = this.pieceAt(start)
    for (let at = start; at < end; index++) {
      const piece = this.pieces[index]!
      const from = at - piece.start
      const length = Math.min(end - at, piece.length - from)
      if (piece.memory !== undefined) sink.bytes(piece.memory, from, from + length)
      else this.store.copyFromFile(piece.place + from, length, sink)
      at += length
    }
  }

  /** A copy of a part. */
  read(start: number, end: number): Uint8Array {
    const taker = new MemoryTaker(end - start)
    const sink = new ByteSink(taker, Math.min(end - start, CHUNK_BYTES_MAX), false)
    this.copyTo(sink, start, end)
    sink.flush()
    return taker.bytes.subarray(0, taker.length)
  }

  /** Writes to the file what is held in memory; returns how much memory that was. */
  moveOut(): number {
    for (const piece of this.pieces) {
      if (piece.memory === undefined) continue
      piece.place = this.store.append(piece.memory, piece.length)
      piece.memory = undefined
    }
    const { heldBytes } = this
    this.heldBytes = 0
    return heldBytes
  }

  release(): void {
    this.pieces.length = 0
    this.store.released(this, this.heldBytes)
    this.heldBytes = 0
    this.length = 0
  }

  private pieceWithRoom(wanted: number): Piece {
    const last = this.pieces[this.pieces.length - 1]
    if (last?.memory !== undefined && last.length < last.memory.length) return last
    const bytes = Math.min(CHUNK_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, wanted, this.length))
    this.store.grown(bytes) // may write to the file what there is
    this.heldBytes += bytes
    const piece = { start: this.length, length: 0, memory: new Uint8Array(bytes), place: 0 }
    this.pieces.push(piece)
    return piece
  }

  /** Index of the piece in which a byte lies. */
  private pieceAt(at: number): number {
    let low = 0
    let high = this.pieces.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.pieces[middle]!.start <= at) low = middle
      else high = middle - 1
    }
    return low
  }
}
