/** Copies of all data: forks, checkpoints and the way back. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import {
  createStore,
  type Reply,
  type Session,
  type Store,
  StoreError,
  type StoreOptions,
} from '../../../src/embed/index.js'

const opened: Store[] = []
after(() => {
  for (const store of opened) store.close()
})

function keep(store: Store): Store {
  opened.push(store)
  return store
}

function open(options: StoreOptions = {}): Store {
  return keep(createStore({ clock: 'virtual', seed: 1, poisonsMemory: true, ...options }))
}

/** How the value of each type is read. */
const READERS: Readonly<Record<string, (session: Session, key: string) => Reply>> = {
  string: (session, key) => session.get(key),
  list: (session, key) => session.call('LRANGE', key, 0, -1),
  hash: (session, key) => session.call('HGETALL', key),
  set: (session, key) => session.call('SMEMBERS', key),
  zset: (session, key) => session.call('ZRANGE', key, 0, -1, 'WITHSCORES'),
  stream: (session, key) => session.call('XRANGE', key, '-', '+'),
}

/** All that can be seen of the data. */
function contents(store: Store): Map<string, Reply> {
  const seen = new Map<string, Reply>()
  const session = store.connect()
  for (const database of [0, 1, 15]) {
    session.call('SELECT', database)
    const keys = session.call<string[]>('KEYS', '*')
    for (const key of keys.toSorted()) {
      const value = READERS[session.call<string>('TYPE', key)]!(session, key)
      seen.set(`${database} ${key}`, [value, session.call('PEXPIRETIME', key), session.call('OBJECT', 'ENCODING', key)])
    }
    assert.equal(session.call('DBSIZE'), keys.length)
  }
  session.close()
  return seen
}

/** Collections in their small and large encodings. */
function fillCollections(store: Store): void {
  for (const count of [5, 2000]) {
    const numbers = Array.from({ length: count }, (_, i) => i)
    store.call('RPUSH', `list ${count}`, ...numbers.map((i) => `element ${i}`))
    store.call('HSET', `hash ${count}`, ...numbers.flatMap((i) => [`field ${i}`, i]))
    store.call('SADD', `numbers ${count}`, ...numbers)
    store.call('SADD', `set ${count}`, ...numbers.map((i) => `member ${i}`))
  }
}

interface Internals {
  readonly host: {
    readonly engine: {
      readonly keyspace: {
        arena: { validate(): void }
        databases: { keys: { validate(): void }; volatile: { validate(): void } }[]
      }
    }
  }
}

function validate(store: Store): void {
  const { keyspace } = (store as unknown as Internals).host.engine
  keyspace.arena.validate()
  for (const { keys, volatile } of keyspace.databases) {
    keys.validate()
    volatile.validate()
  }
}

function fill(store: Store, count: number): void {
  for (let i = 0; i < count; i++) {
    if (i % 3 === 0) store.set(`key ${i}`, i)
    else store.set(`key ${i}`, 'v'.repeat(i % 300), { ttlMs: 1000 + i })
  }
}

test('a rollback brings everything back, again and again', () => {
  const store = open()
  fill(store, 3000)
  fillCollections(store)
  const before = contents(store)
  const checkpoint = store.checkpoint()
  const changes: (() => unknown)[] = [
    () => store.call('FLUSHALL'),
    () => store.call('FLUSHALL', 'ASYNC'),
    () => store.call('SWAPDB', 0, 1),
    () => fill(store, 9000),
    () => store.del('key 0', 'key 1', 'key 2'),
    () => store.time.advance(3_600_000),
    () => store.call('UNLINK', 'hash 2000', 'list 2000', 'set 2000'),
    () => {
      for (let i = 0; i < 2000; i++) {
        store.call('SREM', 'set 2000', `member ${i}`)
        store.call('HSET', 'hash 5', `other ${i}`, 'x'.repeat(i % 100))
        store.call('LPOP', 'list 2000')
      }
    },
    () => {},
  ]
  for (const change of changes) {
    change()
    store.rollback(checkpoint)
    assert.deepEqual(contents(store), before)
    validate(store)
  }
})

test('a rollback brings back a value with a segment of its own', () => {
  const store = open({ poisonsMemory: false })
  const large = 'x'.repeat(33 << 20)
  store.set('large', large)
  const checkpoint = store.checkpoint()
  assert.ok(checkpoint.bytes > large.length)
  store.del('large')
  store.rollback(checkpoint)
  assert.equal(store.get('large'), large)
  validate(store)
})

test('checkpoints are independent of one another, and of what follows', () => {
  const store = open()
  const empty = store.checkpoint()
  store.set('k', '1')
  const one = store.checkpoint()
  store.set('k', '2')
  const two = store.checkpoint()
  store.rollback(one)
  assert.equal(store.get('k'), '1')
  store.rollback(empty)
  assert.equal(store.get('k'), null)
  store.rollback(two)
  assert.equal(store.get('k'), '2')
})

