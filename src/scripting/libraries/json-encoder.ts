/**
 * cjson.encode: tables are read where they lie (lua/heap.ts), and text is written into memory of the machine, from where
 * Lua makes its string.
 */

import { Kind } from '../lua/api.js'
import { findIndex, keyAt, nextPlace, stringEnd, stringStart, valueAt } from '../lua/heap.js'
import { type LuaMachine, LuaPanic, TYPE } from '../lua/machine.js'
import type { JsonSettings } from './json-settings.js'
import { formatGeneral } from './number-text.js'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const INITIAL_BYTES = 4096
const KEPT_BYTES_MAX = 1 << 20
/** A character of a string takes six at most. */
const ESCAPE_BYTES = 6
const TYPE_NAMES = ['nil', 'boolean', 'userdata', 'number', 'string', 'table', 'function', 'userdata', 'thread']

/** For each byte the letter of its short escape, 1 for one of four hexadecimal digits, 0 for none. */
const ESCAPES = escapes()
const HEX = [...'0123456789abcdef'].map((letter) => letter.charCodeAt(0))

export class JsonEncoder {
  private readonly machine: LuaMachine
  private settings: JsonSettings
  private buffer: number
  private bufferBytes: number
  private end: number

  constructor(machine: LuaMachine, settings: JsonSettings) {
    this.machine = machine
    this.settings = settings
    this.buffer = 0
    this.bufferBytes = 0
    this.end = 0
  }

  encode(L: number, settings: JsonSettings): number {
    const { machine } = this
    this.settings = settings
    if (machine.argCount(L) !== 1) machine.argumentError(L, 1, 'expected 1 argument')
    this.begin()
    this.value(L, machine.slot(L, 1), 0)
    machine.api.lua_pushlstring(L, this.buffer, this.end - this.buffer)
    return 1
  }

  private begin(): void {
    if (this.bufferBytes === 0 || this.bufferBytes > KEPT_BYTES_MAX) {
      if (this.bufferBytes !== 0) this.machine.api.free(this.buffer)
      this.buffer = this.machine.api.malloc(INITIAL_BYTES)
      if (this.buffer === 0) throw new LuaPanic('not enough memory')
      this.bufferBytes = INITIAL_BYTES
    }
    this.end = this.buffer
  }

  private reserve(bytes: number): void {
    const used = this.end - this.buffer
    if (used + bytes <= this.bufferBytes) return
    const wanted = Math.max(used + bytes, this.bufferBytes * 2)
    const larger = this.machine.api.realloc(this.buffer, wanted)
    if (larger === 0) throw new LuaPanic('not enough memory')
    this.buffer = larger
    this.bufferBytes = wanted
    this.end = larger + used
  }

  private value(L: number, at: number, depth: number): void {
    const { machine } = this
    switch (machine.i32[(at + TYPE) >> 2]) {
      case Kind.string:
        return this.string(machine.i32[at >> 2]!)
      case Kind.number:
        return this.number(L, machine.f64[at >> 3]!)
      case Kind.boolean:
        return this.word(machine.i32[at >> 2] === 0 ? 'false' : 'true')
      case Kind.table:
        return this.table(L, machine.i32[at >> 2]!, depth + 1)
      case Kind.nil:
        return this.word('null')
      case Kind.lightUserdata:
        if (machine.i32[at >> 2] === 0) return this.word('null')
    }
    this.refuse(L, machine.i32[(at + TYPE) >> 2]!, 'type not supported')
  }

  private table(L: number, table: number, depth: number): void {
    if (depth > this.settings.encodeDepthMax) {
      this.machine.error(L, `Cannot serialise, excessive nesting (${depth})`)
    }
    const length = this.arrayLength(L, table)
    if (length > 0) this.array(L, table, length, depth)
    else this.object(L, table, depth)
  }

  private array(L: number, table: number, length: number, depth: number): void {
    this.byte(0x5b)
    for (let i = 1; i <= length; i++) {
      if (i > 1) this.byte(COMMA)
      const at = findIndex(this.machine, table, i)
      if (at === 0) this.word('null')
      else this.value(L, at, depth)
    }
    this.byte(0x5d)
  }

