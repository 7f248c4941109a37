/** Which keys of a file are looked at. */

import { latin1Bytes } from '../../base/bytes.js'
import { globMatch } from '../../base/glob.js'
import { typeNames } from '../../keyspace/entry.js'
import type { RdbKey } from '../../persistence/rdb/reader.js'

export interface KeyFilter {
  /** Undefined: all of them. */
  readonly database: number | undefined
  readonly type: string | undefined
  readonly pattern: string | undefined
}

export function passes(filter: KeyFilter, key: RdbKey): boolean {
  if (filter.database !== undefined && filter.database !== key.database) return false
  if (filter.type !== undefined && filter.type !== typeName(key)) return false
  if (filter.pattern === undefined) return true
  const pattern = latin1Bytes(filter.pattern)
  const name = latin1Bytes(key.name)
  return globMatch(pattern, 0, pattern.length, name, 0, name.length, false)
}

export function typeName({ entry, type }: RdbKey): string {
  return entry === 0 ? 'module' : typeNames[type]!
}