test('a virtual clock goes back as well', () => {
  const store = open()
  store.set('k', 'v', { ttlMs: 1000 })
  const start = store.time.now()
  const checkpoint = store.checkpoint()
  for (let round = 0; round < 3; round++) {
    store.time.advance(5000)
    assert.equal(store.get('k'), null)
    store.rollback(checkpoint)
    assert.equal(store.time.now(), start)
    assert.equal(store.call('PTTL', 'k'), 1000)
    store.time.advance(999)
    assert.equal(store.get('k'), 'v')
  }
})

test('a transaction that watches keys does not run after a rollback', () => {
  const store = open()
  const checkpoint = store.checkpoint()
  const other = store.connect()
  other.call('WATCH', 'k')
  store.rollback(checkpoint)
  other.call('MULTI')
  other.call('SET', 'k', 'v')
  assert.equal(other.call('EXEC'), null)
})

test('a checkpoint fits its store and the forks of it only', () => {
  const store = open()
  store.set('k', 'v')
  const checkpoint = store.checkpoint()
  assert.throws(() => open({ seed: 2 }).rollback(checkpoint), StoreError)
  assert.throws(() => store.rollback({ bytes: 1 }), TypeError)
  const fork = keep(store.fork())
  fork.del('k')
  fork.rollback(checkpoint)
  assert.equal(fork.get('k'), 'v')
})

test('limits count from the data that is there', () => {
  const store = open({ config: { maxmemory: '10mb' } })
  const checkpoint = store.checkpoint()
  store.set('k', 'x'.repeat(9 << 20))
  store.set('l', 'x'.repeat(2 << 20))
  assert.throws(() => store.set('m', '1'), /^ReplyError: OOM/)
  const fork = keep(store.fork())
  assert.throws(() => fork.set('m', '1'), /^ReplyError: OOM/)
  store.rollback(checkpoint)
  assert.equal(store.set('m', '1'), true)
})

test('a fork has all of the data, and a life of its own', () => {
  const store = open({ config: { hz: 20, 'proc-title-template': 'a "b" c' } })
  fill(store, 2000)
  fillCollections(store)
  store.call('CONFIG', 'SET', 'maxmemory', '1gb')
  store.time.advance(500)
  const fork = keep(store.fork())
  assert.deepEqual(contents(fork), contents(store))
  assert.equal(fork.time.now(), store.time.now())
  const get = (name: string): unknown => fork.call<Map<string, string>>('CONFIG', 'GET', name).get(name)
  assert.deepEqual([get('hz'), get('maxmemory'), get('proc-title-template')], ['20', '1073741824', 'a "b" c'])

  const before = contents(store)
  fork.call('FLUSHALL')
  fork.time.advance(10_000)
  fill(fork, 50)
  assert.deepEqual(contents(store), before)
  store.close()
  assert.equal(fork.get('key 0'), '0')
  validate(fork)
})

test('forks play on alike', () => {
  const store = open()
  fill(store, 100)
  const play = (each: Store): Reply[] => Array.from({ length: 50 }, () => each.call('RANDOMKEY'))
  play(store)
  const first = keep(store.fork())
  const second = keep(keep(store.fork()).fork())
  const played = play(store)
  assert.deepEqual(play(first), played)
  assert.deepEqual(play(second), played)
})

test('a fork of a store on the real clock, with real chance', () => {
  const store = keep(createStore())
  store.set('k', 'v')
  const fork = keep(store.fork())
  assert.equal(fork.time.isVirtual, false)
  assert.equal(fork.get('k'), 'v')
  fork.set('k', 'w')
  assert.equal(store.get('k'), 'v')
})

test('any sequence of writes, checkpoints and rollbacks agrees with a model', () => {
  const key = fc.integer({ min: 0, max: 30 }).map((n) => `k${n}`)
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('set' as const), key, value: fc.string({ maxLength: 200 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('del' as const), key }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('checkpoint' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('rollback' as const), back: fc.nat({ max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('fork' as const) }) },
  )
  const store = open()
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      store.call('FLUSHALL')
      let model = new Map<string, string>()
      const saved: { checkpoint: ReturnType<Store['checkpoint']>; model: Map<string, string> }[] = []
      for (const each of steps) {
        if (each.kind === 'set') {
          store.set(each.key, each.value)
          model.set(each.key, each.value)
        } else if (each.kind === 'del') {
          assert.equal(store.del(each.key), model.delete(each.key) ? 1 : 0)
        } else if (each.kind === 'flush') {
          store.call('FLUSHALL', 'ASYNC')
          model.clear()
        } else if (each.kind === 'checkpoint') saved.push({ checkpoint: store.checkpoint(), model: new Map(model) })
        else if (each.kind === 'rollback') {
          const target = saved.at(-1 - each.back)
          if (target === undefined) continue
          store.rollback(target.checkpoint)
          model = new Map(target.model)
        } else {
          const fork = store.fork()
          for (const [name, value] of model) assert.equal(fork.get(name), value)
          fork.close()
        }
        assert.equal(store.call('DBSIZE'), model.size)
      }
      for (const [name, value] of model) assert.equal(store.get(name), value)
      validate(store)
    }),
    { numRuns: 60 },
  )
})
