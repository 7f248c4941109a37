/**
 * Pointers into the arena.
 *
 * A pointer counts 8-byte units. It is kept as a signed int32, since that is what an Int32Array gives back and what V8
 * keeps unboxed, but its bits are unsigned. Segment 0 is never in use, hence 0 is nil and addresses no block; reading
 * through nil finds an empty view.
 *
 *     31        22 21        13 12     9 8        0
 *     +-----------+------------+--------+----------+      byte offset in the segment = low 22 bits * 8
 *     |  segment  |    slab    |  page  |   unit   |      index into i32 and u32     = low 22 bits * 2
 *     +-----------+------------+--------+----------+      index into f64             = low 22 bits
 *        1 .. 1023    512 of     16 of    512 of
 *                     64 KB      4 KB     8 bytes
 *
 * A block larger than a segment lies alone in an oversized segment, from its unit 0 on. What lies in it beyond 32 MB is
 * reached by offset from the start of the block, and has no pointer of its own.
 */

/** The address of a block in an `Arena`; 0 is nil. An int32, negative from segment 512 on. */
export type Pointer = number

export const nil = 0 as Pointer

export const UNIT_BYTES = 8
export const PAGE_BYTES = 4096
export const SLAB_BYTES = 65536
export const SEGMENT_BYTES = 33554432

/** Shifts that take a pointer to the number of what it lies in, counted over the whole arena (use `>>>`). */
export const PAGE_SHIFT = 9
export const SLAB_SHIFT = 13
export const SEGMENT_SHIFT = 22

export const SEGMENT_NUMBERS = 1 << (32 - SEGMENT_SHIFT) // 1024: number 0 stands for nil, so 1023 can be used
export const PAGES_PER_SLAB = SLAB_BYTES / PAGE_BYTES
export const PAGES_PER_SEGMENT = SEGMENT_BYTES / PAGE_BYTES
export const SLABS_PER_SEGMENT = SEGMENT_BYTES / SLAB_BYTES

/** The part of a pointer that says where in its segment it points, in units. */
export const OFFSET_MASK = (1 << SEGMENT_SHIFT) - 1

/** Takes a number that was just loaded from a table for a pointer; costs nothing. */
export function asPointer(value: number): Pointer {
  return value as Pointer
}

/** Number of the segment: an index into `arena.u8` and its sisters. */
export function segmentOf(pointer: Pointer): number {
  return pointer >>> SEGMENT_SHIFT
}

/** Where the block starts in its segment, in bytes: an index into `u8`. */
export function byteOffsetOf(pointer: Pointer): number {
  return (pointer & OFFSET_MASK) << 3
}

/** The same in words of 4 bytes: an index into `i32` and `u32`. */
export function wordOffsetOf(pointer: Pointer): number {
  return (pointer & OFFSET_MASK) << 1
}

/** The same in units of 8 bytes: an index into `f64`. */
export function unitOffsetOf(pointer: Pointer): number {
  return pointer & OFFSET_MASK
}

/** @param byteOffset  a multiple of 8 below SEGMENT_BYTES */
export function pointerTo(segment: number, byteOffset: number): Pointer {
  return ((segment << SEGMENT_SHIFT) | (byteOffset >>> 3)) as Pointer
}
