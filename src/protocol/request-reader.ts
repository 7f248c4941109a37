/**
 * The input of one client: from the bytes of a read to one command at a time.
 *
 * All connections are read into one shared buffer, and in the usual case a read holds whole commands, which are parsed
 * and run where they are. What is left over, the beginning of a command or commands that must wait, moves to a private
 * buffer of the client. The next read is not copied behind it as a whole: the private buffer gets pieces of it until the
 * command that lies across the two is complete, then parsing goes on in the shared buffer.
 *
 *     shared    ......command command comm|                 and command command ...|
 *     private                         comm|and              ^ from here on in place
 *
 *     reader.begin(bytes, start, end)
 *     while (reader.next() === ParseStatus.Complete) run(reader.args)      // may stop at any command
 *     reader.finish()
 *
 * A reader at rest with nothing left over holds no buffer and no argument lists; those are lent by a `RequestPool`, which
 * all readers of a store share.
 */

import { assert } from '../base/assert.js'
import { allocate, BUFFER_BYTES_MAX } from './allocate.js'
import { parseRequest, ParseStatus, RequestState, startRequest } from './request-parser.js'

/** client-query-buffer-limit by default. */
const QUERY_BYTES_DEFAULT = 1024 * 1024 * 1024

/** Arguments this long have their room reserved exactly, as soon as their length is known. */
const BIG_BULK_BYTES = 32 * 1024

/** How much of a read is copied at first to complete a command that began in the read before. */
const PIECE_BYTES = 1024

/** Private buffers up to the largest of these sizes are kept for reuse. */
const CLASS_BITS_MIN = 10
const CLASS_BITS_MAX = 16
const SPARE_BUFFERS_MAX = 64

/** Argument lists longer than this are not kept for reuse. */
const SPARE_ARGS_MAX = 1024

const NO_BYTES = new Uint8Array(0)

/** Buffers and parser states that readers borrow; one a store. */
export class RequestPool {
  /** What a reader at rest shows as its command: none. Never written to. */
  readonly idle: RequestState
  private readonly states: RequestState[]
  private readonly buffers: Uint8Array[][]
  private lentBytes: number

  constructor() {
    this.idle = new RequestState()
    this.states = []
    this.buffers = []
    this.lentBytes = 0
    for (let bits = CLASS_BITS_MIN; bits <= CLASS_BITS_MAX; bits++) this.buffers.push([])
  }

  /** Bytes of the buffers that readers hold. */
  get takenBytes(): number {
    return this.lentBytes
  }

  takeState(): RequestState {
    return this.states.pop() ?? new RequestState()
  }

  giveState(state: RequestState): void {
    state.bytes = NO_BYTES
    if (state.starts.length <= SPARE_ARGS_MAX && this.states.length < SPARE_BUFFERS_MAX) this.states.push(state)
  }

  /** @returns a buffer of `bytes` at least; undefined when the system refuses */
  takeBuffer(bytes: number): Uint8Array | undefined {
    const sizeClass = sizeClassOf(bytes)
    const buffer =
      sizeClass < this.buffers.length
        ? (this.buffers[sizeClass].pop() ?? new Uint8Array(bufferBytes(bytes)))
        : allocate(bytes)
    if (buffer !== undefined) this.lentBytes += buffer.length
    return buffer
  }

  giveBuffer(buffer: Uint8Array): void {
    this.lentBytes -= buffer.length
    const sizeClass = sizeClassOf(buffer.length)
    if (sizeClass >= this.buffers.length) return
    const spare = this.buffers[sizeClass]
    if (spare.length < SPARE_BUFFERS_MAX && buffer.length === bufferBytes(buffer.length)) spare.push(buffer)
  }
}

export class RequestReader {
  /** The command that `next` found: `bytes`, `starts`, `ends`, `argc`, `isInline`; after ProtocolError, `error`. */
  args: RequestState
  /** client-query-buffer-limit; Infinity on the link from a primary. */
  queryBytesMax: number
  /** proto-max-bulk-len; Infinity on the link from a primary. */
  bulkBytesMax: number
  /** Whether the client has to log in first: few and short arguments only. */
  isRestricted: boolean

  private buffer: Uint8Array // private, or NO_BYTES
  private end: number // of the bytes being parsed, in the private or the shared buffer
  private kept: number // private bytes from before this read: beyond them it holds copies of `input`
  private input: Uint8Array // of this read, when there is a private buffer
  private inputStart: number
  private inputAt: number // copied up to here
  private inputEnd: number
  private batchStart: number // where this read began in the bytes being parsed
  private isReading: boolean
  private isHeld: boolean // the command in `args` is to be given again
  private failure: ParseStatus
  private readonly pool: RequestPool

