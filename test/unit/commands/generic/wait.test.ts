/** WAIT and WAITAOF on a server without replicas. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from '../../../../src/engine/client.js'
import { FakeFiles } from '../../../support/fake-files.js'
import { KeptStore } from '../../../support/kept-store.js'
import { ReplyError } from '../../../../src/protocol/reply-decoder.js'
import { type TestClient, TestStore, type Word } from '../../../support/test-store.js'

const WITHOUT_FILE = '-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n'

async function start(options: Readonly<Record<string, string>> = {}): Promise<KeptStore> {
  const store = await KeptStore.start(new FakeFiles(), options)
  assert.ok(store !== undefined)
  return store
}

function wait(store: TestStore, ...words: Word[]): TestClient {
  const client = store.connect()
  assert.equal(client.sendRaw(...words), '')
  assert.notEqual(client.client.gate & Gate.blocked, 0)
  return client
}

function refusal(reply: unknown): string {
  assert.ok(reply instanceof ReplyError)
  return reply.message
}

test('arguments are looked at in order', async () => {
  const store = await start()
  const refusals: readonly (readonly [string, ...Word[]])[] = [
    ["ERR wrong number of arguments for 'wait' command", 'WAIT', '1'],
    ['ERR value is not an integer or out of range', 'WAIT', 'x', 'x'],
    ['ERR timeout is not an integer or out of range', 'WAIT', '1', 'x'],
    ['ERR timeout is negative', 'WAIT', '1', '-1'],
    ["ERR wrong number of arguments for 'waitaof' command", 'WAITAOF', '1', '1'],
    ['ERR value is not an integer or out of range', 'WAITAOF', 'x', 'x', 'x'],
    ['ERR value is out of range, value must between 0 and 1', 'WAITAOF', '2', 'x', 'x'],
    ['ERR value is out of range, value must between 0 and 1', 'WAITAOF', '-1', '0', '0'],
    ['ERR value is out of range, must be positive', 'WAITAOF', '1', '-1', 'x'],
    ['ERR value is out of range, must be positive', 'WAITAOF', '1', 'x', 'x'],
    ['ERR timeout is not an integer or out of range', 'WAITAOF', '1', '0', 'x'],
    ['ERR timeout is negative', 'WAITAOF', '1', '0', '-1'],
  ]
  for (const [message, ...words] of refusals) assert.equal(refusal(store.send(...words)), message, words.join(' '))
})

test('WAIT for nobody is over at once, for replicas when its time is', () => {
  const store = new TestStore()
  assert.equal(store.send('WAIT', '0', '0'), 0)
  assert.equal(store.send('WAIT', '-1', '0'), 0)
  const client = wait(store, 'WAIT', '1', '500')
  store.time.advance(499)
  assert.equal(client.takeOutput(), '')
  store.time.advance(2)
  assert.equal(client.takeOutput(), ':0\r\n')
  assert.equal(client.client.gate, 0)
  const forever = wait(store, 'WAIT', '1', '0')
  assert.equal(store.send('CLIENT', 'UNBLOCK', String(forever.client.id)), 1)
  assert.equal(forever.takeOutput(), ':0\r\n')
  const ended = wait(store, 'WAIT', '1', '0')
  assert.equal(store.send('CLIENT', 'UNBLOCK', String(ended.client.id), 'ERROR'), 1)
  assert.match(ended.takeOutput(), /^-UNBLOCKED /)
  assert.equal(store.store.blocking.count, 0)
})

test('neither waits within a transaction', async () => {
  const store = await start()
  for (const words of [['MULTI'], ['SET', 'a', '1'], ['WAIT', '1', '0'], ['WAITAOF', '1', '1', '0']])
    store.send(...words)
  assert.deepEqual(store.send('EXEC'), ['OK', 0, [1, 0]])
})

test('WAITAOF is over when the file has been synced', async () => {
  const store = await start()
  assert.deepEqual(store.send('WAITAOF', '1', '0', '0'), [1, 0])
  store.turn(['SET', 'a', '1'])
  assert.deepEqual(store.send('WAITAOF', '0', '0', '0'), [0, 0])
  const client = wait(store, 'WAITAOF', '1', '0', '0')
  const impatient = wait(store, 'WAITAOF', '1', '0', '20')
  store.time.advance(30)
  assert.equal(impatient.takeOutput(), '*2\r\n:0\r\n:0\r\n')
  assert.equal(client.takeOutput(), '')
  store.pass(2000)
  assert.equal(client.takeOutput(), '*2\r\n:1\r\n:0\r\n')
  const replicas = wait(store, 'WAITAOF', '0', '1', '50')
  store.pass(100)
  assert.equal(replicas.takeOutput(), '*2\r\n:1\r\n:0\r\n')
})

test('under always that is before the replies of the turn', async () => {
  const store = await start({ appendfsync: 'always' })
  store.send('SET', 'a', '1')
  const client = wait(store, 'WAITAOF', '1', '0', '0')
  store.store.beforeReplies?.()
  assert.equal(client.takeOutput(), '*2\r\n:1\r\n:0\r\n')
})

test('WAITAOF without the file fails, also when it is switched off meanwhile', async () => {
  const without = new TestStore()
  assert.equal(`-${refusal(without.send('WAITAOF', '1', '0', '0'))}\r\n`, WITHOUT_FILE)
  assert.deepEqual(without.send('WAITAOF', '0', '0', '0'), [0, 0])
  const store = await start({ appendfsync: 'no' })
  store.turn(['SET', 'a', '1'])
  const client = wait(store, 'WAITAOF', '1', '0', '0')
  assert.equal(store.send('CONFIG', 'SET', 'appendonly', 'no'), 'OK')
  assert.equal(client.takeOutput(), WITHOUT_FILE)
})
