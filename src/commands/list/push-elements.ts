/** LPUSH, RPUSH, LPUSHX and RPUSHX. */

import type { Call } from '../../engine/call.js'
import { listLength, createList, growList, pushElement, pushShort } from '../../keyspace/types/list.js'
import { Type } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

/** What an element takes in a listpack beside its bytes, at most, while it is short; and a listpack by itself. */
const ENTRY_BYTES = 2
const LISTPACK_BYTES = 7

/** Adds the arguments from 2 on, one after the other, at one end of the list at key 1; replies with its length. */
export function pushElements(call: Call, atHead: boolean, needsList: boolean): void {
  const { argc, bytes, database, ends, starts } = call
  const found = call.findWrite(1)
  if (found === 0 && needsList) return call.reply.integer(0)
  if (found !== 0 && !call.hasType(found, Type.list)) return
  if (argc === 3 && found !== 0) {
    const length = pushShort(database, found, bytes, starts[1]!, ends[1]!, atHead, bytes, starts[2]!, ends[2]!)
    if (length !== 0) {
      call.changed(1, atHead ? 'lpush' : 'rpush')
      return call.reply.integer(length)
    }
  }
  const elements = argc - 2
  let total = 0
  for (let i = 2; i < argc; i++) total += ends[i]! - starts[i]!
  const entry = found !== 0 ? found : createFor(call, total + elements * ENTRY_BYTES + LISTPACK_BYTES)
  if (entry === 0) return call.fail(ErrorReply.outOfMemory)

  let pushed = 0
  if (growList(database, entry, total, elements)) {
    const keyStart = starts[1]!
    const keyEnd = ends[1]!
    for (; pushed < elements; pushed++) {
      const i = pushed + 2
      if (!pushElement(database, entry, bytes, keyStart, keyEnd, atHead, bytes, starts[i]!, ends[i]!)) break
    }
  }
  if (pushed < elements) return failAfter(call, entry, pushed, atHead)
  call.changed(elements, atHead ? 'lpush' : 'rpush')
  call.reply.integer(listLength(call.arena, entry))
}

function createFor(call: Call, bytes: number): Pointer {
  return createList(call.database, call.bytes, call.starts[1]!, call.ends[1]!, bytes)
}

/** Memory has run out after some elements: they stay, and are told of as what they are. */
function failAfter(call: Call, entry: Pointer, pushed: number, atHead: boolean): void {
  if (listLength(call.arena, entry) === 0) call.database.remove(entry, false)
  if (pushed > 0) {
    call.changed(pushed, atHead ? 'lpush' : 'rpush')
    if (call.propagates) {
      const words = [atHead ? 'LPUSH' : 'RPUSH', call.copyBytes(1)]
      for (let i = 2; i < pushed + 2; i++) words.push(call.copyBytes(i))
      call.propagateAs(words)
    }
  }
  call.fail(ErrorReply.outOfMemory)
}
