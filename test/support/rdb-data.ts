/** A data set with every type, each in every encoding, for tests of what writes and reads data. */

import { ByteSink, MemoryTaker } from '../../src/persistence/byte-sink.js'
import { ByteSource } from '../../src/persistence/byte-source.js'
import { Status } from '../../src/persistence/rdb/decode-context.js'
import { RdbLoader } from '../../src/persistence/rdb/loader.js'
import { rdbFileFacts, saveWhole } from '../../src/persistence/rdb/save-whole.js'
import type { TestStore, Word } from './test-store.js'

/** Fills a store; with `isSmall` no value has more elements than its encoding needs. */
export function fillWithEverything(store: TestStore, isSmall = false): void {
  const many = isSmall ? 140 : 700
  const long = 'x'.repeat(70)
  addStrings(store)
  send(store, 'RPUSH', 'list:listpack', 'a', '1', '-70000', '9223372036854775807', '')
  for (let i = 0; i < (isSmall ? 3 : 200); i++) send(store, 'RPUSH', 'list:quicklist', `${i}:${'e'.repeat(4000)}`, i)
  send(store, 'SADD', 'set:intset', 5, -7, 70000, '123456789012')
  send(store, 'SADD', 'set:listpack', 'a', 'b', 12, '')
  send(store, 'SADD', 'set:hashtable', long, 'b', 3)
  send(store, 'HSET', 'hash:listpack', 'f', 'v', 'g', 12, 'h', '')
  send(store, 'HSET', 'hash:hashtable', 'f', long, 'g', '12')
  send(store, 'ZADD', 'zset:listpack', 1, 'one', 1.5, 'more', '-inf', 'least', 'inf', 'most')
  send(store, 'ZADD', 'zset:skiplist', 1, long, '-0.25', 'b', 'inf', 'c')
  for (let i = 0; i < many; i++) {
    send(store, 'SADD', 'set:many', `member:${i}`)
    send(store, 'HSET', 'hash:many', `field:${i}`, i)
    send(store, 'ZADD', 'zset:many', i / 4, `member:${i}`)
  }
  addStream(store)
  send(store, 'SET', 'expires', 'soon', 'PXAT', store.time.nowMs + 100_000)
  send(store, 'PEXPIREAT', 'hash:listpack', store.time.nowMs + 200_000)
  send(store, 'SELECT', 3)
  send(store, 'SET', 'elsewhere', 'here')
  send(store, 'SELECT', 0)
}

function addStrings(store: TestStore): void {
  const values = [
    '',
    '0',
    '-129',
    '70000',
    '4294967296',
    '9223372036854775807',
    '007',
    'text',
    'a'.repeat(300),
    'é\0\r\n',
  ]
  for (const [i, value] of values.entries()) send(store, 'SET', `string:${i}`, value)
  send(store, 'APPEND', 'string:raw', '12')
}

function addStream(store: TestStore): void {
  for (let i = 1; i <= 120; i++)
    send(store, 'XADD', 'stream', `${1000 + i}-${i}`, 'field', i, i % 2 ? 'odd' : 'even', 'v')
  for (let i = 10; i < 20; i++) send(store, 'XDEL', 'stream', `${1000 + i}-${i}`)
  send(store, 'XGROUP', 'CREATE', 'stream', 'group', '0')
  send(store, 'XGROUP', 'CREATE', 'stream', 'idle', '$')
  send(store, 'XREADGROUP', 'GROUP', 'group', 'alice', 'COUNT', 5, 'STREAMS', 'stream', '>')
  send(store, 'XREADGROUP', 'GROUP', 'group', 'bob', 'COUNT', 3, 'STREAMS', 'stream', '>')
  send(store, 'XACK', 'stream', 'group', '1002-2')
  send(store, 'XADD', 'stream:empty', '5-5', 'f', 'v')
  send(store, 'XDEL', 'stream:empty', '5-5')
}

function send(store: TestStore, ...words: Word[]): void {
  const reply = store.send(...words)
  if (reply instanceof Error) throw reply
}

/** The whole data set as an RDB file, as the configuration says. */
export function rdbOf({ store }: TestStore): Uint8Array {
  const taker = new MemoryTaker()
  saveWhole(store, new ByteSink(taker, 512, store.config.values.rdbchecksum), rdbFileFacts(store))
  return taker.bytes.slice(0, taker.length)
}

export interface LoadOptions {
  readonly checksChecksum?: boolean
  readonly keepsExpired?: boolean
  readonly replacesKeys?: boolean
  /** Bytes that arrive at a time; all at once when not given. */
  readonly pieceBytes?: number
}

/** Loads a file into a store; the loader says how that went. */
export function loadRdb(into: TestStore, bytes: Uint8Array, options: LoadOptions = {}): RdbLoader {
  const { keyspace, environment } = into.store
  const source = new ByteSource(256)
  const loader = new RdbLoader(keyspace, source, {
    clock: environment.clock,
    log: environment.log,
    checksChecksum: options.checksChecksum ?? true,
    sanitizes: true,
    keepsExpired: options.keepsExpired ?? false,
    replacesKeys: options.replacesKeys ?? false,
    loadLibrary: () => undefined,
  })
  keyspace.isLoading = true
  if (options.pieceBytes === undefined) pullAll(source, bytes)
  run(loader, source, bytes, options.pieceBytes ?? 0)
  keyspace.isLoading = false
  return loader
}

function pullAll(source: ByteSource, bytes: Uint8Array): void {
  let at = 0
  source.totalBytes = bytes.length
  source.pull = (into, start, end) => {
    const length = Math.min(end - start, bytes.length - at)
    into.set(bytes.subarray(at, at + length), start)
    at += length
    return length
  }
}

function run(loader: RdbLoader, source: ByteSource, bytes: Uint8Array, pieceBytes: number): void {
  let fed = 0
  while (loader.step(Infinity) === Status.starved) {
    const end = Math.min(bytes.length, fed + pieceBytes)
    if (fed === end) source.close()
    else source.feed(bytes, fed, end)
    fed = end
  }
}
