/** Bytes a value takes in a snapshot, as DEBUG OBJECT tells them; compression is not counted. */

import { Int64, isSafe, toNumber } from '../../../base/int64.js'
import { Encoding, encodingOf, Type, typeOf } from '../../../keyspace/entry.js'
import { readInteger, stringLength } from '../../../keyspace/types/string.js'
import type { Arena } from '../../../memory/arena.js'
import type { Pointer } from '../../../memory/pointer.js'

const value = new Int64()

/** Undefined for a type that cannot be written yet. */
export function serializedLength(arena: Arena, entry: Pointer): number | undefined {
  if (typeOf(arena, entry) !== Type.string) return undefined
  if (encodingOf(arena, entry) === Encoding.int) {
    readInteger(arena, entry, value)
    const bytes = isSafe(value) ? integerBytes(toNumber(value)) : 0
    if (bytes !== 0) return bytes + 1
  }
  const length = stringLength(arena, entry)
  return length + lengthBytes(length)
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
