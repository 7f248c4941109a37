/** SPOP with a count. */

import type { Call } from '../../engine/call.js'
import type { EffectPart } from '../../engine/effects.js'
import { Encoding, Type } from '../../keyspace/entry.js'
import { Added, type SetView } from '../../keyspace/types/set-view.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { removeEmpty } from '../remove-empty.js'
import { SelectionSample } from '../sample.js'

/** What stays is moved to a new set when less than a part in so many does, in place of taking out what goes. */
const REBUILD_RATIO = 5
const EFFECT_MEMBERS_MAX = 1024

const selection = new SelectionSample()

export function popMany(call: Call): void {
  const count = call.parseInteger(2)
  if (!(count >= 0)) return call.fail(ErrorReply.outOfRangePositive)
  const { bytes, database, ends, starts } = call
  const entry = call.findWrite(1)
  if (entry === 0) return call.reply.set(0)
  if (!call.hasType(entry, Type.set)) return
  if (count === 0) return call.reply.set(0)
  const { view } = call.keyspace.sets
  view.openToChange(entry, database, bytes, starts[1]!, ends[1]!)
  const { size } = view
  if (count >= size) return popAll(call, view, entry)

  const taken = new Effect(call)
  if ((size - count) * REBUILD_RATIO > count) {
    call.reply.set(count)
    for (let i = 0; i < count; i++) {
      view.random()
      view.reply(call.reply)
      taken.add(view)
      view.removeDrawn()
    }
  } else if (!rebuild(call, view, count, taken)) return
  taken.end()
  call.changed(count, 'spop')
}

function popAll(call: Call, view: SetView, entry: Pointer): void {
  const { size } = view
  call.reply.set(size)
  view.rewind()
  while (view.next()) view.reply(call.reply)
  call.changed(size, 'spop')
  const isLazy = call.keyspace.lazyFreesOverwritten
  if (call.propagates) call.propagateAs([isLazy ? 'UNLINK' : 'DEL', call.copyBytes(1)])
  removeEmpty(call, entry, 1, isLazy)
}

/** Moves what stays to a new set and replies with the rest; false, with the error replied, without memory. */
function rebuild(call: Call, view: SetView, count: number, taken: Effect): boolean {
  const { reply } = call
  const { target } = call.keyspace.sets
  const mark = reply.mark()
  const { size } = view
  let isBuilt = target.openNew(view.encoding === Encoding.intset ? Encoding.intset : Encoding.listpack)
  const isOpen = isBuilt
  reply.set(count)
  selection.begin(count, size, call.keyspace.random)
  view.rewind()
  while (isBuilt && view.next()) {
    if (selection.takes()) {
      view.reply(reply)
      taken.add(view)
    } else isBuilt = target.addMemberOf(view) !== Added.noMemory
  }
  if (isBuilt) {
    view.become(target, call.keyspace.lazyFreesOverwritten)
    return true
  }
  if (isOpen) target.discard(false)
  reply.rollback(mark)
  call.fail(ErrorReply.outOfMemory)
  return false
}

/** Gathers what has been taken as SREM commands. */
class Effect {
  private readonly call: Call
  private readonly isWanted: boolean
  private readonly done: EffectPart[][]
  private parts: EffectPart[]

  constructor(call: Call) {
    this.call = call
    this.isWanted = call.propagates
    this.done = []
    this.parts = []
  }

  add(view: SetView): void {
    if (!this.isWanted) return
    if (this.parts.length === 0) this.parts.push('SREM', this.call.copyBytes(1))
    this.parts.push(view.copyMember())
    if (this.parts.length < EFFECT_MEMBERS_MAX + 2) return
    this.done.push(this.parts)
    this.parts = []
  }

  end(): void {
    if (this.parts.length !== 0) this.done.push(this.parts)
    for (const parts of this.done) this.call.propagateAs(parts)
  }
}
