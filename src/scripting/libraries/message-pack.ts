/** The library `cmsgpack`, as Redis has it: version 0.4.0. Integers are 64 bits wide where packing and unpacking make them. */

import { Kind } from '../lua/api.js'
import { findIndex, keyAt, nextPlace, stringEnd, stringStart, valueAt } from '../lua/heap.js'
import { type LuaMachine, LuaPanic, STRING_BYTES, STRING_LENGTH, TYPE } from '../lua/machine.js'
import type { Library } from './library.js'

export function messagePackLibrary(machine: LuaMachine): Library {
  const packer = new Packer(machine)
  const unpacker = new Unpacker(machine)
  return {
    functions: {
      pack: (L) => packer.pack(L),
      unpack: (L) => unpacker.unpack(L, 0, 0),
      unpack_one(L) {
        const offset = machine.api.luaL_optinteger(L, 2, 0)
        return unpacker.unpack(L, 1, offset)
      },
      unpack_limit(L) {
        const limit = machine.api.luaL_checkinteger(L, 2)
        return unpacker.unpack(L, limit, machine.api.luaL_optinteger(L, 3, 0))
      },
    },
    values: {
      _NAME: 'cmsgpack',
      _VERSION: 'lua-cmsgpack 0.4.0',
      _COPYRIGHT: 'Copyright (C) 2012, Salvatore Sanfilippo',
      _DESCRIPTION: 'MessagePack C implementation for Lua',
    },
  }
}

/** Tables nested deeper are packed as nil. */
const NESTING_MAX = 16
/** Tables nested deeper are not unpacked. */
const UNPACK_NESTING_MAX = 1000
const INITIAL_BYTES = 1024
const KEPT_BYTES_MAX = 1 << 20
const TWO_32 = 0x1_0000_0000
const INT64_LIMIT = 2 ** 63
const INT_MAX = 0x7fffffff

class Packer {
  private readonly machine: LuaMachine
  private bytes: Uint8Array
  private view: DataView
  private end: number

  constructor(machine: LuaMachine) {
    this.machine = machine
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.view = new DataView(this.bytes.buffer)
    this.end = 0
  }

  pack(L: number): number {
    const { machine } = this
    const count = machine.argCount(L)
    if (count === 0) machine.argumentError(L, 0, 'MessagePack pack needs input.')
    this.end = 0
    for (let i = 1; i <= count; i++) this.value(machine.slot(L, i), 0)
    machine.pushBytes(L, this.bytes, 0, this.end)
    if (this.bytes.length > KEPT_BYTES_MAX) this.resize(INITIAL_BYTES)
    return 1
  }

  private resize(bytes: number): void {
    const next = new Uint8Array(bytes)
    if (bytes > this.end) next.set(this.bytes.subarray(0, this.end))
    this.bytes = next
    this.view = new DataView(next.buffer)
  }

  private reserve(bytes: number): number {
    const at = this.end
    if (at + bytes > this.bytes.length) this.resize(Math.max(at + bytes, this.bytes.length * 2))
    this.end = at + bytes
    return at
  }

  private value(at: number, level: number): void {
    const { machine } = this
    switch (machine.i32[(at + TYPE) >> 2]) {
      case Kind.string:
        return this.string(machine.i32[at >> 2]!)
      case Kind.boolean:
        return this.head(machine.i32[at >> 2] === 0 ? 0xc2 : 0xc3)
      case Kind.number:
        return this.number(machine.f64[at >> 3]!)
      case Kind.table:
        if (level < NESTING_MAX) return this.table(machine.i32[at >> 2]!, level)
    }
    this.head(0xc0)
  }

  private head(byte: number): void {
    const at = this.reserve(1)
    this.bytes[at] = byte
  }

  private head8(byte: number, value: number): void {
    const at = this.reserve(2)
    this.bytes[at] = byte
    this.bytes[at + 1] = value
  }

  private head16(byte: number, value: number): void {
    const at = this.reserve(3)
    this.bytes[at] = byte
    this.view.setUint16(at + 1, value)
  }

  private head32(byte: number, value: number): void {
    const at = this.reserve(5)
    this.bytes[at] = byte
    this.view.setUint32(at + 1, value)
  }

  private string(string: number): void {
    const start = stringStart(string)
    const end = stringEnd(this.machine, string)
    const length = end - start
    if (length < 32) this.head(0xa0 | length)
    else if (length <= 0xff) this.head8(0xd9, length)
    else if (length <= 0xffff) this.head16(0xda, length)
    else this.head32(0xdb, length)
    const at = this.reserve(length)
    this.bytes.set(this.machine.u8.subarray(start, end), at)
  }

