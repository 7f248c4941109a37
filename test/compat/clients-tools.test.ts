/** redis-cli and redis-benchmark against our server. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, test } from 'node:test'
import { findProgram } from '../support/programs.js'
import { encodeRequest } from '../support/raw-connection.js'
import { serverForSuite } from './clients.js'

const cli = findProgram('redis-cli')
const benchmark = findProgram('redis-benchmark')

describe('redis-cli', { skip: cli === undefined && 'redis-cli is not installed' }, () => {
  const server = serverForSuite()
  const run = (words: readonly string[], input?: string | Buffer): Promise<string> =>
    output(cli!, ['-p', String(server().port), ...words], input)

  test('shows replies', async () => {
    assert.equal(await run(['SET', 'k', 'v']), 'OK\n')
    assert.equal(await run(['GET', 'k']), 'v\n')
    assert.equal(await run(['--no-raw', 'GET', 'missing']), '(nil)\n')
    assert.equal(await run(['--no-raw', 'STRLEN', 'k']), '(integer) 1\n')
    assert.equal(await run(['--no-raw', 'INCR', 'k']), '(error) ERR value is not an integer or out of range\n')
    assert.equal(await run(['-3', '--no-raw', 'CONFIG', 'GET', 'maxmemory']), '1# "maxmemory" => "0"\n')
    assert.equal(await run(['--json', 'MGET', 'k', 'missing']), '["v",null]\n')
  })

  test('reads commands from its input, repeats them, and comes in by the socket', async () => {
    assert.equal(await run([], 'SET a 1\nINCR a\nMULTI\nINCR a\nGET a\nEXEC\n'), 'OK\n2\nOK\nQUEUED\nQUEUED\n3\n3\n')
    assert.equal(await run(['-r', '3', 'INCR', 'a']), '4\n5\n6\n')
    assert.equal(await output(cli!, ['-s', server().socketPath!, '-n', '2', 'DBSIZE']), '0\n')
  })

  test('sends its input as the last word with -x', async () => {
    assert.equal(await run(['-x', 'SET', 'file'], 'line 1\nline 2\n'), 'OK\n')
    assert.equal(await run(['STRLEN', 'file']), '14\n')
  })

  test('loads many commands with --pipe', async () => {
    const requests = Array.from({ length: 20_000 }, (_, i) => encodeRequest(['SET', `piped:${i}`, 'x'.repeat(i % 50)]))
    assert.match(await run(['--pipe'], Buffer.concat(requests)), /errors: 0, replies: 20000/)
    assert.match(await run(['--pipe'], 'SET inline 1\r\nNOSUCH\r\n'), /errors: 1, replies: 2/)
    assert.equal(await run(['STRLEN', 'piped:19999']), '49\n')
  })

  test('lists keys with --scan', async () => {
    const lines = (await run(['--scan', '--pattern', 'piped:1999?'])).trim().split('\n')
    assert.deepEqual(
      lines.sort(),
      Array.from({ length: 10 }, (_, i) => `piped:1999${i}`),
    )
  })

  test('finds the biggest keys', async () => {
    assert.match(await run(['--bigkeys']), /Biggest string found '"piped:\d+"' has 49 bytes/)
    assert.match(await run(['--memkeys']), /Biggest string found/)
  })

  test('shows figures for a moment', async () => {
    assert.match(await run(['INFO', 'server']), /redis_version:7\.2\.4/)
    assert.match(await run(['CLIENT', 'LIST']), /cmd=client\|list/)
  })

  test('says who is not let in', async () => {
    assert.match(await run(['-a', 'wrong', '--no-auth-warning', 'PING']), /AUTH failed/)
  })
})

describe('redis-benchmark', { skip: benchmark === undefined && 'redis-benchmark is not installed' }, () => {
  const server = serverForSuite()

  for (const [name, words] of Object.entries({
    'one by one': [],
    'in pipelines': ['-P', '32'],
    'in RESP3': ['-3', '-P', '4'],
    'with threads': ['--threads', '2'],
    'with random keys and large values': ['-r', '1000', '-d', '5000'],
  })) {
    test(`ends well ${name}`, async () => {
      const port = String(server().port)
      const text = await output(benchmark!, ['-p', port, '-t', 'ping,set,get,incr,mset', '-n', '2000', '-q', ...words])
      for (const title of ['PING_INLINE', 'PING_MBULK', 'SET', 'GET', 'INCR', 'MSET (10 keys)']) {
        assert.ok(text.includes(`${title}: `), `${title} is missing in\n${text}`)
      }
      assert.doesNotMatch(text, /error/i)
    })
  }
})

/** Runs a program to its end and returns what it wrote. */
function output(program: string, words: readonly string[], input?: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    child.stdin.on('error', () => {}) // it may end without reading
    child.stdin.end(input ?? '')
    child.on('error', reject)
    child.on('close', () => resolve(text))
  })
}
