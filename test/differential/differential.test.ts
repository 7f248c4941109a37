import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { referenceServer, spinelServer } from '../support/programs.js'
import { findRoot } from '../tidy/sources.js'
import { campaign } from './campaign.js'
import { Duel } from './duel.js'
import { EXCUSES, excusesNamedIn } from './excuses.js'

/** Requests of a run; `SPINEL_DIFFERENTIAL_COMMANDS` asks for more. */
const COMMANDS = Number(process.env['SPINEL_DIFFERENTIAL_COMMANDS'] ?? '8000')
const FIXED_SEED = 20_240_109
const reference = referenceServer()
const skip = reference === undefined && 'no redis-server is installed: nothing to compare with'

describe('the same requests to a real redis-server and to ours', { skip }, () => {
  for (const seed of [FIXED_SEED, Math.floor(Math.random() * 0x7fffffff)]) {
    const kind = seed === FIXED_SEED ? 'fixed seed' : 'random seed'
    test(`give the same replies (${kind})`, async (t) => {
      t.diagnostic(`differential: seed ${seed}, ${COMMANDS} requests`)
      const duel = await Duel.start(reference!, spinelServer())
      try {
        const result = await campaign(duel, { commands: COMMANDS, seed, protocols: [2, 3], failuresMax: 3 })
        assert.equal(result.failures.length, 0, `seed ${seed}\n${result.failures.join('\n')}`)
      } finally {
        await duel.stop()
      }
    })
  }
})

test('what is excused has a row in docs/differences.md, and the other way round', () => {
  const page = readFileSync(join(findRoot(), 'docs', 'differences.md'), 'utf8')
  assert.deepEqual(EXCUSES.map((excuse) => excuse.id).sort(), excusesNamedIn(page).sort())
})
