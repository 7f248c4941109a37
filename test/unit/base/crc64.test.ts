import { test } from 'node:test'
import { equal } from 'node:assert/strict'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { crc64 } from '../../../src/base/crc64.js'
import { Int64 } from '../../../src/base/int64.js'

function toBigInt(state: Int64): bigint {
  return (BigInt(state.high >>> 0) << 32n) | BigInt(state.low)
}

/** Bit by bit. */
function model(bytes: Uint8Array): bigint {
  let crc = 0n
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n
  }
  return crc
}

test('the check value', () => {
  const state = new Int64()
  crc64(state, latin1Bytes('x123456789x'), 1, 10)
  equal(toBigInt(state), 0xe9c6d914c4b8d9can)
})

test('agrees with the definition, whole or in pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), fc.nat(60), (bytes, a, b) => {
      const cuts = [0, Math.min(a, bytes.length), Math.min(b, bytes.length), bytes.length].toSorted((x, y) => x - y)
      const state = new Int64()
      for (let i = 1; i < cuts.length; i++) crc64(state, bytes, cuts[i - 1]!, cuts[i]!)
      equal(toBigInt(state), model(bytes))
    }),
  )
})
