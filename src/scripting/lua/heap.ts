/**
 * Reading Lua's tables where they lie.
 *
 *     object  +5 marks of the collector
 *     Table   +7 log2 of the number of nodes, +8 metatable, +12 array part, +16 nodes, +28 size of the array part
 *     value   +0 content, +8 type                                                     16 bytes
 *     node    +0 value, +16 key's content, +24 key's type, +28 next node of the chain   32 bytes
 *     string  +8 hash, +12 length, +16 bytes
 *
 * Nothing here allocates in Lua, so that no object moves or goes meanwhile.
 */

import { Kind } from './api.js'
import { type LuaMachine, STRING_BYTES, STRING_LENGTH, TYPE, VALUE_BYTES } from './machine.js'

const MARKS = 5
const BLACK = 1 << 2
const NODE_BITS = 7
const METATABLE = 8
const ARRAY = 12
const NODES = 16
const ARRAY_SIZE = 28
const NODE_BYTES = 32
const KEY = 16
const KEY_TYPE = 24
const NEXT = 28
const HASH = 8

/** Where the value of an element lies; 0 when there is none (the value may still be nil). */
export function findString(machine: LuaMachine, table: number, string: number): number {
  const { i32, u8 } = machine
  const mask = (1 << u8[table + NODE_BITS]!) - 1
  let node = i32[(table + NODES) >> 2]! + (i32[(string + HASH) >> 2]! & mask) * NODE_BYTES
  do {
    if (i32[(node + KEY) >> 2] === string && i32[(node + KEY_TYPE) >> 2] === Kind.string) return node
    node = i32[(node + NEXT) >> 2]!
  } while (node !== 0)
  return 0
}

/** The same for a number of 1 or more. */
export function findIndex(machine: LuaMachine, table: number, index: number): number {
  const { i32 } = machine
  if (index <= i32[(table + ARRAY_SIZE) >> 2]!) return i32[(table + ARRAY) >> 2]! + (index - 1) * VALUE_BYTES
  return findNumberNode(machine, table, index)
}

function findNumberNode(machine: LuaMachine, table: number, index: number): number {
  const { f64, i32, u8 } = machine
  const size = 1 << u8[table + NODE_BITS]!
  HASHED[0] = index
  const hash = (HASHED_WORDS[0]! + HASHED_WORDS[1]!) >>> 0
  let node = i32[(table + NODES) >> 2]! + (hash % ((size - 1) | 1)) * NODE_BYTES
  do {
    if (i32[(node + KEY_TYPE) >> 2] === Kind.number && f64[(node + KEY) >> 3] === index) return node
    node = i32[(node + NEXT) >> 2]!
  } while (node !== 0)
  return 0
}

const HASHED = new Float64Array(1)
const HASHED_WORDS = new Uint32Array(HASHED.buffer)

export function arraySize(machine: LuaMachine, table: number): number {
  return machine.i32[(table + ARRAY_SIZE) >> 2]!
}

/** Places of a table, as `nextPlace` counts them: the array part, then the nodes. */
export function placeCount(machine: LuaMachine, table: number): number {
  return machine.i32[(table + ARRAY_SIZE) >> 2]! + (1 << machine.u8[table + NODE_BITS]!)
}

/** The next place from `place` on that holds an element, in the order of `next`; -1 when there is none. */
export function nextPlace(machine: LuaMachine, table: number, place: number): number {
  const end = placeCount(machine, table)
  for (; place < end; place++) if (machine.i32[(valueAt(machine, table, place) + TYPE) >> 2] !== Kind.nil) return place
  return -1
}

/** Where the value of a place lies. */
export function valueAt(machine: LuaMachine, table: number, place: number): number {
  const { i32 } = machine
  const size = i32[(table + ARRAY_SIZE) >> 2]!
  if (place < size) return i32[(table + ARRAY) >> 2]! + place * VALUE_BYTES
  return i32[(table + NODES) >> 2]! + (place - size) * NODE_BYTES
}

/** Where the key of a place lies; 0 in the array part, whose keys are the place and one. */
export function keyAt(machine: LuaMachine, table: number, place: number): number {
  const size = machine.i32[(table + ARRAY_SIZE) >> 2]!
  return place < size ? 0 : machine.i32[(table + NODES) >> 2]! + (place - size) * NODE_BYTES + KEY
}

/** Whether a table has never held anything beside its array part. */
export function hasNoNodes(machine: LuaMachine, table: number): boolean {
  return (
    machine.u8[table + NODE_BITS] === 0 &&
    machine.i32[(machine.i32[(table + NODES) >> 2]! + KEY_TYPE) >> 2] === Kind.nil
  )
}

/** The nodes of a table; tables that have never held any share the same. */
export function nodesOf(machine: LuaMachine, table: number): number {
  return machine.i32[(table + NODES) >> 2]!
}

/** Whether a table has never held anything, given the nodes of one that has not. */
export function isUntouched(machine: LuaMachine, table: number, nodes: number): boolean {
  return machine.i32[(table + NODES) >> 2] === nodes && machine.i32[(table + ARRAY_SIZE) >> 2] === 0
}

/** Whether a table has never held anything beside its array part and has no metatable; `nodes` as above. */
export function isPlainArray(machine: LuaMachine, table: number, nodes: number): boolean {
  return machine.i32[(table + METATABLE) >> 2] === 0 && machine.i32[(table + NODES) >> 2] === nodes
}

/** Where the array part lies; its values follow one another. */
export function arrayPart(machine: LuaMachine, table: number): number {
  return machine.i32[(table + ARRAY) >> 2]!
}

/** Whether the collector is done with an object in this round. */
export function isBlack(machine: LuaMachine, object: number): boolean {
  return (machine.u8[object + MARKS]! & BLACK) !== 0
}

/** Makes a table empty again in place. */
export function clearTable(machine: LuaMachine, table: number): void {
  const end = placeCount(machine, table)
  for (let place = 0; place < end; place++) {
    const value = valueAt(machine, table, place)
    // The node that all empty tables share is never written.
    if (machine.i32[(value + TYPE) >> 2] !== Kind.nil) machine.i32[(value + TYPE) >> 2] = Kind.nil
  }
}

export function stringStart(string: number): number {
  return string + STRING_BYTES
}

export function stringEnd(machine: LuaMachine, string: number): number {
  return string + STRING_BYTES + machine.i32[(string + STRING_LENGTH) >> 2]!
}
