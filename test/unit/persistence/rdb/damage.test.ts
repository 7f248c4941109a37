import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fillWithEverything, loadRdb, rdbOf } from '../../../support/rdb-data.js'
import { TestStore } from '../../../support/test-store.js'

const DEBUG = { 'enable-debug-command': 'yes' }

function files(version: string): Uint8Array {
  const origin = new TestStore({ 'rdb-version': version, rdbcompression: 'yes' })
  fillWithEverything(origin, true)
  return rdbOf(origin)
}

/** What a load may end in: a data set that is sound, or a reason with its place. */
function loadsOrRefuses(bytes: Uint8Array, what: string): void {
  const store = new TestStore(DEBUG)
  store.checksReplies = false
  const { error } = loadRdb(store, bytes, { checksChecksum: false })
  if (error !== undefined) {
    assert.notEqual(error.message, '', what)
    assert.ok(error.offset >= 0 && error.offset <= bytes.length, `${what}: offset ${error.offset}`)
  }
  store.validate()
  store.send('DEBUG', 'DIGEST')
}

describe('a damaged RDB file', () => {
  for (const version of ['9', '10', '11']) {
    it(`of version ${version}, cut at a byte, is refused with the place`, () => {
      const bytes = files(version)
      const store = new TestStore()
      for (let length = 0; length < bytes.length; length += 1 + (length >> 6)) {
        const { error } = loadRdb(store, bytes.subarray(0, length))
        assert.ok(error !== undefined, `${length} bytes`)
        // A count of more elements than the rest could hold is noticed before the end is.
        assert.ok(
          error.kind === 'truncated' || error.message.startsWith('there cannot be'),
          `${length} bytes: ${error.message}`,
        )
        assert.ok(error.offset <= length)
        store.send('FLUSHALL')
      }
    })

    it(`of version ${version}, with a byte changed, loads or is refused`, () => {
      const bytes = files(version)
      const step = Math.max(1, Math.floor(bytes.length / 500))
      for (let at = 0; at < bytes.length; at += step) {
        const damaged = bytes.slice()
        damaged[at]! ^= [0xff, 0x01, 0x80][at % 3]!
        loadsOrRefuses(damaged, `byte ${at}`)
      }
    })
  }
})

describe('a damaged payload', () => {
  it('is restored to something sound, or refused', () => {
    const origin = new TestStore(DEBUG)
    fillWithEverything(origin, true)
    const store = new TestStore(DEBUG)
    store.checksReplies = false
    store.send('DEBUG', 'SET-SKIP-CHECKSUM-VALIDATION', 1)
    for (const key of origin.send('KEYS', '*') as string[]) {
      const dumped = origin.client.sendLatin1('DUMP', key) as string
      const step = Math.max(1, Math.floor(dumped.length / 40))
      for (let at = 0; at < dumped.length - 10; at += step) {
        for (const mask of [0xff, 0x01, 0x40]) {
          const damaged = Uint8Array.from(dumped, (char) => char.charCodeAt(0))
          damaged[at]! ^= mask
          store.send('RESTORE', 'k', 0, damaged, 'REPLACE')
          useKey(store)
        }
      }
    }
    store.validate()
  })
})

/** What clients may do with a key of unknown content. */
function useKey(store: TestStore): void {
  store.send('DEBUG', 'DIGEST-VALUE', 'k')
  store.send('DUMP', 'k')
  store.send('COPY', 'k', 'copy', 'REPLACE')
  for (const request of [
    'SADD k 1',
    'HSET k f v',
    'ZADD k 1 m',
    'RPUSH k x',
    'LPOP k',
    'XADD k * f v',
    'XTRIM k MAXLEN 1',
    'DEL k',
  ]) {
    store.send(...request.split(' '))
  }
}
