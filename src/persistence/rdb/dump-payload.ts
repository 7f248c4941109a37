/**
 * The value of one key outside of a file: what DUMP returns, RESTORE takes and MIGRATE sends.
 *
 *     type byte | value | u16 version of the format | u64 CRC-64 of all in front of it
 */

import { readInt32LE, readUint16LE, readUint32LE } from '../../base/bytes.js'
import { crc64 } from '../../base/crc64.js'
import { Int64 } from '../../base/int64.js'
import type { Pointer } from '../../memory/pointer.js'
import { RDB_VERSION_READ_MAX } from './format.js'
import type { RdbWriter } from './writer.js'

const FOOTER_BYTES = 10
const CHECKSUM_BYTES = 8

const checksum = new Int64()

/** Writes a payload through a writer whose sink is fresh, which is flushed at the end. */
export function writeDump(writer: RdbWriter, entry: Pointer): void {
  const { options, sink } = writer
  sink.byte(writer.typeByteOf(entry))
  writer.value(entry)
  sink.byte(options.version)
  sink.byte(0)
  sink.flush()
  const { high, low } = sink.checksum
  sink.uint32LE(low)
  sink.uint32LE(high)
  sink.flush()
}

/**
 * Looks at the version and, unless told not to, the checksum of a payload.
 *
 * @returns where the value ends, or -1 when either is wrong
 */
export function verifyDump(bytes: Uint8Array, start: number, end: number, checksChecksum: boolean): number {
  const valueEnd = end - FOOTER_BYTES
  if (valueEnd < start || readUint16LE(bytes, valueEnd) > RDB_VERSION_READ_MAX) return -1
  if (!checksChecksum) return valueEnd
  checksum.low = 0
  checksum.high = 0
  const summedEnd = end - CHECKSUM_BYTES
  crc64(checksum, bytes, start, summedEnd)
  const isRight = readUint32LE(bytes, summedEnd) === checksum.low && readInt32LE(bytes, summedEnd + 4) === checksum.high
  return isRight ? valueEnd : -1
}
