/** Distances in decimal: always four decimals. */

import { writeScaled } from '../../base/double.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'

const DECIMALS = 4
/** What a real server makes of a distance that is no number: the smallest 64-bit integer, with a point. */
const NOT_A_NUMBER = '-922337203685477.5808'

const text = new Uint8Array(32)

export function replyDistance(reply: ReplyWriter, distance: number): void {
  if (Number.isNaN(distance)) return reply.bulkLatin1(NOT_A_NUMBER)
  reply.bulk(text, 0, writeScaled(distance, DECIMALS, text, 0))
}
