/** Random changes of a stream and of what is pending in its groups, against plain lists. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { Int64, isSafe, toNumber } from '../../../src/base/int64.js'
import { Arena } from '../../../src/memory/arena.js'
import { ListpackElement, readText } from '../../../src/structures/listpack.js'
import { createStream, type NodeLimits, Stream } from '../../../src/structures/stream.js'
import { StreamCursor } from '../../../src/structures/stream-cursor.js'
import {
  addConsumer,
  addGroup,
  copyGroups,
  deliver,
  findConsumer,
  findGroup,
  findPending,
  freeGroupsSome,
  giveTo,
  groupPending,
  removeConsumer,
  removePending,
  validateGroups,
} from '../../../src/structures/stream-groups.js'
import { compareIds, IdForm, parseId, setIdMax, StreamId, writeId } from '../../../src/structures/stream-id.js'
import { indexCount } from '../../../src/structures/stream-index.js'
import { type EntryWords, wordBytes } from '../../../src/structures/stream-node.js'

interface Entry {
  readonly id: string
  readonly words: readonly string[]
}

function idOf(text: string): StreamId {
  const id = new StreamId()
  const bytes = latin1Bytes(text)
  assert.notEqual(parseId(bytes, 0, bytes.length, IdForm.special, false, id), 0, text)
  return id
}

function textOf(id: StreamId): string {
  const bytes = new Uint8Array(41)
  return latin1(bytes, 0, writeId(id, bytes, 0))
}

function isAtMost(a: string, b: string): boolean {
  return compareIds(idOf(a), idOf(b)) <= 0
}

function wordsOf(words: readonly string[]): EntryWords {
  const starts: number[] = []
  const ends: number[] = []
  for (const word of words) {
    starts.push(ends[ends.length - 1] ?? 0)
    ends.push(starts[starts.length - 1]! + word.length)
  }
  return { bytes: latin1Bytes(words.join('')), starts: Int32Array.from(starts), ends: Int32Array.from(ends) }
}

/** A stream beside what it should hold. */
class Pair {
  readonly arena = new Arena({ poison: true })
  readonly stream = new Stream(this.arena)
  readonly cursor = new StreamCursor(this.arena)
  readonly limits: NodeLimits
  entries: Entry[] = []
  added = 0
  /** Of the last entry added. */
  ms = 1_700_000_000_000n
  seq = 0n

  constructor(nodeBytesMax: number, nodeEntriesMax: number) {
    this.limits = { nodeBytesMax, nodeEntriesMax }
    this.stream.open(createStream(this.arena))
  }

  add(words: readonly string[], msStep: bigint, seqStep: bigint): void {
    if (msStep > 0n) this.seq = seqStep
    else this.seq += seqStep + 1n
    this.ms += msStep
    const id = `${this.ms}-${this.seq}`
    const given = wordsOf(words)
    const fields = words.length / 2
    assert.ok(this.stream.append(idOf(id), given, 0, fields, wordBytes(given, 0, fields), this.limits))
    this.entries.push({ id, words })
    this.added++
  }

  idAt(at: number): string {
    const entry = this.entries[at % (this.entries.length + 1)]
    return entry?.id ?? `${this.ms + 5n}-0`
  }

  remove(id: string): void {
    const before = this.entries.length
    this.entries = this.entries.filter((entry) => entry.id !== id)
    assert.equal(this.stream.deleteEntry(idOf(id)), before - this.entries.length)
    this.stream.refreshFirstId()
  }

  trim(lengthMax: number): void {
    const removed = Math.max(0, this.entries.length - lengthMax)
    assert.equal(this.stream.trimToLength(lengthMax, false, 0), removed)
    this.entries.splice(0, removed)
  }

  trimBelow(id: string): void {
    const kept = this.entries.filter((entry) => !(compareIds(idOf(entry.id), idOf(id)) < 0))
    assert.equal(this.stream.trimBelow(idOf(id), false, 0), this.entries.length - kept.length)
    this.entries = kept
  }

