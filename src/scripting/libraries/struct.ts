/** The library `struct`: packs numbers and strings into bytes by a format, version of Redis 7.2. */

import { Kind } from '../lua/api.js'
import { type LuaMachine, STRING_BYTES, STRING_LENGTH } from '../lua/machine.js'
import type { Library } from './library.js'

export function structLibrary(machine: LuaMachine): Library {
  return {
    functions: {
      pack: (L) => new StructPacker(machine, L).pack(),
      unpack: (L) => new StructUnpacker(machine, L).unpack(),
      size: (L) => new StructSizer(machine, L).total(),
    },
    values: {},
  }
}

/** Sizes of the machine that the reference runs on. */
const INT_BYTES = 4
const LONG_BYTES = 8
const ALIGN_DEFAULT = 8
const INTEGER_BYTES_MAX = 32
const INT_MAX = 0x7fffffff

const letter = (text: string): number => text.charCodeAt(0)
const X = letter('x')
const C = letter('c')
const S = letter('s')
const F = letter('f')
const D = letter('d')

/** Goes through a format, option by option. */
class FormatReader {
  protected readonly machine: LuaMachine
  protected readonly L: number
  protected isBig: boolean
  /** The option last read, and its size. */
  protected option: number
  protected size: number
  private align: number
  private readonly format: string
  private at: number

  constructor(machine: LuaMachine, L: number) {
    this.machine = machine
    this.L = L
    this.isBig = false
    this.option = 0
    this.size = 0
    this.align = 1
    this.format = machine.cString(machine.api.luaL_checklstring(L, 1, 0))
    this.at = 0
  }

  protected next(): boolean {
    if (this.at >= this.format.length) return false
    this.option = this.format.charCodeAt(this.at++)
    this.size = this.optionSize()
    return true
  }

  /** Bytes to fill up with before the option, which begins at `position`. */
  protected padding(position: number): number {
    if (this.size === 0 || this.option === C) return 0
    const size = Math.min(this.size, this.align)
    return (size - (position & (size - 1))) & (size - 1)
  }

  protected get isInteger(): boolean {
    return 'bBhHlLTiI'.includes(String.fromCharCode(this.option))
  }

  /** Options that say how to go on. */
  protected control(): void {
    const { L, machine } = this
    switch (String.fromCharCode(this.option)) {
      case ' ':
        return
      case '>':
        this.isBig = true
        return
      case '<':
        this.isBig = false
        return
      case '!': {
        const align = this.number(ALIGN_DEFAULT)
        if (align <= 0 || (align & (align - 1)) !== 0) machine.error(L, `alignment ${align} is not a power of 2`)
        this.align = align
        return
      }
      default:
        machine.argumentError(L, 1, `invalid format option '${String.fromCharCode(this.option)}'`)
    }
  }

  private optionSize(): number {
    switch (String.fromCharCode(this.option)) {
      case 'b':
      case 'B':
      case 'x':
        return 1
      case 'h':
      case 'H':
        return 2
      case 'l':
      case 'L':
      case 'T':
        return LONG_BYTES
      case 'f':
        return 4
      case 'd':
        return 8
      case 'c':
        return this.number(1)
      case 'i':
      case 'I': {
        const size = this.number(INT_BYTES)
        if (size > INTEGER_BYTES_MAX) {
          this.machine.error(this.L, `integral size ${size} is larger than limit of ${INTEGER_BYTES_MAX}`)
        }
        return size
      }
      default:
        return 0
    }
  }

  private number(fallback: number): number {
    let value = -1
    for (; isDigit(this.format.charCodeAt(this.at)); this.at++) {
      const digit = this.format.charCodeAt(this.at) - 0x30
      const next = Math.max(value, 0) * 10 + digit
      if (next > INT_MAX) this.machine.error(this.L, 'integral size overflow')
      value = next
    }
    return value < 0 ? fallback : value
  }
}

class StructPacker extends FormatReader {
  private bytes: number[] = []

  pack(): number {
    const { L, machine } = this
    let argument = 2
    machine.pushNil(L) // what is missing counts as nil
    while (this.next()) {
      for (let count = this.padding(this.bytes.length); count > 0; count--) this.bytes.push(0)
      if (this.isInteger) this.integer(machine.api.luaL_checknumber(L, argument++))
      else if (this.option === X) this.bytes.push(0)
      else if (this.option === F || this.option === D) this.float(machine.api.luaL_checknumber(L, argument++))
      else if (this.option === C || this.option === S) this.string(argument++)
      else this.control()
    }
    machine.pushBytes(L, Uint8Array.from(this.bytes), 0, this.bytes.length)
    return 1
  }

  /** As C converts a double to a 64-bit integer: outside its range the result is the smallest one. */
  private integer(value: number): void {
    const whole = toInteger64(value)
    const bytes: number[] = []
    for (let i = 0; i < this.size; i++) {
      bytes.push(i < LONG_BYTES ? Number((whole >> BigInt(i * 8)) & 255n) : 0)
    }
    this.bytes.push(...(this.isBig ? bytes.reverse() : bytes))
  }

