import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SPINEL_VERSION } from '../../../src/introspection/version.js'

test('the version is that of the package', () => {
  const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')
  assert.equal((JSON.parse(text) as { version: string }).version, SPINEL_VERSION)
})
