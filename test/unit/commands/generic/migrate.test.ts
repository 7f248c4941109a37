import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Gate } from '../../../../src/engine/client.js'
import { State } from '../../../../src/engine/command.js'
import { FakeDialer, type FakeLink } from '../../../support/fake-dialer.js'
import { type TestClient, TestStore, type Word } from '../../../support/test-store.js'

const TO = ['host', 7000] as const

class Pair {
  readonly dialer: FakeDialer
  readonly here: TestStore
  readonly there: TestStore

  constructor(options: Record<string, string> = {}) {
    this.dialer = new FakeDialer()
    this.here = new TestStore(options, 1, undefined, this.dialer)
    this.here.checksReplies = false
    this.there = new TestStore()
    this.there.checksReplies = false
  }

  /** Sends MIGRATE, and accepts the connection. */
  begin(...words: Word[]): FakeLink {
    assert.equal(this.here.client.sendRaw('MIGRATE', ...TO, ...words), '')
    const link = this.dialer.accept()
    this.turn()
    return link
  }

  turn(): void {
    this.here.time.advance(0)
  }

  /** What the client has been told. */
  output(client: TestClient = this.here.client): string {
    this.turn()
    return client.takeOutput()
  }

  /** A whole MIGRATE that the other store answers. */
  move(...words: Word[]): string {
    const link = this.begin(...words)
    link.serve(this.there.client)
    return this.output()
  }
}

function withKeys(...names: string[]): Pair {
  const pair = new Pair()
  for (const name of names) pair.here.send('SET', name, `value of ${name}`)
  return pair
}

