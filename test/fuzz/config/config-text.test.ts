/**
 * Arbitrary configuration texts: reading one either works or ends in a ConfigError; what was read can be rewritten, and the
 * result is read back as the same configuration. Likewise CONFIG SET: any pairs are taken or leave everything as it was.
 *
 * SPINEL_FUZZ_RUNS sets the number of runs of each test; a failure prints its seed, which SPINEL_FUZZ_SEED replays.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseCommandLine } from '../../../src/config/command-line.js'
import { Config } from '../../../src/config/config.js'
import { ConfigError } from '../../../src/config/config-error.js'
import { splitWords } from '../../../src/config/file-syntax.js'
import { allParameterNames } from '../../../src/config/parameters.js'
import { MemoryFiles } from '../../unit/config/memory-files.js'

const seed = process.env['SPINEL_FUZZ_SEED']
const runs = {
  numRuns: Number(process.env['SPINEL_FUZZ_RUNS'] ?? 500),
  ...(seed === undefined ? {} : { seed: Number(seed) }),
}

const DIRECTIVE_NAMES = [
  'include',
  'user',
  'rename-command',
  'loadmodule',
  'sentinel',
  'mod.name',
  'nosuch',
  'constructor',
]
const TELLING_VALUES = [
  ...[
    'yes',
    'no',
    '0',
    '1',
    '-1',
    '10',
    '100%',
    '1mb',
    '2gb',
    '',
    'save',
    'nosave',
    'default',
    'normal',
    'replica',
    'x',
  ],
  ...['18446744073709551615', '9223372036854775808', '-0', '777', 'AKEn', '__proto__', 'no one', '{title}', '{', 'a/b'],
  ...['inc.conf', '*.conf', 'self.conf', '/srv', '3600 1', '50 99.9', '127.0.0.1', 'verbose', 'everysec', '\0'],
]

const noise = fc
  .array(fc.constantFrom(...' \t\r\v"\'\\#x09.-*?[]{}\0\x07\xff'), { maxLength: 12 })
  .map((characters) => characters.join(''))
const name = fc.constantFrom(...[...allParameterNames()].map(({ shown }) => shown), ...DIRECTIVE_NAMES)
const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...TELLING_VALUES) }, noise)
const quotedValue = value.map((text) => (/^[!-~]+$/.test(text) ? text : JSON.stringify(text).replace(/\\u00/g, '\\x')))
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(name, fc.array(quotedValue, { maxLength: 4 }))
      .map(([first, rest]) => [first, ...rest].join(' ')),
  },
  { weight: 1, arbitrary: fc.tuple(name, noise).map((parts) => parts.join(' ')) },
  { weight: 1, arbitrary: noise },
)
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'))

function files(): MemoryFiles {
  return new MemoryFiles({
    '/srv/inc.conf': 'hz 20\nsave 60 1',
    '/srv/self.conf': 'include self.conf\n',
    '/srv/bad.conf': 'timeout x\n',
  })
}

/** Whether the text was read to its end. */
function loads(config: Config, source: string): boolean {
  try {
    config.load({ standardInput: source })
    return true
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.ok(error.report().includes(error.message))
    return false
  }
}

test('a text is read, or refused with a ConfigError', () => {
  fc.assert(
    fc.property(text, fc.boolean(), (source, isSentinel) => {
      loads(new Config({ files: files(), isSentinel }), source)
    }),
    runs,
  )
})

test('any one line that is accepted is rewritten to an equal configuration', () => {
  fc.assert(
    fc.property(line, (source) => {
      const config = new Config({ files: files() })
      if (!loads(config, source)) return
      const rewritten = config.rewrite(source, true)
      const again = new Config({ files: files() })
      assert.ok(loads(again, rewritten))
      assert.deepEqual(again.get(['*']), config.get(['*']))
    }),
    runs,
  )
})

test('command lines', () => {
  const argument = fc.oneof(
    name.map((each) => `--${each}`),
    value,
    fc.constantFrom('-', '--', '--save', '--sentinel'),
  )
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (args) => {
      const config = new Config({ files: files() })
      try {
        config.loadCommandLine(parseCommandLine(args), 'hz 30')
      } catch (error) {
        assert.ok(error instanceof ConfigError)
      }
    }),
    runs,
  )
})

test('CONFIG SET is all or nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 4 }), fc.boolean(), (pairs, refuses) => {
      const config = new Config({ files: files() })
      config.assign('enable-protected-configs', 'yes')
      const before = config.get(['*'])
      config.onChange(['hz', 'timeout', 'save', 'maxmemory'], (values) =>
        refuses && values.hz !== 10 ? 'no' : undefined,
      )
      const outcome = config.set(pairs, { isLoading: false, isLocal: true })
      assert.ok(!(outcome instanceof Promise))
      if (outcome !== undefined) assert.deepEqual(config.get(['*']), before)
    }),
    runs,
  )
})

test('words of any text are found or refused', () => {
  fc.assert(
    fc.property(noise, (source) => {
      const words = splitWords(source)
      assert.ok(words === undefined || words.every((word) => typeof word === 'string'))
    }),
    runs,
  )
})
