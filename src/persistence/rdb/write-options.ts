/** How the configuration says that RDB is written. */

import type { ConfigValues } from '../../config/parameters.js'
import type { RdbWriteOptions } from './writer.js'

export function rdbWriteOptions(values: ConfigValues): RdbWriteOptions {
  const policy = values['maxmemory-policy']
  return {
    version: values['rdb-version'],
    compresses: values.rdbcompression,
    usage: policy.endsWith('lru') ? 'idle' : policy.endsWith('lfu') ? 'frequency' : 'none',
  }
}