describe('MIGRATE', () => {
  it('moves a key with its time to live, and tells the feed of DEL', () => {
    const pair = withKeys()
    pair.here.send('RPUSH', 'list', 'a', 'b')
    pair.here.send('PEXPIRE', 'list', 5000)
    const effects = pair.here.recordEffects()
    const events = pair.here.recordEvents()
    assert.equal(pair.move('list', 3, 1000), '+OK\r\n')
    assert.deepEqual(effects, ['0: DEL list'])
    assert.deepEqual(events, ['del list@0'])
    assert.equal(pair.here.send('EXISTS', 'list'), 0)
    pair.there.send('SELECT', 3)
    assert.deepEqual(pair.there.send('LRANGE', 'list', 0, -1), ['a', 'b'])
    assert.equal(pair.there.send('PTTL', 'list'), 5000)
    assert.match(pair.here.send('INFO', 'commandstats') as string, /cmdstat_migrate:calls=1,/)
    pair.here.validate()
  })

  it('copies with COPY, and overwrites with REPLACE only', () => {
    const pair = withKeys('k')
    const effects = pair.here.recordEffects()
    assert.equal(pair.move('k', 0, 1000, 'COPY'), '+OK\r\n')
    assert.deepEqual(effects, [])
    assert.equal(pair.here.send('EXISTS', 'k'), 1)
    pair.here.send('MIGRATE', ...TO, 'k', 0, 1000, 'COPY')
    pair.turn()
    pair.dialer.links[0]!.serve(pair.there.client)
    assert.equal(pair.output(), '-ERR Target instance replied with error: BUSYKEY Target key name already exists.\r\n')
    pair.here.send('MIGRATE', ...TO, 'k', 0, 1000, 'REPLACE')
    pair.turn()
    pair.dialer.links[0]!.serve(pair.there.client)
    assert.equal(pair.output(), '+OK\r\n')
    assert.equal(pair.here.send('EXISTS', 'k'), 0)
  })

  it('moves those of many keys that exist, and keeps those that the target refused', () => {
    const pair = withKeys('a', 'b', 'c')
    pair.there.send('SET', 'b', 'mine')
    const effects = pair.here.recordEffects()
    const words = ['', 0, 1000, 'KEYS', 'none', 'a', 'b', 'c'] as const
    assert.match(pair.move(...words), /^-ERR Target instance replied with error: BUSYKEY/)
    assert.deepEqual(effects, ['0: DEL a c'])
    assert.deepEqual(pair.here.send('KEYS', '*'), ['b'])
  })

  it('replies NOKEY when there is nothing to move', () => {
    const pair = new Pair()
    assert.equal(pair.here.client.sendRaw('MIGRATE', ...TO, 'none', 0, 10), '+NOKEY\r\n')
    assert.equal(pair.here.client.sendRaw('MIGRATE', ...TO, '', 0, 10, 'KEYS', 'a', 'b'), '+NOKEY\r\n')
    pair.here.send('SET', 'k', 'v')
    pair.here.client.sendRaw('MIGRATE', ...TO, 'k', 0, 10)
    pair.here.connect().send('DEL', 'k') // while it connects, the key is everybody's
    pair.dialer.accept()
    assert.equal(pair.output(), '+NOKEY\r\n')
  })

  const refusals: readonly [string, string][] = [
    ['MIGRATE h 1 k 0', "-ERR wrong number of arguments for 'migrate' command"],
    ['MIGRATE h 1 k 0 10 WHAT', '-ERR syntax error'],
    ['MIGRATE h 1 k 0 10 AUTH', '-ERR syntax error'],
    ['MIGRATE h 1 k 0 10 AUTH2 u', '-ERR syntax error'],
    ['MIGRATE h 1 k x 10', '-ERR value is not an integer or out of range'],
    ['MIGRATE h 1 k 0 x', '-ERR value is not an integer or out of range'],
    [
      'MIGRATE h 1 k 0 10 KEYS a',
      '-ERR When using MIGRATE KEYS option, the key argument must be set to the empty string',
    ],
  ]
  for (const [request, error] of refusals) {
    it(`refuses ${request}`, () => {
      assert.equal(withKeys('k').here.client.sendRaw(...request.split(' ')), `${error}\r\n`)
    })
  }

  it('gives AUTH or AUTH2, and hides them from monitors', () => {
    const pair = withKeys('k', 'l')
    const monitor = pair.here.connect()
    monitor.sendRaw('MONITOR')
    const link = pair.begin('k', 0, 1000, 'AUTH', 'secret')
    assert.deepEqual(link.takeRequests().slice(0, 2), [
      ['AUTH', 'secret'],
      ['SELECT', '0'],
    ])
    link.reply('-WRONGPASS no\r\n+OK\r\n-NOAUTH\r\n')
    assert.equal(pair.output(), '-ERR Target instance replied with error: WRONGPASS no\r\n')
    pair.here.client.sendRaw('MIGRATE', ...TO, 'l', 0, 1000, 'AUTH2', 'user', 'secret')
    pair.turn()
    assert.deepEqual(link.takeRequests()[0], ['AUTH', 'user', 'secret'])
    link.reply('+OK\r\n+OK\r\n+OK\r\n')
    assert.equal(pair.output(), '+OK\r\n')
    const shown = monitor.takeOutput()
    assert.doesNotMatch(shown, /secret|"user"/)
    assert.equal(shown.match(/\(redacted\)/g)!.length, 3)
  })

  it('keeps its connection for ten seconds, and selects only when it must', () => {
    const pair = withKeys('a', 'b', 'c')
    assert.equal(pair.move('a', 2, 1000), '+OK\r\n')
    const link = pair.dialer.links[0]!
    pair.here.send('MIGRATE', ...TO, 'b', 2, 1000)
    pair.turn()
    assert.deepEqual(
      link.takeRequests().map(([name]) => name),
      ['RESTORE'],
    )
    link.reply('+OK\r\n')
    assert.equal(pair.output(), '+OK\r\n')
    assert.match(pair.here.send('INFO', 'stats') as string, /migrate_cached_sockets:1/)
    pair.here.time.advance(12_000)
    assert.match(pair.here.send('INFO', 'stats') as string, /migrate_cached_sockets:0/)
    assert.ok(link.isClosed)
  })

  it('says RESTORE-ASKING in a cluster', () => {
    const pair = withKeys('k')
    pair.here.store.state |= State.clusterEnabled
    const names = pair
      .begin('k', 0, 1000)
      .takeRequests()
      .map(([name]) => name)
    assert.deepEqual(names, ['SELECT', 'RESTORE-ASKING'])
  })
})

