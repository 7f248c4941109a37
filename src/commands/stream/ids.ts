/** Stream ids among the arguments of a call. */

import type { Call } from '../../engine/call.js'
import { ErrorReply } from '../../protocol/errors.js'
import {
  decrementId,
  IdForm,
  IdText,
  incrementId,
  ID_WORDS,
  loadId,
  parseId,
  storeId,
  type StreamId,
} from '../../structures/stream-id.js'

const PAREN = 0x28
const KEPT_IDS = 64

/** Reads an id where `-` and `+` are none; a missing sequence number is 0. False, with the error replied, when it is none. */
export function readId(call: Call, index: number, into: StreamId): boolean {
  if (parse(call, index, IdForm.plain, into)) return true
  call.fail(ErrorReply.streamId)
  return false
}

/** Reads an id, silently. */
export function isId(call: Call, index: number, into: StreamId): boolean {
  return parse(call, index, IdForm.plain, into)
}

/** The same where `-` and `+` are the least and the greatest id. */
export function readSpecialId(call: Call, index: number, into: StreamId): boolean {
  if (parse(call, index, IdForm.special, into)) return true
  call.fail(ErrorReply.streamId)
  return false
}

/** Reads the id where a range begins; `(` in front leaves it out. */
export function readStart(call: Call, index: number, into: StreamId): boolean {
  if (!readBound(call, index, false, into)) return false
  if (!isExclusive(call, index) || incrementId(into)) return true
  call.fail(ErrorReply.streamStartId)
  return false
}

/** Reads the id where a range ends. */
export function readEnd(call: Call, index: number, into: StreamId): boolean {
  if (!readBound(call, index, true, into)) return false
  if (!isExclusive(call, index) || decrementId(into)) return true
  call.fail(ErrorReply.streamEndId)
  return false
}

/** Whether an argument is one character. */
export function isSign(call: Call, index: number, sign: number): boolean {
  const at = call.starts[index]!
  return call.bytes[at] === sign && (call.length(index) === 1 || (call.length(index) > 1 && call.bytes[at + 1] === 0))
}

function parse(call: Call, index: number, form: IdForm, into: StreamId): boolean {
  return parseId(call.bytes, call.starts[index]!, call.ends[index]!, form, false, into) !== IdText.invalid
}

function readBound(call: Call, index: number, isLast: boolean, into: StreamId): boolean {
  const open = isExclusive(call, index)
  const start = call.starts[index]! + (open ? 1 : 0)
  const form = open ? IdForm.plain : IdForm.special
  if (parseId(call.bytes, start, call.ends[index]!, form, isLast, into) !== IdText.invalid) return true
  call.fail(ErrorReply.streamId)
  return false
}

function isExclusive(call: Call, index: number): boolean {
  return call.length(index) > 1 && call.bytes[call.starts[index]!] === PAREN
}

/** Ids in a row. Instances are reused. */
export class IdList {
  count: number
  private words: Int32Array

  constructor() {
    this.count = 0
    this.words = new Int32Array(KEPT_IDS * ID_WORDS)
  }

  clear(): void {
    this.count = 0
    if (this.words.length > KEPT_IDS * ID_WORDS) this.words = new Int32Array(KEPT_IDS * ID_WORDS)
  }

  add(id: StreamId): void {
    const at = this.count++ * ID_WORDS
    if (at === this.words.length) {
      const larger = new Int32Array(at * 2)
      larger.set(this.words)
      this.words = larger
    }
    storeId(this.words, at, id)
  }

  get(index: number, into: StreamId): void {
    loadId(this.words, index * ID_WORDS, into)
  }

  /** Takes the arguments from `first` on; false, with the error replied, when one is no id. */
  readAll(call: Call, first: number, scratch: StreamId): boolean {
    this.clear()
    for (let i = first; i < call.argc; i++) {
      if (!readId(call, i, scratch)) return false
      this.add(scratch)
    }
    return true
  }
}
