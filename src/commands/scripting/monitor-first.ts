/** MONITOR shows a script before the commands that it runs. */

import type { Call } from '../../engine/call.js'

export function showFirst(call: Call): void {
  call.store.executor.monitor?.feed(call)
}
