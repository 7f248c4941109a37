import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TestStore } from '../../../support/test-store.js'

const IDLE = { 'maxmemory-policy': 'allkeys-lru' }

/** "v" as a string, version 11. */
const PAYLOAD = bytesOf('0001760b002a0be6ac65b6b8e5')

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16))
}

function dumped(store: TestStore, key: string): Uint8Array {
  return Uint8Array.from(store.client.sendLatin1('DUMP', key) as string, (char) => char.charCodeAt(0))
}

function errorOf(store: TestStore, ...words: (string | number | Uint8Array)[]): string {
  return store.client.sendRaw(...words).trimEnd()
}

describe('DUMP', () => {
  it('returns the type, the value, the version and a checksum', () => {
    const store = new TestStore()
    store.send('SET', 'k', 'v')
    const payload = dumped(store, 'k')
    assert.deepEqual([...payload.subarray(0, 5)], [0, 1, 0x76, 11, 0])
    assert.equal(payload.length, 13)
    assert.equal(store.send('DUMP', 'missing'), null)
  })

  it('writes the version that is configured', () => {
    for (const version of [9, 10, 11]) {
      const store = new TestStore({ 'rdb-version': String(version) })
      store.send('HSET', 'k', 'f', 'v')
      const payload = dumped(store, 'k')
      assert.equal(payload[payload.length - 10], version)
      assert.equal(payload[0], version === 9 ? 13 : 16)
      assert.equal(store.send('RESTORE', 'copy', 0, payload), 'OK')
      assert.deepEqual(store.client.sendLatin1('HGET', 'copy', 'f'), 'v')
    }
  })
})

