/** Words of commands, put into a sink: what the writers of bases share. */

import { copy, latin1Bytes } from '../../base/bytes.js'
import { formatDouble } from '../../base/double.js'
import { type Int64, writeInt64 } from '../../base/int64.js'
import { integerLength, writeInteger } from '../../base/integer.js'
import { ID_TEXT_BYTES_MAX, type StreamId, writeId } from '../../structures/stream-id.js'
import type { ByteSink } from '../byte-sink.js'

const NOTHING = new Uint8Array(0)
const STAR = 0x2a
const DOLLAR = 0x24

export class CommandOutput {
  sink: ByteSink
  private readonly digits: Uint8Array
  private readonly countDigits: Uint8Array
  /** The key that commands are about. */
  private name: Uint8Array
  private nameStart: number
  private nameEnd: number

  constructor(sink: ByteSink) {
    this.sink = sink
    this.digits = new Uint8Array(ID_TEXT_BYTES_MAX)
    this.countDigits = new Uint8Array(24)
    this.name = NOTHING
    this.nameStart = 0
    this.nameEnd = 0
  }

  /** Commands from now on are about this key; the bytes must stay while they are written. */
  setName(bytes: Uint8Array, start: number, end: number): void {
    this.name = bytes
    this.nameStart = start
    this.nameEnd = end
  }

  /** A command without a key, of so many words with its first. */
  start(command: Uint8Array, words: number): void {
    this.count(STAR, words)
    this.word(command)
  }

  /** A command about the key, of so many words behind that. */
  begin(command: Uint8Array, words: number): void {
    this.start(command, words + 2)
    this.bulk(this.name, this.nameStart, this.nameEnd)
  }

  /** The same of a container and its subcommand. */
  beginWith(container: Uint8Array, subcommand: Uint8Array, words: number): void {
    this.start(container, words + 3)
    this.word(subcommand)
    this.bulk(this.name, this.nameStart, this.nameEnd)
  }

  /** A word made by `wordBytes`. */
  word(bytes: Uint8Array): void {
    this.sink.bytes(bytes, 0, bytes.length)
  }

  bulk(bytes: Uint8Array, start: number, end: number): void {
    this.bulkHeader(end - start)
    this.sink.bytes(bytes, start, end)
    this.lineEnd()
  }

  /** What stands before so many bytes of a word; `lineEnd` stands behind them. */
  bulkHeader(length: number): void {
    this.count(DOLLAR, length)
  }

  /** @param value  a safe integer */
  integer(value: number): void {
    this.bulkHeader(integerLength(value))
    this.sink.bytes(this.digits, 0, writeInteger(value, this.digits, 0))
    this.lineEnd()
  }

  int64(value: Int64): void {
    this.bulk(this.digits, 0, writeInt64(value, this.digits, 0))
  }

  double(value: number): void {
    const text = formatDouble(value)
    copy(latin1Bytes(text), 0, text.length, this.digits, 0)
    this.bulk(this.digits, 0, text.length)
  }

  streamId(id: StreamId): void {
    this.bulk(this.digits, 0, writeId(id, this.digits, 0))
  }

  lineEnd(): void {
    this.sink.byte(13)
    this.sink.byte(10)
  }

  private count(sign: number, value: number): void {
    this.sink.byte(sign)
    this.sink.bytes(this.countDigits, 0, writeInteger(value, this.countDigits, 0))
    this.lineEnd()
  }
}

/** A word as it stands in a request. */
export function wordBytes(text: string): Uint8Array {
  return latin1Bytes(`$${text.length}\r\n${text}\r\n`)
}
