/**
 * Parses requests in place: a command is found in the bytes as they arrived, and given as (start, end) pairs.
 *
 * Two forms: multibulk, `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`, and inline, a line of words as typed into telnet. `parseRequest`
 * stops where the bytes end and goes on from there when there are more, without looking at any byte twice. Quoted words
 * of inline commands are unescaped where they stand, since that only makes them shorter.
 *
 * Sources: the RESP specification; limits, quoting rules and what is tolerated are observed behaviour of Redis 7.2:
 *   - after a CR one byte is skipped unseen, and so are the two bytes after an argument;
 *   - a line in which a NUL comes before its end has no end: it waits until it is too long;
 *   - the first byte of an argument's header is looked at only when its line is complete.
 * Departure: a command spans 2 GB and 64 M arguments at most, since positions are 32-bit integers.
 */

import { parseInteger } from '../base/integer.js'
import { ErrorReply } from './errors.js'

export const ParseStatus = {
  /** The bytes end before the command does. */
  Incomplete: 0,
  /** A command stands in `starts`, `ends` and `argc`, at least one argument long. */
  Complete: 1,
  /** A line without a command: `*0`, `*-1`, or an empty inline line (a replica's sign of life). */
  Empty: 2,
  /** `error` is to be sent and the connection closed. */
  ProtocolError: 3,
  /** More unparsed bytes than the client may have: the connection is closed without a reply. */
  QueryBufferLimit: 4,
} as const
export type ParseStatus = (typeof ParseStatus)[keyof typeof ParseStatus]

/** A line longer than this without an end is refused. */
export const LINE_BYTES_MAX = 64 * 1024

/** The reference's bound for the number of arguments. */
const ARGS_MAX = 0x7fffffff

/** Bounds for a client that has to log in first. */
const RESTRICTED_ARGS_MAX = 10
const RESTRICTED_BULK_BYTES_MAX = 16 * 1024

/** No longer than what positions can express, with room to spare for lines. */
const BULK_BYTES_MAX = 0x7fffffff - 1024 * 1024

/** proto-max-bulk-len by default. */
const BULK_BYTES_DEFAULT = 512 * 1024 * 1024

const ARGS_CAPACITY = 32
const ARGS_CAPACITY_MAX = 64 * 1024 * 1024

/** With this many digits a length may exceed what the fast path takes; the strict parser decides. */
const FAST_DIGITS_MAX = 9

const STAR = 0x2a
const DOLLAR = 0x24
const CR = 0x0d
const LF = 0x0a
const ZERO = 0x30
const BACKSLASH = 0x5c
const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27

/** Where a client's parser stands, and the command it has found. */
export class RequestState {
  /** Holds the command; positions below are indices into it. */
  bytes: Uint8Array
  /** Arguments read: all of them once the command is complete. */
  argc: number
  starts: Int32Array
  ends: Int32Array
  /** The next byte to parse. */
  position: number
  /** The first byte of the command. */
  start: number
  isInline: boolean
  /** What is wrong, after ProtocolError. */
  error: ErrorReply

  /** Arguments still to come; 0 between commands. */
  remaining: number
  /** Length of the argument being read, -1 before its header is read. */
  bulkLength: number
  /** The current line has no end before here. */
  scanned: number

  /** proto-max-bulk-len; Infinity on the link from a primary. */
  bulkBytesMax: number
  /** Whether the client has to log in first, which bounds what it may send. */
  isRestricted: boolean

  constructor() {
    this.bytes = NO_BYTES
    this.argc = 0
    this.starts = new Int32Array(ARGS_CAPACITY)
    this.ends = new Int32Array(ARGS_CAPACITY)
    this.position = 0
    this.start = 0
    this.isInline = false
    this.error = ErrorReply.bare
    this.remaining = 0
    this.bulkLength = -1
    this.scanned = 0
    this.bulkBytesMax = BULK_BYTES_DEFAULT
    this.isRestricted = false
  }
}

const NO_BYTES = new Uint8Array(0)

/** Points `state` at the beginning of a command. */
export function startRequest(state: RequestState, bytes: Uint8Array, position: number): void {
  state.bytes = bytes
  state.position = position
  state.start = position
  state.scanned = position
  state.argc = 0
  state.remaining = 0
  state.bulkLength = -1
}

/**
 * Reads the next command of `state.bytes`, from `state.position` to `end`.
 *
 * After Incomplete it is called again with more bytes at the same place; after Complete or Empty, for the next command.
 */
export function parseRequest(state: RequestState, end: number): ParseStatus {
  if (state.remaining === 0) {
    const status = parseFirstLine(state, end)
    if (status !== ParseStatus.Incomplete || state.remaining === 0) return status
  }
  return parseArguments(state, end)
}

