/** Looking keys up without counting it as use of the key. */

import type { Call } from '../../engine/call.js'
import type { Pointer } from '../../memory/pointer.js'

/** As `call.findRead`, but the access clock stays. */
export function findUntouched(call: Call, index: number): Pointer {
  return call.database.lookupRead(call.bytes, call.starts[index]!, call.ends[index]!, false)
}

/** As `findUntouched`, and a miss is not announced either. */
export function findQuietly(call: Call, index: number): Pointer {
  return call.database.lookupQuietly(call.bytes, call.starts[index]!, call.ends[index]!)
}
