import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadRdb } from '../../../support/rdb-data.js'
import { TestStore } from '../../../support/test-store.js'

/**
 * Files as the servers of old wrote them, put together by hand: version 1 (Redis 1.x), 2 (2.4), 3 and 4 (2.6). None has facts about
 * itself, sizes or a checksum; versions say little, since each byte of type came with a server and not with a version.
 */
function file(version: number, ...records: (string | number)[][]): Uint8Array {
  const header = `REDIS000${version}`
  return Uint8Array.from(
    [header, ...records.flat(), 0xff].flatMap((part) => (typeof part === 'number' ? part : ascii(part))),
  )
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}

/** A short string with its length. */
function text(content: string): (string | number)[] {
  return [content.length, content]
}

function loaded(bytes: Uint8Array): TestStore {
  for (const pieceBytes of [1, 7]) {
    const piecewise = new TestStore()
    assert.equal(loadRdb(piecewise, bytes, { pieceBytes }).error, undefined)
  }
  const store = new TestStore()
  assert.equal(loadRdb(store, bytes).error, undefined)
  store.validate()
  return store
}

const ZERO_DATABASE = [0xfe, 0]

describe('RDB version 1', () => {
  it('holds strings: plain, as integers, compressed', () => {
    const store = loaded(
      file(
        1,
        ZERO_DATABASE,
        [0, ...text('plain'), ...text('value')],
        [0, ...text('int8'), 0xc0, 0x85],
        [0, ...text('int16'), 0xc1, 0x39, 0x30],
        [0, ...text('int32'), 0xc2, 0x00, 0x00, 0x00, 0x80],
        [0, ...text('lzf'), 0xc3, 5, 20, 0, 'a', 0xe0, 10, 0],
        [0, ...text('long'), 0x40, 100, 'x'.repeat(100)],
      ),
    )
    const names = ['plain', 'int8', 'int16', 'int32', 'lzf', 'long']
    const values = ['value', '-123', '12345', '-2147483648', 'a'.repeat(20), 'x'.repeat(100)]
    assert.deepEqual(store.send('MGET', ...names), values)
  })

  it('holds lists, sets and sorted sets element by element, in several databases', () => {
    const store = loaded(
      file(
        1,
        ZERO_DATABASE,
        [1, ...text('list'), 3, ...text('a'), 0xc0, 5, ...text('')],
        [2, ...text('set'), 2, ...text('m'), 0xc0, 7],
        [0xfe, 9],
        [3, ...text('zset'), 3, ...text('one'), ...text('1.5'), ...text('most'), 254, ...text('least'), 255],
      ),
    )
    assert.deepEqual(store.send('LRANGE', 'list', 0, -1), ['a', '5', ''])
    assert.deepEqual((store.send('SMEMBERS', 'set') as string[]).sort(), ['7', 'm'])
    store.send('SELECT', 9)
    const members = ['least', '-inf', 'one', '1.5', 'most', 'inf']
    assert.deepEqual(store.send('ZRANGE', 'zset', 0, -1, 'WITHSCORES'), members)
  })

  it('holds expiry times in seconds', () => {
    const seconds = 1_800_000_000
    const bytes = [seconds & 255, (seconds >> 8) & 255, (seconds >> 16) & 255, seconds >>> 24]
    const store = loaded(file(1, ZERO_DATABASE, [0xfd, ...bytes, 0, ...text('k'), ...text('v')]))
    assert.equal(store.send('PEXPIRETIME', 'k'), seconds * 1000)
  })
})

describe('RDB version 2', () => {
  it('holds hashes field by field, and as a zipmap', () => {
    const zipmap = [2, 1, 'f', 1, 0, 'v', 1, 'g', 2, 1, 12, 13, 0, 0xff] // the second value has a free byte behind it
    const store = loaded(
      file(
        2,
        ZERO_DATABASE,
        [4, ...text('fields'), 2, ...text('f'), ...text('v'), ...text('n'), 0xc0, 12],
        [9, ...text('zipmap'), zipmap.length, ...zipmap],
      ),
    )
    assert.deepEqual(store.send('HGETALL', 'fields'), ['f', 'v', 'n', '12'])
    assert.deepEqual(store.send('HGETALL', 'zipmap'), ['f', 'v', 'g', '\f\r'])
    assert.equal(store.send('OBJECT', 'ENCODING', 'zipmap'), 'listpack')
  })

  it('holds small lists as ziplists and sets of integers as intsets', () => {
    // Entries: "a" behind nothing, then the integer 5 behind 3 bytes.
    const ziplist = [16, 0, 0, 0, 13, 0, 0, 0, 2, 0, 0, 1, 'a', 3, 0xf6, 0xff]
    const intset = [2, 0, 0, 0, 3, 0, 0, 0, 0xff, 0xff, 1, 0, 0x39, 0x30]
    const store = loaded(
      file(
        2,
        ZERO_DATABASE,
        [10, ...text('list'), ziplist.length, ...ziplist],
        [11, ...text('set'), intset.length, ...intset],
      ),
    )
    assert.deepEqual(store.send('LRANGE', 'list', 0, -1), ['a', '5'])
    assert.deepEqual(store.send('SMEMBERS', 'set'), ['-1', '1', '12345'])
    assert.equal(store.send('OBJECT', 'ENCODING', 'set'), 'intset')
  })
})

describe('RDB versions 3 and 4', () => {
  // "m" and the score 2, behind 3 bytes.
  const pair = [16, 0, 0, 0, 13, 0, 0, 0, 2, 0, 0, 1, 'm', 3, 0xf3, 0xff]

  for (const version of [3, 4]) {
    it(`holds expiry times in milliseconds and sorted sets as ziplists: version ${version}`, () => {
      // 1800000000123 ms.
      const time = [0x7b, 0x50, 0x5c, 0x18, 0xa3, 0x01, 0, 0]
      const store = loaded(file(version, ZERO_DATABASE, [0xfc, ...time, 12, ...text('zset'), pair.length, ...pair]))
      assert.deepEqual(store.send('ZRANGE', 'zset', 0, -1, 'WITHSCORES'), ['m', '2'])
      assert.equal(store.send('PEXPIRETIME', 'zset'), 1_800_000_000_123)
    })
  }

  it('holds hashes as ziplists since version 4', () => {
    const store = loaded(file(4, ZERO_DATABASE, [13, ...text('hash'), pair.length, ...pair]))
    assert.deepEqual(store.send('HGETALL', 'hash'), ['m', '2'])
  })

  it('has no checksum: what stands behind the end mark is not read', () => {
    const bytes = file(4, ZERO_DATABASE, [0, ...text('k'), ...text('v')])
    const store = new TestStore()
    const loader = loadRdb(store, Uint8Array.from([...bytes, 1, 2, 3]))
    assert.equal(loader.error, undefined)
    assert.equal(loader.source.offset, bytes.length)
  })

  it('cut at any byte is refused, with the place', () => {
    const bytes = file(4, ZERO_DATABASE, [13, ...text('hash'), pair.length, ...pair], [0, ...text('k'), ...text('v')])
    for (let length = 0; length < bytes.length; length++) {
      const { error } = loadRdb(new TestStore(), bytes.subarray(0, length))
      assert.ok(error !== undefined && error.offset <= length, `${length} bytes`)
    }
  })
})
