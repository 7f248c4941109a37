/** Replies with all that a dict holds, as bulk strings. */

import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import {
  type ByteRange,
  fieldOffset,
  shortFieldLength,
  shortValueLength,
  viewField,
  viewValue,
} from '../../structures/dict-element.js'
import type { Dict } from '../../structures/dict.js'
import { writeShortBulk as writeShort } from './listpack-reply.js'

const SHORT_BYTES = 63
const SHORT_REPLY_BYTES = SHORT_BYTES + 7

const shown: ByteRange = { bytes: new Uint8Array(0), start: 0, end: 0 }

/** Fields, values or both of all elements, bucket by bucket. */
export function replyDict(
  reply: ReplyWriter,
  arena: Arena,
  dict: Dict,
  withFields: boolean,
  withValues: boolean,
): void {
  const buckets = dict.bucketCount
  for (let index = 0; index < buckets; index++) {
    const count = dict.takeBucket(index)
    const { taken } = dict
    for (let i = 0; i < count; i++) {
      const element = taken[i]!
      if (withFields && withValues) replyPair(reply, arena, element)
      else if (withFields) replyField(reply, arena, element)
      else replyValue(reply, arena, element)
    }
  }
}

/** Field and value; short ones are written straight into the output. */
function replyPair(reply: ReplyWriter, arena: Arena, element: Pointer): void {
  const segment = element >>> SEGMENT_SHIFT
  const base = (element & OFFSET_MASK) << 3
  const head = arena.i32[segment]![base >>> 2]!
  const fieldLength = shortFieldLength(head)
  const valueLength = shortValueLength(head)
  if (fieldLength > SHORT_BYTES || valueLength > SHORT_BYTES) {
    replyField(reply, arena, element)
    return replyValue(reply, arena, element)
  }
  const bytes = arena.u8[segment]!
  const at = base + fieldOffset(head)
  const to = reply.reserve(2 * SHORT_REPLY_BYTES)
  const out = reply.bytes
  reply.position = writeShort(out, writeShort(out, to, bytes, at, fieldLength), bytes, at + fieldLength, valueLength)
}

function replyField(reply: ReplyWriter, arena: Arena, element: Pointer): void {
  viewField(arena, element, shown)
  reply.bulk(shown.bytes, shown.start, shown.end)
}

function replyValue(reply: ReplyWriter, arena: Arena, element: Pointer): void {
  viewValue(arena, element, shown)
  reply.bulk(shown.bytes, shown.start, shown.end)
}
