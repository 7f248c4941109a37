import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { Keyspace } from '../../../src/keyspace/keyspace.js'
import { setString } from '../../../src/keyspace/types/string.js'
import { Arena } from '../../../src/memory/arena.js'
import { SeededRandom } from '../../support/test-store.js'

function keyspace(): Keyspace {
  return new Keyspace(new Arena({ poison: true }), new SeededRandom(1), 2)
}

function set(space: Keyspace, index: number, name: string): void {
  const key = latin1Bytes(name)
  const database = space.databases[index]!
  const entry = database.lookupWrite(key, 0, key.length, true)
  setString(database, entry, key, 0, key.length, key, 0, key.length, -1)
}

/** A table left behind as long as it was, with few keys: those whose hashes end in ones, which a scan returns last. */
function crowd(space: Keyspace): void {
  for (let i = 0; i < 30_000; i++) set(space, 0, `key:${i}`)
  const database = space.databases[0]!
  const found: number[] = []
  let cursor = 0
  do {
    found.length = 0
    cursor = database.keys.scan(cursor, found)
    for (const entry of found) if (database.size > 200) database.remove(entry, false)
  } while (cursor !== 0)
}

test('keys removed in the order of a scan leave no long chains, and the table follows later', () => {
  const space = keyspace()
  crowd(space)
  const { keys } = space.databases[0]!
  keys.validate()
  const histogram = keys.fillHistogram(60)
  assert.equal(histogram.findLastIndex((buckets) => buckets > 0) <= 24, true)
  for (let rounds = 0; space.shrinkTables(10); rounds++) assert.ok(rounds < 10_000)
  keys.validate()
  // 24 entries in one bucket at most; without a limit to the crowd it would be 200 / 3.
  assert.ok(keys.fillHistogram(60).findLastIndex((buckets) => buckets > 0) <= 24)
  assert.equal(keys.count, 200)
})

test('an empty table takes no memory, however large it was', () => {
  const space = keyspace()
  for (let i = 0; i < 150_000; i++) set(space, 0, `key:${i}`)
  const database = space.databases[0]!
  assert.ok(database.keys.bucketCount > 64 * 256)
  const found: number[] = []
  for (let cursor = -1; cursor !== 0;) {
    found.length = 0
    cursor = database.keys.scan(Math.max(cursor, 0), found)
    for (const entry of found) database.remove(entry, false)
  }
  while (space.shrinkTables(100)) assert.ok(space.arena.usedBytes > 0)
  assert.equal(space.arena.usedBytes, 0)
  assert.equal(database.keys.bucketCount, 0)
  set(space, 0, 'again')
  assert.equal(database.size, 1)
})

test('without memory to grow, a table goes on with longer chains', () => {
  const space = keyspace()
  const { arena } = space
  const allocate = arena.allocate.bind(arena)
  for (let i = 0; i < 2000; i++) set(space, 0, `key:${i}`)
  const { keys } = space.databases[0]!
  const buckets = keys.bucketCount
  arena.allocate = (bytes) => (bytes >= 16384 ? 0 : allocate(bytes))
  for (let i = 2000; i < 6000; i++) set(space, 0, `key:${i}`)
  assert.ok(keys.bucketCount < buckets + 256)
  keys.validate()
  arena.allocate = allocate
  for (let i = 6000; i < 8000; i++) set(space, 0, `key:${i}`)
  assert.ok(keys.bucketCount >= buckets + 256)
  keys.validate()
})

test('swapping exchanges contents, averages and the place of the expiry cycle', () => {
  const space = keyspace()
  const [first, second] = space.databases as [(typeof space.databases)[0], (typeof space.databases)[0]]
  set(space, 0, 'a')
  first.averageTtlMs = 5
  first.expiryCursor = 7
  space.swap(first, second)
  assert.deepEqual([first.size, first.averageTtlMs, first.expiryCursor], [0, 0, 0])
  assert.deepEqual([second.size, second.averageTtlMs, second.expiryCursor], [1, 5, 7])
  const { writes } = space
  space.swap(first, first)
  assert.equal(space.writes, writes)
})

test('flushing tells the listeners even of what is empty', () => {
  const space = keyspace()
  const flushed: number[] = []
  space.events = { ...space.events, flushed: (database) => flushed.push(database.index) }
  assert.equal(space.flush(-1, true), 0)
  assert.deepEqual(flushed, [0, 1])
  assert.equal(space.writes, 0)
})
