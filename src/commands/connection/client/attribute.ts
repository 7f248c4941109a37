/** What may stand in a field of CLIENT LIST. */

import type { Call } from '../../../engine/call.js'

const FIRST = 0x21
const LAST = 0x7e

/** True when an argument is printable ASCII without blanks, so that lines of fields can be taken apart again; or empty. */
export function isClientAttribute(call: Call, index: number): boolean {
  const end = call.ends[index]!
  for (let at = call.starts[index]!; at < end; at++) {
    const byte = call.bytes[at]!
    if (byte < FIRST || byte > LAST) return false
  }
  return true
}
