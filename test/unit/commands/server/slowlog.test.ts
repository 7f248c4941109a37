import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { latin1 } from '../../../../src/base/bytes.js'
import { type SlowlogEntry, slowlogService } from '../../../../src/introspection/slowlog.js'
import { TestStore } from '../../../support/test-store.js'
import { plain, runRows, wrongArity } from '../connection/rows.js'

type Entry = [id: number, time: number, durationUs: number, args: string[], address: string, name: string]

const entries = (store: TestStore, count = -1): Entry[] => store.send('SLOWLOG', 'GET', count) as Entry[]
const logged = (store: TestStore): string[] => entries(store).map(([, , , args]) => args.join(' '))

describe('SLOWLOG', () => {
  test('refuses what makes no sense', () =>
    runRows([
      ['SLOWLOG LEN', 0],
      ['SLOWLOG GET', []],
      ['SLOWLOG RESET', 'OK'],
      ['SLOWLOG GET -2', 'ERR count should be greater than or equal to -1'],
      ['SLOWLOG GET x', 'ERR count should be greater than or equal to -1'],
      ['SLOWLOG GET 9223372036854775808', 'ERR count should be greater than or equal to -1'],
      ['SLOWLOG GET 9223372036854775807', []],
      ['SLOWLOG GET 1 2', "ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP."],
      ['SLOWLOG LEN x', wrongArity('slowlog|len')],
      ['SLOWLOG NONSENSE', "ERR unknown subcommand 'NONSENSE'. Try SLOWLOG HELP."],
    ]))

  test('logs what takes as long as its threshold', () => {
    const store = new TestStore({ 'slowlog-log-slower-than': '1000', 'enable-debug-command': 'yes' })
    const { host } = store.store.environment
    Object.assign(host, { blockMs: (milliseconds: number) => (store.time.nowMs += milliseconds) })
    store.send('CLIENT', 'SETNAME', 'me')
    store.send('PING')
    assert.equal(store.send('SLOWLOG', 'LEN'), 0)
    store.send('DEBUG', 'SLEEP', '0.002')
    const { nowMs } = store.time
    assert.deepEqual(entries(store), [
      [0, Math.floor(nowMs / 1000), 2000, ['DEBUG', 'SLEEP', '0.002'], '127.0.0.1:1111', 'me'],
    ])
    store.send('CONFIG', 'SET', 'slowlog-log-slower-than', 2001)
    store.send('DEBUG', 'SLEEP', '0.002')
    assert.equal(store.send('SLOWLOG', 'LEN'), 1)
  })

  test('logs everything at 0 and nothing below', () => {
    const store = new TestStore({ 'slowlog-log-slower-than': '0' })
    store.send('PING')
    store.send('NONSENSE')
    store.send('GET')
    store.send('GET', 'k')
    assert.deepEqual(logged(store), ['GET k', 'PING'])
    store.send('CONFIG', 'SET', 'slowlog-log-slower-than', -1)
    store.send('SLOWLOG', 'RESET')
    store.send('PING')
    assert.equal(store.send('SLOWLOG', 'LEN'), 0)
  })

  test('keeps the latest, newest first, with numbers that go on', () => {
    const store = new TestStore({ 'slowlog-log-slower-than': '0', 'slowlog-max-len': '5' })
    for (let i = 0; i < 20; i++) store.send('ECHO', i)
    assert.deepEqual(logged(store), ['ECHO 19', 'ECHO 18', 'ECHO 17', 'ECHO 16', 'ECHO 15'])
    assert.equal((store.send('SLOWLOG', 'GET', 3) as unknown[]).length, 3)
    assert.equal((store.send('SLOWLOG', 'GET', 0) as unknown[]).length, 0)
    assert.equal((store.send('SLOWLOG', 'GET', 100) as unknown[]).length, 5)
    assert.equal(entries(store)[0]![0], 23)
    store.send('SLOWLOG', 'RESET')
    assert.deepEqual(logged(store), ['SLOWLOG RESET'])
    for (let i = 0; i < 20; i++) store.send('ECHO', i)
    store.send('CONFIG', 'SET', 'slowlog-max-len', 1)
    assert.deepEqual(logged(store), ['CONFIG SET slowlog-max-len 1'])
    store.send('CONFIG', 'SET', 'slowlog-max-len', 0)
    assert.deepEqual(logged(store), [])
  })

  test('without a count gives ten', () => {
    const store = new TestStore({ 'slowlog-log-slower-than': '0' })
    for (let i = 0; i < 20; i++) store.send('ECHO', i)
    assert.equal((store.send('SLOWLOG', 'GET') as unknown[]).length, 10)
  })

  test('shortens many and long arguments', () => {
    const store = new TestStore({ 'slowlog-log-slower-than': '0' })
    const words = [...Array(40).keys()].map(String)
    store.send('MSET', ...words)
    store.send('MSET', ...words.slice(0, 30), 'k', 'v')
    store.send('ECHO', 'x'.repeat(128))
    store.send('ECHO', 'x'.repeat(131))
    const [longer, long, cut, more] = entries(store).map(([, , , args]) => args)
    assert.equal(longer![1], `${'x'.repeat(128)}... (3 more bytes)`)
    assert.equal(long![1], 'x'.repeat(128))
    assert.deepEqual(cut!.slice(-2), ['29', '... (2 more arguments)'])
    assert.deepEqual([more!.length, more!.at(-1)], [32, '... (10 more arguments)'])
  })

  test('hides secrets', () => {
    const store = new TestStore({ 'slowlog-log-slower-than': '0' })
    store.send('AUTH', 'hidden')
    store.send('AUTH', 'me', 'hidden')
    store.send('HELLO', 2, 'SETNAME', 'x', 'AUTH', 'me', 'hidden')
    assert.deepEqual(logged(store), [
      'HELLO 2 SETNAME x AUTH (redacted) (redacted)',
      'AUTH (redacted) (redacted)',
      'AUTH (redacted)',
    ])
  })

  test('shows what EXEC runs, and not EXEC', () => {
    const store = new TestStore({ 'slowlog-log-slower-than': '0' })
    store.send('MULTI')
    store.send('ECHO', 'x')
    store.send('SET', 'k', 'v')
    store.send('EXEC')
    assert.deepEqual(logged(store), ['SET k v', 'ECHO x', 'MULTI'])
  })

  test('keeps bytes as they are, and copies of them', () => {
    const store = new TestStore({ 'slowlog-log-slower-than': '0' })
    store.send('ECHO', new Uint8Array([0, 255, 13, 10]))
    const entry: SlowlogEntry = store.store.services.get(slowlogService).entry(0)
    assert.equal(latin1(entry.args[1]!, 0, 4), '\0\xff\r\n')
    assert.equal(plain(store.send('PING')), 'PONG')
    assert.equal(latin1(entry.args[1]!, 0, 4), '\0\xff\r\n')
  })
})