  /** Only whole nodes go: how many is the stream's business, but never too many. */
  trimCoarsely(lengthMax: number, limit: number): void {
    const removed = this.stream.trimToLength(lengthMax, true, limit)
    assert.ok(this.entries.length - removed >= lengthMax || removed === 0)
    assert.ok(limit === 0 || removed <= limit)
    this.entries.splice(0, removed)
  }

  range(from: string, to: string, isBackward: boolean): void {
    const expected = this.entries.filter((entry) => isAtMost(from, entry.id) && isAtMost(entry.id, to))
    if (isBackward) expected.reverse()
    assert.deepEqual(this.shown(this.stream, from, to, isBackward), expected)
  }

  shown(stream: Stream, from: string, to: string, isBackward: boolean): Entry[] {
    const { cursor } = this
    const found: Entry[] = []
    if (isBackward) cursor.backward(stream, idOf(from), idOf(to))
    else cursor.forward(stream, idOf(from), idOf(to), 0, 0)
    while (cursor.next()) {
      const words: string[] = []
      for (let left = cursor.fields; left > 0; left--) {
        cursor.nextField()
        words.push(elementText(cursor.bytes, cursor.fieldAt), elementText(cursor.bytes, cursor.valueAt))
      }
      found.push({ id: textOf(cursor.id), words })
    }
    return found
  }

  check(): void {
    const { entries, stream } = this
    const id = new StreamId()
    const count = new Int64()
    stream.validate()
    assert.equal(stream.length, entries.length)
    stream.readFirstId(id)
    assert.equal(textOf(id), entries[0]?.id ?? '0-0')
    stream.readTopId(id)
    assert.equal(textOf(id), entries[entries.length - 1]?.id ?? '0-0')
    stream.readEntriesAdded(count)
    assert.ok(isSafe(count))
    assert.equal(toNumber(count), this.added)
  }
}

function elementText(bytes: Uint8Array, at: number): string {
  const element = new ListpackElement()
  readText(bytes, at, element)
  return latin1(element.bytes, element.start, element.end)
}

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'temperature', '1', '') },
  { weight: 2, arbitrary: fc.integer().map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('-4096', '4095', '4096', '9223372036854775807', '-9223372036854775808', '01', '-0'),
  },
  { weight: 1, arbitrary: fc.constantFrom(62, 63, 64, 127, 500, 5000).map((n) => 'x'.repeat(n)) },
)
const words = fc.oneof(
  { weight: 3, arbitrary: text.map((value) => ['a', value]) },
  { weight: 2, arbitrary: fc.tuple(text, text).map(([one, two]) => ['a', one, 'b', two]) },
  { weight: 1, arbitrary: fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 }).map((pairs) => pairs.flat()) },
)
const step = fc.record({
  do: fc.constantFrom(
    'add',
    'add',
    'add',
    'add',
    'add',
    'add',
    'remove',
    'remove',
    'range',
    'back',
    'trim',
    'below',
    'coarse',
  ),
  words,
  ms: fc.constantFrom(0n, 0n, 1n, 3n, 40_000n, 5_000_000_000n, 1n << 61n),
  seq: fc.constantFrom(0n, 0n, 1n, 200n, 5_000_000_000n),
  at: fc.nat(400),
  to: fc.nat(400),
})