/** @returns Incomplete with `remaining` set when a multibulk command begins */
function parseFirstLine(state: RequestState, end: number): ParseStatus {
  const at = state.position
  state.start = at
  state.argc = 0
  if (at >= end) return ParseStatus.Incomplete
  const bytes = state.bytes
  if (bytes[at] !== STAR) return parseInline(state, end)
  state.isInline = false
  if (at + 4 <= end && bytes[at + 2] === CR) {
    const count = bytes[at + 1] - ZERO
    if (count > 0 && count <= 9) {
      state.remaining = count
      state.position = at + 4
      state.scanned = at + 4
      return ParseStatus.Incomplete
    }
  }
  return parseCount(state, end)
}

function parseCount(state: RequestState, end: number): ParseStatus {
  const at = state.position
  const line = findLineEnd(state, end, CR)
  if (line < 0) {
    if (line === LINE_TOO_LONG) return fail(state, ErrorReply.protocolMultibulkCountTooLong)
    return ParseStatus.Incomplete
  }
  const count = parseInteger(state.bytes, at + 1, line)
  if (Number.isNaN(count) || count > ARGS_MAX) return fail(state, ErrorReply.protocolInvalidMultibulkLength)
  if (count > RESTRICTED_ARGS_MAX && state.isRestricted) return fail(state, ErrorReply.protocolUnauthenticatedMultibulk)
  state.position = line + 2
  state.scanned = line + 2
  if (count <= 0) return ParseStatus.Empty
  state.remaining = count
  return ParseStatus.Incomplete
}

function parseArguments(state: RequestState, end: number): ParseStatus {
  if (state.bulkLength >= 0 && !takeArgument(state, end)) return ParseStatus.Incomplete

  const bytes = state.bytes
  while (state.remaining > 0) {
    if (state.argc === state.starts.length && !growArguments(state)) return ParseStatus.QueryBufferLimit
    // The usual case, all in local variables: a short length, and the argument is there.
    const starts = state.starts
    const ends = state.ends
    let argc = state.argc
    let at = state.position
    const stop = Math.min(argc + state.remaining, starts.length)
    const first = argc
    while (argc < stop && at + 4 <= end && bytes[at] === DOLLAR) {
      let length = bytes[at + 1] - ZERO
      let from = at + 4
      if (length < 0 || length > 9) break
      if (bytes[at + 2] !== CR) {
        const digit = bytes[at + 2] - ZERO
        if (digit < 0 || digit > 9 || length === 0 || bytes[at + 3] !== CR) break
        length = length * 10 + digit
        from = at + 5
      }
      if (from + length + 2 > end) break
      starts[argc] = from
      ends[argc] = from + length
      argc++
      at = from + length + 2
    }
    state.remaining -= argc - first
    state.argc = argc
    state.position = at
    if (argc === stop) continue

    const status = parseLength(state, end)
    if (status !== ParseStatus.Complete) return status
    if (!takeArgument(state, end)) return ParseStatus.Incomplete
  }
  return ParseStatus.Complete
}

/** @returns Complete when `bulkLength` is known and `position` behind its line */
function parseLength(state: RequestState, end: number): ParseStatus {
  const at = state.position
  const bytes = state.bytes
  const line = findLineEnd(state, end, CR)
  if (line < 0) {
    if (line === LINE_TOO_LONG) return fail(state, ErrorReply.protocolBulkCountTooLong)
    return ParseStatus.Incomplete
  }
  if (bytes[at] !== DOLLAR) return fail(state, ErrorReply.protocolExpectedDollar(bytes[at]))
  const length = readLength(bytes, at + 1, line)
  if (!(length >= 0) || length > state.bulkBytesMax || length > BULK_BYTES_MAX) {
    return fail(state, ErrorReply.protocolInvalidBulkLength)
  }
  if (length > RESTRICTED_BULK_BYTES_MAX && state.isRestricted)
    return fail(state, ErrorReply.protocolUnauthenticatedBulk)
  state.position = line + 2
  state.scanned = line + 2
  state.bulkLength = length
  return ParseStatus.Complete
}

/** @returns the number, or NaN, a negative number or Infinity for what is no length */
function readLength(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] - ZERO
  if (first < 1 || first > 9 || end - start > FAST_DIGITS_MAX) return parseInteger(bytes, start, end)
  let length = first
  for (let at = start + 1; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit < 0 || digit > 9) return NaN
    length = length * 10 + digit
  }
  return length
}

/** Takes the argument at `position` if all of it is there. */
function takeArgument(state: RequestState, end: number): boolean {
  const from = state.position
  const to = from + state.bulkLength
  if (to + 2 > end) return false
  state.starts[state.argc] = from // there is room: `parseArguments` has just seen to it
  state.ends[state.argc] = to
  state.argc++
  state.remaining--
  state.bulkLength = -1
  state.position = to + 2
  return true
}

/** Doubles the lists of arguments: what a client claims to send is no reason to reserve memory, what it sent is. */
function growArguments(state: RequestState): boolean {
  if (state.starts.length >= ARGS_CAPACITY_MAX) return false
  const starts = new Int32Array(state.starts.length * 2)
  const ends = new Int32Array(state.ends.length * 2)
  starts.set(state.starts)
  ends.set(state.ends)
  state.starts = starts
  state.ends = ends
  return true
}