  constructor(pool: RequestPool) {
    this.args = pool.idle
    this.queryBytesMax = QUERY_BYTES_DEFAULT
    this.bulkBytesMax = pool.idle.bulkBytesMax
    this.isRestricted = false
    this.buffer = NO_BYTES
    this.end = 0
    this.kept = 0
    this.input = NO_BYTES
    this.inputStart = 0
    this.inputAt = 0
    this.inputEnd = 0
    this.batchStart = 0
    this.isReading = false
    this.isHeld = false
    this.failure = ParseStatus.Incomplete
    this.pool = pool
  }

  /** Takes the bytes of a read; they must stay as they are until `finish`. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    assert(!this.isReading)
    this.isReading = true
    if (this.args === this.pool.idle) {
      this.args = this.pool.takeState()
      startRequest(this.args, bytes, start)
      this.end = end
      this.batchStart = start
    } else {
      this.batchStart = this.unparsedStart()
      this.kept = this.end
      this.input = bytes
      this.inputStart = start
      this.inputAt = start
      this.inputEnd = end
    }
    if (this.end - this.unparsedStart() + this.inputEnd - this.inputAt > this.queryBytesMax) this.refuse()
  }

  /** Goes on with what was left over, without new bytes. Then `next` and `finish` as usual. */
  resume(): void {
    assert(!this.isReading)
    this.isReading = true
    this.batchStart = this.unparsedStart()
    this.kept = this.end
  }

  /** Gives the next command in `args`; it stays there until `next` or `finish`. */
  next(): ParseStatus {
    assert(this.isReading)
    if (this.isHeld) {
      this.isHeld = false
      return ParseStatus.Complete
    }
    if (this.failure !== ParseStatus.Incomplete) return this.failure
    const state = this.args
    if (state === this.pool.idle) return ParseStatus.Incomplete
    if (this.buffer !== NO_BYTES && state.remaining === 0 && state.position >= this.kept) this.leaveBuffer()
    state.bulkBytesMax = this.bulkBytesMax
    state.isRestricted = this.isRestricted
    let status = parseRequest(state, this.end)
    if (status === ParseStatus.Complete) return status
    while (status === ParseStatus.Incomplete && this.inputAt < this.inputEnd) {
      this.copyPiece()
      if (this.failure === ParseStatus.Incomplete) status = parseRequest(state, this.end)
      else status = this.failure
    }
    if (status >= ParseStatus.ProtocolError) this.failure = status
    return status
  }

  /** Puts the command just given back: the next `next`, even after `finish` and `resume`, gives it again. */
  unread(): void {
    assert(this.args.argc > 0)
    this.isHeld = true
  }

  /** Ends a read, at any command: what is not parsed is kept in a private buffer, and the shared one is free again. */
  finish(): void {
    assert(this.isReading)
    this.isReading = false
    const state = this.args
    if (state === this.pool.idle) return
    if (this.failure !== ParseStatus.Incomplete) return this.release()
    if (!this.isHeld && state.remaining === 0) {
      state.argc = 0
      state.start = state.position
      if (state.position === this.end && this.inputAt === this.inputEnd) return this.release()
    }
    if (this.buffer === NO_BYTES) this.moveToBuffer()
    else if (this.inputAt < this.inputEnd) this.append(this.inputEnd - this.inputAt)
    this.dropInput()
  }

  /** Whether anything is left over that `resume` could go on with: a command put back, or bytes not looked at. */
  get hasRest(): boolean {
    return this.args !== this.pool.idle
  }

  /** Gives back everything held; for a client that closes. */
  release(): void {
    if (this.buffer !== NO_BYTES) this.pool.giveBuffer(this.buffer)
    if (this.args !== this.pool.idle) this.pool.giveState(this.args)
    this.args = this.pool.idle
    this.buffer = NO_BYTES
    this.end = 0
    this.isHeld = false
    this.dropInput()
  }

  /** Shrinks the private buffer to what it holds; for clients that have been silent for a while. */
  trim(): void {
    assert(!this.isReading)
    const used = this.end - this.args.start
    if (this.buffer.length > bufferBytes(used)) this.rebuffer(used)
  }

  /** Where the bytes that `args.bytes` holds at the moment end. */
  get parseEnd(): number {
    return this.end
  }

  // ---- Accounting, under the names of CLIENT LIST ----

  /** `qbuf`: bytes read and not run; during a read, all of its bytes. */
  get queryBytes(): number {
    if (this.args === this.pool.idle) return 0
    const start = this.isReading ? this.batchStart : this.unparsedStart()
    return this.end - start + this.inputEnd - this.inputAt
  }

  /** `qbuf-free`: room behind them. */
  get queryBytesFree(): number {
    return this.args.bytes.length - this.end
  }