test('a stream agrees with a list of entries through any changes', () => {
  const limits = fc.record({
    bytes: fc.constantFrom(0, 100, 400, 4096),
    entries: fc.constantFrom(0, 1, 2, 10, 100, 300),
  })
  fc.assert(
    fc.property(limits, fc.array(step, { maxLength: 200, size: 'max' }), ({ bytes, entries }, steps) => {
      const pair = new Pair(bytes, entries)
      for (const [index, { at, do: what, ms, seq, to, words }] of steps.entries()) {
        if (what === 'add') pair.add(words, pair.ms + ms < 1n << 63n ? ms : 1n, seq)
        else if (what === 'remove') pair.remove(pair.idAt(at))
        else if (what === 'range' || what === 'back') pair.range(pair.idAt(at), pair.idAt(to), what === 'back')
        else if (what === 'trim') pair.trim(at % 40)
        else if (what === 'below') pair.trimBelow(pair.idAt(at % 20))
        else pair.trimCoarsely(at % 40, to % 20)
        if (index % 10 === 0) pair.check()
      }
      pair.check()
      pair.range('-', '+', false)
      pair.range('-', '+', true)
      assert.ok(pair.stream.freeNodes(Infinity))
      pair.arena.free(pair.stream.root)
      assert.equal(pair.arena.usedBytes, 0)
    }),
    { numRuns: 80 },
  )
})

const NAMES = ['alice', 'bob', 'carol', ''] as const
const groupStep = fc.record({
  do: fc.constantFrom('deliver', 'deliver', 'deliver', 'give', 'acknowledge', 'removeConsumer'),
  id: fc.nat(300),
  name: fc.constantFrom(...NAMES),
})

test('what is pending agrees with a map of ids to consumers', () => {
  fc.assert(
    fc.property(fc.array(groupStep, { maxLength: 400, size: 'max' }), (steps) => {
      const arena = new Arena({ poison: true })
      const stream = new Stream(arena)
      stream.open(createStream(arena))
      const name = latin1Bytes('group')
      const group = addGroup(stream, name, 0, name.length, new StreamId(), new Int64())
      const owners = new Map<number, string>()
      for (const { do: what, id, name } of steps) changePending(arena, group, owners, what, id, name)
      validateGroups(stream)
      assert.equal(indexCount(arena, groupPending(group)), owners.size)
      const copied = new Stream(arena)
      copied.open(createStream(arena))
      assert.ok(copyGroups(stream, copied))
      validateGroups(copied)
      const twin = findGroup(copied, name, 0, name.length)
      assert.equal(indexCount(arena, groupPending(twin)), owners.size)
      for (const one of [stream, copied]) {
        while (!freeGroupsSome(one, 20)) assert.equal(one.groupCount, 1)
        arena.free(one.root)
      }
      assert.equal(arena.usedBytes, 0)
    }),
    { numRuns: 60 },
  )
})

function changePending(
  arena: Arena, group: number, owners: Map<number, string>, what: string, number: number, name: string,
): void {
  const bytes = latin1Bytes(name)
  const id = idOf(`7-${number}`)
  let consumer = findConsumer(arena, group, bytes, 0, bytes.length)
  const pending = findPending(arena, group, id)
  assert.equal(pending !== 0, owners.has(number))
  if (what === 'removeConsumer') {
    if (consumer !== 0) removeConsumer(arena, group, consumer)
    for (const [key, owner] of [...owners]) if (owner === name) owners.delete(key)
    return
  }
  if (consumer === 0) consumer = addConsumer(arena, group, bytes, 0, bytes.length, 1, -1)
  if (what === 'deliver') {
    assert.notEqual(deliver(arena, group, consumer, id, 5), 0)
    owners.set(number, name)
  } else if (pending !== 0 && what === 'give') {
    assert.ok(giveTo(arena, pending, id, consumer))
    owners.set(number, name)
  } else if (pending !== 0) {
    removePending(arena, group, pending, id)
    owners.delete(number)
  }
} // prettier-ignore

test('an id beyond all entries finds none, from either end', () => {
  const pair = new Pair(4096, 100)
  const greatest = new StreamId()
  setIdMax(greatest)
  pair.range('-', '+', false)
  pair.add(['a', '1'], 1n, 0n)
  pair.cursor.forward(pair.stream, greatest, greatest, 0, 0)
  assert.equal(pair.cursor.next(), false)
  pair.cursor.backward(pair.stream, new StreamId(), new StreamId())
  assert.equal(pair.cursor.next(), false)
})
