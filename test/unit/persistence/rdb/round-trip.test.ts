import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fillWithEverything, loadRdb, rdbOf } from '../../../support/rdb-data.js'
import { TestStore } from '../../../support/test-store.js'

function filled(options: Record<string, string> = {}): TestStore {
  const store = new TestStore(options)
  fillWithEverything(store)
  return store
}

function digest(store: TestStore): unknown {
  return store.send('DEBUG', 'DIGEST')
}

function encodings(store: TestStore): unknown[] {
  const keys = (store.send('KEYS', '*') as string[]).sort()
  return keys.map((key) => [key, store.send('OBJECT', 'ENCODING', key), store.send('PEXPIRETIME', key)])
}

const DEBUG = { 'enable-debug-command': 'yes' }

describe('a data set written as RDB and loaded again', () => {
  for (const version of ['9', '10', '11']) {
    for (const compression of ['yes', 'no']) {
      it(`is the same at version ${version}, compression ${compression}`, () => {
        const origin = filled({ ...DEBUG, 'rdb-version': version, rdbcompression: compression })
        const copy = new TestStore(DEBUG)
        const loader = loadRdb(copy, rdbOf(origin))
        assert.equal(loader.error, undefined)
        assert.equal(loader.version, Number(version))
        assert.equal(digest(copy), digest(origin))
        copy.validate()
        if (version === '11') assert.deepEqual(withoutRaw(encodings(copy)), withoutRaw(encodings(origin)))
      })
    }
  }

  it('is the same however the bytes arrive', () => {
    const origin = new TestStore(DEBUG)
    fillWithEverything(origin, true)
    const bytes = rdbOf(origin)
    for (const pieceBytes of [1, 7, 100, 5000]) {
      const copy = new TestStore(DEBUG)
      assert.equal(loadRdb(copy, bytes, { pieceBytes }).error, undefined)
      assert.equal(digest(copy), digest(origin), `${pieceBytes} bytes at a time`)
    }
  })

  it('drops what is past its time, unless it is to be kept', () => {
    const origin = filled(DEBUG)
    const bytes = rdbOf(origin)
    const copy = new TestStore()
    copy.time.advance(150_000)
    copy.store.keyspace.setTime(copy.time.nowMs)
    const loader = loadRdb(copy, bytes)
    assert.equal(loader.expired, 1)
    assert.equal(loader.loaded, origin.store.keyspace.keyCount - 1)
    assert.equal(loadRdb(new TestStore(), bytes, { keepsExpired: true }).expired, 0)
  })

  it('refuses keys that are there already, or replaces them', () => {
    const origin = filled(DEBUG)
    const bytes = rdbOf(origin)
    const copy = new TestStore(DEBUG)
    copy.send('SET', 'hash:many', 'in the way')
    const { error } = loadRdb(copy, bytes)
    assert.equal(error?.kind, 'duplicate')
    assert.match(error.message, /^RDB has duplicated key 'hash:many' in DB 0$/)
    const merged = new TestStore(DEBUG)
    merged.send('SET', 'hash:many', 'in the way')
    assert.equal(loadRdb(merged, bytes, { replacesKeys: true }).error, undefined)
    assert.equal(digest(merged), digest(origin))
  })

  it('keeps idle times and frequencies where the policy uses them', () => {
    for (const [policy, subcommand] of [
      ['allkeys-lru', 'IDLETIME'],
      ['allkeys-lfu', 'FREQ'],
    ] as const) {
      const options = { 'maxmemory-policy': policy }
      const origin = new TestStore(options)
      origin.send('SET', 'k', 'v')
      origin.time.advance(90_000)
      const bytes = rdbOf(origin)
      const copy = new TestStore(options)
      copy.time.advance(90_000)
      copy.store.keyspace.setTime(copy.time.nowMs)
      assert.equal(loadRdb(copy, bytes).error, undefined)
      assert.equal(copy.send('OBJECT', subcommand, 'k'), origin.send('OBJECT', subcommand, 'k'), policy)
    }
  })

  it('follows the limits of the store that loads', () => {
    const copy = new TestStore({
      'hash-max-listpack-entries': '1', 'set-max-listpack-entries': '1', 'set-max-intset-entries': '1',
      'zset-max-listpack-entries': '1', 'list-max-listpack-size': '2', ...DEBUG,
    }) // prettier-ignore
    const origin = filled(DEBUG)
    assert.equal(loadRdb(copy, rdbOf(origin)).error, undefined)
    assert.equal(digest(copy), digest(origin))
    const shown = Object.fromEntries(encodings(copy).map((line) => (line as string[]).slice(0, 2))) as Record<
      string,
      string
    >
    assert.equal(shown['hash:listpack'], 'hashtable')
    assert.equal(shown['set:intset'], 'hashtable')
    assert.equal(shown['set:listpack'], 'hashtable')
    assert.equal(shown['zset:listpack'], 'skiplist')
    copy.validate()
  })

  it('checks the checksum, and skips it where there is none', () => {
    const bytes = rdbOf(filled())
    bytes[bytes.length - 1]! ^= 1
    assert.equal(loadRdb(new TestStore(), bytes).error?.kind, 'checksum')
    assert.equal(loadRdb(new TestStore(), bytes, { checksChecksum: false }).error, undefined)
    const unsummed = rdbOf(filled({ rdbchecksum: 'no' }))
    assert.deepEqual([...unsummed.subarray(-8)], [0, 0, 0, 0, 0, 0, 0, 0])
    assert.equal(loadRdb(new TestStore(), unsummed).error, undefined)
  })
})

/** A string that was edited comes back as though it had been written. */
function withoutRaw(lines: unknown[]): unknown[] {
  return lines.filter((line) => (line as string[])[0] !== 'string:raw')
}
