/** What the commands that set fields share. */

import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { addCollection } from '../../keyspace/types/collection-entry.js'
import { FieldSet } from '../../keyspace/types/hash-view.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

/** Sets the fields that argument 2 and on name, with their values; how many were new, or -1 with the error replied. */
export function setFields(call: Call): number {
  const entry = call.findWrite(1)
  if (entry !== 0 && !call.hasType(entry, Type.hash)) return -1
  return setFieldsOf(call, entry)
}

/** @param entry  a hash, or 0 when `findWrite` has just reported the key missing */
export function setFieldsOf(call: Call, entry: Pointer): number {
  const { argc, bytes, ends, starts } = call
  const { view } = call.keyspace.hashes
  const { hash } = call.database.keys
  if (!open(call, entry) || !view.expect(starts, ends, 2, argc - 1)) return failed(call, entry, 0)
  let added = 0
  for (let i = 2; i < argc; i += 2) {
    const outcome = view.set(bytes, starts[i]!, ends[i]!, bytes, starts[i + 1]!, ends[i + 1]!)
    if (outcome === FieldSet.noMemory) return failed(call, entry, (i - 2) >>> 1)
    added += outcome
  }
  if (entry === 0 && !store(call, hash)) return -1
  call.changed((argc - 2) >>> 1, 'hset')
  return added
}

/** Sets the field of argument 2, which keeps its expiry time, to `value[0, length)`; false, with the error replied, without memory. */
export function setField(call: Call, entry: Pointer, value: Uint8Array, length: number): boolean {
  const { view } = call.keyspace.hashes
  const { hash } = call.database.keys
  const isSet = open(call, entry) && view.update(call.bytes, call.starts[2]!, call.ends[2]!, value, 0, length) >= 0
  if (isSet) return entry !== 0 || store(call, hash)
  failed(call, entry, 0)
  return false
}

function open(call: Call, entry: Pointer): boolean {
  const { view } = call.keyspace.hashes
  if (entry === 0) return view.openNew()
  view.openToChange(entry, call.database, call.bytes, call.starts[1]!, call.ends[1]!)
  return true
}

/** Adds the key with the hash that the view is open on. */
function store(call: Call, hash: number): boolean {
  const { bytes, database, ends, starts } = call
  const { view } = call.keyspace.hashes
  if (addCollection(database, hash, bytes, starts[1]!, ends[1]!, Type.hash, view.storedEncoding, view.value) !== 0)
    return true
  view.discard()
  call.fail(ErrorReply.outOfMemory)
  return false
}

/** Replies that there is no memory; what has been set so far stays, where the hash was there before. */
function failed(call: Call, entry: Pointer, done: number): number {
  const { view } = call.keyspace.hashes
  if (entry === 0 && view.value !== 0) view.discard()
  else if (done !== 0) call.changed(done, 'hset')
  call.fail(ErrorReply.outOfMemory)
  return -1
}
