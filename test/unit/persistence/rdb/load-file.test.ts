import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadRdbFileNow, loadSnapshot } from '../../../../src/persistence/rdb/load-file.js'
import { FakeFiles } from '../../../support/fake-files.js'
import { fillWithEverything, rdbOf } from '../../../support/rdb-data.js'
import { TestStore } from '../../../support/test-store.js'

const OPTIONS = { 'enable-debug-command': 'yes', save: '""' }

function filled(): { store: TestStore; files: FakeFiles } {
  const files = new FakeFiles()
  const store = new TestStore(OPTIONS, 1, files)
  fillWithEverything(store, true)
  return { store, files }
}

async function start(files: FakeFiles): Promise<{ store: TestStore; outcome: string }> {
  const store = new TestStore(OPTIONS, 1, files)
  let outcome = ''
  void loadSnapshot(store.store).then((result) => (outcome = result))
  for (let turn = 0; outcome === '' && turn < 1000; turn++) {
    store.time.advance(0)
    await Promise.resolve()
  }
  return { store, outcome }
}

function logOf(store: TestStore): string {
  return store.logged.map(({ message }) => message).join('\n')
}

describe('loading a snapshot at the start', () => {
  it('brings the data back, and tells how many keys', async () => {
    const origin = filled()
    origin.files.write('dump.rdb', rdbOf(origin.store))
    const { outcome, store } = await start(origin.files)
    assert.equal(outcome, 'loaded')
    assert.equal(store.send('DEBUG', 'DIGEST'), origin.store.send('DEBUG', 'DIGEST'))
    const keys = origin.store.store.keyspace.keyCount
    assert.match(store.send('INFO', 'persistence') as string, new RegExp(`rdb_last_load_keys_loaded:${keys}\\r`))
    assert.match(logOf(store), /Loading RDB produced by version 7\.2\.4\nRDB age 0 seconds\n/)
    assert.match(
      logOf(store),
      new RegExp(`Done loading RDB, keys loaded: ${keys}, keys expired: 0\\.\nDB loaded from disk: `),
    )
    assert.equal(store.store.keyspace.isLoading, false)
  })

  it('goes on without a file, and does not go on with a broken one', async () => {
    assert.equal((await start(new FakeFiles())).outcome, 'missing')
    const { files, store: origin } = filled()
    const bytes = rdbOf(origin)
    files.write('dump.rdb', bytes.subarray(0, bytes.length >> 1))
    const cut = await start(files)
    assert.equal(cut.outcome, 'broken')
    assert.match(
      logOf(cut.store),
      /Short read or OOM loading DB\. Unrecoverable error, aborting now\.\nInternal error in RDB reading offset \d+ -> Unexpected EOF/,
    )
    assert.match(logOf(cut.store), /Terminating server after rdb file reading failure\.$/)
    bytes[bytes.length - 1]! ^= 1
    files.write('dump.rdb', bytes)
    const wrong = await start(files)
    assert.equal(wrong.outcome, 'broken')
    assert.match(logOf(wrong.store), /Wrong RDB checksum .*\nInternal error in RDB reading offset \d+ -> RDB CRC error/)
    assert.match(logOf(wrong.store), /Terminating server after rdb file reading failure\.$/)
  })
})

describe('DEBUG RELOAD', () => {
  it('saves and loads', () => {
    const { store } = filled()
    const digest = store.send('DEBUG', 'DIGEST')
    assert.equal(store.send('DEBUG', 'RELOAD'), 'OK')
    assert.equal(store.send('DEBUG', 'DIGEST'), digest)
    store.validate()
  })

  it('loads what was saved before, and merges', () => {
    const store = new TestStore(OPTIONS, 1, new FakeFiles())
    store.send('MSET', 'a', '1', 'b', '2')
    store.send('DEBUG', 'RELOAD')
    store.send('MSET', 'b', 'changed', 'c', '3')
    assert.equal(store.send('DEBUG', 'RELOAD', 'NOSAVE', 'NOFLUSH', 'MERGE'), 'OK')
    assert.deepEqual(store.send('MGET', 'a', 'b', 'c'), ['1', '2', '3'])
    assert.equal(store.send('DEBUG', 'RELOAD', 'nosave'), 'OK')
    assert.deepEqual(store.send('MGET', 'a', 'b', 'c'), ['1', '2', null])
    assert.match(
      store.client.sendRaw('DEBUG', 'RELOAD', 'NOSAVE', 'NOFLUSH'),
      /^-ERR Error trying to load the RDB dump/,
    )
    assert.match(store.client.sendRaw('DEBUG', 'RELOAD', 'x'), /^-ERR DEBUG RELOAD only supports/)
  })

  it('needs files', () => {
    const store = new TestStore(OPTIONS)
    assert.equal(store.client.sendRaw('DEBUG', 'RELOAD').slice(0, 4), '-ERR')
    assert.equal(loadRdbFileNow(store.store, 'dump.rdb'), 'missing')
  })
})
