/**
 * Bytes that are no neat requests: inline commands, odd and broken framing, other protocols. Both servers get the same bytes and the
 * end of the stream; all they send until they close has to be the same.
 */

import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { Dice } from '../support/dice.js'
import { referenceServer, spinelServer } from '../support/programs.js'
import { encodeRequest } from '../support/raw-connection.js'
import type { ServerAddress } from '../support/server-process.js'
import { Duel } from './duel.js'

const reference = referenceServer()
const FIXED_SEED = 4242
const MUTATIONS = 400

const CONVERSATIONS: Readonly<Record<string, string>> = {
  'an inline command': 'PING\r\n',
  'an inline command without CR': 'PING\nECHO hello\n',
  'inline words in quotes': 'ECHO "a b"\r\nECHO \'a b\'\r\nECHO "\\x41\\n\\"\\\\"\r\nECHO \'it\\\'s\'\r\nECHO ""\r\n',
  'blanks around inline words': '  ECHO \t hello  \r\n',
  'an unbalanced quote': 'ECHO "abc\r\n',
  'a quote that ends within a word': 'ECHO "a"b\r\n',
  'empty lines': '\r\n\n   \r\nPING\r\n',
  'an empty array': '*0\r\nPING\r\n',
  'a negative array': '*-5\r\nPING\r\n',
  'an array length that is no number': '*abc\r\nPING\r\n',
  'an array length with blanks': '* 1\r\n$4\r\nPING\r\n',
  'an array without length': '*\r\n',
  'too large an array': '*1048577\r\n',
  'the largest array, unfinished': '*1048576\r\n$4\r\nPING\r\n',
  'no bulk string where one belongs': '*1\r\n:1\r\n',
  'a letter where a bulk string belongs': '*2\r\n$4\r\nECHO\r\nhello\r\n',
  'a bulk length that is no number': '*1\r\n$x\r\n',
  'a negative bulk length': '*1\r\n$-1\r\n',
  'too large a bulk length': '*2\r\n$4\r\nECHO\r\n$1048577\r\n',
  'an empty command name': '*1\r\n$0\r\n\r\n',
  'a bulk string without its CR LF': '*1\r\n$4\r\nPINGxxPING\r\n',
  'a bulk string that goes on': '*1\r\n$4\r\nPINGPING\r\n',
  'a request that ends early': '*2\r\n$3\r\nGET\r\n',
  'a bulk string as an inline command': '$4\r\nPING\r\n',
  'an endless line': 'x'.repeat(70_000),
  'an endless array length': `*${'1'.repeat(70_000)}`,
  'an endless bulk length': `*1\r\n$${'1'.repeat(70_000)}`,
  'a browser': 'GET / HTTP/1.1\r\nHost: example.org\r\n\r\n',
  'a form in a browser': 'POST / HTTP/1.1\r\nHost: example.org\r\n\r\nFLUSHALL\r\n',
  'an unknown command with odd arguments': `NOSUCH "\\r\\n" "\\x00\\xff" ${'y'.repeat(300)}\r\n`,
  'many unknown words': `NOSUCH ${'abc '.repeat(100)}\r\n`,
  'a very long command name': `${'N'.repeat(500)} a\r\n`,
  'QUIT, and what follows': 'PING\r\nQUIT\r\nPING\r\n',
  'replies off and on': 'CLIENT REPLY OFF\r\nPING\r\nCLIENT REPLY ON\r\nPING\r\n',
  'one reply skipped': 'CLIENT REPLY SKIP\r\nPING\r\nPING\r\nCLIENT REPLY SKIP\r\nNOSUCH\r\nPING\r\n',
  'a transaction that is left open': 'MULTI\r\nSET k v\r\n',
  'a transaction in one piece': 'MULTI\r\nSET k v\r\nGET k\r\nEXEC\r\n',
  'HELLO with unknown versions': 'HELLO 4\r\nHELLO 1\r\nHELLO x\r\n',
}

describe('bytes that are no neat requests', { skip: reference === undefined && 'no redis-server is installed' }, () => {
  let duel: Duel | undefined
  before(async () => {
    duel = await Duel.start(reference!, spinelServer())
  })
  after(async () => await duel?.stop())

  async function compare(bytes: Buffer, what: string): Promise<void> {
    const [theirs, ours] = await Promise.all(
      [duel!.theirs, duel!.ours].map((fighter) => answerTo(fighter.server.address, bytes)),
    )
    assert.equal(ours, theirs, `${what}: ${JSON.stringify(bytes.toString('latin1').slice(0, 500))}`)
  }

  for (const [name, text] of Object.entries(CONVERSATIONS)) {
    test(name, async () => await compare(Buffer.from(text, 'latin1'), name))
  }

  for (const seed of [FIXED_SEED, Math.floor(Math.random() * 0x7fffffff)]) {
    test(`pipelines with damage (${seed === FIXED_SEED ? 'fixed' : 'random'} seed)`, async (t) => {
      t.diagnostic(`protocol: seed ${seed}`)
      const dice = new Dice(seed)
      for (let i = 0; i < MUTATIONS; i++) await compare(damaged(dice), `seed ${seed}, number ${i}`)
    })
  }
})

/** Everything a server says to these bytes until it closes. */
function answerTo(address: ServerAddress, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    const socket = createConnection({ ...address, allowHalfOpen: true })
    socket.on('data', (chunk: Buffer) => parts.push(chunk))
    socket.on('error', () => {}) // a server that closes early resets the rest
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')))
    socket.on('end', () => socket.destroy())
    socket.end(bytes)
  })
}

/** A pipeline of harmless requests with one piece of damage. */
function damaged(dice: Dice): Buffer {
  const requests = Array.from({ length: dice.between(1, 5) }, () =>
    dice.chance(0.3) ? Buffer.from('ECHO inline "x y"\r\n') : encodeRequest(['ECHO', 'v'.repeat(dice.below(30))]),
  )
  const bytes = Buffer.concat(requests)
  const at = dice.below(bytes.length)
  const end = at + dice.below(5)
  const piece = Buffer.from(
    dice.pick(['', '\r', '\n', '\r\n', '*', '$', '-', '"', "'", '0', '9', ' ', '\x00', '\xff', '*1\r\n', '$-1\r\n']),
    'latin1',
  )
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(end)])
}
