import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateSampler } from '../../../../src/introspection/info/rates.js'

test('a rate is the mean of the last 16 samples, as a whole figure', () => {
  let count = 100
  const rates = new RateSampler()
  rates.addCounter('things', () => count)
  assert.equal(rates.rate('things'), 0)
  let nowUs = 4_000_000
  rates.sample(nowUs) // what was counted before the first sample tells nothing
  assert.equal(rates.rate('things'), 0)
  for (let i = 1; i <= 16; i++) {
    nowUs += 125_000 // times that binary fractions tell exactly
    count += 20
    rates.sample(nowUs)
    assert.equal(rates.rate('things'), Math.floor((160 * i) / 16))
  }
  for (let i = 0; i < 16; i++) {
    nowUs += 125_000
    rates.sample(nowUs)
  }
  assert.equal(rates.rate('things'), 0)
})

test('a ratio relates one count to another', () => {
  let time = 10
  let turns = 1
  const rates = new RateSampler()
  rates.addRatio('time a turn', () => time, () => turns) // prettier-ignore
  for (let i = 0; i <= 16; i++) {
    rates.sample(i)
    time += 60
    turns += 2
  }
  assert.equal(rates.rate('time a turn'), 30)
  rates.sample(17)
  rates.sample(18) // no turn in between
  assert.ok(rates.rate('time a turn') < 30)
})

test('a counter that was reset does not count backwards', () => {
  let count = 1000
  const rates = new RateSampler()
  rates.addCounter('things', () => count)
  rates.sample(1_000_000)
  count = 0
  rates.sample(1_100_000)
  assert.equal(rates.rate('things'), 0)
  count = 500
  rates.sample(1_200_000)
  assert.ok(rates.rate('things') > 0)
  rates.reset()
  assert.equal(rates.rate('things'), 0)
})
