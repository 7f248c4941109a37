/** A walk among random writes writes the data set as it was at the cut: loaded elsewhere, it has the digest of that moment. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteSink, MemoryTaker } from '../../../../src/persistence/byte-sink.js'
import { ByteSource } from '../../../../src/persistence/byte-source.js'
import { RdbLoader } from '../../../../src/persistence/rdb/loader.js'
import { rdbFileFacts } from '../../../../src/persistence/rdb/save-whole.js'
import { rdbWriteOptions } from '../../../../src/persistence/rdb/write-options.js'
import { RdbWriter } from '../../../../src/persistence/rdb/writer.js'
import type { LargeLimits } from '../../../../src/persistence/snapshot/large.js'
import { RdbConsumer } from '../../../../src/persistence/snapshot/rdb-consumer.js'
import { SideStore } from '../../../../src/persistence/snapshot/side-store.js'
import { SnapshotWalk } from '../../../../src/persistence/snapshot/walk.js'
import { MemoryFiles } from './memory-files.js'
import { SeededRandom, TestStore, type Word } from '../../../support/test-store.js'

const OPTIONS = {
  databases: '4',
  'enable-debug-command': 'yes',
  'list-max-listpack-size': '4',
  'hash-max-listpack-entries': '8',
  'set-max-intset-entries': '8',
  'set-max-listpack-entries': '8',
  'zset-max-listpack-entries': '8',
}
const TINY: LargeLimits = { elements: 10, bytes: 200, nodes: 2, stepEntries: 4 }

class Writer {
  readonly store: TestStore
  private readonly random: SeededRandom
  private readonly theme: string

  constructor(store: TestStore, seed: number) {
    this.store = store
    this.random = new SeededRandom(seed)
    this.theme = ['string', 'list', 'hash', 'set', 'zset', 'stream', 'key'][seed % 7]!
  }

  below(limit: number): number {
    return this.random.next32() % limit
  }

  key(kind: string): string {
    return `${kind}${this.below(6)}`
  }

  member(): string {
    return this.below(3) === 0 ? String(this.below(50)) : `m${this.below(120)}`
  }

  value(): string {
    return 'v'.repeat(1 + this.below(30)) + this.below(100)
  }

  text(): string {
    return `${this.below(10)}abc`.repeat(this.below(80))
  }

  any(): string {
    return this.key(['s', 'n', 'l', 'h', 'u', 'z', 'x'][this.below(7)]!)
  }

  members(count: number): string[] {
    return Array.from({ length: count }, () => this.member())
  }

  /** A random write, mostly of the kind that this run is about. */
  command(): Word[] {
    const kinds: Readonly<Record<string, () => Word[]>> = {
      string: () => this.stringCommand(),
      list: () => this.listCommand(),
      hash: () => this.hashCommand(),
      set: () => this.setCommand(),
      zset: () => this.zsetCommand(),
      stream: () => this.streamCommand(),
      key: () => this.keyCommand(),
    }
    if (this.below(3) !== 0) return kinds[this.theme]!()
    return Object.values(kinds)[this.below(7)]!()
  }

  private stringCommand(): Word[] {
    return this.oneOf([
      () => ['SET', this.key('s'), this.text()],
      () => ['SET', `many${this.below(400)}`, this.value()],
      () => ['MSET', ...Array.from({ length: 60 }, () => [`many${this.below(2000)}`, 'x']).flat()],
      () => ['DEL', ...Array.from({ length: 300 }, () => `many${this.below(400)}`)],
      () => ['APPEND', this.key('s'), 'more '.repeat(100)],
      () => ['APPEND', this.key('s'), this.text()],
      () => ['SETRANGE', this.key('s'), this.below(300), this.value()],
      () => ['SETBIT', this.key('s'), this.below(2000), this.below(2)],
      () => ['BITFIELD', this.key('s'), 'SET', 'u8', this.below(1000), this.below(256)],
      () => ['INCR', this.key('n')],
      () => ['PFADD', this.key('n'), ...this.members(4)],
      () => ['BITOP', 'OR', this.key('s'), this.key('s'), this.key('s')],
    ])
  }

  private listCommand(): Word[] {
    return this.oneOf([
      () => ['RPUSH', this.key('l'), this.value(), this.value(), this.value()],
      () => ['LPUSH', this.key('l'), this.value(), this.value()],
      () => ['RPUSH', this.key('l'), ...Array.from({ length: 40 }, (_, i) => `e${i}`)],
      () => ['LPOP', this.key('l'), 1 + this.below(6)],
      () => ['RPOP', this.key('l'), 1 + this.below(6)],
      () => ['LSET', this.key('l'), this.below(20), this.value()],
      () => ['LINSERT', this.key('l'), 'BEFORE', `e${this.below(40)}`, this.value()],
      () => ['LREM', this.key('l'), this.below(3), `e${this.below(40)}`],
      () => ['LTRIM', this.key('l'), this.below(6), -1 - this.below(6)],
      () => ['LTRIM', this.key('l'), 0, this.below(3)],
      () => ['LMOVE', this.key('l'), this.key('l'), 'LEFT', 'RIGHT'],
      () => ['SORT', this.key('l'), 'ALPHA', 'STORE', this.key('l')],
    ])
  }

  private hashCommand(): Word[] {
    return this.oneOf([
      () => ['HSET', this.key('h'), this.member(), this.value()],
      () => ['HSET', this.key('h'), ...this.members(60).flatMap((member) => [member, this.value()])],
      () => ['HDEL', this.key('h'), ...this.members(2)],
      () => ['HDEL', this.key('h'), ...this.members(80)],
      () => ['HINCRBY', this.key('h'), `i${this.below(10)}`, 3],
      () => ['HPEXPIRE', this.key('h'), 1_000_000 + this.below(100), 'FIELDS', 2, ...this.members(2)],
      () => ['HPERSIST', this.key('h'), 'FIELDS', 2, ...this.members(2)],
    ])
  }

  private setCommand(): Word[] {
    return this.oneOf([
      () => ['SADD', this.key('u'), this.member()],
      () => ['SADD', this.key('u'), ...this.members(60)],
      () => ['SREM', this.key('u'), ...this.members(2)],
      () => ['SREM', this.key('u'), ...this.members(80)],
      () => ['SPOP', this.key('u'), 1 + this.below(8)],
      () => ['SUNIONSTORE', this.key('u'), this.key('u'), this.key('u')],
      () => ['SMOVE', this.key('u'), this.key('u'), this.member()],
    ])
  }

  private zsetCommand(): Word[] {
    return this.oneOf([
      () => ['ZADD', this.key('z'), this.below(100), this.member()],
      () => ['ZADD', this.key('z'), ...this.members(60).flatMap((member) => [this.below(50), member])],
      () => ['ZREM', this.key('z'), ...this.members(2)],
      () => ['ZINCRBY', this.key('z'), 2.5, this.member()],
      () => ['ZPOPMIN', this.key('z'), 1 + this.below(6)],
      () => ['ZREMRANGEBYRANK', this.key('z'), 0, this.below(60)],
    ])
  }

  private streamCommand(): Word[] {
    return this.oneOf([
      () => ['XADD', this.key('x'), '*', 'field', this.value()],
      () => ['XADD', this.key('x'), 'MAXLEN', this.below(5), '*', 'field', this.value(), this.member(), 'v'],
      () => ['XTRIM', this.key('x'), 'MAXLEN', this.below(8)],
      () => ['XGROUP', 'CREATE', this.key('x'), `g${this.below(2)}`, '0', 'MKSTREAM'],
      () => ['XGROUP', 'DESTROY', this.key('x'), `g${this.below(2)}`],
      () => ['XREADGROUP', 'GROUP', `g${this.below(2)}`, this.member(), 'COUNT', 2, 'STREAMS', this.key('x'), '>'],
      () => ['XAUTOCLAIM', this.key('x'), `g${this.below(2)}`, this.member(), 0, 0],
      () => ['XSETID', this.key('x'), `9999999999999-${this.below(9)}`],
    ])
  }

  private keyCommand(): Word[] {
    return this.oneOf([
      () => ['DEL', this.any()],
      () => ['UNLINK', this.any()],
      () => ['RENAME', this.any(), this.any()],
      () => ['COPY', this.any(), this.any(), 'REPLACE'],
      () => ['COPY', this.any(), this.any(), 'DB', this.below(4), 'REPLACE'],
      () => ['MOVE', this.any(), this.below(4)],
      () => ['PEXPIRE', this.any(), 1 + this.below(60)],
      () => ['PERSIST', this.any()],
      () => ['SELECT', this.below(4)],
      () => (this.below(4) === 0 ? ['SWAPDB', this.below(4), this.below(4)] : ['SELECT', 0]),
      () => (this.below(6) === 0 ? ['FLUSHDB', this.below(2) === 0 ? 'ASYNC' : 'SYNC'] : ['SELECT', 0]),
      () => (this.below(30) === 0 ? ['FLUSHALL'] : ['SELECT', 0]),
    ])
  }

  private oneOf(tables: readonly (() => Word[])[]): Word[] {
    return tables[this.below(tables.length)]!()
  }

  write(count: number): void {
    for (let i = 0; i < count; i++) {
      this.store.send(...this.command())
      if (this.below(20) === 0) this.store.time.advance(5)
    }
  }
}

