import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ClientFlag, Gate } from '../../../../src/engine/client.js'
import { TestStore } from '../../../support/test-store.js'
import { NOT_AN_INTEGER, plain, runRows, SYNTAX, wrongArity } from './rows.js'

const BAD_NAME = 'ERR Client names cannot contain spaces, newlines or special characters.'

describe('CLIENT', () => {
  test('SETNAME, GETNAME and SETINFO', () =>
    runRows([
      ['CLIENT GETNAME', null],
      ['CLIENT SETNAME me', 'OK'],
      ['CLIENT GETNAME', 'me'],
      ['CLIENT SETNAME a~b', BAD_NAME],
      ['CLIENT SETNAME a\nb', BAD_NAME],
      ['CLIENT SETNAME a\x7fb', BAD_NAME],
      ['CLIENT SETNAME caf\xe9', BAD_NAME],
      ['CLIENT GETNAME', 'me'],
      ["CLIENT SETNAME ''", 'OK'],
      ['CLIENT GETNAME', null],
      ['CLIENT SETINFO LIB-NAME lib', 'OK'],
      ['CLIENT SETINFO lib-ver 1.2.3', 'OK'],
      ['CLIENT SETINFO lib-name a~b', 'ERR lib-name cannot contain spaces, newlines or special characters.'],
      ['CLIENT SETINFO Lib-Ver a\n', 'ERR Lib-Ver cannot contain spaces, newlines or special characters.'],
      ['CLIENT SETINFO badger hamster', "ERR Unrecognized option 'badger'"],
      ['CLIENT SETINFO lib-name', wrongArity('client|setinfo')],
      ['CLIENT GETNAME x', wrongArity('client|getname')],
      ['CLIENT SETNAME', wrongArity('client|setname')],
      ['CLIENT', wrongArity('client')],
      ['CLIENT NONSENSE', "ERR unknown subcommand 'NONSENSE'. Try CLIENT HELP."],
    ]))

  test('ID counts up', () => {
    const store = new TestStore()
    assert.equal(store.send('CLIENT', 'ID'), 1)
    assert.equal(store.connect().send('CLIENT', 'ID'), 2)
    assert.equal(store.connect().send('CLIENT', 'ID'), 3)
  })

  test('HELP lists the subcommands', () => {
    const lines = new TestStore().send('CLIENT', 'HELP') as string[]
    assert.equal(lines[0], 'CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:')
    assert.ok(lines.includes('UNPAUSE'))
  })

  test('switches', () =>
    runRows([
      ['CLIENT NO-EVICT ON', 'OK'],
      ['CLIENT NO-EVICT off', 'OK'],
      ['CLIENT NO-EVICT maybe', SYNTAX],
      ['CLIENT NO-TOUCH on', 'OK'],
      ['CLIENT NO-TOUCH OFF', 'OK'],
      ['CLIENT NO-TOUCH maybe', SYNTAX],
      ['CLIENT NO-TOUCH', wrongArity('client|no-touch')],
      ['CLIENT REPLY maybe', SYNTAX],
      ['CLIENT REPLY ON', 'OK'],
      ['CLIENT REPLY', wrongArity('client|reply')],
    ]))

  test('NO-EVICT and NO-TOUCH set what they say', () => {
    const store = new TestStore()
    store.send('CLIENT', 'NO-EVICT', 'ON')
    store.send('CLIENT', 'NO-TOUCH', 'ON')
    assert.equal(store.client.client.flags, ClientFlag.noEvict | ClientFlag.noTouch)
    assert.match(store.send('CLIENT', 'INFO') as string, / flags=eT /)
  })
})

