import { test } from 'node:test'
import { deepEqual, equal, ok } from 'node:assert/strict'
import { Config } from '../../../src/config/config.js'
import { DIRECTIVES } from '../../../src/config/directives.js'
import { PARAMETERS } from '../../../src/config/parameters.js'
import { parametersByGeneration, sampleConfig } from '../../../src/config/sample.js'

test('the sample changes nothing, nor does it when all of it is switched on', () => {
  const sample = sampleConfig()
  const defaults = new Config().get(['*'])
  for (const text of [sample, sample.replace(/^#(?=[a-z])/gm, '')]) {
    const config = new Config()
    config.load({ standardInput: text })
    const differing = config.get(['*']).filter(([, value], index) => value !== defaults[index]![1])
    deepEqual(differing, text === sample ? [] : [['dir', './']])
  }
})

test('the sample shows every parameter that is not hidden, in plain text of one width', () => {
  const sample = sampleConfig()
  for (const [name] of new Config().get(['*'])) {
    ok(new RegExp(`^#${name} |also called ${name}\\b`, 'm').test(sample), name)
  }
  for (const line of sample.split('\n')) {
    ok(/^[\x20-\x7e]*$/.test(line), line)
    ok(line === '' || line.startsWith('#'), line)
    ok(line.length < 80 || !line.startsWith('# '), line)
  }
})

test('each parameter and directive is in one generation', () => {
  const listed = parametersByGeneration().flatMap(({ entries }) => entries.map(({ name }) => name))
  deepEqual(listed.sort(), [...Object.keys(PARAMETERS), ...DIRECTIVES.keys()].sort())
  equal(new Set(listed).size, listed.length)
})
