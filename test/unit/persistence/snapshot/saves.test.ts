/** SAVE, BGSAVE, save points, and a disk that fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteSource } from '../../../../src/persistence/byte-source.js'
import { RdbLoader } from '../../../../src/persistence/rdb/loader.js'
import { saves } from '../../../../src/persistence/snapshot/saves.js'
import { walks } from '../../../../src/persistence/snapshot/walks.js'
import { TestStore } from '../../../support/test-store.js'
import { MemoryFiles } from './memory-files.js'

const OPTIONS = { 'enable-debug-command': 'yes', save: '""' }
const MISCONF = /MISCONF Redis is configured to save RDB snapshots/

class Subject {
  readonly files = new MemoryFiles()
  readonly store: TestStore

  constructor(options: Readonly<Record<string, string>> = {}) {
    this.store = new TestStore({ ...OPTIONS, ...options }, 1, this.files)
  }

  send(...words: (string | number)[]): unknown {
    return this.store.send(...words)
  }

  /** Lets time pass, and other threads work. */
  run(milliseconds: number): void {
    for (let passed = 0; passed < milliseconds; passed += 5) {
      this.store.time.advance(5)
      this.files.settle()
    }
  }

  info(name: string): string | undefined {
    return new RegExp(`^${name}:(.*)\r$`, 'm').exec(String(this.send('INFO', 'persistence')))?.[1]
  }

  /** The digest of a file, loaded elsewhere; undefined without the file. */
  digestOf(path: string): unknown {
    const content = this.files.contents.get(path)
    if (content === undefined) return undefined
    const { store } = new Subject()
    const source = new ByteSource()
    source.openBytes(content.bytes, 0, content.bytes.length)
    const { clock, log } = store.store.environment
    const loader = new RdbLoader(store.store.keyspace, source, {
      clock, log,
      checksChecksum: true,
      sanitizes: true,
      keepsExpired: true,
      replacesKeys: false,
      loadLibrary: () => undefined,
    }) // prettier-ignore
    loader.step(Infinity)
    assert.equal(loader.error, undefined)
    return store.send('DEBUG', 'DIGEST')
  }

  fill(keys: number, value: string): void {
    for (let i = 0; i < keys; i++) this.send('SET', `key${i}`, `${value}${i}`)
  }

  get logged(): string {
    return this.store.logged.map(({ message }) => message).join('\n')
  }
}

test('SAVE writes the data set and counts as a save', () => {
  const subject = new Subject()
  subject.fill(100, 'v')
  subject.store.time.advance(5000)
  assert.equal(subject.info('rdb_changes_since_last_save'), '100')
  assert.equal(subject.send('SAVE'), 'OK')
  assert.equal(subject.digestOf('dump.rdb'), subject.send('DEBUG', 'DIGEST'))
  assert.equal(subject.send('LASTSAVE'), Math.floor(subject.store.time.nowMs / 1000))
  assert.equal(subject.info('rdb_changes_since_last_save'), '0')
  assert.equal(subject.info('rdb_saves'), '1')
  assert.deepEqual(subject.files.list(), ['dump.rdb'])
  assert.ok(subject.files.isDirectorySynced)
})

test('BGSAVE writes the data set as it was when it was asked for', () => {
  const subject = new Subject()
  subject.fill(3000, 'v')
  const before = subject.send('DEBUG', 'DIGEST')
  assert.equal(subject.send('BGSAVE'), 'Background saving started')
  assert.equal(subject.info('rdb_bgsave_in_progress'), '1')
  assert.equal(subject.info('current_save_keys_total'), '3000')
  subject.fill(3000, 'other')
  assert.match(String(subject.send('BGSAVE')), /Background save already in progress/)
  assert.match(String(subject.send('SAVE')), /Background save already in progress/)
  assert.match(String(subject.send('BGSAVE', 'soon')), /syntax error/)
  subject.run(50)
  assert.equal(subject.info('rdb_bgsave_in_progress'), '0')
  assert.equal(subject.digestOf('dump.rdb'), before)
  assert.equal(subject.info('rdb_changes_since_last_save'), '3000')
  assert.equal(subject.info('rdb_last_bgsave_status'), 'ok')
  const { bytes, syncedBytes } = subject.files.contents.get('dump.rdb')!
  assert.equal(syncedBytes, bytes.length)
  assert.match(subject.logged, /Background saving terminated with success/)
})

