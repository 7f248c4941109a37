/**
 * KEYS and ARGV of the scripts of EVAL.
 *
 * Making a table and strings for each script costs more than running a short one. So the table of the last script is filled
 * anew as long as no script has made more of it than a plain array: nothing keeps it beyond a script's end but the globals, which
 * scripts cannot change. Strings that are there already are left where they are.
 */

import type { ScriptArguments } from '../script-engine.js'
import { Kind } from './api.js'
import { arrayPart, arraySize, isBlack, isPlainArray, stringEnd, stringStart } from './heap.js'
import { type LuaMachine, TYPE, VALUE_BYTES } from './machine.js'
import { pushName } from './names.js'

/** A larger table is not kept: each place of it is looked at for each script. */
const KEPT_PLACES_MAX = 64

export class ArgumentTable {
  private readonly machine: LuaMachine
  /** The reference of the real globals, and the name that the table has there. */
  private readonly pushGlobals: (L: number) => void
  private readonly name: number
  /** The nodes of a table that has never held anything. */
  private readonly untouched: number
  /** The table that is there; 0 when it will not do again. */
  private table: number

  constructor(machine: LuaMachine, pushGlobals: (L: number) => void, name: number, untouched: number) {
    this.machine = machine
    this.pushGlobals = pushGlobals
    this.name = name
    this.untouched = untouched
    this.table = 0
  }

  /** Makes the arguments from `from` up to `to` what scripts see under the name. */
  fill(L: number, args: ScriptArguments, from: number, to: number): void {
    const { machine, table } = this
    if (table !== 0 && isPlainArray(machine, table, this.untouched) && arraySize(machine, table) >= to - from) {
      this.refill(L, table, args, from, to)
    } else this.renew(L, args, from, to)
  }

  private renew(L: number, args: ScriptArguments, from: number, to: number): void {
    const { machine } = this
    this.table = 0
    this.pushGlobals(L)
    pushName(machine, L, this.name)
    pushArguments(machine, L, args, from, to)
    const table = machine.i32[(machine.top(L) - VALUE_BYTES) >> 2]!
    machine.api.lua_rawset(L, -3)
    machine.pop(L, 1)
    if (to - from <= KEPT_PLACES_MAX) this.table = table
  }

  private refill(L: number, table: number, { bytes, starts, ends }: ScriptArguments, from: number, to: number): void {
    const { machine } = this
    const size = arraySize(machine, table)
    let place = 0
    for (let i = from; i < to; i++, place++) {
      if (!this.holds(table, place, bytes, starts[i]!, ends[i]!)) this.put(L, table, place, bytes, starts[i]!, ends[i]!)
    }
    for (; place < size; place++) {
      machine.i32[(arrayPart(machine, table) + place * VALUE_BYTES + TYPE) >> 2] = Kind.nil
    }
  }

  private holds(table: number, place: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { machine } = this
    const { i32, u8 } = machine
    const at = arrayPart(machine, table) + place * VALUE_BYTES
    if (i32[(at + TYPE) >> 2] !== Kind.string) return false
    const string = i32[at >> 2]!
    const from = stringStart(string)
    if (stringEnd(machine, string) - from !== end - start) return false
    for (let i = start; i < end; i++) if (u8[from + i - start] !== bytes[i]) return false
    return true
  }

  /** A table that the collector is done with must not get an object that it has not seen: then Lua itself puts it there. */
  private put(L: number, table: number, place: number, bytes: Uint8Array, start: number, end: number): void {
    const { machine } = this
    machine.pushObject(L, Kind.table, table)
    machine.pushBytes(L, bytes, start, end)
    if (isBlack(machine, table)) machine.api.lua_rawseti(L, -2, place + 1)
    else {
      const at = arrayPart(machine, table) + place * VALUE_BYTES
      machine.i32[at >> 2] = machine.i32[(machine.top(L) - VALUE_BYTES) >> 2]!
      machine.i32[(at + TYPE) >> 2] = Kind.string
      machine.pop(L, 1)
    }
    machine.pop(L, 1)
  }
}

/** Pushes a table of the arguments from `from` up to `to`. */
export function pushArguments(
  machine: LuaMachine, L: number, { bytes, starts, ends }: ScriptArguments, from: number, to: number,
): void {
  const { api } = machine
  api.lua_createtable(L, to - from, 0)
  for (let i = from; i < to; i++) {
    machine.pushBytes(L, bytes, starts[i]!, ends[i]!)
    api.lua_rawseti(L, -2, i - from + 1)
  }
} // prettier-ignore
