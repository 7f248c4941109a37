import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Config } from '../../../src/config/config.js'
import { checkWishes } from '../../../src/server/not-built-settings.js'

function check(options: string): { refusal: string | undefined; warnings: string[] } {
  const config = new Config()
  config.load({ options })
  const warnings: string[] = []
  const refusal = checkWishes(config, (message) => void warnings.push(message))
  return { refusal, warnings }
}

test('what has no effect yet is told', () => {
  assert.deepEqual(check('save ""'), { refusal: undefined, warnings: [] })
  for (const options of ['replicaof 127.0.0.1 1', 'cluster-enabled yes', 'tls-port 7']) {
    const { refusal, warnings } = check(`save ""\n${options}`)
    assert.equal(refusal, undefined)
    assert.equal(warnings.length, 1, options)
  }
})

test('what must not be ignored keeps the server from starting', () => {
  for (const options of ['user alice on >secret', 'aclfile /etc/users', 'loadmodule /x.so']) {
    assert.notEqual(check(`save ""\n${options}`).refusal, undefined)
  }
})
