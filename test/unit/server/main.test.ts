/** The program: what it does with its arguments, and how it starts and ends. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { spinelServer } from '../../support/programs.js'

const [program, ...first] = spinelServer()

function run(words: readonly string[], input = ''): { status: number | null; out: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(program, [...first, ...words], {
    input,
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, out: stdout, errors: stderr }
}

test('--version and -v', () => {
  for (const word of ['--version', '-v']) {
    const { status, out } = run([word])
    assert.equal(status, 0)
    assert.match(out, /^Redis server v=7\.2\.4 sha=\S+ malloc=\S+ bits=64 build=\S+ spinel=\d+\.\d+\.\d+\n$/)
  }
})

test('--help and -h', () => {
  for (const word of ['--help', '-h']) {
    const { status, errors } = run([word])
    assert.equal(status, 1)
    assert.match(errors, /^Usage: \S+ \[\/path\/to\/redis\.conf\] \[options\] \[-\]\n/)
  }
})

test('--check-system looks, --test-memory is refused', () => {
  assert.match(run(['--check-system']).out, /^\[runtime \(node v[^)]+\)\]\.\.\.OK\n/)
  const { status, errors } = run(['--test-memory', '10'])
  assert.equal(status, 1)
  assert.match(errors, /no part of Spinel/)
})

test('a bad configuration is reported and ends with status 1', () => {
  const cases: readonly (readonly [words: string[], input: string, report: RegExp])[] = [
    [
      ['--nosuch', '1'],
      '',
      /FATAL CONFIG FILE ERROR \(Redis 7\.2\.4\) \*\*\*\nReading the configuration file, at line \d+\n>>> 'nosuch "1"'\nBad directive/,
    ],
    [['-', '--port', '0'], 'hz ten\n', /at line 1\n>>> 'hz ten'\n/],
    [['--logfile', '/nosuch/log'], '', /Can't open the log file: No such file or directory/],
    [['--rename-command', 'nosuch', 'x'], '', /No such command in rename-command/],
    [['--rename-command', 'get', 'set'], '', /Target command name already exists/],
    [['--sentinel'], '', /Sentinel mode is not built yet/],
  ]
  for (const [words, input, report] of cases) {
    const { status, errors } = run(words, input)
    assert.equal(status, 1, words.join(' '))
    assert.match(errors, report)
  }
})

test('a missing configuration file is logged', () => {
  const { status, out } = run(['/nosuch.conf'])
  assert.equal(status, 1)
  assert.match(out, / # Fatal error, can't open config file '\/nosuch\.conf': No such file or directory\n$/)
})

test('a server that would listen nowhere does not start', () => {
  const { status, out } = run(['--port', '0'])
  assert.equal(status, 1)
  assert.match(out, / # Configured to not listen anywhere, exiting\.\n$/)
})
