/** What the commands share that ask for positions of members. */

import type { Call } from '../../engine/call.js'
import { type ArgumentSpec, Access, type KeySpec } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { decode, Position } from '../../structures/geohash.js'

export const readKeys: readonly KeySpec[] = [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }]
export const memberArguments: readonly (string | ArgumentSpec)[] = ['key:key', 'member:string optional multiple']

/** Of the member found last; reused. */
export const found = new Position()

/**
 * Opens a view on the sorted set at argument 1, or replies that it is none.
 *
 * @returns undefined with the error replied; null when the key is missing
 */
export function openMembers(call: Call): ZsetView | null | undefined {
  const entry = call.findRead(1)
  if (entry === 0) return null
  if (!call.hasType(entry, Type.zset)) return undefined
  const { view } = call.keyspace.zsets
  view.open(entry)
  return view
}

/** Decodes the position of the member at an argument to `into`; false when there is no such. */
export function findPosition(call: Call, view: ZsetView, index: number, into: Position): boolean {
  if (!view.find(call.bytes, call.starts[index]!, call.ends[index]!)) return false
  decode(view.score, into)
  return true
}
