import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperationalError } from '../../../src/base/operational-error.js'
import { Config } from '../../../src/config/config.js'
import { OomScore } from '../../../src/server/oom-score.js'

function scored(start: string): { written: string[]; apply: (options: string, isReplica?: boolean) => boolean } {
  const written: string[] = []
  const files = {
    read: () => new TextEncoder().encode(start),
    writePlainly: (_path: string, text: string) => void written.push(text),
  }
  const score = new OomScore(files, { write() {} })
  const config = new Config()
  const apply = (options: string, isReplica = false): boolean => {
    config.load({ options })
    return score.apply(config.values, isReplica)
  }
  return { written, apply }
}

test('the score is left alone, added to, replaced, and put back', () => {
  const { written, apply } = scored('100\n')
  assert.equal(apply('oom-score-adj no'), true)
  assert.deepEqual(written, [])
  apply('oom-score-adj relative\noom-score-adj-values 1 200 800')
  apply('oom-score-adj relative', true)
  apply('oom-score-adj absolute')
  apply('oom-score-adj-values 2000 2000 2000\noom-score-adj relative')
  apply('oom-score-adj-values -2000 0 0')
  apply('oom-score-adj no')
  apply('oom-score-adj no')
  assert.deepEqual(written, ['101', '300', '1', '1000', '-1000', '100'])
})

test('a system that refuses is no reason to fail', () => {
  const logged: string[] = []
  const files = {
    read: () => new TextEncoder().encode('0'),
    writePlainly: () => {
      throw new OperationalError('EACCES', '/proc/self/oom_score_adj', 'EACCES: permission denied')
    },
  }
  const config = new Config()
  config.load({ options: 'oom-score-adj absolute' })
  const score = new OomScore(files, { write: (_level, message) => void logged.push(message) })
  assert.equal(score.apply(config.values, false), false)
  assert.deepEqual(logged, ['Unable to write oom_score_adj: Permission denied'])
})
