/**
 * Every command is called, by its grammar, with success at least once, in both protocols, on keys of every type; TestStore holds
 * each reply to the shape that the command declares.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allCommands } from '../src/commands/index.js'
import type { CommandSpec } from '../src/engine/command.js'
import { ELSEWHERE, SAMPLES } from './commands-coverage.js'
import { Dice } from './support/dice.js'
import { callShape, wellFormed } from './support/stream/grammar.js'
import { stepLines } from './support/stream/step.js'
import { runnable } from './support/stream/stream.js'
import { type Palette, Values } from './support/stream/values.js'
import { type TestClient, TestStore } from './support/test-store.js'

/** Stores that a command is tried on, and calls on each. */
const STORES = 6
const CALLS = 25
const OPTIONS = { 'enable-debug-command': 'yes', 'proto-max-bulk-len': '1mb' }

/** Keys of every type there is, as far as their commands exist. */
const TYPED_KEYS = [
  'SET number 17', 'SET text some-text', 'RPUSH list a b c', 'SADD set a b 1', 'SADD integers 1 2 3',
  'HSET hash f v g 1', 'ZADD zset 1 a 2 b', 'XADD stream 1-1 f v', 'PFADD hll a b', 'GEOADD geo 13.3 38.1 p 15.1 37.5 c',
] // prettier-ignore

const palette: Palette = {
  keys: ['missing', ...TYPED_KEYS.map((line) => line.split(' ')[1]!)],
  databases: 16,
  offsetMax: 100,
  valueBytesMax: 50,
  hasShortTimes: false,
  parameters: { 'lfu-log-factor': ['10', '5'], timeout: ['0'] },
}

const commands = runnable(allCommands)

for (const protocol of [2, 3] as const) {
  describe(`in RESP${protocol}`, () => {
    for (const command of commands) {
      if (command.fullName in ELSEWHERE) continue
      test(`${command.fullName} succeeds and replies what it declares`, () => {
        const store = new TestStore(OPTIONS)
        store.send('HELLO', protocol)
        for (const line of SAMPLES[command.fullName] ?? [])
          store.send(...(typeof line === 'string' ? line.split(' ') : line))
        callByGrammar(command, protocol, store.reached)
        store.validate()
        assert.ok(store.reached.has(command.fullName), 'no call had success: give it a sample in commands-coverage.ts')
      })
    }
  })
}

test('samples and exceptions are of commands that exist', () => {
  const names = commands.map((command) => command.fullName)
  for (const name of [...Object.keys(SAMPLES), ...Object.keys(ELSEWHERE)]) assert.ok(names.includes(name), name)
})

/** Calls as the grammar allows them, on keys of every type; adds to the names of commands that had success. */
function callByGrammar(command: CommandSpec, protocol: 2 | 3, reached: Set<string>): void {
  const shape = callShape(command)
  const values = new Values(new Dice(hash(command.fullName)), palette)
  for (let i = 0; i < STORES; i++) {
    const store = preparedStore()
    let client = connect(store, protocol)
    for (let j = 0; j < CALLS; j++) {
      if (client.isClosed || client.client.gate !== 0) client = connect(store, protocol)
      const words = wellFormed(shape, values)
      try {
        client.send(...words)
      } catch (error) {
        throw new Error(stepLines([{ connection: 0, command: command.fullName, words }])[0], { cause: error })
      }
    }
    for (const name of store.reached) reached.add(name)
  }
}

function preparedStore(): TestStore {
  const store = new TestStore(OPTIONS)
  const names = new Set(allCommands.map((command) => command.name))
  for (const line of TYPED_KEYS) if (names.has(line.split(' ')[0]!)) store.send(...line.split(' '))
  return store
}

function connect(store: TestStore, protocol: 2 | 3): TestClient {
  const client = store.connect()
  client.send('HELLO', protocol)
  return client
}

/** A seed for a name. */
function hash(name: string): number {
  return [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7)
}
