import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { latin1, latin1Bytes } from '../../../../src/base/bytes.js'
import { FakeFiles } from '../../../support/fake-files.js'
import { KeptStore } from '../../../support/kept-store.js'
import type { Word } from '../../../support/test-store.js'

const DIRECTORY = 'appendonlydir'

async function start(options: Readonly<Record<string, string>> = {}, files = new FakeFiles()): Promise<KeptStore> {
  const store = await KeptStore.start(files, options)
  assert.ok(store !== undefined)
  return store
}

function text(store: KeptStore, name: string): string {
  const bytes = store.files.contents(`${DIRECTORY}/${name}`)
  return latin1(bytes, 0, bytes.length)
}

function manifest(store: KeptStore): string[] {
  return text(store, 'appendonly.aof.manifest').trimEnd().split('\n')
}

function info(store: KeptStore, field: string): string | undefined {
  return new RegExp(`^${field}:(.*)\r$`, 'm').exec(String(store.send('INFO', 'everything')))?.[1]
}

const EVERYTHING: readonly (readonly Word[])[] = [
  ['SET', 'string', 'x'.repeat(300)],
  ['SET', 'integer', '-9223372036854775808'],
  ['SET', 'soon', 'v', 'PX', '100000'],
  ['RPUSH', 'list', 'a', '1', ''],
  ['RPUSH', 'long list', ...Array.from({ length: 300 }, (_, i) => `element ${i} ${'y'.repeat(60)}`)],
  ['SADD', 'integers', ...Array.from({ length: 100 }, (_, i) => i * 1000)],
  ['SADD', 'set', 'a', 'b', '1'],
  ['SADD', 'large set', ...Array.from({ length: 300 }, (_, i) => `member ${i}`)],
  ['HSET', 'hash', 'f', 'v', 'g', '2'],
  ['HSET', 'large hash', ...Array.from({ length: 600 }, (_, i) => `word ${i}`)],
  ['SELECT', '9'],
  ['SET', new Uint8Array([0, 255, 13, 10]), new Uint8Array([1, 2, 3])],
  ['SELECT', '0'],
]

