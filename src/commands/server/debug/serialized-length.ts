/** Bytes a value takes in a snapshot, as DEBUG OBJECT tells them; compression is not counted. */

import { Int64, isSafe, toNumber } from '../../../base/int64.js'
import { Encoding, encodingOf, Type, typeOf } from '../../../keyspace/entry.js'
import { cellPointer } from '../../../keyspace/types/cell.js'
import { readInteger, stringLength } from '../../../keyspace/types/string.js'
import type { Arena } from '../../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../../memory/pointer.js'
import { totalBytes } from '../../../structures/listpack.js'
import { contentBytes, nodeTotal } from '../../../structures/quicklist.js'

const value = new Int64()

/** Undefined for a type that cannot be written yet. */
export function serializedLength(arena: Arena, entry: Pointer): number | undefined {
  if (typeOf(arena, entry) === Type.list) return listBytes(arena, entry)
  if (typeOf(arena, entry) !== Type.string) return undefined
  if (encodingOf(arena, entry) === Encoding.int) {
    readInteger(arena, entry, value)
    const bytes = isSafe(value) ? integerBytes(toNumber(value)) : 0
    if (bytes !== 0) return bytes + 1
  }
  const length = stringLength(arena, entry)
  return length + lengthBytes(length)
}

/** The number of nodes, and for each its kind, its length and its content. */
function listBytes(arena: Arena, entry: Pointer): number {
  const list = cellPointer(arena, entry)
  if (encodingOf(arena, entry) !== Encoding.quicklist) {
    const bytes = totalBytes(arena.u8[list >>> SEGMENT_SHIFT]!, (list & OFFSET_MASK) << 3)
    return 2 + lengthBytes(bytes) + bytes
  }
  const nodes = nodeTotal(arena, list)
  const content = contentBytes(arena, list)
  return lengthBytes(nodes) + nodes * (1 + lengthBytes(Math.floor(content / nodes))) + content
}

/** Integers of up to 32 bits are written as such. */
function integerBytes(number: number): number {
  for (const bytes of [1, 2, 4]) if (number >= -(2 ** (bytes * 8 - 1)) && number < 2 ** (bytes * 8 - 1)) return bytes
  return 0
}

function lengthBytes(length: number): number {
  if (length < 1 << 6) return 1
  if (length < 1 << 14) return 2
  return length < 2 ** 32 ? 5 : 9
}
