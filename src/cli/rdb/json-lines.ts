/**
 * Keys as lines of JSON:
 *
 *     {"db":0,"key":"h","type":"hash","form":"hash as listpack","expiresAt":1700000000000,"value":[["field","value"]]}
 *
 * Byte strings that are no UTF-8 are written as {"base64":"…"}. Lists and sets are arrays; hashes, arrays of [field, value] or, with
 * an expiry time, [field, value, ms]; sorted sets, arrays of [member, score], infinities as "inf" and "-inf".
 */

import { latin1Bytes } from '../../base/bytes.js'
import { Int64, writeInt64 } from '../../base/int64.js'
import { Slice } from '../../base/slice.js'
import { Type } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { ListCursor } from '../../keyspace/types/list.js'
import { GREATEST_ID, LEAST_ID } from '../../keyspace/types/stream.js'
import { viewString } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import type { RdbKey } from '../../persistence/rdb/reader.js'
import { nameOfValueType } from '../../persistence/rdb/type-names.js'
import { ListpackElement, readText } from '../../structures/listpack.js'
import {
  consumerPending, consumersOf, deliveredMs, readDeliveries, readEntriesRead, readGroupLastId,
} from '../../structures/stream-groups.js' // prettier-ignore
import { ID_TEXT_BYTES_MAX, StreamId, writeId } from '../../structures/stream-id.js'
import { IndexCursor } from '../../structures/stream-index.js'
import { NameWalk, viewName } from '../../structures/stream-names.js'
import { typeName } from './filter.js'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const view = new Slice()
const scratch = new Uint8Array(64)
const element = new ListpackElement()

/** A line for each key, without its end. */
export function jsonLine(keyspace: Keyspace, key: RdbKey): string {
  const name = latin1Bytes(key.name)
  const parts = [
    `"db":${key.database}`,
    `"key":${jsonText(name, 0, name.length)}`,
    `"type":"${typeName(key)}"`,
    `"form":"${nameOfValueType(key.typeByte)}"`,
  ]
  if (key.expiryMs >= 0) parts.push(`"expiresAt":${key.expiryMs}`)
  if (key.idleSeconds >= 0) parts.push(`"idleSeconds":${key.idleSeconds}`)
  if (key.frequency >= 0) parts.push(`"frequency":${key.frequency}`)
  if (key.entry === 0) parts.push(`"module":"${key.moduleName}"`)
  else parts.push(`"value":${VALUES[key.type]!(keyspace, key.entry)}`)
  return `{${parts.join(',')}}`
}

function jsonText(bytes: Uint8Array, start: number, end: number): string {
  // A decoder refuses memory that is shared, and the arena's is.
  const copied = bytes.slice(start, end)
  try {
    return JSON.stringify(utf8.decode(copied))
  } catch {
    return `{"base64":"${base64(copied)}"}`
  }
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    text += DIGITS[group >> 18]! + DIGITS[(group >> 12) & 63]!
    text += i + 1 < bytes.length ? DIGITS[(group >> 6) & 63]! : '='
    text += i + 2 < bytes.length ? DIGITS[group & 63]! : '='
  }
  return text
}

type ValueJson = (keyspace: Keyspace, entry: Pointer) => string

const VALUES: Readonly<Record<number, ValueJson>> = {
  [Type.string]: ({ arena }, entry) => {
    viewString(arena, entry, view, scratch)
    return jsonText(view.bytes, view.start, view.end)
  },
  [Type.list]: ({ arena }, entry) => {
    const cursor = new ListCursor()
    const items: string[] = []
    for (let isThere = cursor.toIndex(arena, entry, 0); isThere; isThere = cursor.next()) {
      cursor.readText(element)
      items.push(elementJson(element))
    }
    return `[${items.join(',')}]`
  },
  [Type.set]: ({ sets }, entry) => {
    const items: string[] = []
    sets.view.open(entry)
    sets.view.rewind()
    while (sets.view.next()) items.push(elementJson(spelled(sets.view.member)))
    return `[${items.join(',')}]`
  },
  [Type.zset]: ({ zsets }, entry) => {
    const items: string[] = []
    zsets.view.open(entry)
    for (let isThere = zsets.view.toFirst(); isThere; isThere = zsets.view.next()) {
      items.push(`[${elementJson(spelled(zsets.view.member))},${scoreJson(zsets.view.score)}]`)
    }
    return `[${items.join(',')}]`
  },
  [Type.hash]: ({ hashes }, entry) => {
    const items: string[] = []
    const { content, field } = hashes.view
    hashes.view.open(entry)
    hashes.view.rewind()
    while (hashes.view.next()) {
      const due = hashes.view.dueMs >= 0 ? `,${hashes.view.dueMs}` : ''
      items.push(`[${elementJson(spelled(field))},${elementJson(spelled(content))}${due}]`)
    }
    return `[${items.join(',')}]`
  },
  [Type.stream]: streamJson,
}