describe('CLIENT LIST and INFO', () => {
  const ORDER =
    'id addr laddr fd name age idle flags db sub psub ssub multi qbuf qbuf-free argv-mem multi-mem rbs rbp obl oll omem tot-mem ' +
    'events cmd user redir resp lib-name lib-ver'

  test('show all fields in order', () => {
    const store = new TestStore()
    store.send('HELLO', 3, 'SETNAME', 'me')
    store.send('CLIENT', 'SETINFO', 'LIB-NAME', 'lib')
    store.send('SELECT', 2)
    store.time.advance(3_400)
    store.send('MULTI')
    store.send('SET', 'key', 'value')
    store.send('CLIENT', 'INFO')
    const [, info] = store.send('EXEC') as string[]
    assert.ok(info!.endsWith('\n'))
    assert.equal(info!.trim().split(' ').map((field) => field.split('=')[0]).join(' '), ORDER) // prettier-ignore
    assert.match(
      info!,
      /^id=1 addr=127\.0\.0\.1:1111 laddr=127\.0\.0\.1:6379 fd=-1 name=me age=3 idle=3 flags=x db=2 sub=0 psub=0 ssub=0 /,
    )
    assert.match(
      info!,
      / multi=2 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=61 rbs=0 rbp=0 obl=\d+ oll=0 omem=0 tot-mem=\d+ /,
    )
    assert.match(info!, / events=r cmd=exec user=default redir=-1 resp=3 lib-name=lib lib-ver=\n$/)
  })

  test('choose by type and by number', () => {
    const store = new TestStore()
    const [subscriber, replica] = [store.connect(), store.connect()]
    subscriber.client.gate |= Gate.subscribed
    replica.client.gate |= Gate.replica
    const ids = (...words: (string | number)[]): string[] => {
      const text = store.send('CLIENT', 'LIST', ...words) as string
      return text.split('\n').slice(0, -1).map((line) => /^id=(\d+)/.exec(line)![1]!) // prettier-ignore
    }
    assert.deepEqual(ids(), ['1', '2', '3'])
    assert.deepEqual(ids('TYPE', 'normal'), ['1'])
    assert.deepEqual(ids('type', 'PUBSUB'), ['2'])
    assert.deepEqual(ids('TYPE', 'replica'), ['3'])
    assert.deepEqual(ids('TYPE', 'slave'), ['3'])
    assert.deepEqual(ids('TYPE', 'master'), [])
    assert.deepEqual(ids('ID', 3, 99, 1, 3), ['3', '1', '3'])
    assert.match(store.send('CLIENT', 'LIST', 'ID', 2) as string, / flags=P /)
    assert.match(store.send('CLIENT', 'LIST', 'ID', 3) as string, / flags=S /)
  })

  test('refuse what makes no sense', () =>
    runRows([
      ['CLIENT LIST TYPE nonsense', "ERR Unknown client type 'nonsense'"],
      ['CLIENT LIST TYPE', SYNTAX],
      ['CLIENT LIST TYPE normal x', SYNTAX],
      ['CLIENT LIST ID', SYNTAX],
      ['CLIENT LIST ID x', 'ERR Invalid client ID'],
      ['CLIENT LIST ID 1 x', 'ERR Invalid client ID'],
      ['CLIENT LIST NONSENSE', SYNTAX],
      ['CLIENT INFO x', wrongArity('client|info')],
    ]))

  test('show the state of a client in letters', () => {
    const store = new TestStore()
    const { client } = store.connect()
    const letters = (gate: number, flags: number): string => {
      client.gate = gate
      client.flags = flags
      return / flags=(\w+) /.exec(store.send('CLIENT', 'LIST', 'ID', client.id) as string)![1]!
    }
    assert.equal(letters(0, 0), 'N')
    assert.equal(letters(Gate.monitor, 0), 'O')
    assert.equal(letters(0, ClientFlag.isPrimary), 'M')
    assert.equal(letters(Gate.blocked, 0), 'b')
    assert.equal(letters(Gate.inTransaction | Gate.watchedChanged, ClientFlag.readOnly), 'xdr')
    assert.equal(letters(Gate.closing, 0), 'c')
    assert.equal(letters(Gate.closing, ClientFlag.killed), 'A')
    assert.equal(letters(0, ClientFlag.tracking | ClientFlag.trackingBroken | ClientFlag.trackingBroadcast), 'tRB')
  })
})

