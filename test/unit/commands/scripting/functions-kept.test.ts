/** Libraries of functions in files: they are there again after a restart, a reload and a rewrite, whatever form the file has. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FakeFiles } from '../../../support/fake-files.js'
import { KeptStore } from '../../../support/kept-store.js'

const FIRST = `#!lua name=first
redis.register_function{function_name='put', callback=function(keys, args) return redis.call('SET', keys[1], args[1]) end, description='puts'}
redis.register_function{function_name='look', callback=function(keys) return redis.call('GET', keys[1]) end, flags={'no-writes'}}`
const SECOND = `#!lua name=second
redis.register_function('bytes', function() return '\\0\\255' end)`

async function start(options: Readonly<Record<string, string>>, files = new FakeFiles()): Promise<KeptStore> {
  const store = await KeptStore.start(files, options)
  assert.ok(store !== undefined)
  return store
}

/** What a client learns of the libraries, and that they work. */
function state(store: KeptStore): unknown {
  const listed = store.send('FUNCTION', 'LIST', 'WITHCODE') as unknown[]
  const called = [store.send('FCALL', 'put', 1, 'k', 'v'), store.send('FCALL_RO', 'look', 1, 'k'), store.send('FCALL', 'bytes', 0)]
  return [listed.map((library) => JSON.stringify(library)).sort(), called, store.send('DBSIZE')]
} // prettier-ignore

function load(store: KeptStore): unknown {
  assert.equal(store.turn(['FUNCTION', 'LOAD', FIRST])[0], 'first')
  assert.equal(store.turn(['FUNCTION', 'LOAD', SECOND])[0], 'second')
  return state(store)
}

describe('libraries of functions are kept', () => {
  for (const appendonly of ['yes', 'no']) {
    test(`in a snapshot (appendonly ${appendonly}): DEBUG RELOAD, SAVE and a restart`, async () => {
      const store = await start({ appendonly })
      const before = load(store)
      assert.equal(store.send('DEBUG', 'RELOAD'), 'OK')
      assert.deepEqual(state(store), before)
      assert.equal(store.send('SAVE'), 'OK')
      store.turn()
      store.file.close()
      const next = await start({ appendonly }, store.files)
      assert.deepEqual(state(next), before)
      next.validate()
    })
  }

  test('in the log, by the commands that made them', async () => {
    const store = await start({})
    load(store)
    const dump = store.client.sendLatin1('FUNCTION', 'DUMP') as string
    store.turn(['FUNCTION', 'DELETE', 'second'])
    store.turn(['FUNCTION', 'FLUSH'])
    store.turn(['FUNCTION', 'RESTORE', dump])
    const before = state(store)
    store.turn(['FUNCTION', 'LOAD', 'REPLACE', FIRST.replace('puts', 'puts it')])
    const after = state(store)
    assert.notDeepEqual(after, before)
    store.turn()
    store.file.close()
    assert.deepEqual(state(await start({}, store.files)), after)
  })

  for (const preamble of ['yes', 'no']) {
    test(`in a rewritten log, with aof-use-rdb-preamble ${preamble}`, async () => {
      const options = { 'aof-use-rdb-preamble': preamble }
      const store = await start(options)
      const before = load(store)
      store.turn(['BGREWRITEAOF'])
      store.pass(300)
      assert.equal(store.send('DEBUG', 'LOADAOF'), 'OK')
      assert.deepEqual(state(store), before)
      store.turn()
      store.file.close()
      const next = await start(options, store.files)
      assert.deepEqual(state(next), before)
      next.validate()
    })
  }

  test('what a script does not propagate is not in the log, what it does is there once and whole', async () => {
    const store = await start({})
    const script = `redis.call('SET','before',1) redis.set_repl(redis.REPL_NONE) redis.call('SET','hidden',1)
      redis.set_repl(redis.REPL_ALL) redis.call('INCR','after') return redis.call('INCR','after')`
    assert.equal(store.turn(['EVAL', script, '0'])[0], 2)
    assert.equal(store.send('GET', 'hidden'), '1')
    store.turn()
    store.file.close()
    const next = await start({}, store.files)
    assert.deepEqual(next.send('MGET', 'before', 'hidden', 'after'), ['1', null, '2'])
  })
})