interface Element {
  bytes: Uint8Array
  start: number
  end: number
  readonly isInteger: boolean
  spellInteger(): void
}

/** An element whose bytes are its text. */
function spelled(shown: Element): Element {
  if (shown.isInteger) shown.spellInteger()
  return shown
}

function elementJson({ bytes, end, start }: { bytes: Uint8Array; start: number; end: number }): string {
  return jsonText(bytes, start, end)
}

function scoreJson(score: number): string {
  if (Number.isFinite(score)) return Object.is(score, -0) ? '-0' : String(score)
  return score > 0 ? '"inf"' : '"-inf"'
}

// Streams.

function streamJson({ arena, streams }: Keyspace, entry: Pointer): string {
  const { view: stream } = streams
  const id = new StreamId()
  const number = new Int64()
  stream.open(cellPointer(arena, entry))
  const entries = entriesJson(streams)
  stream.readLastId(id)
  const parts = [`"entries":[${entries.join(',')}]`, `"lastId":${idJson(id)}`]
  stream.readEntriesAdded(number)
  parts.push(`"entriesAdded":${int64Json(number)}`)
  stream.readMaxDeletedId(id)
  parts.push(`"maxDeletedId":${idJson(id)}`)
  const groups: string[] = []
  const walk = new NameWalk()
  walk.start(arena, stream.groups)
  for (let group = walk.next(arena); group !== 0; group = walk.next(arena)) groups.push(groupJson(arena, group))
  return `{${parts.join(',')},"groups":[${groups.join(',')}]}`
}

function entriesJson({ cursor, view: stream }: Keyspace['streams']): string[] {
  const entries: string[] = []
  cursor.forward(stream, LEAST_ID, GREATEST_ID, 0, 0)
  while (cursor.next()) {
    const fields: string[] = []
    for (let left = cursor.fields; left > 0; left--) {
      cursor.nextField()
      readText(cursor.bytes, cursor.fieldAt, element)
      const field = elementJson(element)
      readText(cursor.bytes, cursor.valueAt, element)
      fields.push(`[${field},${elementJson(element)}]`)
    }
    entries.push(`[${idJson(cursor.id)},[${fields.join(',')}]]`)
  }
  return entries
}

function groupJson(arena: Keyspace['arena'], group: Pointer): string {
  const id = new StreamId()
  const number = new Int64()
  viewName(arena, group, view)
  const name = jsonText(view.bytes, view.start, view.end)
  readGroupLastId(arena, group, id)
  readEntriesRead(arena, group, number)
  const consumers: string[] = []
  const walk = new NameWalk()
  walk.start(arena, consumersOf(arena, group))
  for (let consumer = walk.next(arena); consumer !== 0; consumer = walk.next(arena)) {
    viewName(arena, consumer, view)
    const consumerName = jsonText(view.bytes, view.start, view.end)
    consumers.push(`{"name":${consumerName},"pending":[${pendingJson(arena, consumer).join(',')}]}`)
  }
  const read = `"lastId":${idJson(id)},"entriesRead":${int64Json(number)}`
  return `{"name":${name},${read},"consumers":[${consumers.join(',')}]}`
}

/** As [ID, when delivered in ms, how often]. */
function pendingJson(arena: Keyspace['arena'], consumer: Pointer): string[] {
  const cursor = new IndexCursor()
  const id = new StreamId()
  const number = new Int64()
  const pending: string[] = []
  for (let isThere = cursor.toFirst(arena, consumerPending(consumer)); isThere; isThere = cursor.next(arena)) {
    const delivery = cursor.value(arena)
    cursor.readId(arena, id)
    readDeliveries(arena, delivery, number)
    pending.push(`[${idJson(id)},${deliveredMs(arena, delivery)},${int64Json(number)}]`)
  }
  return pending
}

function idJson(id: StreamId): string {
  const text = new Uint8Array(ID_TEXT_BYTES_MAX)
  return jsonText(text, 0, writeId(id, text, 0))
}

function int64Json(value: Int64): string {
  const text = new Uint8Array(24)
  return String.fromCharCode(...text.subarray(0, writeInt64(value, text, 0)))
}