describe('MIGRATE and a network that fails', () => {
  it('says so when nobody is there, or no dialer', () => {
    const pair = withKeys('k')
    pair.here.client.sendRaw('MIGRATE', ...TO, 'k', 0, 1000)
    pair.dialer.refuse()
    assert.equal(pair.output(), '-IOERR error or timeout connecting to the client\r\n')
    const alone = new TestStore()
    alone.send('SET', 'k', 'v')
    alone.client.sendRaw('MIGRATE', ...TO, 'k', 0, 1000)
    alone.time.advance(0)
    assert.match(alone.client.takeOutput(), /^-IOERR error or timeout connecting/)
  })

  it('tries once more over a new connection when nothing had arrived', () => {
    const pair = withKeys('k')
    pair.begin('k', 0, 1000).lose()
    pair.turn()
    const second = pair.dialer.accept()
    pair.turn()
    second.serve(pair.there.client)
    assert.equal(pair.output(), '+OK\r\n')
    assert.equal(pair.there.send('GET', 'k'), 'value of k')
  })

  it('gives up when the second connection is lost, too', () => {
    const pair = withKeys('k')
    pair.begin('k', 0, 1000).lose()
    pair.turn()
    const second = pair.dialer.accept()
    pair.turn()
    second.lose()
    assert.equal(pair.output(), '-IOERR error or timeout reading to target instance\r\n')
    assert.equal(pair.here.send('EXISTS', 'k'), 1)
  })

  it('deletes what was confirmed before the connection was lost', () => {
    const pair = withKeys('a', 'b')
    const effects = pair.here.recordEffects()
    const link = pair.begin('', 0, 1000, 'KEYS', 'a', 'b')
    link.reply('+OK\r\n+OK\r\n')
    link.lose()
    assert.equal(pair.output(), '-IOERR error or timeout reading to target instance\r\n')
    assert.deepEqual(effects, ['0: DEL a'])
  })

  it('waits as long as the time-out for each reply', () => {
    const pair = withKeys('k')
    const link = pair.begin('k', 0, 500)
    pair.here.time.advance(499)
    link.reply('+OK\r\n')
    pair.here.time.advance(499)
    assert.equal(pair.output(), '')
    pair.here.time.advance(2)
    assert.equal(pair.output(), '-IOERR error or timeout reading to target instance\r\n')
    assert.ok(link.isClosed)
  })

  it('waits as long as the time-out for a target that takes nothing', () => {
    const pair = withKeys('k')
    pair.here.client.sendRaw('MIGRATE', ...TO, 'k', 0, 500)
    const link = pair.dialer.accept()
    link.isFull = true
    pair.here.time.advance(600)
    assert.equal(pair.output(), '-IOERR error or timeout writing to target instance\r\n')
  })

  it('sends on when a target that was busy takes more', () => {
    const pair = withKeys('a')
    pair.here.send('SET', 'big', 'x'.repeat(300_000))
    pair.here.client.sendRaw('MIGRATE', ...TO, '', 0, 500, 'KEYS', 'a', 'big')
    const link = pair.dialer.accept()
    link.isFull = true
    pair.turn()
    for (let i = 0; i < 20; i++) {
      link.drain()
      link.isFull = true
      pair.turn()
    }
    link.serve(pair.there.client)
    assert.equal(pair.output(), '+OK\r\n')
    assert.equal(pair.there.send('STRLEN', 'big'), 300_000)
  })

  it('deletes the keys even when the client has gone', () => {
    const pair = withKeys('k')
    const other = pair.here.connect()
    other.sendRaw('MIGRATE', ...TO, 'k', 0, 1000)
    const link = pair.dialer.accept()
    pair.turn()
    other.client.gate |= Gate.closing
    link.serve(pair.there.client)
    pair.turn()
    assert.equal(pair.here.send('EXISTS', 'k'), 0)
  })
})

