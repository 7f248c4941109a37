import { test } from 'node:test'
import { equal } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { sha1, sha1Hex } from '../../../src/base/sha1.js'
import { sha256Hex } from '../../../src/base/sha256.js'

const sample = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) >> 3)

test('published values', () => {
  const abc = latin1Bytes('abc')
  equal(sha1Hex(abc, 0, 3), 'a9993e364706816aba3e25717850c26c9cd0d89d')
  equal(sha1Hex(abc, 0, 0), 'da39a3ee5e6b4b0d3255bfef95601890afd80709')
  equal(sha256Hex(abc, 0, 3), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  equal(sha256Hex(abc, 1, 1), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('every length around the ends of blocks', () => {
  for (const length of [...Array(140).keys(), 1000, 4900]) {
    const range = sample.subarray(7, 7 + length)
    equal(sha1Hex(sample, 7, 7 + length), createHash('sha1').update(range).digest('hex'))
    equal(sha256Hex(sample, 7, 7 + length), createHash('sha256').update(range).digest('hex'))
  }
})

test('the digest as bytes goes where it should', () => {
  const out = new Uint8Array(24).fill(0xee)
  sha1(sample, 0, 9, out, 2)
  const hex = Buffer.from(out).toString('hex')
  equal(hex, `eeee${sha1Hex(sample, 0, 9)}eeee`)
})