describe('CLIENT KILL', () => {
  test('in its old form, by address', () => {
    const store = new TestStore()
    assert.equal(plain(store.send('CLIENT', 'KILL', '1.2.3.4:5')), 'ERR No such client')
    assert.equal(store.send('CLIENT', 'KILL', '127.0.0.1:1111'), 'OK')
    assert.ok(store.client.isClosed)
  })

  test('by conditions, sparing the caller unless told otherwise', () => {
    const store = new TestStore()
    const [second, third] = [store.connect(), store.connect()]
    third.client.gate |= Gate.subscribed
    assert.equal(store.send('CLIENT', 'KILL', 'ID', 1), 0)
    assert.equal(store.send('CLIENT', 'KILL', 'ID', 99), 0)
    assert.equal(store.send('CLIENT', 'KILL', 'TYPE', 'pubsub', 'ID', 2), 0)
    assert.equal(store.send('CLIENT', 'KILL', 'TYPE', 'pubsub', 'LADDR', '127.0.0.1:6379'), 1)
    assert.deepEqual([second.isClosed, third.isClosed], [false, true])
    assert.equal(store.send('CLIENT', 'KILL', 'USER', 'default', 'SKIPME', 'YES', 'TYPE', 'NORMAL'), 1)
    assert.deepEqual([store.client.isClosed, second.isClosed], [false, true])
    assert.equal(store.send('CLIENT', 'KILL', 'SKIPME', 'no', 'ADDR', '127.0.0.1:1111', 'ID', 1), 1)
    assert.ok(store.client.isClosed)
  })

  test('refuses what makes no sense', () =>
    runRows([
      ['CLIENT KILL', wrongArity('client|kill')],
      ['CLIENT KILL ID x', 'ERR client-id should be greater than 0'],
      ['CLIENT KILL ID 0', 'ERR client-id should be greater than 0'],
      ['CLIENT KILL ID -1', 'ERR client-id should be greater than 0'],
      ['CLIENT KILL TYPE nonsense', "ERR Unknown client type 'nonsense'"],
      ['CLIENT KILL USER nobody', "ERR No such user 'nobody'"],
      ['CLIENT KILL SKIPME maybe', SYNTAX],
      ['CLIENT KILL ID 10 x', SYNTAX],
      ['CLIENT KILL NONSENSE 10', SYNTAX],
      ['CLIENT KILL MAXAGE 10', SYNTAX],
      ['CLIENT KILL ID 10 ADDR', SYNTAX],
    ]))
})

describe('CLIENT REPLY', () => {
  /** A client whose replies are not held to "one for each command". */
  const quiet = (): TestStore['client'] => {
    const store = new TestStore()
    store.checksReplies = false
    return store.client
  }

  test('OFF mutes everything until ON, which is answered', () => {
    const client = quiet()
    assert.equal(client.sendRaw('CLIENT', 'REPLY', 'OFF'), '')
    assert.equal(client.sendRaw('PING'), '')
    assert.equal(client.sendRaw('NONSENSE'), '')
    assert.equal(client.sendRaw('GET'), '')
    assert.equal(client.sendRaw('CLIENT', 'REPLY', 'SKIP'), '')
    assert.equal(client.sendRaw('CLIENT', 'REPLY', 'ON'), '+OK\r\n')
    assert.equal(client.sendRaw('PING'), '+PONG\r\n')
  })

  test('SKIP mutes the next command only, an error as well', () => {
    const client = quiet()
    for (const muted of [['PING'], ['NONSENSE'], ['GET'], ['CLIENT', 'NONSENSE']]) {
      assert.equal(client.sendRaw('CLIENT', 'REPLY', 'SKIP'), '')
      assert.equal(client.sendRaw(...muted), '')
      assert.equal(client.sendRaw('PING'), '+PONG\r\n')
    }
  })

  test('SKIP gives way to ON, and counts anew after another SKIP', () => {
    const client = quiet()
    assert.equal(client.sendRaw('CLIENT', 'REPLY', 'SKIP'), '')
    assert.equal(client.sendRaw('CLIENT', 'REPLY', 'ON'), '+OK\r\n')
    assert.equal(client.sendRaw('PING'), '+PONG\r\n')
    assert.equal(client.sendRaw('CLIENT', 'REPLY', 'SKIP'), '')
    assert.equal(client.sendRaw('CLIENT', 'REPLY', 'SKIP'), '')
    assert.equal(client.sendRaw('PING'), '')
    assert.equal(client.sendRaw('PING'), '+PONG\r\n')
  })

  test('OFF inside a transaction mutes from there on', () => {
    const client = quiet()
    client.send('MULTI')
    client.send('CLIENT', 'REPLY', 'OFF')
    client.sendRaw('EXEC')
    assert.equal(client.sendRaw('PING'), '')
    assert.equal(client.sendRaw('CLIENT', 'REPLY', 'ON'), '+OK\r\n')
  })
})

