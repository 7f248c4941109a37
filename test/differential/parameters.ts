/** Replies of CONFIG GET: which parameters the two servers cannot have in common, and a comparison of the others. */

import type { ReplyNode } from '../../src/protocol/reply-decoder.js'
import { type Difference, nodeText } from './comparison.js'

/** Where this start of a server has its files and doors. */
export const LOCAL_PARAMETERS: readonly string[] = ['dir', 'unixsocket', 'port', 'pidfile', 'logfile']

/** Whether both tell the same of all parameters but those: names and values, in any order. */
export function sameParameters({ command, theirs, ours }: Difference, ignored: readonly string[]): boolean {
  if (command !== 'config|get' || theirs.type !== ours.type) return false
  return settings(theirs, ignored) === settings(ours, ignored)
}

function settings(node: ReplyNode, ignored: readonly string[]): string {
  const items = (node.items ?? []).map(nodeText)
  const lines = items.flatMap((name, i) => (i % 2 === 0 && !ignored.includes(name) ? [`${name} ${items[i + 1]}`] : []))
  return lines.sort().join('\n')
}