const LINE_OPEN = -1
const LINE_TOO_LONG = -2

/**
 * Looks for the end of the line that begins at `position`, from where it stopped the last time.
 *
 * @param mark  CR, which needs another byte behind it; or LF
 * @returns its index, or LINE_OPEN, or LINE_TOO_LONG
 */
function findLineEnd(state: RequestState, end: number, mark: number): number {
  const bytes = state.bytes
  let at = state.scanned > state.position ? state.scanned : state.position
  while (at < end && bytes[at] !== mark && bytes[at] !== 0) at++
  state.scanned = at
  if (at < end && bytes[at] === mark) return mark === LF || at + 1 < end ? at : LINE_OPEN
  return end - state.position > LINE_BYTES_MAX ? LINE_TOO_LONG : LINE_OPEN
}

function fail(state: RequestState, error: ErrorReply): ParseStatus {
  state.error = error
  return ParseStatus.ProtocolError
}

// ---- Inline commands ----

function parseInline(state: RequestState, end: number): ParseStatus {
  state.isInline = true
  const at = state.position
  const newline = findLineEnd(state, end, LF)
  if (newline < 0) {
    if (newline === LINE_TOO_LONG) return fail(state, ErrorReply.protocolInlineTooBig)
    return ParseStatus.Incomplete
  }
  const line = newline > at && state.bytes[newline - 1] === CR ? newline - 1 : newline
  if (!splitWords(state, at, line)) return fail(state, ErrorReply.protocolUnbalancedQuotes)
  state.position = newline + 1
  state.scanned = newline + 1
  return state.argc === 0 ? ParseStatus.Empty : ParseStatus.Complete
}

/** @returns false when quotes do not match */
function splitWords(state: RequestState, start: number, end: number): boolean {
  const bytes = state.bytes
  let at = start
  for (;;) {
    while (at < end && isSpace(bytes[at])) at++
    if (at >= end) return true
    if (state.argc === state.starts.length && !growArguments(state)) return false
    at = takeWord(state, at, end)
    if (at < 0) return false
  }
}

/** Records the word at `start`, unescaped in place. @returns the index after it, -1 when its quotes do not match */
function takeWord(state: RequestState, start: number, end: number): number {
  const bytes = state.bytes
  let to = start
  let at = start
  while (at < end) {
    const byte = bytes[at]
    if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) {
      const from = to
      const close = findClosingQuote(bytes, at + 1, end, byte)
      if (close < 0) return -1
      to =
        byte === SINGLE_QUOTE ? unescapeSingle(bytes, at + 1, close, from) : unescapeDouble(bytes, at + 1, close, from)
      at = close + 1 // a blank, or the end
      break
    }
    if (isWordEnd(byte)) break
    bytes[to++] = byte
    at++
  }
  state.starts[state.argc] = start
  state.ends[state.argc] = to
  state.argc++
  return at
}

/** @returns the index of the closing quote, or -1 when there is none or something other than a blank follows it */
function findClosingQuote(bytes: Uint8Array, start: number, end: number, quote: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] === quote) return at + 1 === end || isSpace(bytes[at + 1]) ? at : -1
    // Between double quotes a backslash escapes anything, between single ones only a quote.
    if (bytes[at] === BACKSLASH && at + 1 < end && (quote === DOUBLE_QUOTE || bytes[at + 1] === SINGLE_QUOTE)) at++
  }
  return -1
}

/** @returns the index after what was written from `to` on, as below */
function unescapeSingle(bytes: Uint8Array, start: number, end: number, to: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH && bytes[at + 1] === SINGLE_QUOTE && at + 1 < end) at++
    bytes[to++] = bytes[at]
  }
  return to
}

function unescapeDouble(bytes: Uint8Array, start: number, end: number, to: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== BACKSLASH || at + 1 === end) {
      bytes[to++] = bytes[at]
      continue
    }
    at++
    const high = at + 2 < end && bytes[at] === 0x78 ? hexDigit(bytes[at + 1]) : -1
    const low = high < 0 ? -1 : hexDigit(bytes[at + 2])
    if (low < 0) {
      bytes[to++] = unescapeLetter(bytes[at])
    } else {
      bytes[to++] = high * 16 + low
      at += 2
    }
  }
  return to
}

function unescapeLetter(byte: number): number {
  switch (byte) {
    case 0x6e: // n
      return LF
    case 0x72: // r
      return CR
    case 0x74: // t
      return 0x09
    case 0x62: // b
      return 0x08
    case 0x61: // a
      return 0x07
    default:
      return byte
  }
}

/** @returns the value of a hexadecimal digit, or -1 */
function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= 0x39) return byte - ZERO
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Blanks between words: those of C's isspace. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
}

/** Bytes that end a word outside quotes: vertical tab and form feed do not. */
function isWordEnd(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === LF || byte === CR
}
