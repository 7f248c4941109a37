/** What a script returns becomes a reply. Tables are read where they lie, without metamethods. */

import { defineError, ErrorReply } from '../../protocol/errors.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import type { ScriptCaller } from '../script-engine.js'
import { Kind } from './api.js'
import {
  arraySize,
  findIndex,
  findString,
  hasNoNodes,
  keyAt,
  nextPlace,
  stringEnd,
  stringStart,
  valueAt,
} from './heap.js'
import { type LuaMachine, TYPE } from './machine.js'
import type { LuaNames } from './names.js'

/** Tables nested deeper are an error, as they are in Redis some thousand levels further down. */
const NESTING_MAX = 2000
const INT64_LIMIT = 2 ** 63
const TWO_32 = 2 ** 32

export class LuaToReply {
  private readonly machine: LuaMachine
  private readonly names: LuaNames
  private reply!: ReplyWriter
  private protocol: 2 | 3
  private caller!: ScriptCaller

  constructor(machine: LuaMachine, names: LuaNames) {
    this.machine = machine
    this.names = names
    this.protocol = 2
  }

  /**
   * Writes the value at `at` in memory, nil for 0.
   *
   * @param protocol  what the script has chosen with redis.setresp
   */
  write(at: number, caller: ScriptCaller, protocol: 2 | 3): void {
    const { reply } = caller
    if (this.reply !== reply) this.reply = reply
    if (this.caller !== caller) this.caller = caller
    this.protocol = protocol
    if (at === 0) reply.nil()
    else this.value(at, 0)
  }

  private value(at: number, depth: number): void {
    const { machine, reply } = this
    if (depth > NESTING_MAX) return this.fail(ErrorReply.luaStack, false)
    switch (machine.i32[(at + TYPE) >> 2]) {
      case Kind.string:
        return this.string(machine.i32[at >> 2]!)
      case Kind.number:
        return this.number(machine.f64[at >> 3]!)
      case Kind.boolean:
        return this.boolean(machine.i32[at >> 2] !== 0)
      case Kind.table:
        return this.table(machine.i32[at >> 2]!, depth)
      default:
        reply.nil()
    }
  }

  private string(string: number): void {
    this.reply.bulk(this.machine.u8, stringStart(string), stringEnd(this.machine, string))
  }

  private number(value: number): void {
    const whole = Math.trunc(value)
    if (Number.isSafeInteger(whole)) return this.reply.integer(whole === 0 ? 0 : whole)
    // As C converts what a 64-bit integer cannot hold.
    if (!(Math.abs(whole) < INT64_LIMIT)) return this.reply.int64(-0x80000000, 0)
    const high = Math.floor(whole / TWO_32)
    this.reply.int64(high, whole - high * TWO_32)
  }

  private boolean(value: boolean): void {
    if (this.protocol === 3) this.reply.boolean(value)
    else if (value) this.reply.integer(1)
    else this.reply.nil()
  }

  private table(table: number, depth: number): void {
    if (!hasNoNodes(this.machine, table) && this.tagged(table, depth)) return
    this.array(table, depth)
  }

  private array(table: number, depth: number): void {
    const { machine } = this
    let length = 0
    for (const size = arraySize(machine, table); length < size;) {
      if (machine.i32[(findIndex(machine, table, length + 1) + TYPE) >> 2] === Kind.nil) break
      length++
    }
    if (length === arraySize(machine, table)) while (this.has(table, length + 1)) length++
    this.reply.array(length)
    for (let i = 1; i <= length; i++) this.value(findIndex(machine, table, i), depth + 1)
  }

  private has(table: number, index: number): boolean {
    const at = findIndex(this.machine, table, index)
    return at !== 0 && this.machine.i32[(at + TYPE) >> 2] !== Kind.nil
  }

  /** Tables that stand for something else than an array are told by the name of a field. */
  private tagged(table: number, depth: number): boolean {
    const { names } = this
    return (
      this.error(table) ||
      this.status(table) ||
      this.double(table) ||
      this.bigNumber(table) ||
      this.verbatim(table) ||
      this.map(this.field(table, names.map, Kind.table), depth) ||
      this.set(this.field(table, names.set, Kind.table), depth)
    )
  }

  /** Where the field's value lies if it is of a type; otherwise 0. */
  private field(table: number, name: number, kind: number): number {
    const at = findString(this.machine, table, name)
    return at !== 0 && this.machine.i32[(at + TYPE) >> 2] === kind ? at : 0
  }

