/** The harness itself: a comparison that cannot fail is worth nothing. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allCommands } from '../../src/commands/index.js'
import { repliesIn, replyFault } from '../support/reply-shape.js'
import { step, stepLines } from '../support/stream/step.js'
import { runnable } from '../support/stream/stream.js'
import { TestStore } from '../support/test-store.js'
import { Comparison } from './comparison.js'
import { EXCUSES } from './excuses.js'
import { NORMALISERS } from './normalisers.js'
import { releaseChanges } from './release-changes.js'
import { differentialStreams, tame } from './selection.js'
import { shrink } from './shrink.js'

describe('the comparison', () => {
  /** Whether two replies to a request, made of words, agree. */
  function agree(request: string, theirs: string, ours: string): boolean {
    const comparison = new Comparison([...NORMALISERS, ...releaseChanges('7.2.4'), ...EXCUSES])
    return comparison.agree(step(0, 'any', ...request.split(' ')), Buffer.from(theirs), Buffer.from(ours))
  }

  test('takes equal bytes only, where nothing is allowed', () => {
    assert.ok(agree('GET k', '$1\r\nv\r\n', '$1\r\nv\r\n'))
    assert.ok(!agree('GET k', '$1\r\nv\r\n', '$1\r\nw\r\n'))
    assert.ok(!agree('GET k', '$-1\r\n', '_\r\n'))
    assert.ok(!agree('GET k', '$-1\r\n', '*-1\r\n'))
    assert.ok(!agree('INCR k', ':1\r\n', '+1\r\n'))
    assert.ok(!agree('MGET a b', '*2\r\n+a\r\n+b\r\n', '*2\r\n+b\r\n+a\r\n'))
    assert.ok(!agree('NOSUCH', '-ERR a\r\n', '-ERR b\r\n'))
  })

  test('allows what is not determined, and no more', () => {
    assert.ok(agree('TTL k', ':100\r\n', ':99\r\n'))
    assert.ok(!agree('TTL k', ':100\r\n', ':-1\r\n'))
    assert.ok(!agree('TTL k', ':1000\r\n', ':2000\r\n'))
    assert.ok(!agree('PTTL k', ':1000000\r\n', ':1000\r\n'))
    assert.ok(agree('KEYS *', '*2\r\n+a\r\n+b\r\n', '*2\r\n+b\r\n+a\r\n'))
    assert.ok(!agree('KEYS *', '*2\r\n+a\r\n+b\r\n', '*2\r\n+b\r\n+b\r\n'))
    assert.ok(!agree('KEYS *', '*0\r\n', '-ERR\r\n'))
    assert.ok(agree('RANDOMKEY', '$1\r\na\r\n', '$1\r\nb\r\n'))
    assert.ok(!agree('RANDOMKEY', '$1\r\na\r\n', '$-1\r\n'))
    assert.ok(!agree('CLIENT ID', ':1\r\n', '-ERR\r\n'))
  })

  test('keeps keys and values of a map together, in RESP2 as well', () => {
    assert.ok(agree('CONFIG GET *', '*4\r\n+a\r\n+1\r\n+b\r\n+2\r\n', '*4\r\n+b\r\n+2\r\n+a\r\n+1\r\n'))
    assert.ok(!agree('CONFIG GET *', '*4\r\n+a\r\n+1\r\n+b\r\n+2\r\n', '*4\r\n+a\r\n+2\r\n+b\r\n+1\r\n'))
  })

  test('looks into transactions', () => {
    const queued = Buffer.from('+QUEUED\r\n')
    const comparison = new Comparison(NORMALISERS)
    const play = (second: string, theirs: string, ours: string): boolean => {
      comparison.agree(step(0, 'multi', 'MULTI'), Buffer.from('+OK\r\n'), Buffer.from('+OK\r\n'))
      comparison.agree(step(0, 'get', 'GET', 'k'), queued, queued)
      comparison.agree(step(0, 'any', ...second.split(' ')), queued, queued)
      return comparison.agree(step(0, 'exec', 'EXEC'), Buffer.from(theirs), Buffer.from(ours))
    }
    assert.ok(play('TTL k', '*2\r\n+a\r\n:100\r\n', '*2\r\n+a\r\n:99\r\n'))
    assert.ok(!play('TTL k', '*2\r\n+a\r\n:100\r\n', '*2\r\n+b\r\n:99\r\n'))
    assert.ok(!play('STRLEN k', '*2\r\n+a\r\n:100\r\n', '*2\r\n+a\r\n:99\r\n'))
    assert.ok(!play('TTL k', '*2\r\n+a\r\n:100\r\n', '*-1\r\n'))
  })

  test('excuses less when the reference is new', () => {
    assert.ok(releaseChanges('7.0.15').length > 0)
    assert.deepEqual(releaseChanges('7.2.4'), [])
  })
})

