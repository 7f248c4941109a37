import { test } from 'node:test'
import { equal } from 'node:assert/strict'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { crc16 } from '../../../src/base/crc16.js'

test('known values', () => {
  const of = (text: string): number => crc16(latin1Bytes(text), 0, text.length)
  equal(of(''), 0)
  equal(of('123456789'), 0x31c3)
  equal(of('a'), 0x7c87)
  equal(of('foo') & 16383, 12182) // the slot of the key "foo"
})

test('only the range counts', () => {
  equal(crc16(latin1Bytes('xx123456789xx'), 2, 11), 0x31c3)
})
