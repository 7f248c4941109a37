/** What ends a collection that a command has emptied. */

import type { Call } from '../engine/call.js'
import { EventClass } from '../engine/key-events.js'
import type { Pointer } from '../memory/pointer.js'

/** Deletes the key at an argument, whose collection has no elements any more, and announces `del`. */
export function removeEmpty(call: Call, entry: Pointer, index: number, lazily = false): void {
  call.database.remove(entry, lazily)
  call.notify(EventClass.generic, 'del', index)
}