  private object(L: number, table: number, depth: number): void {
    const { machine } = this
    this.byte(0x7b)
    let isFirst = true
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) {
      if (!isFirst) this.byte(COMMA)
      isFirst = false
      this.key(L, keyAt(machine, table, place), place + 1)
      this.byte(COLON)
      this.value(L, valueAt(machine, table, place), depth)
    }
    this.byte(0x7d)
  }

  /** @param at  where the key lies; 0 for an index of the array part */
  private key(L: number, at: number, index: number): void {
    const { machine } = this
    const kind = at === 0 ? Kind.number : machine.i32[(at + TYPE) >> 2]!
    if (kind === Kind.string) return this.string(machine.i32[at >> 2]!)
    if (kind !== Kind.number) this.refuse(L, kind, 'table key must be a number or string')
    this.byte(QUOTE)
    this.number(L, at === 0 ? index : machine.f64[at >> 3]!)
    this.byte(QUOTE)
  }

  /** The highest index of a table that has only positive whole ones; -1 for others, and for those that are too sparse. */
  private arrayLength(L: number, table: number): number {
    const { machine, settings } = this
    let length = 0
    let items = 0
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) {
      const key = keyAt(machine, table, place)
      const index = key === 0 ? place + 1 : machine.i32[(key + TYPE) >> 2] === Kind.number ? machine.f64[key >> 3]! : 0
      if (index < 1 || Math.floor(index) !== index) return -1
      if (index > length) length = index
      items++
    }
    const isSparse = settings.sparseRatio > 0 && length > items * settings.sparseRatio && length > settings.sparseSafe
    if (!isSparse) return length
    if (!settings.sparseConvert) this.refuse(L, Kind.table, 'excessively sparse array')
    return -1
  }

  private string(string: number): void {
    const { machine } = this
    const start = stringStart(string)
    const stop = stringEnd(machine, string)
    this.reserve((stop - start) * ESCAPE_BYTES + 2)
    const { u8 } = machine
    let at = this.end
    u8[at++] = QUOTE
    for (let i = start; i < stop; i++) {
      const byte = u8[i]!
      const escape = ESCAPES[byte]!
      if (escape === 0) u8[at++] = byte
      else {
        u8[at++] = BACKSLASH
        if (escape === 1) at = writeUnicode(u8, at, byte)
        else u8[at++] = escape
      }
    }
    u8[at++] = QUOTE
    this.end = at
  }

  private number(L: number, value: number): void {
    const { encodeInvalid, precision } = this.settings
    if (!Number.isFinite(value)) {
      if (encodeInvalid === 0) this.refuse(L, Kind.number, 'must not be NaN or Inf')
      if (encodeInvalid === 2) return this.word('null')
    }
    this.word(formatGeneral(value, precision))
  }

  private word(text: string): void {
    this.reserve(text.length)
    const { u8 } = this.machine
    for (let i = 0; i < text.length; i++) u8[this.end++] = text.charCodeAt(i)
  }

  private byte(value: number): void {
    this.reserve(1)
    this.machine.u8[this.end++] = value
  }

  private refuse(L: number, kind: number, reason: string): never {
    this.machine.error(L, `Cannot serialise ${TYPE_NAMES[kind]!}: ${reason}`)
  }
}

function writeUnicode(u8: Uint8Array, at: number, byte: number): number {
  u8[at++] = 0x75
  u8[at++] = 0x30
  u8[at++] = 0x30
  u8[at++] = HEX[byte >>> 4]!
  u8[at++] = HEX[byte & 15]!
  return at
}

function escapes(): Uint8Array {
  const table = new Uint8Array(256)
  table.fill(1, 0, 0x20)
  table[0x7f] = 1
  for (const [byte, letter] of [[8, 'b'], [9, 't'], [10, 'n'], [12, 'f'], [13, 'r'], [QUOTE, '"'], [0x2f, '/'], [BACKSLASH, '\\']] as const)
    table[byte] = letter.charCodeAt(0) // prettier-ignore
  return table
}