  private text(at: number): string {
    const string = this.machine.i32[at >> 2]!
    return this.machine.latin1(stringStart(string), stringEnd(this.machine, string))
  }

  private error(table: number): boolean {
    const { machine, names } = this
    const at = this.field(table, names.err, Kind.string)
    if (at === 0) return false
    const ignored = this.field(table, names.ignore_error_stats_update, Kind.boolean)
    this.fail(errorOfText(this.text(at)), ignored !== 0 && machine.i32[ignored >> 2] !== 0)
    return true
  }

  private fail(error: ErrorReply, isCounted: boolean): void {
    this.reply.error(error)
    this.caller.failed(error, isCounted)
  }

  private status(table: number): boolean {
    const at = this.field(table, this.names.ok, Kind.string)
    if (at === 0) return false
    this.line(0x2b, at)
    return true
  }

  /** A line of one kind; line breaks within become blanks. */
  private line(type: number, at: number): void {
    const { machine, reply } = this
    const string = machine.i32[at >> 2]!
    const bytes = machine.u8.slice(stringStart(string) - 1, stringEnd(machine, string) + 2)
    const end = bytes.length - 2
    bytes[0] = type
    for (let i = 1; i < end; i++) if (bytes[i] === 0x0d || bytes[i] === 0x0a) bytes[i] = 0x20
    bytes[end] = 0x0d
    bytes[end + 1] = 0x0a
    reply.raw(bytes, 0, bytes.length)
  }

  private double(table: number): boolean {
    const at = this.field(table, this.names.double, Kind.number)
    if (at === 0) return false
    this.reply.double(this.machine.f64[at >> 3]!)
    return true
  }

  private bigNumber(table: number): boolean {
    const at = this.field(table, this.names.big_number, Kind.string)
    if (at === 0) return false
    if (this.reply.protocol === 3) this.line(0x28, at)
    else this.reply.bulkLatin1(this.text(at).replace(/[\r\n]/g, ' '))
    return true
  }

  private verbatim(table: number): boolean {
    const { machine, names } = this
    const at = this.field(table, names.verbatim_string, Kind.table)
    if (at === 0) return false
    const inner = machine.i32[at >> 2]!
    const format = this.field(inner, names.format, Kind.string)
    const string = this.field(inner, names.string, Kind.string)
    if (format === 0 || string === 0) return false
    if (this.reply.protocol === 2) this.string(machine.i32[string >> 2]!)
    else this.verbatimBytes(`${this.text(format)}   `.slice(0, 3), machine.i32[string >> 2]!)
    return true
  }

  private verbatimBytes(format: string, string: number): void {
    const { machine, reply } = this
    const start = stringStart(string)
    const end = stringEnd(machine, string)
    const head = `=${end - start + 4}\r\n${format}:`
    reply.raw(
      Uint8Array.from(head, (letter) => letter.charCodeAt(0)),
      0,
      head.length,
    )
    reply.raw(machine.u8, start, end)
    reply.raw(LINE_END, 0, 2)
  }

  private map(at: number, depth: number): boolean {
    if (at === 0) return false
    const { machine, reply } = this
    const table = machine.i32[at >> 2]!
    reply.map(this.countOf(table))
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) {
      this.key(table, place, depth)
      this.value(valueAt(machine, table, place), depth + 1)
    }
    return true
  }

  private set(at: number, depth: number): boolean {
    if (at === 0) return false
    const { machine, reply } = this
    const table = machine.i32[at >> 2]!
    reply.set(this.countOf(table))
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) {
      this.key(table, place, depth)
    }
    return true
  }

  private countOf(table: number): number {
    const { machine } = this
    let count = 0
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) count++
    return count
  }

  private key(table: number, place: number, depth: number): void {
    const at = keyAt(this.machine, table, place)
    if (at === 0) this.reply.integer(place + 1)
    else this.value(at, depth + 1)
  }
}

const LINE_END = new Uint8Array([0x0d, 0x0a])

/** An error from its text: the first word is its code. */
export function errorOfText(text: string): ErrorReply {
  const cut = text.indexOf('\0')
  const clean = (cut < 0 ? text : text.slice(0, cut)).replace(/[\r\n]+$/, '')
  const split = clean.indexOf(' ')
  if (split <= 0) return { ...defineError(clean === '' ? 'ERR' : clean, ''), code: 'ERR' }
  return defineError(clean.slice(0, split), clean.slice(split + 1))
}