  /** `argv-mem`: bytes of the arguments of the command being read or run. */
  get argumentBytes(): number {
    const { argc, starts, ends } = this.args
    let total = 0
    for (let i = 0; i < argc; i++) total += ends[i] - starts[i]
    return total
  }

  /** Memory of its own: buffer and argument lists. */
  get memoryBytes(): number {
    if (this.args === this.pool.idle) return 0
    return this.buffer.length + this.args.starts.length * 8
  }

  // ---- The private buffer ----

  private unparsedStart(): number {
    return this.isHeld ? this.args.start : this.args.position
  }

  private refuse(): void {
    this.failure = ParseStatus.QueryBufferLimit
  }

  private dropInput(): void {
    this.input = NO_BYTES
    this.inputStart = 0
    this.inputAt = 0
    this.inputEnd = 0
  }

  /** The command across the two buffers is done: the rest of this read is parsed where it is. */
  private leaveBuffer(): void {
    if (this.inputEnd === 0) return
    const state = this.args
    const position = this.inputStart + state.position - this.kept
    assert(position <= this.inputEnd)
    this.pool.giveBuffer(this.buffer)
    this.buffer = NO_BYTES
    startRequest(state, this.input, position)
    this.end = this.inputEnd
    this.batchStart = this.inputStart
    this.dropInput()
  }

  /** Moves what is not done from the shared buffer to a private one. */
  private moveToBuffer(): void {
    const state = this.args
    const from = state.start
    const buffer = this.pool.takeBuffer(Math.max(this.end - from, this.bigBulkEnd() - from))
    if (buffer === undefined) {
      this.refuse()
      return this.release()
    }
    buffer.set(state.bytes.subarray(from, this.end), 0)
    this.end -= from
    this.adopt(buffer, from)
  }

  /** Copies as much of the read as the command is known to need, or a small piece, behind the private bytes. */
  private copyPiece(): void {
    const state = this.args
    const missing = state.bulkLength < 0 ? 0 : state.position + state.bulkLength + 2 - this.end
    const piece = Math.max(missing, PIECE_BYTES, this.end - this.kept)
    this.append(Math.min(piece, this.inputEnd - this.inputAt))
  }

  private append(length: number): void {
    if (this.end + length > this.buffer.length && !this.makeRoom(length)) return this.refuse()
    this.buffer.set(this.input.subarray(this.inputAt, this.inputAt + length), this.end)
    this.end += length
    this.inputAt += length
  }

  /** Doubles the buffer, unless dropping what is done makes room enough, or the exact need is known. */
  private makeRoom(length: number): boolean {
    const from = this.args.start
    const needed = Math.max(this.end + length, this.bigBulkEnd()) - from
    const isMostlyDone = from > this.buffer.length / 2
    if (isMostlyDone && needed <= this.buffer.length) return this.closeUp()
    if (this.bigBulkEnd() > 0) return this.rebuffer(needed)
    return this.rebuffer(Math.max(needed, Math.min((this.end - from) * 2, BUFFER_BYTES_MAX)))
  }

  /** Where a big argument ends whose length is known but not its bytes; 0 if there is none. */
  private bigBulkEnd(): number {
    const state = this.args
    return state.bulkLength >= BIG_BULK_BYTES ? state.position + state.bulkLength + 2 : 0
  }

  private rebuffer(bytes: number): boolean {
    const from = this.args.start
    const old = this.buffer
    const buffer = this.pool.takeBuffer(bytes)
    if (buffer === undefined) return false
    buffer.set(old.subarray(from, this.end), 0)
    this.end -= from
    this.adopt(buffer, from)
    this.pool.giveBuffer(old)
    return true
  }

  private closeUp(): boolean {
    const from = this.args.start
    this.buffer.copyWithin(0, from, this.end)
    this.end -= from
    this.adopt(this.buffer, from)
    return true
  }

  /** Points the parser at `buffer`, everything moved down by `shift`. */
  private adopt(buffer: Uint8Array, shift: number): void {
    const state = this.args
    this.buffer = buffer
    this.kept -= shift
    this.batchStart -= shift
    state.bytes = buffer
    if (shift === 0) return
    state.start -= shift
    state.position -= shift
    state.scanned -= shift
    for (let i = 0; i < state.argc; i++) {
      state.starts[i] -= shift
      state.ends[i] -= shift
    }
  }
}

/** The size of the buffer that `takeBuffer` gives for `bytes`. */
function bufferBytes(bytes: number): number {
  const bits = sizeClassOf(bytes) + CLASS_BITS_MIN
  return bits <= CLASS_BITS_MAX ? 1 << bits : bytes
}

function sizeClassOf(bytes: number): number {
  const bits = 32 - Math.clz32(Math.max(bytes - 1, 1))
  return bits <= CLASS_BITS_MIN ? 0 : bits - CLASS_BITS_MIN
}
