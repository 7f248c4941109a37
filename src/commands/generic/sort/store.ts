/** SORT … STORE: the result becomes a list. */

import { Slice } from '../../../base/slice.js'
import type { Call } from '../../../engine/call.js'
import { EventClass } from '../../../engine/key-events.js'
import { Encoding, Type } from '../../../keyspace/entry.js'
import { storeCollection } from '../../../keyspace/types/collection-entry.js'
import { clampFill, settleList } from '../../../keyspace/types/list.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ErrorReply } from '../../../protocol/errors.js'
import * as quicklists from '../../../structures/quicklist.js'
import type { SortRun } from './sort-elements.js'

const found = new Slice()

/** Gives the destination the result in place of whatever it holds; an empty result deletes it. */
export function storeSorted(call: Call, run: SortRun): void {
  const { storeIndex } = run.options
  const count = run.resultCount
  if (count === 0) return removeDestination(call, storeIndex)
  const list = buildList(call, run)
  if (list === 0) return call.fail(ErrorReply.outOfMemory)
  const { arena, bytes, database, ends, starts } = call
  const start = starts[storeIndex]!
  const entry = storeCollection(database, bytes, start, ends[storeIndex]!, Type.list, Encoding.quicklist, list)
  if (entry === 0) {
    quicklists.free(arena, list)
    return call.fail(ErrorReply.outOfMemory)
  }
  settleList(database, entry)
  call.changed(count)
  call.notify(EventClass.list, 'sortstore', storeIndex)
  call.reply.integer(count)
}

/** The result as a quicklist of no key; 0 without memory. What GET does not find is stored as an empty string. */
function buildList(call: Call, run: SortRun): Pointer {
  const { arena } = call
  const { depth, fill, largeBytes } = call.keyspace.lists
  const list = quicklists.create(arena, clampFill(fill), depth)
  if (list === 0) return 0
  const gets = Math.max(run.options.getIndexes.length, 1)
  for (let place = run.first; place <= run.last; place++) {
    for (let get = 0; get < gets; get++) {
      if (!run.view(call, place, get, found)) found.set(found.bytes, 0, 0)
      if (quicklists.push(arena, list, false, found.bytes, found.start, found.end, largeBytes)) continue
      quicklists.free(arena, list)
      return 0
    }
  }
  return list
}

function removeDestination(call: Call, index: number): void {
  const { database } = call
  const entry = database.find(call.bytes, call.starts[index]!, call.ends[index]!)
  if (entry !== 0) {
    database.remove(entry, call.keyspace.lazyFreesOverwritten)
    call.changed(1)
    call.notify(EventClass.generic, 'del', index)
  }
  call.reply.integer(0)
}
