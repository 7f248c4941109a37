/**
 * cjson.decode: reads the text where Lua keeps it, and builds tables on Lua's stack. Strings without escapes are made from
 * the text in place.
 */

import { Kind } from '../lua/api.js'
import { type LuaMachine, STRING_BYTES, STRING_LENGTH } from '../lua/machine.js'
import type { JsonSettings } from './json-settings.js'
import { hexDigit, type ScannedNumber, scanNumber } from './number-text.js'

/** Kinds of tokens. */
const Token = {
  objectBegin: 0,
  objectEnd: 1,
  arrayBegin: 2,
  arrayEnd: 3,
  string: 4,
  number: 5,
  boolean: 6,
  null: 7,
  colon: 8,
  comma: 9,
  end: 10,
  error: 11,
} as const

const TOKEN_NAMES = ['T_OBJ_BEGIN', 'T_OBJ_END', 'T_ARR_BEGIN', 'T_ARR_END', 'T_STRING', 'T_NUMBER', 'T_BOOLEAN', 'T_NULL',
  'T_COLON', 'T_COMMA', 'T_END'] // prettier-ignore

const UNFINISHED = 'unexpected end of string'
const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d
const PLUS = 0x2b
const ZERO = 0x30
const NINE = 0x39
/** What a letter behind a backslash stands for; 0 where there is no such escape. */
const ESCAPED = escapedBytes()

export class JsonDecoder {
  private readonly machine: LuaMachine
  private settings: JsonSettings
  private readonly number: ScannedNumber
  private at: number
  private start: number
  private end: number
  private depth: number
  /** The token that has just been read: where it begins, its string, its boolean, or what is wrong. */
  private tokenStart: number
  private stringStart: number
  private stringEnd: number
  private isTrue: boolean
  private fault: string

  constructor(machine: LuaMachine, settings: JsonSettings) {
    this.machine = machine
    this.settings = settings
    this.number = { value: 0, end: 0 }
    this.at = 0
    this.start = 0
    this.end = 0
    this.depth = 0
    this.tokenStart = 0
    this.stringStart = 0
    this.stringEnd = 0
    this.isTrue = false
    this.fault = ''
  }

  decode(L: number, settings: JsonSettings): number {
    const { machine } = this
    this.settings = settings
    if (machine.argCount(L) !== 1) machine.argumentError(L, 1, 'expected 1 argument')
    this.start = machine.api.luaL_checklstring(L, 1, 0)
    this.end = this.start + machine.i32[(this.start - STRING_BYTES + STRING_LENGTH) >> 2]!
    this.at = this.start
    this.depth = 0
    const { u8 } = machine
    if (this.end - this.start >= 2 && (u8[this.start] === 0 || u8[this.start + 1] === 0)) {
      machine.error(L, 'JSON parser does not support UTF-16 or UTF-32')
    }
    this.value(L, this.next())
    const last = this.next()
    if (last !== Token.end) this.unexpected(L, 'the end', last)
    return 1
  }

  private value(L: number, token: number): void {
    const { machine } = this
    switch (token) {
      case Token.string:
        return this.pushString(L)
      case Token.number:
        return machine.pushNumber(L, this.number.value)
      case Token.boolean:
        return machine.pushBoolean(L, this.isTrue)
      case Token.objectBegin:
        return this.object(L)
      case Token.arrayBegin:
        return this.array(L)
      case Token.null:
        return machine.pushObject(L, Kind.lightUserdata, 0)
      default:
        this.unexpected(L, 'value', token)
    }
  }

  private object(L: number): void {
    const { api } = this.machine
    this.descend(L, 3)
    api.lua_createtable(L, 0, 0)
    let token = this.next()
    if (token !== Token.objectEnd) {
      for (;;) {
        if (token !== Token.string) this.unexpected(L, 'object key string', token)
        this.pushString(L)
        token = this.next()
        if (token !== Token.colon) this.unexpected(L, 'colon', token)
        this.value(L, this.next())
        api.lua_rawset(L, -3)
        token = this.next()
        if (token === Token.objectEnd) break
        if (token !== Token.comma) this.unexpected(L, 'comma or object end', token)
        token = this.next()
      }
    }
    this.depth--
  }

