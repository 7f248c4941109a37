/** What HEXPIRE, HPEXPIRE, HEXPIREAT and HPEXPIREAT share. */

import type { Call } from '../../engine/call.js'
import { Access, type Argument, type KeySpec } from '../../engine/command.js'
import type { EffectPart } from '../../engine/effects.js'
import { Type } from '../../keyspace/entry.js'
import { KeyspaceStat } from '../../keyspace/statistics.js'
import { DueSet } from '../../keyspace/types/hash-view.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { expiryConditions, momentOf, momentPart, permits } from '../generic/expiry-time.js'
import { removeEmpty } from '../remove-empty.js'
import { fieldsWord, hasFieldCount } from './field-arguments.js'

export const fieldExpiryKeys: readonly KeySpec[] = [
  { at: 1, last: 0, step: 1, access: Access.readWrite | Access.update },
]

export const fieldCondition: Argument = {
  name: 'condition',
  type: 'oneof',
  isOptional: true,
  args: ['nx:pure-token token=NX', 'xx:pure-token token=XX', 'gt:pure-token token=GT', 'lt:pure-token token=LT'],
}

/** What the reply says of a field. */
const Outcome = { missing: -2, refused: 0, set: 1, deleted: 2 } as const

const outcomes: number[] = []

/**
 * Gives fields the expiry time at argument 2, in seconds or ms, counted from now or from 1970. A time that has passed deletes
 * them, whatever the condition.
 */
export function setFieldExpiry(call: Call, isSeconds: boolean, isRelative: boolean): void {
  const word = fieldsWord(call, 3)
  const options = expiryConditions(call, Math.min(word, call.argc - 1))
  if (options < 0 || !hasFieldCount(call, word)) return
  const moment = momentOf(call, isSeconds, isRelative ? call.nowMs : 0)
  if (Number.isNaN(moment)) return
  if (moment < 0 || call.parseInteger(2) < 0) return call.fail(ErrorReply.invalidExpireTime(call.command.fullName))

  const entry = call.findWrite(1)
  if (entry !== 0 && !call.hasType(entry, Type.hash)) return
  outcomes.length = 0
  const first = word + 2
  if (entry === 0) for (let i = first; i < call.argc; i++) outcomes.push(Outcome.missing)
  else if (!applyTo(call, entry, first, options, moment)) return call.fail(ErrorReply.outOfMemory)
  call.reply.array(outcomes.length)
  for (let i = 0; i < outcomes.length; i++) call.reply.integer(outcomes[i]!)
}

/** False when memory ran out over a field; those before it have their time, and the feed knows. */
function applyTo(call: Call, entry: Pointer, first: number, options: number, moment: number): boolean {
  const { bytes, database, ends, starts } = call
  call.keyspace.hashes.view.openToChange(entry, database, bytes, starts[1]!, ends[1]!)
  // What a replica or a file being loaded brings may be long past: it is for others to delete it.
  if (moment <= call.nowMs && !call.keyspace.isLoading && !call.store.isReplica) {
    deleteFields(call, entry, first)
    return true
  }
  const isComplete = setMoments(call, first, options, moment)
  announceSet(call, first, moment)
  return isComplete
}

function setMoments(call: Call, first: number, options: number, moment: number): boolean {
  const { bytes, ends, starts } = call
  const { view } = call.keyspace.hashes
  for (let i = first; i < call.argc; i++) {
    const current = view.findDue(bytes, starts[i]!, ends[i]!)
    if (Number.isNaN(current)) outcomes.push(Outcome.missing)
    else if (!permits(options, current, moment)) outcomes.push(Outcome.refused)
    else if (view.setDue(bytes, starts[i]!, ends[i]!, moment) === DueSet.noMemory) return false
    else outcomes.push(Outcome.set)
  }
  return true
}

function announceSet(call: Call, first: number, moment: number): void {
  const set = fieldsWith(first, Outcome.set)
  if (set.length === 0) return
  call.changed(set.length, 'hexpire')
  if (!call.propagates) return
  call.propagateAs(['HPEXPIREAT', call.copyBytes(1), momentPart(moment), 'FIELDS', set.length, ...copies(call, set)])
}

function deleteFields(call: Call, entry: Pointer, first: number): void {
  const { bytes, ends, keyspace, starts } = call
  const { view } = keyspace.hashes
  for (let i = first; i < call.argc; i++) {
    outcomes.push(view.remove(bytes, starts[i]!, ends[i]!) ? Outcome.deleted : Outcome.missing)
  }
  const deleted = fieldsWith(first, Outcome.deleted)
  if (deleted.length !== 0) {
    keyspace.statistics[KeyspaceStat.expiredFields]! += deleted.length
    call.changed(deleted.length, 'hexpired')
    if (call.propagates) call.propagateAs(['HDEL', call.copyBytes(1), ...copies(call, deleted)])
  }
  if (view.isEmpty) removeEmpty(call, entry, 1)
}

/** Arguments whose field has come to that outcome. */
function fieldsWith(first: number, outcome: number): number[] {
  const indexes: number[] = []
  for (let i = 0; i < outcomes.length; i++) if (outcomes[i] === outcome) indexes.push(first + i)
  return indexes
}

function copies(call: Call, indexes: readonly number[]): EffectPart[] {
  return indexes.map((index) => call.copyBytes(index))
}