test('BGSAVE waits for what is under way, with SCHEDULE or in a transaction', () => {
  const subject = new Subject()
  subject.fill(10, 'v')
  const { services } = subject.store.store
  subject.send('MULTI')
  subject.send('BGSAVE')
  assert.deepEqual(subject.send('EXEC'), ['Background saving scheduled'])
  assert.equal(subject.info('rdb_bgsave_in_progress'), '0')
  subject.run(300)
  assert.equal(subject.info('rdb_saves'), '1')
  // Somebody else walks.
  services.get(walks).active = {} as never
  assert.match(String(subject.send('BGSAVE')), /Another child process is active/)
  assert.equal(subject.send('BGSAVE', 'SCHEDULE'), 'Background saving scheduled')
  subject.run(300)
  assert.equal(services.get(saves).count, 1)
  services.get(walks).ended()
  subject.run(300)
  assert.equal(services.get(saves).count, 2)
})

test('save points', () => {
  const subject = new Subject({ save: '10 5' })
  subject.fill(4, 'v')
  subject.run(11_000)
  assert.equal(subject.info('rdb_saves'), '0')
  subject.fill(1, 'w')
  subject.run(300)
  assert.equal(subject.info('rdb_saves'), '1')
  assert.equal(subject.info('rdb_changes_since_last_save'), '0')
  assert.match(subject.logged, /5 changes in 10 seconds\. Saving\.\.\./)
})

test('FLUSHALL gives up a save, and with save points saves the empty data set', () => {
  const subject = new Subject()
  subject.fill(3000, 'v')
  subject.send('BGSAVE')
  subject.send('FLUSHALL')
  assert.equal(subject.info('rdb_bgsave_in_progress'), '0')
  assert.equal(subject.info('rdb_last_bgsave_status'), 'ok')
  subject.run(50)
  assert.deepEqual(subject.files.list(), [])
  subject.send('CONFIG', 'SET', 'save', '3600 1')
  subject.fill(10, 'v')
  subject.send('FLUSHALL')
  assert.deepEqual(subject.files.list(), ['dump.rdb'])
  assert.equal(subject.digestOf('dump.rdb'), '0'.repeat(40))
  assert.equal(subject.info('rdb_changes_since_last_save'), '0')
})

test('whichever call to the disk fails, the old file stays whole and writes are refused until a save succeeds', () => {
  for (let failing = 1; ; failing++) {
    const subject = new Subject({ save: '3600 100000' })
    subject.fill(2000, 'old')
    subject.send('SAVE')
    const old = subject.send('DEBUG', 'DIGEST')
    subject.fill(2000, 'new')
    const fresh = subject.send('DEBUG', 'DIGEST')
    subject.files.calls = 0
    subject.files.failing = failing
    assert.equal(subject.send('BGSAVE'), 'Background saving started')
    subject.run(50)
    assert.deepEqual(subject.files.list(), ['dump.rdb'])
    if (subject.files.calls < failing) {
      assert.ok(failing > 5)
      assert.equal(subject.digestOf('dump.rdb'), fresh)
      break
    }
    // A directory that could not be synced may show either file after a crash: the save does not count.
    assert.ok([old, fresh].includes(subject.digestOf('dump.rdb')))
    assert.equal(subject.info('rdb_last_bgsave_status'), 'err')
    assert.match(String(subject.send('SET', 'a', 'b')), MISCONF)
    assert.equal(subject.info('rdb_changes_since_last_save'), '2000')
    subject.send('BGSAVE')
    subject.run(50)
    assert.equal(subject.info('rdb_last_bgsave_status'), 'ok')
    assert.equal(subject.digestOf('dump.rdb'), fresh)
    assert.equal(subject.send('SET', 'a', 'b'), 'OK')
  }
})

