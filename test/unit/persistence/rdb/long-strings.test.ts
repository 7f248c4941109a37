import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadRdb, rdbOf } from '../../../support/rdb-data.js'
import { TestStore } from '../../../support/test-store.js'

const LONG = 3 << 20

/** Bytes that do not get shorter by compression. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = 12345
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    bytes[i] = state >>> 16
  }
  return bytes
}

function storeWith(value: Uint8Array | string, compression = 'yes'): TestStore {
  const store = new TestStore({ rdbcompression: compression, 'enable-debug-command': 'yes' })
  store.send('SET', 'before', 'b')
  store.send('SET', 'long', value, 'PXAT', store.time.nowMs + 5000)
  store.send('SET', 'behind', 'a')
  return store
}

describe('strings of more than a megabyte', () => {
  const values: readonly [string, Uint8Array | string, string][] = [
    ['plain', noise(LONG), 'no'],
    ['that cannot be compressed', noise(LONG), 'yes'],
    ['compressed', 'abcdefgh'.repeat(LONG / 8), 'yes'],
  ]
  for (const [name, value, compression] of values) {
    for (const pieceBytes of [undefined, 100_000]) {
      it(`${name} are loaded, ${pieceBytes === undefined ? 'pulled' : 'fed in pieces'}`, () => {
        const origin = storeWith(value, compression)
        const store = new TestStore({ 'enable-debug-command': 'yes' })
        const loader = loadRdb(store, rdbOf(origin), pieceBytes === undefined ? {} : { pieceBytes })
        assert.equal(loader.error, undefined)
        assert.equal(store.send('DEBUG', 'DIGEST'), origin.send('DEBUG', 'DIGEST'))
        assert.equal(store.send('PTTL', 'long'), 5000)
        store.validate()
      })
    }
  }

  it('do not make the window as large as they are', () => {
    const store = new TestStore()
    const loader = loadRdb(store, rdbOf(storeWith(noise(LONG), 'no')))
    assert.ok(loader.source.bytes.length < LONG / 4)
  })

  it('are given back when the file ends in the middle of one', () => {
    const bytes = rdbOf(storeWith(noise(LONG), 'no'))
    const store = new TestStore()
    // The size of a stream is not known beforehand.
    const { error } = loadRdb(store, bytes.subarray(0, LONG >> 1), { pieceBytes: 65536 })
    assert.equal(error?.kind, 'truncated')
    assert.equal(error.offset, LONG >> 1)
    store.send('FLUSHALL')
    store.validate()
    assert.ok(store.store.keyspace.arena.usedBytes < LONG)
  })

  it('are refused when their compressed form is broken', () => {
    const bytes = rdbOf(storeWith('abcdefgh'.repeat(LONG / 8)))
    const middle = bytes.length >> 1
    bytes.fill(0x20, middle, middle + 8)
    const { error } = loadRdb(new TestStore(), bytes)
    assert.equal(error?.message, 'Invalid LZF compressed string')
  })

  it('are dropped when their time is over', () => {
    const store = new TestStore()
    store.time.advance(10_000)
    store.store.keyspace.setTime(store.time.nowMs)
    const loader = loadRdb(store, rdbOf(storeWith(noise(LONG), 'no')))
    assert.equal(loader.expired, 1)
    store.validate()
  })
})

describe('the number of keys to come', () => {
  it('makes the table ready', () => {
    const origin = new TestStore()
    for (let i = 0; i < 5000; i++) origin.send('SET', `key:${i}`, i)
    const store = new TestStore()
    assert.equal(loadRdb(store, rdbOf(origin)).error, undefined)
    const { keys } = store.store.keyspace.databases[0]!
    assert.equal(keys.bucketCount, Math.ceil(5000 / 7))
    assert.equal(store.send('GET', 'key:4321'), '4321')
    store.validate()
  })

  it('is not believed when the file is too short for it', () => {
    const file = [...Array.from('REDIS0011', (char) => char.charCodeAt(0)), 0xfe, 0, 0xfb, 0x80, 0x7f, 0, 0, 0, 0]
    file.push(0, 1, 0x6b, 1, 0x76, 0xff, 0, 0, 0, 0, 0, 0, 0, 0)
    const store = new TestStore()
    assert.equal(loadRdb(store, Uint8Array.from(file)).error, undefined)
    assert.equal(store.store.keyspace.databases[0]!.keys.bucketCount, 1)
    assert.equal(store.send('GET', 'k'), 'v')
  })
})
