/** Names of the forms that values have in a file. */

import { ValueType } from './format.js'

const NAMES: ReadonlyMap<number, string> = new Map([
  [ValueType.string, 'string'],
  [ValueType.list, 'list of strings'],
  [ValueType.set, 'set of strings'],
  [ValueType.zset, 'sorted set, scores as text'],
  [ValueType.hash, 'hash of strings'],
  [ValueType.zset2, 'sorted set, scores as doubles'],
  [ValueType.modulePreGa, 'module data, pre-release'],
  [ValueType.module2, 'module data'],
  [ValueType.hashZipmap, 'hash as zipmap'],
  [ValueType.listZiplist, 'list as ziplist'],
  [ValueType.setIntset, 'set as intset'],
  [ValueType.zsetZiplist, 'sorted set as ziplist'],
  [ValueType.hashZiplist, 'hash as ziplist'],
  [ValueType.listQuicklist, 'list as quicklist of ziplists'],
  [ValueType.streamListpacks, 'stream'],
  [ValueType.hashListpack, 'hash as listpack'],
  [ValueType.zsetListpack, 'sorted set as listpack'],
  [ValueType.listQuicklist2, 'list as quicklist of listpacks'],
  [ValueType.streamListpacks2, 'stream, second form'],
  [ValueType.setListpack, 'set as listpack'],
  [ValueType.streamListpacks3, 'stream, third form'],
  [ValueType.hashMetadataPreGa, 'hash with times of fields, pre-release'],
  [ValueType.hashListpackExpiryPreGa, 'hash with times of fields as listpack, pre-release'],
  [ValueType.hashMetadata, 'hash with times of fields'],
  [ValueType.hashListpackExpiry, 'hash with times of fields as listpack'],
])

export function nameOfValueType(typeByte: number): string {
  return NAMES.get(typeByte) ?? `unknown type ${typeByte}`
}