describe('MIGRATE and other clients', () => {
  it('holds writes back while keys are under way, and lets readers see them', () => {
    const pair = withKeys('k')
    const other = pair.here.connect()
    pair.here.client.sendRaw('MIGRATE', ...TO, 'k', 0, 1000)
    assert.equal(other.sendRaw('SET', 'j', '1'), '+OK\r\n')
    const link = pair.dialer.accept()
    pair.turn()
    assert.equal(other.sendRaw('GET', 'k'), '$10\r\nvalue of k\r\n')
    assert.equal(other.sendRaw('APPEND', 'k', 'more'), '')
    assert.notEqual(other.client.gate & Gate.postponed, 0)
    link.serve(pair.there.client)
    assert.equal(pair.output(), '+OK\r\n')
    assert.equal(other.client.gate & Gate.postponed, 0)
    assert.equal(pair.here.send('EXISTS', 'k'), 0)
  })

  it('does not let a key expire that is under way', () => {
    const pair = withKeys('k')
    pair.here.send('PEXPIRE', 'k', 100)
    const link = pair.begin('k', 0, 5000)
    pair.here.time.advance(200)
    link.serve(pair.there.client)
    const effects = pair.here.recordEffects()
    assert.equal(pair.output(), '+OK\r\n')
    assert.deepEqual(effects, [])
  })

  it('moves the keys of two clients one after the other', () => {
    const pair = withKeys('a', 'b')
    const other = pair.here.connect()
    pair.here.client.sendRaw('MIGRATE', ...TO, 'a', 0, 1000)
    other.sendRaw('MIGRATE', ...TO, 'b', 0, 1000)
    const link = pair.dialer.accept()
    pair.dialer.accept()
    pair.turn()
    assert.deepEqual(
      link.takeRequests().map(([name, word]) => [name, word]),
      [
        ['SELECT', '0'],
        ['RESTORE', 'a'],
      ],
    )
    link.reply('+OK\r\n+OK\r\n')
    assert.equal(pair.output(), '+OK\r\n')
    assert.deepEqual(
      link.takeRequests().map(([name, word]) => [name, word]),
      [['RESTORE', 'b']],
    )
    link.reply('+OK\r\n')
    assert.equal(pair.output(other), '+OK\r\n')
  })

  it('runs within a transaction, while everybody else waits', () => {
    const pair = withKeys('k')
    const effects = pair.here.recordEffects()
    for (const request of ['MULTI', 'SET before 1', 'MIGRATE host 7000 k 0 1000', 'SET after 1']) {
      pair.here.client.sendRaw(...request.split(' '))
    }
    assert.equal(pair.here.client.sendRaw('EXEC'), '*3\r\n+OK\r\n')
    const other = pair.here.connect()
    assert.equal(other.sendRaw('GET', 'k'), '')
    pair.here.store.pause.forget(other.client)
    const link = pair.dialer.accept()
    pair.turn()
    link.serve(pair.there.client)
    assert.equal(pair.output(), '+OK\r\n+OK\r\n')
    assert.deepEqual(effects, ['[', '0: SET before 1', '0: DEL k', '0: SET after 1', ']'])
    assert.deepEqual(other.send('GET', 'k'), null)
    assert.equal(pair.here.store.state & (State.pausedAll | State.pausedWrites | State.busyScript), 0)
  })

  it('replies nothing where CLIENT REPLY SKIP says so', () => {
    const pair = withKeys('k')
    pair.here.client.sendRaw('CLIENT', 'REPLY', 'SKIP')
    const link = pair.begin('k', 0, 1000)
    link.serve(pair.there.client)
    assert.equal(pair.output(), '')
    assert.equal(pair.here.client.sendRaw('PING'), '+PONG\r\n')
  })
})

describe('the keys of MIGRATE', () => {
  const found: readonly [string, string[]][] = [
    ['h 1 k 0 10', ['k']],
    ['h 1 k 0 10 COPY AUTH keys', ['k']],
    ['h 1 "" 0 10 AUTH2 keys keys KEYS a b', ['a', 'b']],
  ]
  for (const [request, keys] of found) {
    it(`are ${keys.join(', ')} in ${request}`, () => {
      const words = request.split(' ').map((word) => (word === '""' ? '' : word))
      assert.deepEqual(new TestStore().send('COMMAND', 'GETKEYS', 'MIGRATE', ...words), keys)
    })
  }
})