interface Running {
  readonly walk: SnapshotWalk
  readonly output: MemoryTaker
  readonly side: SideStore
}

function startWalk({ store }: TestStore, sideLimit: number): Running {
  const output = new MemoryTaker()
  const sink = new ByteSink(output)
  const writer = new RdbWriter(store.keyspace, sink, rdbWriteOptions(store.config.values))
  const side = new SideStore(new MemoryFiles(), '/side', sideLimit)
  const consumer = new RdbConsumer(writer, rdbFileFacts(store))
  return { walk: new SnapshotWalk({ keyspace: store.keyspace, consumer, side, limits: TINY }), output, side }
}

function load(output: MemoryTaker): TestStore {
  const loaded = new TestStore(OPTIONS)
  const source = new ByteSource()
  source.openBytes(output.bytes, 0, output.length)
  const { clock, log } = loaded.store.environment
  const loader = new RdbLoader(loaded.store.keyspace, source, {
    clock, log,
    checksChecksum: true,
    sanitizes: true,
    keepsExpired: true,
    replacesKeys: false,
    loadLibrary: () => undefined,
  }) // prettier-ignore
  loaded.store.keyspace.isLoading = true
  loader.step(Infinity)
  assert.equal(loader.error, undefined)
  return loaded
}

function usedBytes({ store }: TestStore): number {
  store.keyspace.reclaimer.runAll()
  return store.keyspace.arena.usedBytes
}

