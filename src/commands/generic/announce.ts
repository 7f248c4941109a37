/** Announcing what happened to a key of a database other than the client's. */

import type { Call } from '../../engine/call.js'
import { EventClass } from '../../engine/key-events.js'
import type { Database } from '../../keyspace/database.js'

/** Announces a generic event for the key at argument `index`, in `database`. */
export function announceIn(call: Call, database: Database, event: string, index: number): void {
  const { keyEvents } = call.store
  keyEvents?.keyEvent(EventClass.generic, event, database, call.bytes, call.starts[index]!, call.ends[index]!)
}
