import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ClientFlag, Gate } from '../../../../src/engine/client.js'
import { TestStore } from '../../../support/test-store.js'
import { NOT_AN_INTEGER, plain, runRows, SYNTAX, wrongArity } from './rows.js'

const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.'
const NO_AUTH = 'NOAUTH Authentication required.'

describe('PING and ECHO', () => {
  test('answer', () =>
    runRows([
      ['PING', 'PONG'],
      ['PING hello', 'hello'],
      ['PING a b', wrongArity('ping')],
      ['ECHO hello', 'hello'],
      ["ECHO ''", ''],
      ['ECHO', wrongArity('echo')],
      ['ECHO a b', wrongArity('echo')],
    ]))

  test('PING answers subscribers of RESP2 with an array', () => {
    const store = new TestStore()
    store.client.client.gate |= Gate.subscribed
    assert.deepEqual(store.send('PING'), ['pong', ''])
    assert.deepEqual(store.send('PING', 'x'), ['pong', 'x'])
    store.client.client.reply.protocol = 3
    assert.equal(store.send('PING'), 'PONG')
  })
})

describe('SELECT', () => {
  test('chooses a database', () =>
    runRows([
      ['SET k zero', 'OK'],
      ['SELECT 1', 'OK'],
      ['GET k', null],
      ['SELECT 0', 'OK'],
      ['GET k', 'zero'],
      ['SELECT 15', 'OK'],
      ['SELECT 16', 'ERR DB index is out of range'],
      ['SELECT -1', 'ERR DB index is out of range'],
      ['SELECT a', NOT_AN_INTEGER],
      ['SELECT 1.0', NOT_AN_INTEGER],
      ['SELECT 9223372036854775808', NOT_AN_INTEGER],
      ['SELECT 2147483648', 'ERR value is out of range, value must between -2147483648 and 2147483647'],
      ['SELECT', wrongArity('select')],
    ]))

  test('leaves other clients alone, and keeps to database 0 in a cluster', () => {
    const store = new TestStore()
    const other = store.connect()
    store.send('SELECT', 3)
    store.send('SET', 'k', 'v')
    assert.equal(other.send('GET', 'k'), null)
    const cluster = new TestStore({ 'cluster-enabled': 'yes' })
    assert.equal(cluster.send('SELECT', 0), 'OK')
    assert.equal(plain(cluster.send('SELECT', 1)), 'ERR SELECT is not allowed in cluster mode')
  })
})

describe('AUTH', () => {
  test('without a password configured', () =>
    runRows([
      [
        'AUTH x',
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      ],
      ['AUTH default anything', 'OK'],
      ['AUTH nobody x', WRONG_PASSWORD],
      ['AUTH', wrongArity('auth')],
      ['AUTH a b c', SYNTAX],
    ]))

  test('with one, lets a client do things', () =>
    runRows(
      [
        ['GET k', NO_AUTH],
        ['MULTI', NO_AUTH],
        ['NOSUCH', "ERR unknown command 'NOSUCH', with args beginning with: "],
        ['GET', wrongArity('get')],
        ['AUTH wrong', WRONG_PASSWORD],
        ['AUTH secre', WRONG_PASSWORD],
        ['AUTH secrets', WRONG_PASSWORD],
        ["AUTH ''", WRONG_PASSWORD],
        ['AUTH nobody secret', WRONG_PASSWORD],
        ['GET k', NO_AUTH],
        ['AUTH secret', 'OK'],
        ['GET k', null],
        ['AUTH wrong', WRONG_PASSWORD],
        ['GET k', null],
        ['RESET', 'RESET'],
        ['GET k', NO_AUTH],
        ['AUTH default secret', 'OK'],
        ['GET k', null],
      ],
      { requirepass: 'secret' },
    ))

  test('lets in who was there before the password, and whom it keeps waiting when it goes', () => {
    const store = new TestStore()
    store.send('CONFIG', 'SET', 'requirepass', 'secret')
    assert.equal(store.send('PING'), 'PONG')
    const late = store.connect()
    late.client.flags |= ClientFlag.unauthenticated
    assert.equal(plain(late.send('PING')), NO_AUTH)
    store.send('CONFIG', 'SET', 'requirepass', '')
    assert.equal(late.send('PING'), 'PONG')
    store.send('CONFIG', 'SET', 'requirepass', 'other')
    assert.equal(plain(late.send('PING')), NO_AUTH)
    assert.equal(late.send('AUTH', 'other'), 'OK')
    store.send('CONFIG', 'SET', 'requirepass', 'third')
    assert.equal(late.send('PING'), 'PONG')
  })

  test('takes any bytes', () => {
    const store = new TestStore()
    store.send('CONFIG', 'SET', 'requirepass', 'abc\0def')
    const late = store.connect()
    assert.equal(plain(late.send('AUTH', 'abc')), WRONG_PASSWORD)
    assert.equal(late.send('AUTH', 'abc\0def'), 'OK')
  })
})