function roundTrip(seed: number): void {
  const store = new TestStore(OPTIONS, seed)
  store.checksReplies = false
  const writer = new Writer(store, seed)
  for (let i = 0; i < 300; i++) store.send('SET', `many${i}`, i)
  writer.write(100 + writer.below(400))
  const before = store.send('DEBUG', 'DIGEST')
  const keys = store.store.keyspace.keyCount
  const { walk, output } = startWalk(store, writer.below(2) === 0 ? 1 << 30 : 2000)
  const pace = writer.below(5)
  while (walk.run(store.store.environment.clock, 0)) writer.write(writer.below(pace + 1))
  assert.equal(walk.failure, undefined)
  assert.equal(walk.keysDone, keys)
  assert.equal(store.store.keyspace.guard, undefined)
  assert.equal(load(output).send('DEBUG', 'DIGEST'), before)
  store.validate()
  // Nothing is left behind in the arena.
  store.send('FLUSHALL')
  assert.equal(usedBytes(store), 0)
}

test('what is written is the data set of the cut, whatever is written meanwhile', () => {
  const from = Number(process.env['SEED'] ?? 1)
  for (let seed = from; seed < from + Number(process.env['SEEDS'] ?? 24); seed++) {
    try {
      roundTrip(seed)
    } catch (error) {
      throw new Error(`seed ${seed}: ${String((error as Error).stack)}`, { cause: error })
    }
  }
})

