import assert from 'node:assert/strict'
import { test } from 'node:test'
import { humanBytes, infoName, ratio } from '../../../src/introspection/human.js'

test('bytes for people', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0B'],
    [1023, '1023B'],
    [1024, '1.00K'],
    [1536, '1.50K'],
    [1048575, '1024.00K'],
    [1048576, '1.00M'],
    [25276502016, '23.54G'],
    [2 ** 40, '1.00T'],
    [2 ** 50 * 3, '3.00P'],
    [2 ** 60 * 3, '3072.00P'],
  ]
  for (const [bytes, text] of cases) assert.equal(humanBytes(bytes), text)
})

test('quotients and names', () => {
  assert.equal(ratio(1, 3), '0.33')
  assert.equal(ratio(1, 0), '0.00')
  assert.equal(infoName('config|set'), 'config|set')
  assert.equal(infoName('a:b#c\r\n'), 'a_b_c__')
})
