import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byteString, nodeText } from '../../../src/platform/byte-string.js'

test('paths cross the border as bytes, one a character', () => {
  assert.equal(byteString('/tmp/ä.conf'), '/tmp/\u00c3\u00a4.conf')
  for (const text of ['', 'plain', 'ä€😀', '/a b/c']) assert.equal(nodeText(byteString(text)), text)
})