describe('streams', () => {
  const { small } = differentialStreams('7.2.4')

  test('are the same for the same seed, and others for others', () => {
    const lines = (seed: number): string[] => stepLines(small.episode(seed, 300))
    assert.deepEqual(lines(5), lines(5))
    assert.notDeepEqual(lines(5), lines(6))
  })

  test('come to every command that is compared', () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 150; seed++) for (const item of small.episode(seed, 250)) seen.add(item.command)
    assert.deepEqual(small.commandNames.filter((name) => !seen.has(name)), []) // prettier-ignore
  })

  test('hold no times that end while they run', () => {
    const text = (words: string): string => stepLines([tame(step(0, 'any', ...words.split(' ')))])[0]!
    assert.equal(text('EXPIRE k 5'), 'EXPIRE k 1005')
    assert.equal(text('SET k 5 ex 10 PX 10'), 'SET k 5 ex 1010 PX 1000010')
    assert.equal(text('SET k 5 EX -1'), 'SET k 5 EX -1')
    assert.equal(text('SETEX k 99999999999 v'), 'SETEX k 99999999999 v')
    assert.equal(text('INCRBY k 5'), 'INCRBY k 5')
  })

  test('are shown as redis-cli reads them', () => {
    const lines = stepLines([step(0, 'set', 'SET', 'a"b', '\x00\r\n'), step(1, 'get', 'GET', '', 'é')])
    assert.deepEqual(lines, ['[0] SET "a\\"b" "\\x00\\x0d\\x0a"', '[1] GET "" "\\xe9"'])
  })

  test('are shortened to what fails', async () => {
    const all = Array.from({ length: 100 }, (_, i) => i)
    const fails = async (some: readonly number[]): Promise<number | undefined> => {
      const end = some.indexOf(71)
      return some.indexOf(13) >= 0 && some.indexOf(13) < some.indexOf(42) && some.indexOf(42) < end
        ? end + 1
        : undefined
    }
    assert.deepEqual(await shrink(all, fails, 500), [13, 42, 71])
  })
})

describe('the check of reply shapes', () => {
  const specs = new Map(runnable(allCommands).map((spec) => [spec.fullName, spec]))
  const fault = (command: string, reply: string, protocol: 2 | 3 = 2): string | undefined =>
    replyFault(
      { ...specs.get('get')!, name: command.toUpperCase(), fullName: command, reply: command },
      repliesIn(Buffer.from(reply))[0]!,
      protocol,
    )

  for (const [shape, protocol, right, wrong] of [
    ['ok', 2, '+OK\r\n', '+QUEUED\r\n'],
    ['integer', 2, ':1\r\n', '$1\r\n1\r\n'],
    ['bulk', 2, '$1\r\na\r\n', '$-1\r\n'],
    ['nil', 2, '$-1\r\n', '*-1\r\n'],
    ['nil', 3, '_\r\n', '$-1\r\n'],
    ['nil-array', 2, '*-1\r\n', '$-1\r\n'],
    ['double', 2, '$3\r\n1.5\r\n', ':1\r\n'],
    ['double', 3, ',1.5\r\n', '$3\r\n1.5\r\n'],
    ['boolean', 3, '#t\r\n', ':1\r\n'],
    ['verbatim', 3, '=5\r\ntxt:a\r\n', '$1\r\na\r\n'],
    ['array', 2, '*0\r\n', '*-1\r\n'],
    ['set', 3, '~0\r\n', '*0\r\n'],
    ['map', 3, '%0\r\n', '*0\r\n'],
    ['map', 2, '*2\r\n+a\r\n+b\r\n', '*1\r\n+a\r\n'],
  ] as const) {
    test(`knows ${shape} in RESP${protocol}`, () => {
      assert.equal(fault(shape, right, protocol), undefined)
      assert.match(fault(shape, wrong, protocol) ?? '', /declares/)
      assert.equal(fault(shape, '-ERR any\r\n', protocol), undefined)
    })
  }

  test('is made of every reply of a test store', () => {
    const store = new TestStore()
    const get = store.store.registry.findByFullName('get')!
    const { reply } = get
    Object.assign(get, { reply: 'integer' })
    try {
      store.send('SET', 'k', 'v')
      assert.throws(() => store.send('GET', 'k'), /get declares 'integer' and replied \$ "v" in RESP2/)
      store.send('MULTI')
      store.send('GET', 'k')
      assert.throws(() => store.send('EXEC'), /get declares 'integer'/)
    } finally {
      Object.assign(get, { reply })
    }
  })
})
