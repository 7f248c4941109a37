import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ByteSource } from '../../../../src/persistence/byte-source.js'
import { RdbChecker } from '../../../../src/persistence/rdb/checker.js'
import { fillWithEverything, rdbOf } from '../../../support/rdb-data.js'
import { TestStore } from '../../../support/test-store.js'

function check(bytes: Uint8Array): { isSound: boolean; report: string } {
  const { store, time } = new TestStore()
  const source = new ByteSource()
  source.openBytes(bytes, 0, bytes.length)
  let report = ''
  const checker = new RdbChecker(store.keyspace, source, time.nowMs, (text) => void (report += text))
  const isSound = checker.check('dump.rdb')
  store.keyspace.arena.validate()
  assert.equal(store.keyspace.arena.usedBytes, 0, 'values are dropped again')
  return { isSound, report }
}

describe('the checker of RDB files', () => {
  const origin = new TestStore()
  fillWithEverything(origin, true)
  const bytes = rdbOf(origin)

  it('tells what it reads', () => {
    const { isSound, report } = check(bytes)
    assert.ok(isSound)
    assert.match(report, /^\[offset 0\] Checking RDB file dump\.rdb\n\[offset 26\] AUX FIELD redis-ver = '7\.2\.4'\n/)
    assert.match(report, /\] Selecting DB ID 0\n.*\] Selecting DB ID 3\n\[offset \d+\] Checksum OK\n/s)
    const keys = origin.store.keyspace.keyCount
    assert.ok(
      report.endsWith(`RDB looks OK! \\o/\n[info] ${keys} keys read\n[info] 2 expires\n[info] 0 already expired\n`),
    )
  })

  it('tells where and in what a file ends too early', () => {
    const { isSound, report } = check(bytes.subarray(0, bytes.length >> 1))
    assert.ok(!isSound)
    assert.match(report, /--- RDB ERROR DETECTED ---\n\[offset \d+\] Unexpected EOF reading RDB file\n/)
    assert.match(report, /\[additional info\] While doing: read-(type|key|object-value)\n/)
  })

  it('tells of a wrong checksum', () => {
    const damaged = bytes.slice()
    damaged[damaged.length - 1]! ^= 1
    const { isSound, report } = check(damaged)
    assert.ok(!isSound)
    assert.match(report, /\] RDB CRC error\n\[additional info\] While doing: check-sum\n/)
  })

  it('refuses what is no RDB', () => {
    assert.match(check(Uint8Array.from(Buffer.from('something else'))).report, /Wrong signature/)
    assert.match(check(Uint8Array.from(Buffer.from('REDIS0099'))).report, /Can't handle RDB format version 99/)
  })
})