describe('HELLO', () => {
  const greeting = (proto: number, more: object = {}): object => ({
    server: 'redis',
    version: '7.2.4',
    proto,
    id: 1,
    mode: 'standalone',
    role: 'master',
    modules: [],
    ...more,
  })

  test('greets in the protocol chosen', () => {
    const store = new TestStore()
    const pairs = store.send('HELLO') as unknown[]
    assert.deepEqual(pairs.slice(0, 6), ['server', 'redis', 'version', '7.2.4', 'proto', 2])
    assert.deepEqual(plain(store.send('HELLO', 3)), greeting(3))
    assert.deepEqual(plain(store.send('HELLO')), greeting(3))
    assert.equal((store.send('HELLO', 2) as unknown[]).length, 14)
    const cluster = new TestStore({ 'cluster-enabled': 'yes' })
    assert.deepEqual(plain(cluster.send('HELLO', 3)), greeting(3, { mode: 'cluster' }))
  })

  test('logs in and names', () => {
    const store = new TestStore({ requirepass: 'secret' })
    assert.match(
      plain(store.send('HELLO', 3)) as string,
      /^NOAUTH HELLO must be called with the client already authenticated/,
    )
    assert.equal(plain(store.send('HELLO', 3, 'AUTH', 'default', 'wrong')), WRONG_PASSWORD)
    assert.equal(store.client.client.reply.protocol, 2)
    assert.deepEqual(plain(store.send('HELLO', 3, 'SETNAME', 'me', 'auth', 'default', 'secret')), greeting(3))
    assert.equal(store.send('CLIENT', 'GETNAME'), 'me')
    store.send('HELLO', 3, 'SETNAME', '')
    assert.equal(store.send('CLIENT', 'GETNAME'), null)
  })

  test('refuses what makes no sense, and changes nothing then', () => {
    runRows([
      ['HELLO 1', 'NOPROTO unsupported protocol version'],
      ['HELLO 4', 'NOPROTO unsupported protocol version'],
      ['HELLO 9223372036854775807', 'NOPROTO unsupported protocol version'],
      ['HELLO x', 'ERR Protocol version is not an integer or out of range'],
      ['HELLO 3 NONSENSE', "ERR Syntax error in HELLO option 'NONSENSE'"],
      ['HELLO 3 AUTH default', "ERR Syntax error in HELLO option 'AUTH'"],
      ['HELLO 3 SETNAME', "ERR Syntax error in HELLO option 'SETNAME'"],
      ['HELLO 3 SETNAME a~b', 'ERR Client names cannot contain spaces, newlines or special characters.'],
      ['HELLO 3 SETNAME me AUTH nobody x', WRONG_PASSWORD],
      ['CLIENT GETNAME', null],
    ])
  })
})

describe('RESET', () => {
  test('makes a client like new', () => {
    const store = new TestStore()
    const { client } = store.client
    for (const request of [['HELLO', 3], ['SELECT', 4], ['CLIENT', 'SETNAME', 'me'], ['CLIENT', 'SETINFO', 'LIB-NAME', 'lib'],
      ['CLIENT', 'NO-EVICT', 'ON'], ['CLIENT', 'NO-TOUCH', 'ON'], ['WATCH', 'k'], ['MONITOR'], ['MULTI']]) store.send(...request) // prettier-ignore
    store.client.takeOutput()
    assert.equal(store.send('RESET'), 'RESET')
    assert.equal(client.reply.protocol, 2)
    assert.equal(client.database.index, 0)
    assert.equal(client.name, '')
    assert.equal(client.libraryName, 'lib')
    assert.equal(client.gate, 0)
    assert.equal(client.flags, 0)
    assert.equal(client.transaction, undefined)
    assert.equal(store.store.watches.size, 0)
    assert.deepEqual(client.parts, [])
    assert.equal(plain(store.send('EXEC')), 'ERR EXEC without MULTI')
    assert.equal(plain(store.send('RESET', 'x')), wrongArity('reset'))
  })

  test('is not for replicas', () => {
    const store = new TestStore()
    store.client.client.gate |= Gate.replica
    assert.equal(plain(store.send('RESET')), 'ERR can only reset normal client connections')
  })
})

test('QUIT says goodbye and asks for the link to be closed', () => {
  const store = new TestStore()
  assert.equal(store.send('QUIT', 'whatever'), 'OK')
  assert.ok(store.client.isClosed)
})

test('subscribers of RESP2 may do little', () => {
  const store = new TestStore()
  store.client.client.gate |= Gate.subscribed
  assert.equal(
    plain(store.send('GET', 'k')),
    "ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context",
  )
  assert.equal(store.send('QUIT'), 'OK')
  store.client.client.reply.protocol = 3
  assert.equal(store.send('GET', 'k'), null)
})
