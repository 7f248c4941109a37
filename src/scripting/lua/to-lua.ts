/** Replies of commands become values of Lua, as the conversion tables of the reference's documentation say. */

import { latin1 } from '../../base/bytes.js'
import { parseDoubleLoose } from '../../base/double.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import type { LuaMachine } from './machine.js'
import { type LuaNames, pushName } from './names.js'

const MINUS = 0x2d
const ZERO = 0x30
const CR = 0x0d

export class ReplyToLua {
  private readonly machine: LuaMachine
  private readonly names: LuaNames
  private bytes: Uint8Array
  private at: number

  constructor(machine: LuaMachine, names: LuaNames) {
    this.machine = machine
    this.names = names
    this.bytes = new Uint8Array(0)
    this.at = 0
  }

  /** Pushes what `output` holds, one reply, and empties it. Returns whether it is an error. */
  push(L: number, output: ReplyWriter): boolean {
    if (output.segmentCount === 1) {
      this.bytes = output.segmentBytes(0)
      this.at = output.segmentStart(0)
    } else {
      this.bytes = joined(output)
      this.at = 0
    }
    const isError = this.bytes[this.at] === MINUS
    this.value(L)
    output.rewind()
    return isError
  }

  private value(L: number): void {
    const { machine } = this
    const type = this.bytes[this.at++]!
    switch (type) {
      case 0x24: // $
        return this.bulk(L)
      case 0x3a: // :
        return machine.pushNumber(L, this.integer())
      case 0x2b: // +
        return this.tagged(L, this.names.ok)
      case MINUS:
        return this.error(L)
      case 0x2a: // *
        return this.array(L)
      case 0x25: // %
        return this.map(L)
      case 0x7e: // ~
        return this.set(L)
      case 0x5f: // _
        this.at += 2
        return machine.pushNil(L)
      case 0x23: // #
        machine.pushBoolean(L, this.bytes[this.at] === 0x74)
        this.at += 3
        return
      case 0x2c: // ,
        return this.double(L)
      case 0x28: // (
        return this.tagged(L, this.names.big_number)
      case 0x3d: // =
        return this.verbatim(L)
      case 0x7c: // |
        return this.attribute(L)
    }
  }

  private integer(): number {
    const { bytes } = this
    let at = this.at
    const isNegative = bytes[at] === MINUS
    if (isNegative) at++
    const start = at
    let value = 0
    while (bytes[at] !== CR) value = value * 10 + (bytes[at++]! - ZERO)
    if (at - start > 15) value = Number(latin1(bytes, start, at)) // rounded once, not digit by digit
    this.at = at + 2
    return isNegative ? -value : value
  }

  private bulk(L: number): void {
    const length = this.integer()
    if (length < 0) return this.machine.pushBoolean(L, false)
    this.machine.pushBytes(L, this.bytes, this.at, this.at + length)
    this.at += length + 2
  }

  /** The end of the line; the next value begins behind it. */
  private line(): number {
    const end = this.bytes.indexOf(CR, this.at)
    const start = this.at
    this.at = end + 2
    return end === start ? start : end
  }

  /** `{ name = line }` */
  private tagged(L: number, name: number): void {
    const start = this.at
    const end = this.line()
    this.machine.api.lua_createtable(L, 0, 1)
    pushName(this.machine, L, name)
    this.machine.pushBytes(L, this.bytes, start, end)
    this.machine.api.lua_rawset(L, -3)
  }

  private error(L: number): void {
    const { machine, names } = this
    this.tagged(L, names.err)
    // The command has been counted as failed; the script is not counted once more for it.
    pushName(machine, L, names.ignore_error_stats_update)
    machine.pushBoolean(L, true)
    machine.api.lua_rawset(L, -3)
  }

  private array(L: number): void {
    const { machine } = this
    const length = this.integer()
    if (length < 0) return machine.pushBoolean(L, false)
    machine.api.lua_checkstack(L, 4)
    machine.api.lua_createtable(L, length, 0)
    for (let i = 1; i <= length; i++) {
      this.value(L)
      machine.api.lua_rawseti(L, -2, i)
    }
  }

  private map(L: number): void {
    const { machine, names } = this
    const length = this.integer()
    machine.api.lua_checkstack(L, 6)
    machine.api.lua_createtable(L, 0, 1)
    pushName(machine, L, names.map)
    machine.api.lua_createtable(L, 0, length)
    for (let i = 0; i < length; i++) {
      this.value(L)
      this.value(L)
      machine.api.lua_rawset(L, -3)
    }
    machine.api.lua_rawset(L, -3)
  }

  private set(L: number): void {
    const { machine, names } = this
    const length = this.integer()
    machine.api.lua_checkstack(L, 6)
    machine.api.lua_createtable(L, 0, 1)
    pushName(machine, L, names.set)
    machine.api.lua_createtable(L, 0, length)
    for (let i = 0; i < length; i++) {
      this.value(L)
      machine.pushBoolean(L, true)
      machine.api.lua_rawset(L, -3)
    }
    machine.api.lua_rawset(L, -3)
  }

  private double(L: number): void {
    const { machine } = this
    const start = this.at
    const value = parseDoubleLoose(this.bytes, start, this.line())
    machine.api.lua_createtable(L, 0, 1)
    pushName(machine, L, this.names.double)
    machine.pushNumber(L, value)
    machine.api.lua_rawset(L, -3)
  }

  private verbatim(L: number): void {
    const { machine, names } = this
    const { api } = machine
    const length = this.integer()
    const start = this.at
    this.at += length + 2
    api.lua_createtable(L, 0, 1)
    pushName(machine, L, names.verbatim_string)
    api.lua_createtable(L, 0, 2)
    pushName(machine, L, names.string)
    machine.pushBytes(L, this.bytes, start + 4, start + length)
    api.lua_rawset(L, -3)
    pushName(machine, L, names.format)
    machine.pushBytes(L, this.bytes, start, start + 3)
    api.lua_rawset(L, -3)
    api.lua_rawset(L, -3)
  }

  /** What is said about a reply is dropped; the reply follows. */
  private attribute(L: number): void {
    for (let count = this.integer() * 2; count > 0; count--) {
      this.value(L)
      this.machine.pop(L, 1)
    }
    this.value(L)
  }
}

function joined(output: ReplyWriter): Uint8Array {
  const all = new Uint8Array(output.pendingBytes)
  let at = 0
  for (let i = 0; i < output.segmentCount; i++) {
    const part = output.segmentBytes(i).subarray(output.segmentStart(i), output.segmentEnd(i))
    all.set(part, at)
    at += part.length
  }
  return all
}
