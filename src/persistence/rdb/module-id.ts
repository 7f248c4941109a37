/** Ids of module types: nine characters of six bits each, and ten bits of version. */

import type { Int64 } from '../../base/int64.js'

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const NAME_LENGTH = 9
const VERSION_BITS = 10
const VERSION_RANGE = 1 << VERSION_BITS

export interface ModuleType {
  readonly name: string
  readonly version: number
}

export function moduleTypeOf({ high, low }: Int64): ModuleType {
  let name = ''
  // The 54 bits above the version, as a number: exact up to 2^53, and the topmost bit goes by halves.
  let upper = high >>> 0
  let lower = low >>> 0
  const version = lower % VERSION_RANGE
  lower = ((lower >>> VERSION_BITS) | (upper << (32 - VERSION_BITS))) >>> 0
  upper >>>= VERSION_BITS
  for (let i = 0; i < NAME_LENGTH; i++) {
    name = CHARACTERS[lower & 63]! + name
    lower = ((lower >>> 6) | (upper << 26)) >>> 0
    upper >>>= 6
  }
  return { name, version }
}