test('the table of keys may shrink to nothing, and grow, before the walk has passed', () => {
  for (const isGrowing of [false, true]) {
    const store = new TestStore(OPTIONS)
    for (let i = 0; i < 2000; i++) store.send('SET', `k${i}`, i)
    const before = store.send('DEBUG', 'DIGEST')
    const { walk, output } = startWalk(store, 1000)
    for (let i = 0; walk.run(store.store.environment.clock, 0); i++) {
      for (let j = 0; j < 20 && i * 20 + j < 2000; j++) store.send('DEL', `k${i * 20 + j}`)
      if (isGrowing) for (let j = 0; j < 60; j++) store.send('SET', `k${2000 + i * 60 + j}`, 'new')
    }
    assert.equal(walk.keysDone, 2000)
    assert.equal(load(output).send('DEBUG', 'DIGEST'), before)
  }
})

test('all keys at once: FLUSHALL in the midst of a walk hands the tables over to it', () => {
  for (const word of ['SYNC', 'ASYNC']) {
    const store = new TestStore(OPTIONS)
    for (let i = 0; i < 500; i++) store.send('SET', `k${i}`, i)
    store.send('SADD', 'large', ...Array.from({ length: 200 }, (_, i) => `m${i}`))
    const before = store.send('DEBUG', 'DIGEST')
    const { walk, output } = startWalk(store, 1000)
    const { clock } = store.store.environment
    walk.run(clock, 0)
    store.send('FLUSHALL', word)
    store.send('SET', 'k1', 'new')
    assert.equal(store.store.keyspace.keyCount, 1)
    while (walk.run(clock, 0));
    assert.equal(load(output).send('DEBUG', 'DIGEST'), before)
    store.send('FLUSHALL', 'SYNC')
    assert.equal(usedBytes(store), 0)
  }
})

test('a walk that is given up leaves nothing behind', () => {
  for (let seed = 1; seed < 20; seed++) {
    const store = new TestStore(OPTIONS, seed)
    store.checksReplies = false
    const writer = new Writer(store, seed)
    writer.write(300)
    const { walk } = startWalk(store, 2000)
    for (let i = 0; i < writer.below(60) && walk.run(store.store.environment.clock, 0); i++) writer.write(3)
    walk.end()
    writer.write(50)
    store.validate()
    store.send('FLUSHALL')
    assert.equal(usedBytes(store), 0)
  }
})

test('when a buffer at the side cannot be written, the walk fails and the write that needed it goes on', () => {
  const store = new TestStore(OPTIONS)
  store.send('HSET', 'h', ...Array.from({ length: 400 }, (_, i) => [`field${i}`, 'v'.repeat(30)]).flat())
  const { walk, side } = startWalk(store, 1 << 30)
  const { clock } = store.store.environment
  walk.run(clock, 0)
  side.grown = () => {
    throw new Error('disk full')
  }
  let failures = 0
  walk.onFailure = () => failures++
  for (let i = 0; i < 400; i++) assert.equal(store.send('HSET', 'h', `field${i}`, 'changed'), 0)
  assert.equal(failures, 1)
  assert.equal((walk.failure as Error).message, 'disk full')
  assert.equal(store.store.keyspace.guard, undefined)
  store.validate()
})

test('long strings are compressed piece by piece, or written as they are, whatever is overwritten meanwhile', () => {
  const random = new SeededRandom(5)
  const noise = new Uint8Array(300_000)
  random.fill(noise.subarray())
  for (const [isCompressed, value] of [
    [true, 'abcdefgh'.repeat(60_000)],
    [true, 'a'.repeat(70_000)],
    [false, noise],
  ] as const) {
    const store = new TestStore(OPTIONS)
    store.send('SET', 'long', value)
    store.send('SET', 'mixed', 'abc'.repeat(50_000))
    store.send('SETRANGE', 'mixed', 70_000, noise)
    const before = store.send('DEBUG', 'DIGEST')
    const { walk, output } = startWalk(store, 1 << 20)
    for (let i = 0; walk.run(store.store.environment.clock, 0); i++) {
      store.send('SETRANGE', 'long', (i * 37_111) % 200_000, 'overwritten')
      store.send('SETBIT', 'mixed', (i * 800_123) % 2_000_000, 1)
      if (i === 6) store.send('APPEND', 'long', 'more'.repeat(100_000))
      if (i === 9) store.send('DEL', 'mixed')
    }
    assert.equal(load(output).send('DEBUG', 'DIGEST'), before)
    if (isCompressed) assert.ok(output.length < 400_000, `${output.length}`)
  }
})
