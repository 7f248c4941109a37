import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../support/test-store.js'

const NOTHING = '0'.repeat(40)

function debugStore(): TestStore {
  return new TestStore({ 'enable-debug-command': 'yes' })
}

/** Replies of a Redis 7.2.4 to the same requests. */
test('the digest is the one of the reference', () => {
  const store = debugStore()
  assert.equal(store.send('DEBUG', 'DIGEST'), NOTHING)
  store.send('SET', 'a', 1)
  store.send('SET', 'b', 'hello')
  assert.equal(store.send('DEBUG', 'DIGEST'), DIGEST_OF_TWO)
  store.send('SELECT', 9)
  store.send('SET', 'c', '123456789012345678', 'EX', 100)
  assert.equal(store.send('DEBUG', 'DIGEST'), DIGEST_OF_THREE)
  assert.deepEqual(store.send('DEBUG', 'DIGEST-VALUE', 'c', 'nokey'), [DIGEST_OF_VALUE, NOTHING])
  assert.deepEqual(store.send('DEBUG', 'DIGEST-VALUE'), [])
})

test('the digest depends on the data alone', () => {
  const one = debugStore()
  const other = debugStore()
  for (let i = 0; i < 500; i++) one.send('SET', `k${i}`, i)
  for (let i = 499; i >= 0; i--) other.send('SET', `k${i}`, `${i}`)
  assert.equal(one.send('DEBUG', 'DIGEST'), other.send('DEBUG', 'DIGEST'))
  const before = one.send('DEBUG', 'DIGEST')
  one.send('EXPIRE', 'k7', 100)
  assert.notEqual(one.send('DEBUG', 'DIGEST'), before)
  one.send('PERSIST', 'k7')
  assert.equal(one.send('DEBUG', 'DIGEST'), before)
  one.send('SWAPDB', 0, 1)
  assert.notEqual(one.send('DEBUG', 'DIGEST'), before)
})

const DIGEST_OF_TWO = '2539797405e828ad7a3aa48c536b3eaf2803a421'
const DIGEST_OF_THREE = 'fa419e76c8716b8773c29ff3713176e8dc8a6bf0'
const DIGEST_OF_VALUE = 'a8c487b8a31acfd34ebfde2f33f80943db6ab575'