test('the same for SAVE, which says so itself', () => {
  for (let failing = 1; ; failing++) {
    const subject = new Subject()
    subject.fill(500, 'old')
    subject.send('SAVE')
    const old = subject.send('DEBUG', 'DIGEST')
    subject.fill(500, 'new')
    subject.files.calls = 0
    subject.files.failing = failing
    const reply = subject.send('SAVE')
    subject.files.settle()
    assert.deepEqual(subject.files.list(), ['dump.rdb'])
    if (subject.files.calls < failing) {
      assert.equal(reply, 'OK')
      break
    }
    assert.match(String(reply), /ERR/)
    assert.ok([old, subject.send('DEBUG', 'DIGEST')].includes(subject.digestOf('dump.rdb')))
  }
})

test('a failed save is tried again after some seconds, and stop-writes-on-bgsave-error can be switched off', () => {
  const subject = new Subject({ save: '10 1' })
  subject.fill(1, 'v')
  subject.files.failing = 1
  subject.run(10_300)
  assert.equal(subject.info('rdb_last_bgsave_status'), 'err')
  assert.match(String(subject.send('SET', 'a', 'b')), MISCONF)
  subject.send('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no')
  assert.equal(subject.send('SET', 'a', 'b'), 'OK')
  subject.send('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'yes')
  assert.match(String(subject.send('SET', 'a', 'b')), MISCONF)
  subject.run(4000)
  assert.equal(subject.info('rdb_saves'), '1')
  subject.run(2000)
  assert.equal(subject.info('rdb_saves'), '2')
  assert.equal(subject.info('rdb_last_bgsave_status'), 'ok')
})

test('writes wait while the disk takes nothing and the buffer is full', () => {
  const subject = new Subject({ 'snapshot-buffer-limit': '1mb', rdbcompression: 'no' })
  const value = 'x'.repeat(50)
  for (let i = 0; i < 40_000; i++) subject.send('SET', `key${i}`, value + i)
  const before = subject.send('DEBUG', 'DIGEST')
  subject.send('BGSAVE')
  let written = 0
  while (written < 40_000 && subject.send('SET', `key${written}`, 'new') === 'OK') written++
  assert.ok(written > 1000)
  assert.ok(written < 40_000)
  assert.ok(subject.store.store.services.get(walks).active!.peakBytes < 1.2 * 1024 * 1024)
  assert.ok(Number(subject.info('current_cow_size')) > 1024 * 1024)
  assert.equal(subject.store.connect().send('GET', 'key0'), 'new')
  subject.run(100)
  assert.equal(subject.info('rdb_bgsave_in_progress'), '0')
  assert.equal(subject.digestOf('dump.rdb'), before)
  assert.equal(subject.store.connect().send('SET', 'key0', 'again'), 'OK')
})

test('rdb-key-save-delay makes a save slow', () => {
  const subject = new Subject({ 'rdb-key-save-delay': '1000' })
  subject.fill(1000, 'v')
  subject.send('BGSAVE')
  subject.run(500)
  assert.equal(subject.info('rdb_bgsave_in_progress'), '1')
  subject.run(600)
  assert.equal(subject.info('rdb_bgsave_in_progress'), '0')
})

test('a store without files saves nothing', () => {
  const store = new TestStore()
  assert.match(String(store.send('SAVE')), /lives in memory alone/)
  assert.match(String(store.send('BGSAVE')), /lives in memory alone/)
  assert.equal(store.send('LASTSAVE'), Math.floor(store.time.nowMs / 1000))
})
