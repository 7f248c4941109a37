/**
 * SORT and SORT_RO on random data against a real server. Members of sets, and of sorted sets, that compare as equal come in the
 * order of the server's hash table: requests that show it are left out. Texts that are no doubles because they are too large or
 * too small are left out as well: the reference goes on refusing numbers for a while once it has seen one.
 */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Dice } from '../support/dice.js'
import { referenceServer, spinelServer } from '../support/programs.js'
import { type Step, step, stepLines } from '../support/stream/step.js'
import { Duel, type Mismatch } from './duel.js'

const EPISODES = 60
const REQUESTS = 15
const FIXED_SEED = 71

const NUMBERS: readonly string[] = [
  '0', '-0', '1.5', '2.5', '1e2', '3', '03', '3.0', 'inf', '-inf', '+inf', '0x10', ' 5', '9223372036854775807', '-7', '10', '11',
] // prettier-ignore
const WORDS: readonly string[] = [
  '', 'a', 'b', 'aa', 'ab', 'A', '\xff', 'x\0y', 'x\0z', 'abcdefg', 'abcdefh', 'abcdef', 'abcdef\0', 'nan', '12abc', '5 ', '-',
] // prettier-ignore
const SIZES = [0, 1, 3, 6, 7, 8, 12, 13, 40, 41, 60, 200, 600] as const
const PATTERNS = ['w_*', 'h_*->f', 'h_*->g', 'nosort', 'none_*', '*', 'w_*->f', 'w*_*', '#', 'h_*->'] as const
const STARTS = ['0', '1', '-1', '5', '10', '100000'] as const
const COUNTS = ['0', '1', '3', '10', '-1', '9223372036854775807'] as const

type Kind = 'list' | 'set' | 'zset'

const ADDERS: Readonly<Record<Kind, string>> = { list: 'RPUSH', set: 'SADD', zset: 'ZADD' }

const reference = referenceServer()

describe('SORT', { skip: reference === undefined && 'no redis-server is installed' }, () => {
  let duel: Duel | undefined
  before(async () => {
    duel = await Duel.start(reference!, spinelServer())
  })
  after(async () => await duel?.stop())

  for (const seed of [FIXED_SEED, Math.floor(Math.random() * 0x7fffffff)]) {
    test(`orders as the reference does (${seed === FIXED_SEED ? 'fixed' : 'random'} seed)`, async (t) => {
      t.diagnostic(`sort: seed ${seed}`)
      const dice = new Dice(seed)
      for (let i = 0; i < EPISODES; i++) {
        const steps = episode(dice)
        const mismatch = await duel!.play(steps, dice.pick([2, 3] as const))
        assert.equal(mismatch, undefined, mismatch && told(seed, steps, mismatch))
      }
    })
  }
})

function told(seed: number, steps: readonly Step[], { index, theirs, ours }: Mismatch): string {
  return `seed ${seed}\n${stepLines(steps.slice(0, index + 1)).join('\n')}\nthe reference: ${theirs}\nours: ${ours}`
}

/** Data, and requests about it. */
function episode(dice: Dice): Step[] {
  const kind = dice.pick<Kind>(['list', 'list', 'set', 'zset'])
  const pool: readonly string[] = dice.weighted([[2, NUMBERS], [1, WORDS], [1, [...NUMBERS, ...WORDS]]]) // prettier-ignore
  const drawn = Array.from({ length: dice.pick(SIZES) }, () =>
    dice.chance(0.5) ? dice.pick(pool) : String(dice.below(1000) - 300),
  )
  // Texts that differ behind a NUL are equal to ALPHA.
  const elements = kind === 'list' ? drawn : drawn.filter((element) => !element.includes('\0'))
  const steps: Step[] = []
  // The reference makes a skiplist of every sorted set that it sorts (docs/differences.md).
  if (kind === 'zset') steps.push(step(0, 'config|set', 'CONFIG', 'SET', 'zset-max-listpack-entries', '0'))
  if (elements.length !== 0) {
    const words = kind === 'zset' ? elements.flatMap((element) => [String(dice.below(20)), element]) : elements
    steps.push(step(0, '', ADDERS[kind], 'k', ...words))
  }
  const weights = dice.pick([1, 2, 5, 50])
  const weight = (): string => (dice.chance(0.7) ? String(dice.below(weights)) : dice.pick(pool))
  for (const element of new Set(elements)) {
    if (dice.chance(0.7)) steps.push(step(0, 'set', 'SET', `w_${element}`, weight()))
    if (dice.chance(0.6)) steps.push(step(0, 'hset', 'HSET', `h_${element}`, 'f', weight(), 'g', dice.pick(pool)))
  }
  for (let i = 0; i < REQUESTS; i++) steps.push(...request(dice, kind))
  return steps
}

function request(dice: Dice, kind: Kind): Step[] {
  const by = dice.chance(0.5) ? dice.pick(PATTERNS) : undefined
  const isAlpha = dice.chance(0.5)
  const keepsOrder = by !== undefined && !by.includes('*')
  const stores = dice.chance(0.3)
  // What the order of a hash table would show in.
  if (kind === 'set' && keepsOrder && !stores) return []
  if (kind !== 'list' && isAlpha && by !== undefined && !keepsOrder) return []
  const options: string[][] = []
  if (by !== undefined) options.push(['BY', by])
  if (isAlpha) options.push(['ALPHA'])
  if (dice.chance(0.5)) options.push([dice.pick(['ASC', 'DESC', 'desc'])])
  if (dice.chance(0.5)) options.push(['LIMIT', dice.pick(STARTS), dice.pick(COUNTS)])
  for (let gets = dice.below(3); gets > 0; gets--) options.push(['GET', dice.pick(PATTERNS)])
  if (stores) options.push(['STORE', 'stored'])
  if (dice.chance(0.03)) options.push([dice.pick(['FOO', 'LIMIT', 'BY', 'GET', 'STORE'])])
  if (dice.chance(0.03)) options.push(['LIMIT', 'x', '1'])
  const words = options
    .map((option) => [dice.below(1000), option] as const)
    .sort(([a], [b]) => a - b)
    .flatMap(([, option]) => option)
  const name = dice.chance(0.8) ? 'SORT' : 'SORT_RO'
  const sorted = step(0, name.toLowerCase(), name, 'k', ...words)
  return stores ? [sorted, step(0, 'type', 'TYPE', 'stored'), step(0, 'exists', 'EXISTS', 'stored')] : [sorted]
}
