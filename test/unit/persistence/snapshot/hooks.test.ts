/** What structures tell of a change before it happens. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1Bytes } from '../../../../src/base/bytes.js'
import type { TableGuard } from '../../../../src/keyspace/change-guard.js'
import { Arena } from '../../../../src/memory/arena.js'
import type { UnitGuard } from '../../../../src/memory/unit-guard.js'
import { newElement } from '../../../../src/structures/dict-element.js'
import { Dict } from '../../../../src/structures/dict.js'
import * as quicklists from '../../../../src/structures/quicklist.js'
import { HEAD, NEXT, setMarked, word } from '../../../../src/structures/quicklist-nodes.js'
import { MarkSet } from '../../../../src/persistence/snapshot/mark-set.js'
import { PointerSet } from '../../../../src/persistence/snapshot/pointer-set.js'
import { SideStore } from '../../../../src/persistence/snapshot/side-store.js'
import { ByteSink, MemoryTaker } from '../../../../src/persistence/byte-sink.js'
import { SeededRandom, TestStore } from '../../../support/test-store.js'
import { MemoryFiles } from './memory-files.js'

test('a table tells which buckets it divides and joins', () => {
  const { store, send } = ((owner) => ({ store: owner.store, send: owner.send.bind(owner) }))(new TestStore())
  for (let i = 0; i < 1000; i++) send('SET', `k${i}`, i)
  const { keys } = store.keyspace.databases[0]!
  let told: number[] = []
  const guard: TableGuard = { table: keys, changing: (bucket) => void told.push(bucket), emptied: () => told.push(-1) }
  keys.guard = guard
  // Entries are taken out without a word, so that what is told comes from the table itself.
  const batch: number[] = []
  for (let before = keys.bucketCount; keys.count > 0; before = keys.bucketCount) {
    batch.length = 0
    for (let bucket = 0; batch.length === 0; bucket++) keys.collectBucket(bucket, batch)
    told = []
    keys.remove(keys.hashOfEntry(batch[0]!), batch[0]!)
    if (keys.bucketCount === 0) assert.equal(told.at(-1), -1)
    else for (let gone = before - 1; gone >= keys.bucketCount; gone--) assert.ok(told.includes(gone))
    assert.equal(told.filter((bucket) => bucket >= 0).length % 2, 0)
  }
  assert.equal(keys.bucketCount, 0)
})

test('a dict tells of a bucket before it changes, and only while it is marked', () => {
  const arena = new Arena({ poison: true })
  const dict = new Dict(arena, 1, 2)
  const told: number[] = []
  arena.unitGuard = { changing: (_root: number, unit: number) => void told.push(unit) } as unknown as UnitGuard
  dict.create()
  const insert = (name: string): void => {
    const bytes = latin1Bytes(name)
    dict.find(bytes, 0, bytes.length)
    dict.insert(dict.hash, newElement(arena, bytes, 0, bytes.length, bytes, 0, 1, 0))
  }
  for (let i = 0; i < 100; i++) insert(`a${i}`)
  assert.deepEqual(told, [])
  dict.setMarked(true)
  const view = new Dict(arena, 1, 2)
  view.open(dict.root)
  const element = view.find(latin1Bytes('a7'), 0, 2)
  view.elementChanging(element)
  view.remove(view.hash, element)
  assert.equal(told.length, 2)
  assert.equal(told[0], told[1])
  dict.open(dict.root)
  // Dividing tells of the bucket that is divided, besides the one that the element goes to.
  told.length = 0
  const before = dict.bucketCount
  while (dict.bucketCount === before) insert(`b${told.length}`)
  assert.equal(told.at(-1), before - (0x80000000 >>> Math.clz32(before)) * 1)
  dict.setMarked(false)
  told.length = 0
  for (let i = 0; i < 100; i++) insert(`c${i}`)
  assert.deepEqual(told, [])
})

test('a list tells of nodes that change, come and go', () => {
  const arena = new Arena({ poison: true })
  const list = quicklists.create(arena, 2, 0)
  const push = (text: string): void => {
    const bytes = latin1Bytes(text)
    quicklists.push(arena, list, false, bytes, 0, bytes.length, 1 << 30)
  }
  for (let i = 0; i < 6; i++) push(`e${i}`)
  const told: string[] = []
  const kept: number[] = []
  arena.unitGuard = {
    changing: (_root, node) => void told.push(`changing ${node}`),
    relinking: (_root, node) => void told.push(`relinking ${node}`),
    added: () => void told.push('added'),
    keepsNode: (_root, node) => kept.push(node) > 0,
    dissolved: () => void told.push('dissolved'),
  }
  setMarked(arena, list, true)
  const first = word(arena, list, HEAD)
  const second = word(arena, first, NEXT)
  const third = word(arena, second, NEXT)
  push('full')
  assert.deepEqual(told.splice(0), [`relinking ${third}`, 'added'])
  quicklists.pop(arena, list, true)
  assert.deepEqual(told.splice(0), [`changing ${first}`])
  quicklists.pop(arena, list, true)
  assert.deepEqual(told.splice(0), [`changing ${first}`])
  assert.deepEqual(kept, [first])
  // The block of a node that is kept still leads to the one behind it.
  assert.equal(word(arena, first, NEXT), second)
  for (let i = 0; i < 4; i++) quicklists.pop(arena, list, true)
  assert.notEqual(quicklists.takeOnlyListpack(arena, list), 0)
  assert.equal(told.at(-1), 'dissolved')
})

test('marks are found by walking', () => {
  const random = new SeededRandom(3)
  for (const count of [0, 1, 31, 32, 33, 200]) {
    const marks = new MarkSet(count)
    const model = new Set<number>()
    for (let i = 0; i < count * 3; i++) {
      const bucket = random.next32() % (count + 5)
      assert.equal(marks.add(bucket), bucket < count && !model.has(bucket))
      if (bucket < count) model.add(bucket)
      const from = random.next32() % (count + 1)
      let free = from
      while (free < count && model.has(free)) free++
      assert.equal(marks.firstFree(from), free)
    }
  }
})

test('pointers of any size are in a set or not', () => {
  const set = new PointerSet()
  const pointers = [1, 2, 1023, 1024, 0x7fffffff, -1, -1024, 5_000_000]
  for (const pointer of pointers) {
    assert.equal(set.has(pointer), false)
    set.add(pointer)
    assert.equal(set.has(pointer), true)
  }
  assert.equal(set.has(3), false)
})

test('buffers at the side hold what they were given, in memory or in the file', () => {
  const random = new SeededRandom(11)
  const store = new SideStore(new MemoryFiles(), '/side', 5000)
  const models = Array.from({ length: 4 }, () => ({ buffer: store.open(), bytes: [] as number[] }))
  for (let round = 0; round < 300; round++) {
    const { buffer, bytes } = models[random.next32() % 4]!
    const added = new Uint8Array(random.next32() % 700)
    random.fill(added.subarray())
    buffer.append(added, 0, added.length)
    bytes.push(...added)
    assert.equal(buffer.length, bytes.length)
    assert.ok(store.heldBytes < 5000 + 65536)
    const start = random.next32() % (bytes.length + 1)
    const end = start + (random.next32() % (bytes.length - start + 1))
    const taker = new MemoryTaker()
    const sink = new ByteSink(taker)
    buffer.copyTo(sink, start, end)
    sink.flush()
    assert.deepEqual([...taker.bytes.subarray(0, taker.length)], bytes.slice(start, end))
  }
  assert.ok(store.spilledBytes > 0)
  for (const { buffer } of models) buffer.release()
  assert.equal(store.heldBytes, 0)
  store.close()
})
