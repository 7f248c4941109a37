/** Intersection, union and difference of sets. */

import { parseInteger } from '../../base/integer.js'
import type { Call } from '../../engine/call.js'
import { Encoding, Type } from '../../keyspace/entry.js'
import { Added, type SetView } from '../../keyspace/types/set-view.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'

const PLACES_MAX = 128
const places = new Int32Array(PLACES_MAX)

/** The sets of some keys, in their order; undefined where a key is missing. */
export type Sets = readonly (SetView | undefined)[]

/** Opens the sets of the keys at arguments [first, end); undefined, with the error replied, when one is of another type. */
export function openSets(call: Call, first: number, end: number): Sets | undefined {
  const { sets } = call.keyspace
  const opened = new Array<SetView | undefined>(end - first)
  for (let i = first; i < end; i++) {
    const entry = call.findRead(i)
    if (entry !== 0 && !call.hasType(entry, Type.set)) return undefined
    const view = entry === 0 ? undefined : sets.viewAt(i - first)
    if (view !== undefined) view.open(entry)
    opened[i - first] = view
  }
  return opened
}

export function hasMissing(sets: Sets): boolean {
  return sets.includes(undefined)
}

/** Sets that are all there, the smallest first and about to be walked over. */
export function bySize(sets: Sets): SetView[] {
  const views = sets.slice() as SetView[]
  for (let i = 1; i < views.length; i++) {
    const view = views[i]!
    const { size } = view
    let at = i
    for (; at > 0 && views[at - 1]!.size > size; at--) views[at] = views[at - 1]!
    views[at] = view
  }
  const first = views[0]!
  if (views.length === 1) first.rewind()
  else first.rewindWithin(views[1]!)
  for (let i = 1; i < views.length; i++) views[i]!.prepareFor(first.size)
  return views
}

/** Shows the next member of the first set that all others have, too; false when there is none. */
export function nextCommon(views: readonly SetView[]): boolean {
  const first = views[0]!
  while (first.next()) if (isInOthers(views, first)) return true
  return false
}

/** Replies with the intersection of sets that `bySize` has ordered. */
export function replyIntersection(views: readonly SetView[], reply: ReplyWriter): void {
  const first = views[0]!
  let count = 0
  if (first.size <= PLACES_MAX) {
    // Few are noted until their number is known, which costs less than to leave room for it.
    while (nextCommon(views)) places[count++] = first.place
    reply.set(count)
    for (let i = 0; i < count; i++) first.replyAt(reply, places[i]!)
    return
  }
  const mark = reply.deferSet()
  for (; nextCommon(views); count++) first.reply(reply)
  reply.setSet(mark, count)
}

function isInOthers(views: readonly SetView[], first: SetView): boolean {
  for (let i = first.isWithin ? 2 : 1; i < views.length; i++) {
    const view = views[i]!
    if (view.value !== first.value && !view.hasMemberOf(first)) return false
  }
  return true
}

/** Opens `target` on the intersection of sets that `bySize` has ordered; false without memory. */
export function buildIntersection(views: readonly SetView[], target: SetView): boolean {
  const first = views[0]!
  if (!target.openNew(first.encoding === Encoding.intset ? Encoding.intset : Encoding.listpack)) return false
  let hasOnlyIntegers = true
  while (nextCommon(views)) {
    if (hasOnlyIntegers) hasOnlyIntegers = isInteger(first)
    if (target.addMemberOf(first) === Added.noMemory) return dropped(target)
  }
  return !hasOnlyIntegers || target.narrow() || dropped(target)
}

/** Opens `target` on the union of sets; false without memory. */
export function buildUnion(sets: Sets, target: SetView): boolean {
  if (!target.openNew(Encoding.intset)) return false
  for (const view of sets) if (view !== undefined && !addAll(view, target)) return dropped(target)
  return true
}

/** Opens `target` on what the first set has and no other; false without memory. */
export function buildDifference(sets: Sets, target: SetView): boolean {
  if (!target.openNew(Encoding.intset)) return false
  const [first, ...rest] = sets
  if (first === undefined) return true
  const others = rest.filter((view) => view !== undefined)
  if (others.some((view) => view.value === first.value)) return true
  const isBuilt = prefersLookUps(first, others)
    ? addMissing(first, others, target)
    : addAndRemove(first, others, target)
  return isBuilt || dropped(target)
}

/** Whether looking all members of the first set up is less work than taking those of the others out of a copy of it. */
function prefersLookUps(first: SetView, others: readonly SetView[]): boolean {
  let members = first.size
  for (const view of others) members += view.size
  return (first.size * (others.length + 1)) / 2 <= members
}

function addMissing(first: SetView, others: SetView[], target: SetView): boolean {
  others.sort((a, b) => b.size - a.size) // a large set is the more likely to have a member
  for (const view of others) view.prepareFor(first.size)
  first.rewind()
  while (first.next()) {
    if (!isInAny(others, first) && target.addMemberOf(first) === Added.noMemory) return false
  }
  return true
}

function isInAny(views: readonly SetView[], first: SetView): boolean {
  for (let i = 0; i < views.length; i++) if (views[i]!.hasMemberOf(first)) return true
  return false
}

function addAndRemove(first: SetView, others: readonly SetView[], target: SetView): boolean {
  if (!addAll(first, target)) return false
  for (const view of others) {
    view.rewind()
    while (target.size !== 0 && view.next()) target.removeMemberOf(view)
  }
  return true
}

function addAll(view: SetView, target: SetView): boolean {
  view.rewind()
  while (view.next()) if (target.addMemberOf(view) === Added.noMemory) return false
  return true
}

function dropped(target: SetView): boolean {
  target.discard(false)
  return false
}

function isInteger({ member }: SetView): boolean {
  return member.isInteger || !Number.isNaN(parseInteger(member.bytes, member.start, member.end))
}
