/** Bytes a value takes in a snapshot, as DEBUG OBJECT tells them: it is written, and the bytes are only counted. */

import type { Call } from '../../../engine/call.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ByteSink } from '../../../persistence/byte-sink.js'
import { rdbWriteOptions } from '../../../persistence/rdb/write-options.js'
import { RdbWriter } from '../../../persistence/rdb/writer.js'

const CHUNK_BYTES = 4096

/** Takes every chunk and forgets it. */
const nowhere = Object.freeze({ take: (bytes: Uint8Array): Uint8Array => bytes })

/** Time and bytes are those of writing the value, with compression as configured. */
export function serializedLength(call: Call, entry: Pointer): number {
  const sink = new ByteSink(nowhere, CHUNK_BYTES, false)
  new RdbWriter(call.keyspace, sink, rdbWriteOptions(call.store.config.values)).value(entry)
  return sink.total
}