  private number(value: number): void {
    if (Number.isInteger(value) && value >= -INT64_LIMIT && value < INT64_LIMIT) return this.integer(value)
    // Conversion to an integer saturates there, and compares equal.
    if (value === INT64_LIMIT) return this.integer64(0xcf, -1, -1, 0x7fffffff)
    if (Math.fround(value) === value || Number.isNaN(value)) {
      const at = this.reserve(5)
      this.bytes[at] = Number.isNaN(value) ? 0xcb : 0xca
      if (Number.isNaN(value)) return this.double(at, value)
      return this.view.setFloat32(at + 1, value)
    }
    const at = this.reserve(5)
    this.bytes[at] = 0xcb
    this.double(at, value)
  }

  /** Writes a double behind a head for which five bytes have been reserved. */
  private double(at: number, value: number): void {
    this.reserve(4)
    this.view.setFloat64(at + 1, value)
  }

  private integer(value: number): void {
    if (value >= 0) {
      if (value <= 127) this.head(value)
      else if (value <= 0xff) this.head8(0xcc, value)
      else if (value <= 0xffff) this.head16(0xcd, value)
      else if (value < TWO_32) this.head32(0xce, value)
      else this.integer64(0xcf, value)
    } else if (value >= -32) this.head(value & 0xff)
    else if (value >= -128) this.head8(0xd0, value & 0xff)
    else if (value >= -32768) this.head16(0xd1, value & 0xffff)
    else if (value >= -2147483648) this.head32(0xd2, value >>> 0)
    else this.integer64(0xd3, value)
  }

  private integer64(byte: number, value: number, low = value % TWO_32, high = Math.floor(value / TWO_32)): void {
    const at = this.reserve(9)
    this.bytes[at] = byte
    this.view.setInt32(at + 1, high)
    this.view.setUint32(at + 5, low < 0 ? low + TWO_32 : low)
  }

  private table(table: number, level: number): void {
    const { machine } = this
    const length = this.arrayLength(table)
    if (length >= 0) {
      this.container(0x90, 0xdc, length)
      for (let i = 1; i <= length; i++) this.value(findIndex(machine, table, i), level + 1)
      return
    }
    let count = 0
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) count++
    this.container(0x80, 0xde, count)
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) {
      const key = keyAt(machine, table, place)
      if (key === 0) this.integer(place + 1)
      else this.value(key, level + 1)
      this.value(valueAt(machine, table, place), level + 1)
    }
  }

  private container(short: number, long: number, count: number): void {
    if (count <= 15) this.head(short | count)
    else if (count <= 0xffff) this.head16(long, count)
    else this.head32(long + 1, count)
  }

  /** How many elements a table has whose keys are 1 to n without a gap; -1 for other tables. */
  private arrayLength(table: number): number {
    const { machine } = this
    let count = 0
    let most = 0
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) {
      const key = keyAt(machine, table, place)
      let index = place + 1
      if (key !== 0) {
        if (machine.i32[(key + TYPE) >> 2] !== Kind.number) return -1
        index = machine.f64[key >> 3]!
        if (index <= 0 || index > INT_MAX || !Number.isInteger(index)) return -1
      }
      if (index > most) most = index
      count++
    }
    return most === count ? count : -1
  }
}

/** Why unpacking stopped. */
const Fault = { none: 0, missing: 1, format: 2 } as const

class Unpacker {
  private readonly machine: LuaMachine
  private at: number
  private end: number
  private fault: number
  private depth: number
  private readonly tooMany: number

  constructor(machine: LuaMachine) {
    this.machine = machine
    this.at = 0
    this.end = 0
    this.fault = Fault.none
    this.depth = 0
    this.tooMany = machine.permanentText('too many return values at once; use unpack_one or unpack_limit instead.')
    if (this.tooMany === 0) throw new LuaPanic('not enough memory')
  }

  /** Pushes what the string at index 1 holds: all, or with a limit first where the rest begins. */
  unpack(L: number, limit: number, offset: number): number {
    const { machine } = this
    const start = machine.api.luaL_checklstring(L, 1, 0)
    const length = machine.i32[(start - STRING_BYTES + STRING_LENGTH) >> 2]!
    if (offset < 0 || limit < 0) {
      machine.error(L, `Invalid request to unpack with offset of ${offset} and limit of ${length}.`)
    }
    if (offset > length) machine.error(L, `Start offset ${offset} greater than input length ${length}.`)
    machine.api.lua_settop(L, 1)
    const isAll = limit === 0 && offset === 0
    const most = isAll ? INT_MAX : limit
    this.at = start + offset
    this.end = start + length
    this.fault = Fault.none
    this.depth = 0
    let count = 0
    for (; this.at < this.end && count < most; count++) {
      this.value(L)
      if (this.fault === Fault.missing) machine.error(L, 'Missing bytes in input.')
      if (this.fault === Fault.format) machine.error(L, 'Bad data format in input.')
    }
    if (isAll) return count
    machine.api.luaL_checkstack(L, 1, this.tooMany)
    machine.pushNumber(L, this.at === this.end ? -1 : this.at - start)
    machine.api.lua_insert(L, 2)
    return count + 1
  }

