import { test } from 'node:test'
import { equal, throws } from 'node:assert/strict'
import { AssertionError, assert, unreachable } from '../../../src/base/assert.js'
import { OperationalError } from '../../../src/base/operational-error.js'

test('assert passes what holds and throws its own error otherwise', () => {
  assert(Number('1') < 2)
  throws(() => assert(Number('1') > 2), AssertionError)
  throws(() => unreachable('no such type'), { name: 'AssertionError', message: 'no such type' })
})

test('an operational error carries code, subject and cause', () => {
  const cause = new Error('no space left')
  const error = new OperationalError('ENOSPC', '/data/dump.rdb', 'cannot write', cause)
  equal(error instanceof Error, true)
  equal(error.name, 'OperationalError')
  equal(error.code, 'ENOSPC')
  equal(error.subject, '/data/dump.rdb')
  equal(error.cause, cause)
  equal('cause' in new OperationalError('ECONNRESET', '10.0.0.1:6379', 'link lost'), false)
})