describe('CLIENT PAUSE', () => {
  test('refuses what makes no sense', () =>
    runRows([
      ['CLIENT PAUSE', wrongArity('client|pause')],
      ['CLIENT PAUSE x', 'ERR timeout is not an integer or out of range'],
      ['CLIENT PAUSE 1.5', 'ERR timeout is not an integer or out of range'],
      ['CLIENT PAUSE 9223372036854775808', 'ERR timeout is not an integer or out of range'],
      ['CLIENT PAUSE 9223372036854775807', 'ERR timeout is out of range'],
      ['CLIENT PAUSE -1', 'ERR timeout is negative'],
      ['CLIENT PAUSE x SOMETIMES', 'ERR CLIENT PAUSE mode must be WRITE or ALL'],
      ['CLIENT PAUSE 1 WRITE x', "ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP."],
      ['CLIENT PAUSE 0', 'OK'],
      ['CLIENT PAUSE 9007199254740993 WRITE', 'OK'],
      ['CLIENT UNPAUSE x', wrongArity('client|unpause')],
      ['CLIENT UNPAUSE', 'OK'],
      ['SET k v', 'OK'],
    ]))

  test('keeps expired keys, which look expired all the same', () => {
    const store = new TestStore()
    store.send('SET', 'k', 'v', 'PX', 10)
    store.send('CLIENT', 'PAUSE', 50_000, 'WRITE')
    store.time.advance(20)
    assert.equal(store.send('GET', 'k'), null)
    assert.equal(store.send('DBSIZE'), 1)
    store.send('CLIENT', 'UNPAUSE')
    assert.equal(store.send('GET', 'k'), null)
    assert.equal(store.send('DBSIZE'), 0)
  })

  test('begins when the transaction that asks for it is over', () => {
    const store = new TestStore()
    for (const request of [['MULTI'], ['SET', 'a', '1'], ['CLIENT', 'PAUSE', 60_000, 'WRITE'], ['SET', 'b', '2']]) {
      store.send(...request)
    }
    assert.deepEqual(store.send('EXEC'), ['OK', 'OK', 'OK'])
    assert.equal(store.client.sendRaw('SET', 'c', '3'), '')
    assert.equal(store.store.pause.waitingCount, 1)
  })
})

describe('CLIENT UNBLOCK', () => {
  test('ends the wait of a client, with or without an error', () => {
    const store = new TestStore()
    const waiting = store.connect()
    const endings: boolean[] = []
    waiting.client.onUnblock = (isError) => endings.push(isError)
    assert.equal(store.send('CLIENT', 'UNBLOCK', 2), 1)
    assert.equal(store.send('CLIENT', 'UNBLOCK', 2, 'timeout'), 1)
    assert.equal(store.send('CLIENT', 'UNBLOCK', 2, 'ERROR'), 1)
    assert.deepEqual(endings, [false, false, true])
    assert.equal(store.send('CLIENT', 'UNBLOCK', 1), 0)
    assert.equal(store.send('CLIENT', 'UNBLOCK', 99), 0)
  })

  test('refuses what makes no sense', () =>
    runRows([
      ['CLIENT UNBLOCK', wrongArity('client|unblock')],
      ['CLIENT UNBLOCK x', NOT_AN_INTEGER],
      ['CLIENT UNBLOCK x LATER', 'ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR'],
      [
        'CLIENT UNBLOCK 1 ERROR x',
        "ERR unknown subcommand or wrong number of arguments for 'UNBLOCK'. Try CLIENT HELP.",
      ],
    ]))
})
