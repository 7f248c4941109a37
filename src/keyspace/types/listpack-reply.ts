/** Replies made of listpack entries, as bulk strings. */

import type { ReplyWriter } from '../../protocol/reply-writer.js'
import { copyShort } from '../../protocol/output-buffer.js'
import * as listpacks from '../../structures/listpack.js'
import { ListpackElement } from '../../structures/listpack.js'

const CR = 0x0d
const LF = 0x0a
const ZERO = 0x30
const BULK = 0x24 // $

/** The longest reply that `replyRun` writes by itself: of 63 bytes, with `$`, two digits and two line ends. */
const SHORT_REPLY_BYTES = 63 + 7
/** Up to here bytes are copied one by one. */
const FEW_BYTES = 12

const element = new ListpackElement()

/**
 * Replies with so many entries, which there are, from the one at `at` on. Short strings, which most are, are written straight into
 * the output, for a call for each would cost as much again.
 */
export function replyRun(reply: ReplyWriter, bytes: Uint8Array, at: number, elements: number): void {
  let left = elements
  while (left > 0) {
    let to = reply.reserve(SHORT_REPLY_BYTES)
    const out = reply.bytes
    const toMax = out.length - SHORT_REPLY_BYTES
    let head = bytes[at]!
    while (head >= 0x80 && head < 0xc0 && to <= toMax && left > 0) {
      const length = head & 63
      to = writeShortBulk(out, to, bytes, at + 1, length)
      at += length + 2
      head = bytes[at]!
      left--
    }
    reply.position = to
    if (left > 0 && (head < 0x80 || head >= 0xc0)) {
      replyEntry(reply, bytes, at)
      at = listpacks.next(bytes, at)
      left--
    }
  }
}

/** Writes up to 63 bytes as a bulk string, of up to 70; returns its end. */
export function writeShortBulk(out: Uint8Array, to: number, bytes: Uint8Array, start: number, length: number): number {
  out[to] = BULK
  if (length < 10) {
    out[to + 1] = ZERO + length
    to += 2
  } else {
    const tens = (length / 10) | 0
    out[to + 1] = ZERO + tens
    out[to + 2] = ZERO + (length - tens * 10)
    to += 3
  }
  out[to] = CR
  out[to + 1] = LF
  to += 2
  const end = start + length
  if (length <= FEW_BYTES) for (let i = start, o = to; i < end; i++, o++) out[o] = bytes[i]!
  else copyShort(bytes, start, end, out, to)
  to += length
  out[to] = CR
  out[to + 1] = LF
  return to + 2
}

/** The same backwards, from the entry at `at` towards the start of its listpack. */
export function replyRunBackward(
  reply: ReplyWriter,
  bytes: Uint8Array,
  start: number,
  at: number,
  elements: number,
): void {
  for (let i = 0; i < elements; i++) {
    replyAt(reply, bytes, at)
    at = listpacks.previous(bytes, start, at)
  }
}

/** Replies with the entry at `at`. */
export function replyAt(reply: ReplyWriter, bytes: Uint8Array, at: number): void {
  const head = bytes[at]!
  if (head >= 0x80 && head < 0xc0) reply.bulk(bytes, at + 1, at + 1 + (head & 63))
  else replyEntry(reply, bytes, at)
}

/** The same, where it is more likely an integer or long. */
export function replyEntry(reply: ReplyWriter, bytes: Uint8Array, at: number): void {
  listpacks.read(bytes, at, element)
  replyElement(reply, element)
}

export function replyElement(reply: ReplyWriter, shown: ListpackElement): void {
  if (shown.isInteger) {
    if (Number.isSafeInteger(shown.value)) return reply.bulkInteger(shown.value)
    shown.spellInteger()
  }
  reply.bulk(shown.bytes, shown.start, shown.end)
}