  private float(value: number): void {
    const view = new DataView(new ArrayBuffer(this.size))
    if (this.size === 4) view.setFloat32(0, value, !this.isBig)
    else view.setFloat64(0, value, !this.isBig)
    for (let i = 0; i < this.size; i++) this.bytes.push(view.getUint8(i))
  }

  private string(argument: number): void {
    const { L, machine } = this
    const start = machine.api.luaL_checklstring(L, argument, 0)
    const length = machine.i32[(start - STRING_BYTES + STRING_LENGTH) >> 2]!
    const size = this.size === 0 ? length : this.size
    if (length < size) machine.argumentError(L, argument + 1, 'string too short')
    for (let i = 0; i < size; i++) this.bytes.push(machine.u8[start + i]!)
    if (this.option === S) this.bytes.push(0)
  }
}

class StructUnpacker extends FormatReader {
  private data = 0
  private length = 0
  private position = 0
  private count = 0

  unpack(): number {
    const { L, machine } = this
    const { api } = machine
    this.data = api.luaL_checklstring(L, 2, 0)
    this.length = machine.i32[(this.data - STRING_BYTES + STRING_LENGTH) >> 2]!
    const first = api.luaL_optinteger(L, 3, 1)
    // A negative offset is a very large one, beyond the data.
    if (first === 0) machine.argumentError(L, 3, 'offset must be 1 or greater')
    this.position = first < 0 ? Infinity : first - 1
    while (this.next()) {
      this.position += Number.isFinite(this.position) ? this.padding(this.position) : 0
      this.checkLength()
      if (api.lua_checkstack(L, 2) === 0) machine.error(L, 'stack overflow (too many results)')
      if (this.isInteger) this.push(this.integer())
      else if (this.option === F || this.option === D) this.push(this.float())
      else if (this.option === C) this.chars()
      else if (this.option === S) this.string()
      else if (this.option !== X) this.control()
      this.position += this.size
    }
    // With nothing to read a negative offset comes back as it was.
    machine.pushNumber(L, first < 0 ? first : this.position + 1)
    return this.count + 1
  }

  private checkLength(): void {
    if (this.size <= this.length && this.position <= this.length - this.size) return
    this.machine.argumentError(this.L, 2, 'data string too short')
  }

  private push(value: number): void {
    this.machine.pushNumber(this.L, value)
    this.count++
  }

  private integer(): number {
    const { u8 } = this.machine
    const start = this.data + this.position
    let value = 0n
    for (let i = 0; i < this.size; i++) {
      const byte = u8[this.isBig ? start + i : start + this.size - 1 - i]!
      value = ((value << 8n) | BigInt(byte)) & 0xffff_ffff_ffff_ffffn
    }
    const isSigned = this.option >= letter('a')
    return Number(isSigned ? BigInt.asIntN(Math.min(this.size, LONG_BYTES) * 8, value) : value)
  }

  private float(): number {
    const view = new DataView(this.machine.u8.buffer, this.data + this.position, this.size)
    return this.size === 4 ? view.getFloat32(0, !this.isBig) : view.getFloat64(0, !this.isBig)
  }

  private chars(): void {
    const { L, machine } = this
    if (this.size === 0) {
      const hasNumber = this.count > 0 && machine.kindOf(L, machine.argCount(L)) === Kind.number
      if (!hasNumber) machine.error(L, "format 'c0' needs a previous size")
      const size = machine.api.lua_tonumber(L, -1)
      this.size = size < 0 ? Infinity : Math.trunc(size)
      machine.pop(L, 1)
      this.count--
      this.checkLength()
    }
    machine.api.lua_pushlstring(L, this.data + this.position, this.size)
    this.count++
  }

  private string(): void {
    const { L, machine } = this
    const start = this.data + this.position
    const end = machine.u8.indexOf(0, start)
    if (end < 0 || end >= this.data + this.length) machine.error(L, 'unfinished string in data')
    this.size = end - start + 1
    machine.api.lua_pushlstring(L, start, this.size - 1)
    this.count++
  }
}

class StructSizer extends FormatReader {
  total(): number {
    const { L, machine } = this
    let total = 0
    while (this.next()) {
      total += this.padding(total)
      if (this.option === S) machine.argumentError(L, 1, "option 's' has no fixed size")
      if (this.option === C && this.size === 0) machine.argumentError(L, 1, "option 'c0' has no fixed size")
      if (!isAlphanumeric(this.option)) this.control()
      total += this.size
    }
    machine.pushNumber(L, total)
    return 1
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)
}

function toInteger64(value: number): bigint {
  if (Number.isNaN(value)) return -(2n ** 63n)
  const whole = BigInt(Number.isFinite(value) ? Math.trunc(value) : Math.sign(value) * 2 ** 70)
  if (value < 0) return whole < -(2n ** 63n) ? -(2n ** 63n) : whole
  return whole >= 2n ** 64n ? 0n : whole
}
