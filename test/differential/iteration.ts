/** SCAN and its like: where their cursor stands, and what their replies tell. */

import type { ReplyNode } from '../../src/protocol/reply-decoder.js'
import { type Step, wordText } from '../support/stream/step.js'
import { nodeText } from './comparison.js'

/** Index of the cursor in the request. */
export const SCAN_CURSORS: Readonly<Record<string, number>> = { scan: 1, sscan: 2, hscan: 2, zscan: 2 }

/** Those that tell pairs. */
const PAIRED: readonly string[] = ['hscan', 'zscan']

/** Where the cursor stands in a request; 0 when this is no iteration. */
export function cursorIndex(item: Step): number {
  const index = SCAN_CURSORS[commandName(item)] ?? 0
  return index < item.words.length ? index : 0
}

/** Whether an iteration begins here: what it tells until its end is determined. */
export function beginsScan(item: Step): boolean {
  const index = cursorIndex(item)
  return index !== 0 && wordText(item.words[index]!) === '0'
}

/** What one reply of an iteration tells, each item or pair as a text. */
export function scannedItems(item: Step, reply: ReplyNode): string[] {
  const texts = (reply.items?.[1]?.items ?? []).map(nodeText)
  if (!PAIRED.includes(commandName(item))) return texts
  return texts.flatMap((text, i) => (i % 2 === 0 ? [`${text} ${texts[i + 1]}`] : []))
}

function commandName(item: Step): string {
  return wordText(item.words[0]!).toLowerCase()
}
