/** Loads what is sorted: the elements of a list, a set or a sorted set, packed. */

import type { Call } from '../../../engine/call.js'
import { Type, typeOf } from '../../../keyspace/entry.js'
import { ListCursor, listLength } from '../../../keyspace/types/list.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ListpackElement } from '../../../structures/listpack.js'
import type { Texts } from './texts.js'

/** How to load a type. */
interface ElementSource {
  count(call: Call, entry: Pointer): number
  /** Adds so many elements from an index on, backwards from the end with `isReversed`; false when there is no room. */
  load(call: Call, entry: Pointer, first: number, count: number, isReversed: boolean, into: Texts): boolean
}

const cursor = new ListCursor()
const element = new ListpackElement()

const lists: ElementSource = {
  count: ({ arena }, entry) => listLength(arena, entry),
  load: ({ arena }, entry, first, count, isReversed, into) => {
    let isThere = cursor.toIndex(arena, entry, isReversed ? -1 - first : first)
    for (let left = count; left > 0 && isThere; left--) {
      cursor.readText(element)
      if (!into.add(element.bytes, element.start, element.end)) return false
      isThere = isReversed ? cursor.previous() : cursor.next()
    }
    return true
  },
}

/** Members have no order to be reversed, and are always loaded all. */
const sets: ElementSource = {
  count: ({ keyspace: { sets } }, entry) => {
    sets.view.open(entry)
    return sets.view.size
  },
  load: ({ keyspace: { sets } }, entry, _first, _count, _isReversed, into) => {
    const { view } = sets
    const { member } = view
    view.open(entry)
    view.rewind()
    while (view.next()) {
      if (member.isInteger) member.spellInteger()
      if (!into.add(member.bytes, member.start, member.end)) return false
    }
    return true
  },
}

const sortedSets: ElementSource = {
  count: ({ keyspace: { zsets } }, entry) => {
    zsets.view.open(entry)
    return zsets.view.size
  },
  load: ({ keyspace: { zsets } }, entry, first, count, isReversed, into) => {
    const { view } = zsets
    const { member } = view
    view.open(entry)
    if (count <= 0) return true
    view.toRank(isReversed ? view.size - 1 - first : first)
    for (let left = count; ;) {
      if (member.isInteger) member.spellInteger()
      if (!into.add(member.bytes, member.start, member.end)) return false
      if (--left === 0) return true
      if (isReversed) view.previous()
      else view.next()
    }
  },
}

const SOURCES: Readonly<Partial<Record<Type, ElementSource>>> = {
  [Type.list]: lists,
  [Type.set]: sets,
  [Type.zset]: sortedSets,
}

/** How to load the elements of an entry; undefined for a type without elements to sort. */
export function sourceOf(call: Call, entry: Pointer): ElementSource | undefined {
  return SOURCES[typeOf(call.arena, entry)]
}