describe('RESTORE', () => {
  it('makes a key, tells of it, and is replicated as sent', () => {
    const store = new TestStore()
    store.send('SET', 'k', 'v')
    const payload = dumped(store, 'k')
    const events = store.recordEvents()
    const effects = store.recordEffects()
    assert.equal(store.send('RESTORE', 'copy', 0, payload), 'OK')
    assert.equal(store.send('GET', 'copy'), 'v')
    assert.equal(store.send('PTTL', 'copy'), -1)
    assert.deepEqual(
      events.filter((line) => !line.startsWith('new')),
      ['restore copy@0'],
    )
    assert.match(effects[0]!, /^0: RESTORE copy 0 /)
  })

  it('takes a time to live, which is replicated as the moment', () => {
    const store = new TestStore()
    store.send('SET', 'k', 'v')
    const payload = dumped(store, 'k')
    const effects = store.recordEffects()
    store.send('RESTORE', 'copy', 5000, payload)
    assert.equal(store.send('PTTL', 'copy'), 5000)
    assert.match(effects[0]!, new RegExp(`^0: RESTORE copy ${store.time.nowMs + 5000} .* ABSTTL$`, 's'))
    store.send('RESTORE', 'other', store.time.nowMs + 7000, payload, 'ABSTTL')
    assert.equal(store.send('PTTL', 'other'), 7000)
    assert.match(effects[1]!, / ABSTTL$/)
  })

  it('makes no key of a moment that has passed', () => {
    const store = new TestStore()
    store.send('SET', 'k', 'v')
    const payload = dumped(store, 'k')
    const effects = store.recordEffects()
    assert.equal(store.send('RESTORE', 'copy', 1, payload, 'ABSTTL'), 'OK')
    assert.equal(store.send('EXISTS', 'copy'), 0)
    assert.deepEqual(effects, [])
    assert.equal(store.send('RESTORE', 'k', 1, payload, 'ABSTTL', 'REPLACE'), 'OK')
    assert.equal(store.send('EXISTS', 'k'), 0)
    assert.deepEqual(effects, ['0: DEL k'])
  })

  it('replaces a key of another type, with its expiry time', () => {
    const store = new TestStore()
    store.send('SET', 'k', 'v')
    const payload = dumped(store, 'k')
    store.send('RPUSH', 'list', 'a', 'b')
    store.send('PEXPIRE', 'list', 1000)
    assert.match(errorOf(store, 'RESTORE', 'list', 0, payload), /^-BUSYKEY Target key name already exists\.$/)
    assert.equal(store.send('RESTORE', 'list', 0, payload, 'REPLACE'), 'OK')
    assert.equal(store.send('GET', 'list'), 'v')
    assert.equal(store.send('PTTL', 'list'), -1)
    store.validate()
  })

  it('sets idle time and frequency where the policy uses them', () => {
    const store = new TestStore(IDLE)
    store.send('SET', 'k', 'v')
    const payload = dumped(store, 'k')
    store.send('RESTORE', 'idle', 0, payload, 'IDLETIME', 1000)
    assert.equal(store.send('OBJECT', 'IDLETIME', 'idle'), 1000)
    const counting = new TestStore({ 'maxmemory-policy': 'allkeys-lfu' })
    counting.send('RESTORE', 'often', 0, payload, 'FREQ', 100)
    assert.equal(counting.send('OBJECT', 'FREQ', 'often'), 100)
  })

  const REFUSALS: readonly (readonly [string, (string | number | Uint8Array)[], string])[] = [
    ['a wrong checksum', ['k', 0, PAYLOAD], '-ERR DUMP payload version or checksum are wrong'],
    ['too short a payload', ['k', 0, 'short'], '-ERR DUMP payload version or checksum are wrong'],
    ['an unknown option', ['k', 0, PAYLOAD, 'FOO'], '-ERR syntax error'],
    ['IDLETIME without a value', ['k', 0, PAYLOAD, 'IDLETIME'], '-ERR syntax error'],
    ['IDLETIME and FREQ', ['k', 0, PAYLOAD, 'IDLETIME', 1, 'FREQ', 1], '-ERR syntax error'],
    ['a negative IDLETIME', ['k', 0, PAYLOAD, 'IDLETIME', -1], '-ERR Invalid IDLETIME value, must be >= 0'],
    ['a FREQ too high', ['k', 0, PAYLOAD, 'FREQ', 256], '-ERR Invalid FREQ value, must be >= 0 and <= 255'],
    ['a FREQ that is no number', ['k', 0, PAYLOAD, 'FREQ', 'x'], '-ERR value is not an integer or out of range'],
    ['a ttl that is no number', ['k', 'x', PAYLOAD], '-ERR value is not an integer or out of range'],
    ['a negative ttl', ['k', -1, PAYLOAD], '-ERR Invalid TTL value, must be >= 0'],
  ]
  for (const [what, words, error] of REFUSALS) {
    it(`refuses ${what}`, () => assert.equal(errorOf(new TestStore(), 'RESTORE', ...words), error))
  }

  it('refuses what is no value, and says in the log why and where', () => {
    const store = new TestStore({ 'enable-debug-command': 'yes' })
    store.send('DEBUG', 'SET-SKIP-CHECKSUM-VALIDATION', 1)
    const payload = bytesOf('0d030102030b000000000000000000')
    assert.equal(errorOf(store, 'RESTORE', 'k', 0, payload), '-ERR Bad data format')
    assert.match(store.logged.at(-1)!.message, /offset \d+ -> Hash ziplist integrity check failed\./)
    assert.equal(errorOf(store, 'RESTORE', 'k', 0, bytesOf('06000b000000000000000000')), '-ERR Bad data format')
    assert.equal(store.send('EXISTS', 'k'), 0)
  })

  it('counts the values that it looks through where the configuration asks for it', () => {
    for (const [mode, counted] of [
      ['no', 0],
      ['yes', 1],
      ['clients', 1],
    ] as const) {
      const store = new TestStore({ 'sanitize-dump-payload': mode })
      store.send('HSET', 'k', 'f', 'v')
      store.send('RESTORE', 'copy', 0, dumped(store, 'k'))
      assert.match(store.send('INFO', 'stats') as string, new RegExp(`dump_payload_sanitizations:${counted}\\r`), mode)
    }
  })
})

describe('RESTORE-ASKING', () => {
  it('does what RESTORE does', () => {
    const store = new TestStore()
    store.send('SADD', 'k', '1', 'b')
    assert.equal(store.send('RESTORE-ASKING', 'copy', 0, dumped(store, 'k')), 'OK')
    assert.equal(store.send('SCARD', 'copy'), 2)
  })
})