describe('append-only file', () => {
  test('begins with an empty base and an increment', async () => {
    const store = await start()
    assert.deepEqual(manifest(store), [
      'file appendonly.aof.1.base.rdb seq 1 type b',
      'file appendonly.aof.1.incr.aof seq 1 type i',
    ])
    assert.equal(info(store, 'aof_enabled'), '1')
    assert.equal(info(store, 'aof_current_size'), '0')
  })

  for (const preamble of ['yes', 'no']) {
    test(`a rewrite keeps every type, with aof-use-rdb-preamble ${preamble}`, async () => {
      const options = { 'aof-use-rdb-preamble': preamble, 'list-max-listpack-size': '10', 'list-compress-depth': '1' }
      const store = await start(options)
      for (const words of EVERYTHING) store.turn(words)
      const [reply] = store.turn(['BGREWRITEAOF'])
      assert.equal(reply, 'Background append only file rewriting started')
      store.pass(300)
      store.turn(['SET', 'after', '1'])
      const kind = preamble === 'yes' ? 'rdb' : 'aof'
      assert.deepEqual(manifest(store), [
        `file appendonly.aof.2.base.${kind} seq 2 type b`,
        'file appendonly.aof.2.incr.aof seq 2 type i',
      ])
      assert.deepEqual(store.files.list(DIRECTORY).length, 3)
      const digest = store.send('DEBUG', 'DIGEST')
      assert.equal(store.send('DEBUG', 'LOADAOF'), 'OK')
      assert.equal(store.send('DEBUG', 'DIGEST'), digest)
      store.file.close()
      const next = await start(options, store.files)
      assert.equal(next.send('DEBUG', 'DIGEST'), digest)
      next.validate()
    })
  }

  test('changes during a rewrite are in the log once', async () => {
    const store = await start({ 'rdb-key-save-delay': '1000' })
    for (let i = 0; i < 50; i++) store.turn(['INCR', `counter${i}`])
    store.turn(['BGREWRITEAOF'])
    for (let i = 0; i < 50; i++) {
      store.turn(['INCR', `counter${i}`])
      store.pass(10)
    }
    assert.match(String(store.send('BGREWRITEAOF')), /already in progress|started/)
    store.pass(500)
    store.file.close()
    const next = await start({}, store.files)
    for (let i = 0; i < 50; i++) assert.equal(next.send('GET', `counter${i}`), '2')
  })

  test('BGREWRITEAOF in a transaction waits for its end', async () => {
    const store = await start()
    const replies = store.turn(['MULTI'], ['SET', 'a', '1'], ['BGREWRITEAOF'], ['SET', 'b', '2'], ['EXEC'])
    assert.deepEqual(replies[4], ['OK', 'Background append only file rewriting scheduled', 'OK'])
    assert.equal(info(store, 'aof_rewrite_scheduled'), '1')
    store.pass(300)
    assert.equal(info(store, 'aof_rewrite_scheduled'), '0')
    assert.equal(info(store, 'aof_rewrites'), '1')
  })

  test('switched on at run time: what happens meanwhile is kept, and the file counts once it is whole', async () => {
    const store = await start({ appendonly: 'no' })
    store.turn(['SET', 'before', '1'])
    assert.equal(store.send('CONFIG', 'SET', 'appendonly', 'yes'), 'OK')
    assert.equal(store.files.exists(`${DIRECTORY}/temp-appendonly.aof.incr`), true)
    assert.equal(store.files.exists(`${DIRECTORY}/appendonly.aof.manifest`), false)
    store.turn(['SET', 'meanwhile', '2'])
    store.pass(300)
    assert.deepEqual(manifest(store), [
      'file appendonly.aof.1.base.rdb seq 1 type b',
      'file appendonly.aof.1.incr.aof seq 1 type i',
    ])
    store.file.close()
    const next = await start({}, store.files)
    assert.deepEqual(next.send('MGET', 'before', 'meanwhile'), ['1', '2'])
  })

  test('switched off, nothing is written any more', async () => {
    const store = await start()
    store.turn(['SET', 'a', '1'])
    assert.equal(store.send('CONFIG', 'SET', 'appendonly', 'no'), 'OK')
    store.turn(['SET', 'b', '2'])
    assert.equal(info(store, 'aof_enabled'), '0')
    assert.equal(info(store, 'aof_current_size'), undefined)
    const next = await start({}, store.files)
    assert.deepEqual(next.send('MGET', 'a', 'b'), ['1', null])
  })

  test('switching on that fails leaves it off', async () => {
    const store = await start({ appendonly: 'no' })
    store.files.trouble = { at: store.files.changes + 1, kind: 'fails', count: 1000, code: 'EACCES' }
    assert.match(String(store.send('CONFIG', 'SET', 'appendonly', 'yes')), /Unable to turn on AOF. Check server logs./)
    assert.equal(info(store, 'aof_enabled'), '0')
    assert.equal(String(store.send('CONFIG', 'GET', 'appendonly')), 'appendonly,no')
  })

  test('grows by a percentage before it is rewritten by itself', async () => {
    const store = await start({ 'auto-aof-rewrite-min-size': '1000', 'auto-aof-rewrite-percentage': '100' })
    for (let i = 0; i < 30; i++) store.turn(['SET', 'key', `${i}`.padStart(20, 'x')])
    store.pass(300)
    assert.equal(info(store, 'aof_rewrites'), '1')
    assert.equal(store.log(/Starting automatic rewriting of AOF on \d+% growth/).length, 1)
    assert.equal(info(store, 'aof_base_size'), info(store, 'aof_current_size'))
  })

  test('rewrites that keep failing wait longer and longer', async () => {
    const options = { 'auto-aof-rewrite-min-size': '100', 'auto-aof-rewrite-percentage': '1' }
    const store = await start(options)
    store.turn(['SET', 'key', 'x'.repeat(1000)])
    store.pass(50)
    const open = store.files.open.bind(store.files)
    store.files.open = (path, mode) => {
      const file = open(path, mode)
      if (path.includes('base')) file.writeSoon = (_b, _s, _e, done) => done(undefined)
      if (path.includes('base'))
        file.syncSoon = (done) => done(Object.assign(new Error('EIO'), { code: 'EIO' }) as never)
      return file
    }
    store.pass(2000)
    assert.equal(info(store, 'aof_rewrites_consecutive_failures'), '3')
    assert.equal(info(store, 'aof_last_bgrewrite_status'), 'err')
    assert.equal(store.log(/triggered the limit, will retry in 1 minutes/).length, 1)
    store.pass(61_000)
    assert.equal(info(store, 'aof_rewrites_consecutive_failures'), '4')
    assert.equal(store.log(/triggered the limit, will retry in 2 minutes/).length, 1)
    store.files.open = open
    store.turn(['BGREWRITEAOF'])
    store.pass(300)
    assert.equal(info(store, 'aof_rewrites_consecutive_failures'), '0')
    assert.equal(store.files.list(DIRECTORY).length, 3)
  })

  test('takes over the single file of an older server, with a snapshot in front or without', async () => {
    const old = await start({ 'aof-use-rdb-preamble': 'yes' })
    old.turn(['SET', 'a', '1'])
    old.turn(['BGREWRITEAOF'])
    old.pass(300)
    old.turn(['SET', 'b', '2'])
    const base = old.files.contents(`${DIRECTORY}/appendonly.aof.2.base.rdb`)
    const tail = old.files.contents(`${DIRECTORY}/appendonly.aof.2.incr.aof`)
    const files = new FakeFiles()
    files.write('appendonly.aof', new Uint8Array([...base, ...tail]))
    const store = await start({}, files)
    assert.deepEqual(store.send('MGET', 'a', 'b'), ['1', '2'])
    assert.deepEqual(manifest(store), [
      'file appendonly.aof seq 1 type b',
      'file appendonly.aof.1.incr.aof seq 1 type i',
    ])
    assert.equal(files.exists('appendonly.aof'), false)
    assert.equal(store.log(/Successfully migrated an old-style AOF file/).length, 1)
    store.turn(['BGREWRITEAOF'])
    store.pass(300)
    assert.equal(manifest(store)[0], 'file appendonly.aof.2.base.rdb seq 2 type b')
  })

  test('a manifest that names what is not there, and one that makes no sense, keep the server from starting', async () => {
    for (const line of ['file gone.aof seq 1 type i\n', 'nonsense\n']) {
      const files = new FakeFiles()
      files.makeDirectory(DIRECTORY)
      files.write(`${DIRECTORY}/appendonly.aof.manifest`, latin1Bytes(line))
      assert.equal(await KeptStore.start(files), undefined)
    }
  })

  test('everysec: a write waits two seconds at most for a sync under way', async () => {
    const store = await start({ appendfsync: 'everysec' })
    store.pass(1000)
    store.turn(['SET', 'a', '1'])
    const { length } = store.files.contents(`${DIRECTORY}/appendonly.aof.1.incr.aof`)
    store.turn(['SET', 'b', '2']) // the sync of the first has not ended
    assert.equal(store.files.contents(`${DIRECTORY}/appendonly.aof.1.incr.aof`).length, length)
    store.time.advance(3000)
    assert.ok(store.files.contents(`${DIRECTORY}/appendonly.aof.1.incr.aof`).length > length)
    assert.equal(info(store, 'aof_delayed_fsync'), '1')
  })

  test('everysec: a sync that fails stops writes until one works', async () => {
    const store = await start({ appendfsync: 'everysec' })
    store.pass(1000)
    store.turn(['SET', 'a', '1'])
    store.files.trouble = { at: store.files.changes + 1, kind: 'fails' }
    store.files.runSoon()
    assert.match(String(store.send('SET', 'b', '2')), /MISCONF Errors writing to the AOF file: Input\/output error/)
    store.pass(2000)
    assert.equal(store.send('SET', 'b', '2'), 'OK')
  })

  test('the time, loaded as nothing', async () => {
    const store = await start({ 'aof-timestamp-enabled': 'yes' })
    store.turn(['SET', 'a', '1'])
    store.pass(2000)
    store.turn(['SET', 'b', '2'])
    assert.equal(text(store, 'appendonly.aof.1.incr.aof').match(/#TS:\d{10}\r\n/g)?.length, 2)
    store.file.close()
    assert.deepEqual((await start({}, store.files)).send('MGET', 'a', 'b'), ['1', '2'])
  })

  test('the fsync of always comes before the replies, once a turn', async () => {
    const store = await start({ appendfsync: 'always' })
    const before = store.files.syncs
    store.turn(['SET', 'a', '1'], ['SET', 'b', '1'], ['SET', 'c', '1'])
    assert.equal(store.files.syncs, before + 1)
  })
})