  private array(L: number): void {
    const { api } = this.machine
    this.descend(L, 2)
    api.lua_createtable(L, 0, 0)
    let token = this.next()
    if (token !== Token.arrayEnd) {
      for (let index = 1; ; index++) {
        this.value(L, token)
        api.lua_rawseti(L, -2, index)
        token = this.next()
        if (token === Token.arrayEnd) break
        if (token !== Token.comma) this.unexpected(L, 'comma or array end', token)
        token = this.next()
      }
    }
    this.depth--
  }

  private descend(L: number, slots: number): void {
    this.depth++
    if (this.depth <= this.settings.decodeDepthMax && this.machine.api.lua_checkstack(L, slots) !== 0) return
    this.machine.error(L, `Found too many nested data structures (${this.depth}) at character ${this.at - this.start}`)
  }

  private next(): number {
    const { u8 } = this.machine
    let byte = 0
    for (; this.at < this.end; this.at++) {
      byte = u8[this.at]!
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    }
    this.tokenStart = this.at
    if (this.at >= this.end || byte === 0) return Token.end
    const token = punctuation(byte)
    if (token >= 0) {
      this.at++
      return token
    }
    return byte === QUOTE ? this.string() : this.wordOrNumber(byte)
  }

  private wordOrNumber(byte: number): number {
    const { settings } = this
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      if (!settings.decodesInvalid && this.isInvalidNumber()) return this.fail('invalid number')
      return this.scanned()
    }
    if (this.startsWith('true')) return this.boolean(true, 4)
    if (this.startsWith('false')) return this.boolean(false, 5)
    if (this.startsWith('null')) {
      this.at += 4
      return Token.null
    }
    const mayBeNumber = byte === PLUS || (byte | 0x20) === 0x69 || (byte | 0x20) === 0x6e
    if (mayBeNumber && settings.decodesInvalid && this.isInvalidNumber()) return this.scanned()
    return this.fail('invalid token')
  }

  private boolean(value: boolean, length: number): number {
    this.isTrue = value
    this.at += length
    return Token.boolean
  }

  private scanned(): number {
    scanNumber(this.machine.u8, this.at, this.end, this.number)
    if (this.number.end === this.at) return this.fail('invalid number')
    this.at = this.number.end
    return Token.number
  }

  /** Whether what stands here is a number for strtod, or begins like one, and not for JSON. */
  private isInvalidNumber(): boolean {
    const { u8 } = this.machine
    let at = this.at
    if (u8[at] === PLUS) return true
    if (u8[at] === MINUS) at++
    const byte = at < this.end ? u8[at]! : 0
    const next = at + 1 < this.end ? u8[at + 1]! : 0
    if (byte === ZERO) return (next | 0x20) === 0x78 || (next >= ZERO && next <= NINE)
    if (byte <= NINE) return false
    const word = this.machine.latin1(at, Math.min(this.end, at + 3)).toLowerCase()
    return word === 'inf' || word === 'nan'
  }

  private startsWith(word: string): boolean {
    const { u8 } = this.machine
    if (this.end - this.at < word.length) return false
    for (let i = 0; i < word.length; i++) if (u8[this.at + i] !== word.charCodeAt(i)) return false
    return true
  }

  private string(): number {
    const { u8 } = this.machine
    this.at++
    const start = this.at
    for (let i = start; i < this.end; i++) {
      const byte = u8[i]!
      if (byte === QUOTE) {
        this.stringStart = start
        this.stringEnd = i
        this.at = i + 1
        return Token.string
      }
      if (byte === BACKSLASH) return this.escapedString(start, i)
      if (byte === 0) return this.fail(UNFINISHED, i)
    }
    return this.fail(UNFINISHED, this.end)
  }

  /** Goes on with a string whose first escape is at `escape`; its text is put together in scratch memory. */
  private escapedString(start: number, escape: number): number {
    const { machine } = this
    const out = machine.scratchFor(this.end - start)
    const { u8 } = machine
    u8.copyWithin(out, start, escape)
    let to = out + escape - start
    let i = escape
    while (i < this.end) {
      const byte = u8[i]!
      if (byte === QUOTE) {
        this.stringStart = out
        this.stringEnd = to
        this.at = i + 1
        return Token.string
      }
      if (byte === 0) return this.fail(UNFINISHED, i)
      if (byte !== BACKSLASH) {
        u8[to++] = byte
        i++
        continue
      }
      const letter = i + 1 < this.end ? u8[i + 1]! : 0
      if (letter === 0x75) {
        const point = this.unicodeAt(i)
        if (point < 0) return this.fail('invalid unicode escape code', i)
        i += point > 0xffff ? 12 : 6
        to = writeUtf8(u8, to, point)
        continue
      }
      if (ESCAPED[letter] === 0) return this.fail('invalid escape code', i)
      u8[to++] = ESCAPED[letter]!
      i += 2
    }
    return this.fail(UNFINISHED, this.end)
  }

  /** The code point of the escape, or pair of escapes, at `at`; -1 when it is none. */
  private unicodeAt(at: number): number {
    const unit = this.unitAt(at)
    if (unit < 0 || (unit & 0xf800) !== 0xd800) return unit
    if ((unit & 0x400) !== 0) return -1
    const low = this.unitAt(at + 6)
    if (low < 0 || (low & 0xfc00) !== 0xdc00) return -1
    return (((unit & 0x3ff) << 10) | (low & 0x3ff)) + 0x10000
  }

  private unitAt(at: number): number {
    const { u8 } = this.machine
    if (at + 6 > this.end || u8[at] !== BACKSLASH || u8[at + 1] !== 0x75) return -1
    let unit = 0
    for (let i = at + 2; i < at + 6; i++) {
      const digit = hexDigit(u8[i]!)
      if (digit < 0) return -1
      unit = unit * 16 + digit
    }
    return unit
  }

  private pushString(L: number): void {
    this.machine.api.lua_pushlstring(L, this.stringStart, this.stringEnd - this.stringStart)
  }

  private fail(reason: string, at = this.at): number {
    this.fault = reason
    this.tokenStart = at
    this.at = at
    return Token.error
  }

  private unexpected(L: number, wanted: string, token: number): never {
    const found = token === Token.error ? this.fault : TOKEN_NAMES[token]!
    const place = this.tokenStart - this.start + 1
    this.machine.error(L, `Expected ${wanted} but found ${found} at character ${place}`)
  }
}

