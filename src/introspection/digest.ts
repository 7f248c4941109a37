/**
 * DEBUG DIGEST: a fingerprint of the data set that does not depend on the order of what has none, by the reference's own
 * algorithm, so that a copy there and one here can be compared. It is built of two steps over SHA-1:
 *
 *     add(x)   digest = digest xor sha1(x)            what comes in any order
 *     mix(x)   digest = sha1(digest xor sha1(x))      what comes in this order
 */

import { SHA1_BYTES, sha1 } from '../base/sha1.js'
import { utf8Bytes } from '../base/bytes.js'
import { writeGrisu } from '../base/grisu.js'
import { Slice } from '../base/slice.js'
import type { Database } from '../keyspace/database.js'
import { expiryOf, keyBytes, keyLength, keyStart, Type, typeOf } from '../keyspace/entry.js'
import type { Keyspace } from '../keyspace/keyspace.js'
import { cellPointer } from '../keyspace/types/cell.js'
import { ListCursor } from '../keyspace/types/list.js'
import { GREATEST_ID, LEAST_ID } from '../keyspace/types/stream.js'
import { viewString } from '../keyspace/types/string.js'
import type { Pointer } from '../memory/pointer.js'
import { ListpackElement, readText } from '../structures/listpack.js'
import { ID_TEXT_BYTES_MAX, writeId } from '../structures/stream-id.js'

const EXPIRES = utf8Bytes('!!expire!!')
const FIELD_EXPIRES = utf8Bytes('!!hexpire!!')
const DASH = 0x2d
const DOT = 0x2e

export class Digest {
  readonly bytes: Uint8Array
  private readonly hash: Uint8Array
  private readonly number: Uint8Array

  constructor() {
    this.bytes = new Uint8Array(SHA1_BYTES)
    this.hash = new Uint8Array(SHA1_BYTES)
    this.number = new Uint8Array(4)
  }

  reset(): void {
    this.bytes.fill(0)
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    sha1(bytes, start, end, this.hash, 0)
    for (let i = 0; i < SHA1_BYTES; i++) this.bytes[i]! ^= this.hash[i]!
  }

  mix(bytes: Uint8Array, start: number, end: number): void {
    this.add(bytes, start, end)
    sha1(this.bytes, 0, SHA1_BYTES, this.bytes, 0)
  }

  /** Mixes a number of 32 bits in, most significant byte first. */
  mixNumber(value: number): void {
    for (let i = 0; i < 4; i++) this.number[i] = value >>> (24 - 8 * i)
    this.mix(this.number, 0, 4)
  }

  hex(): string {
    return Array.from(this.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}

/** Takes a value's content into a digest. */
type ValueDigest = (keyspace: Keyspace, entry: Pointer, into: Digest) => void

const view = new Slice()
const scratch = new Uint8Array(32)
const cursor = new ListCursor()
const element = new ListpackElement()

const VALUE_DIGESTS: Readonly<Partial<Record<Type, ValueDigest>>> = {
  [Type.string]: ({ arena }, entry, into) => {
    viewString(arena, entry, view, scratch)
    into.mix(view.bytes, view.start, view.end)
  },
  [Type.list]: ({ arena }, entry, into) => {
    for (let isThere = cursor.toIndex(arena, entry, 0); isThere; isThere = cursor.next()) {
      cursor.readText(element)
      into.mix(element.bytes, element.start, element.end)
    }
  },
  [Type.set]: ({ sets: { view } }, entry, into) => {
    view.open(entry)
    view.rewind()
    while (view.next()) {
      if (view.member.isInteger) view.member.spellInteger()
      into.add(view.member.bytes, view.member.start, view.member.end)
    }
  },
  [Type.zset]: ({ zsets: { view } }, entry, into) => {
    const pair = new Digest()
    const { member } = view
    view.open(entry)
    for (let isThere = view.toFirst(); isThere; isThere = view.next()) {
      if (member.isInteger) member.spellInteger()
      pair.reset()
      pair.mix(member.bytes, member.start, member.end)
      pair.mix(scratch, 0, writeGrisu(view.score, scratch, 0))
      into.add(pair.bytes, 0, SHA1_BYTES)
    }
  },
  [Type.stream]: ({ arena, streams }, entry, into) => {
    const { cursor, view } = streams
    const id = new Uint8Array(ID_TEXT_BYTES_MAX)
    view.open(cellPointer(arena, entry))
    cursor.forward(view, LEAST_ID, GREATEST_ID, 0, 0)
    while (cursor.next()) {
      const end = writeId(cursor.id, id, 0)
      id[id.indexOf(DASH)] = DOT
      into.mix(id, 0, end)
      for (let left = cursor.fields; left > 0; left--) {
        cursor.nextField()
        readText(cursor.bytes, cursor.fieldAt, element)
        into.mix(element.bytes, element.start, element.end)
        readText(cursor.bytes, cursor.valueAt, element)
        into.mix(element.bytes, element.start, element.end)
      }
    }
  },
  [Type.hash]: ({ hashes: { view } }, entry, into) => {
    const pair = new Digest()
    const { content, field } = view
    view.open(entry)
    view.rewind()
    while (view.next()) {
      if (field.isInteger) field.spellInteger()
      if (content.isInteger) content.spellInteger()
      pair.reset()
      pair.mix(field.bytes, field.start, field.end)
      pair.mix(content.bytes, content.start, content.end)
      if (view.dueMs >= 0) pair.add(FIELD_EXPIRES, 0, FIELD_EXPIRES.length)
      into.add(pair.bytes, 0, SHA1_BYTES)
    }
  },
}

/** Adds type, value and presence of an expiry time to a digest; false for a type that has no digest yet. */
export function digestValue({ keyspace }: Database, entry: Pointer, into: Digest): boolean {
  const { arena } = keyspace
  const type = typeOf(arena, entry)
  const digestOf = VALUE_DIGESTS[type]
  if (digestOf === undefined) return false
  into.mixNumber(type)
  digestOf(keyspace, entry, into)
  if (expiryOf(arena, entry) >= 0) into.add(EXPIRES, 0, EXPIRES.length)
  return true
}

/** The digest of all databases; undefined when a type has none yet. Takes time in proportion to the data. */
export function digestKeyspace(keyspace: Keyspace): string | undefined {
  const whole = new Digest()
  const pair = new Digest()
  const entries: Pointer[] = []
  for (const database of keyspace.databases) {
    if (database.size === 0) continue
    whole.mixNumber(database.index)
    let cursor = 0
    do {
      entries.length = 0
      cursor = database.keys.scan(cursor, entries)
      for (const entry of entries) {
        pair.reset()
        const start = keyStart(keyspace.arena, entry)
        pair.mix(keyBytes(keyspace.arena, entry), start, start + keyLength(keyspace.arena, entry))
        if (!digestValue(database, entry, pair)) return undefined
        whole.add(pair.bytes, 0, SHA1_BYTES)
      }
    } while (cursor !== 0)
  }
  return whole.hex()
}