  private value(L: number): void {
    const { machine } = this
    if (!this.has(1)) return
    machine.api.luaL_checkstack(L, 3, this.tooMany)
    const type = machine.u8[this.at]!
    if (type < 0x80) return this.number(L, 1, type)
    if (type >= 0xe0) return this.number(L, 1, type - 256)
    if (type < 0x90) return this.hash(L, 1, type & 15)
    if (type < 0xa0) return this.array(L, 1, type & 15)
    if (type < 0xc0) return this.string(L, 1, type & 31)
    this.typed(L, type)
  }

  private typed(L: number, type: number): void {
    const { machine } = this
    switch (type) {
      case 0xc0:
        this.at++
        return machine.pushNil(L)
      case 0xc2:
      case 0xc3:
        this.at++
        return machine.pushBoolean(L, type === 0xc3)
      case 0xca:
      case 0xcb:
        return this.float(L, type === 0xca ? 4 : 8)
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.unsigned(L, 1 << (type - 0xcc))
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.signed(L, 1 << (type - 0xd0))
      case 0xd9:
      case 0xda:
      case 0xdb: {
        const bytes = 1 << (type - 0xd9)
        if (this.has(1 + bytes)) this.string(L, 1 + bytes, this.integer(bytes))
        return
      }
      case 0xdc:
      case 0xdd: {
        const bytes = 2 << (type - 0xdc)
        if (this.has(1 + bytes)) this.array(L, 1 + bytes, this.integer(bytes))
        return
      }
      case 0xde:
      case 0xdf: {
        const bytes = 2 << (type - 0xde)
        if (this.has(1 + bytes)) this.hash(L, 1 + bytes, this.integer(bytes))
        return
      }
      default:
        this.fault = Fault.format
    }
  }

  private has(bytes: number): boolean {
    if (this.end - this.at >= bytes) return true
    this.fault = Fault.missing
    return false
  }

  /** The unsigned integer of so many bytes behind the type. */
  private integer(bytes: number): number {
    const { u8 } = this.machine
    let value = 0
    for (let i = 1; i <= bytes; i++) value = value * 256 + u8[this.at + i]!
    return value
  }

  private unsigned(L: number, bytes: number): void {
    if (!this.has(1 + bytes)) return
    const value = this.integer(bytes)
    // The reference's integers are signed.
    this.number(L, 1 + bytes, bytes === 8 && value >= INT64_LIMIT ? this.signed64() : value)
  }

  private signed(L: number, bytes: number): void {
    if (!this.has(1 + bytes)) return
    if (bytes === 8) return this.number(L, 9, this.signed64())
    const value = this.integer(bytes)
    const limit = 2 ** (bytes * 8 - 1)
    this.number(L, 1 + bytes, value >= limit ? value - 2 * limit : value)
  }

  private signed64(): number {
    const { u8 } = this.machine
    const view = new DataView(u8.buffer, this.at + 1, 8)
    return Number(view.getBigInt64(0))
  }

  private float(L: number, bytes: number): void {
    if (!this.has(1 + bytes)) return
    const view = new DataView(this.machine.u8.buffer, this.at + 1, bytes)
    this.number(L, 1 + bytes, bytes === 4 ? view.getFloat32(0) : view.getFloat64(0))
  }

  private number(L: number, bytes: number, value: number): void {
    this.at += bytes
    this.machine.pushNumber(L, value)
  }

  private string(L: number, head: number, length: number): void {
    if (!this.has(head + length)) return
    this.machine.api.lua_pushlstring(L, this.at + head, length)
    this.at += head + length
  }

  private array(L: number, head: number, length: number): void {
    const { api } = this.machine
    if (++this.depth > UNPACK_NESTING_MAX) this.machine.error(L, 'stack overflow (in function mp_decode_to_lua_array)')
    this.at += head
    api.lua_createtable(L, 0, 0)
    for (let i = 1; i <= length; i++) {
      this.value(L)
      if (this.fault !== Fault.none) return
      api.lua_rawseti(L, -2, i)
    }
    this.depth--
  }

  private hash(L: number, head: number, length: number): void {
    const { api } = this.machine
    if (++this.depth > UNPACK_NESTING_MAX) this.machine.error(L, 'stack overflow (in function mp_decode_to_lua_hash)')
    this.at += head
    api.lua_createtable(L, 0, 0)
    for (let i = 0; i < length; i++) {
      this.value(L)
      if (this.fault !== Fault.none) return
      this.value(L)
      if (this.fault !== Fault.none) return
      api.lua_settable(L, -3)
    }
    this.depth--
  }
}
