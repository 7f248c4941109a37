/** What the commands over several HyperLogLogs share: the union of them, as registers one a byte. */

import type { Call } from '../../engine/call.js'
import { ErrorReply } from '../../protocol/errors.js'
import { Histogram, REGISTERS } from '../../structures/hyperloglog-dense.js'
import { Form } from '../../structures/hyperloglog.js'
import { Sketch } from './sketch.js'

/** Reused by each call; a command runs to its end. */
export const union = {
  registers: new Uint8Array(REGISTERS),
  /** One of the keys is dense. */
  hasDense: false,
}
export const histogram = new Histogram()
export const sketch = new Sketch()

/** Takes the union of all keys from argument 1 on; a missing one is empty. @returns false with the error replied */
export function uniteKeys(call: Call): boolean {
  union.registers.fill(0)
  union.hasDense = false
  for (let i = 1; i < call.argc; i++) {
    const entry = call.findRead(i)
    if (entry === 0) continue
    if (!sketch.show(call, entry)) return false
    if (sketch.form === Form.dense) union.hasDense = true
    if (!sketch.mergeInto(union.registers)) {
      call.fail(ErrorReply.corruptHyperLogLog)
      return false
    }
  }
  return true
}