function punctuation(byte: number): number {
  switch (byte) {
    case 0x7b:
      return Token.objectBegin
    case 0x7d:
      return Token.objectEnd
    case 0x5b:
      return Token.arrayBegin
    case 0x5d:
      return Token.arrayEnd
    case 0x2c:
      return Token.comma
    case 0x3a:
      return Token.colon
    default:
      return -1
  }
}

function writeUtf8(u8: Uint8Array, at: number, point: number): number {
  if (point <= 0x7f) {
    u8[at++] = point
    return at
  }
  if (point <= 0x7ff) u8[at++] = (point >> 6) | 0xc0
  else {
    if (point <= 0xffff) u8[at++] = (point >> 12) | 0xe0
    else {
      u8[at++] = (point >> 18) | 0xf0
      u8[at++] = ((point >> 12) & 0x3f) | 0x80
    }
    u8[at++] = ((point >> 6) & 0x3f) | 0x80
  }
  u8[at++] = (point & 0x3f) | 0x80
  return at
}

function escapedBytes(): Uint8Array {
  const table = new Uint8Array(256)
  for (const [letter, byte] of [['"', 0x22], ['\\', 0x5c], ['/', 0x2f], ['b', 8], ['t', 9], ['n', 10], ['f', 12], ['r', 13]] as const)
    table[letter.charCodeAt(0)] = byte // prettier-ignore
  return table
}
