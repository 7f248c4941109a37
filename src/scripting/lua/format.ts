/**
 * `string.format` with integers of 64 bits.
 *
 * C's long has 32 bits in WebAssembly. A conversion whose number does not fit is therefore made here, as a text that takes the
 * number's place among the arguments, and its specification becomes `%s`. What is left, errors too, is done by Lua.
 */

import { Kind } from './api.js'
import { stringEnd, stringStart } from './heap.js'
import type { LuaFunction, LuaMachine } from './machine.js'

const PERCENT = 0x25
const DOT = 0x2e
const FLAG_COUNT_MAX = 5
const LARGEST = 2 ** 63
/** What the processor makes of numbers that 64 bits cannot hold. */
const INDEFINITE = -(2n ** 63n)

/** Letters of conversions. */
const Letter = { d: 0x64, i: 0x69, o: 0x6f, u: 0x75, x: 0x78, X: 0x58 } as const

/** The text between the percent sign and the letter, taken apart. */
const SPECIFICATION = /^([-+ #0]*)([0-9]*)(?:\.([0-9]*))?$/

/** @param native  does what needs no more than 32 bits, and refuses what is wrong */
export function formatFunction(machine: LuaMachine, native: LuaFunction): LuaFunction {
  return (L) => {
    if (machine.kindOf(L, 1) === Kind.string) convertWide(machine, L)
    return native(L)
  }
}

/** Makes texts of the numbers that are too large, up to where the format is wrong or arguments are missing. */
function convertWide(machine: LuaMachine, L: number): void {
  const string = machine.i32[machine.slot(L, 1) >> 2]!
  const start = stringStart(string)
  const end = stringEnd(machine, string)
  const count = machine.argCount(L)
  let format = ''
  let copied = start
  let argument = 1
  for (let at = start; at < end; at++) {
    if (machine.u8[at] !== PERCENT || machine.u8[++at] === PERCENT) continue
    const letterAt = findLetter(machine.u8, at)
    if (++argument > count || letterAt < 0) break
    const letter = machine.u8[letterAt]!
    if (isWide(machine, L, argument, letter)) {
      format += `${machine.latin1(copied, at)}s`
      copied = letterAt + 1
      machine.pushText(L, integerText(machine.latin1(at, letterAt), letter, machine.api.lua_tonumber(L, argument)))
      machine.api.lua_replace(L, argument)
    }
    at = letterAt
  }
  if (copied === start) return
  machine.pushText(L, format + machine.latin1(copied, end))
  machine.api.lua_replace(L, 1)
}

/** Where the letter of a specification is; -1 when Lua refuses what stands before it. The NUL behind a format ends all loops. */
function findLetter(u8: Uint8Array, at: number): number {
  const flags = at
  while (isFlag(u8[at]!)) at++
  if (at - flags > FLAG_COUNT_MAX) return -1
  at = skipTwoDigits(u8, at)
  if (u8[at] === DOT) at = skipTwoDigits(u8, at + 1)
  return isDigit(u8[at]!) ? -1 : at
}

function skipTwoDigits(u8: Uint8Array, at: number): number {
  if (isDigit(u8[at]!)) at++
  return isDigit(u8[at]!) ? at + 1 : at
}

function isFlag(byte: number): boolean {
  return byte === 0x2d || byte === 0x2b || byte === 0x20 || byte === 0x23 || byte === 0x30
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Whether a conversion is one of integers and its argument a number, or the text of one, that 32 bits cannot hold. */
function isWide(machine: LuaMachine, L: number, argument: number, letter: number): boolean {
  const isSigned = letter === Letter.d || letter === Letter.i
  if (!isSigned && !isUnsigned(letter)) return false
  const isNumber = machine.kindOf(L, argument) === Kind.number
  if (!isNumber && machine.api.lua_isnumber(L, argument) === 0) return false
  const value = isNumber ? machine.f64[machine.slot(L, argument) >> 3]! : machine.api.lua_tonumber(L, argument)
  // Written so that NaN is wide.
  return isSigned ? !(value > -2147483649 && value < 2147483648) : !(value > -1 && value < 4294967296)
}

function isUnsigned(letter: number): boolean {
  return letter === Letter.x || letter === Letter.u || letter === Letter.X || letter === Letter.o
}

/** The text of a number by a specification, as C's printf writes it. */
function integerText(specification: string, letter: number, value: number): string {
  const [, flags = '', width = '', precision] = SPECIFICATION.exec(specification) ?? []
  const isSigned = letter === Letter.d || letter === Letter.i
  const integer = isSigned ? toSigned(value) : toUnsigned(value)
  const prefix = isSigned ? signOf(integer, flags) : prefixOf(integer, letter, flags)
  const room = Number(width)
  let digits = digitsOf(integer, letter, precision)
  if (letter === Letter.o && flags.includes('#') && !digits.startsWith('0')) digits = `0${digits}`
  if (flags.includes('-')) return (prefix + digits).padEnd(room)
  if (flags.includes('0') && precision === undefined) digits = digits.padStart(room - prefix.length, '0')
  return (prefix + digits).padStart(room)
}

/** The digits, at least as many as the precision asks for: for a zero that may be none. */
function digitsOf(integer: bigint, letter: number, precision: string | undefined): string {
  const least = precision === undefined ? 1 : Number(precision)
  if (integer === 0n) return '0'.repeat(least)
  const digits = (integer < 0n ? -integer : integer).toString(radixOf(letter)).padStart(least, '0')
  return letter === Letter.X ? digits.toUpperCase() : digits
}

function radixOf(letter: number): number {
  if (letter === Letter.o) return 8
  return letter === Letter.x || letter === Letter.X ? 16 : 10
}

function signOf(integer: bigint, flags: string): string {
  if (integer < 0n) return '-'
  if (flags.includes('+')) return '+'
  return flags.includes(' ') ? ' ' : ''
}

function prefixOf(integer: bigint, letter: number, flags: string): string {
  if (radixOf(letter) !== 16 || integer === 0n || !flags.includes('#')) return ''
  return letter === Letter.x ? '0x' : '0X'
}

/** C's conversion to a long of 64 bits. */
function toSigned(value: number): bigint {
  return value >= -LARGEST && value < LARGEST ? BigInt(Math.trunc(value)) : INDEFINITE
}

/** C's conversion to an unsigned long of 64 bits: negative numbers wrap around, too large ones become zero. */
function toUnsigned(value: number): bigint {
  if (value >= LARGEST) return value < 2 * LARGEST ? BigInt(value) : 0n
  return BigInt.asUintN(64, toSigned(value))
}
