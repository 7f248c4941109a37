import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FakeFiles, ProcessDeath, type Trouble } from '../support/fake-files.js'
import { KeptStore } from '../support/kept-store.js'
import { SeededRandom } from '../support/test-store.js'

const TURNS = 8
/** In this turn a rewrite begins; some turns later it has ended. */
const REWRITE_TURN = 3

/**
 * Writes in turns: a transaction and a plain command each, so that whatever is found later tells how far it got. Returns how many turns
 * had been acknowledged when the process died.
 */
function write(store: KeptStore): number {
  let applied = 0
  let acknowledged = 0
  try {
    for (let turn = 1; turn <= TURNS; turn++) {
      if (turn === REWRITE_TURN) store.turn(['BGREWRITEAOF'])
      // A turn that is refused as a whole, since the disk is in trouble, is tried again by the next.
      const next = applied + 1
      const replies = store.turn(['MULTI'], ['INCR', 'count'], ['RPUSH', 'list', next], ['EXEC'], ['SELECT', next % 2],
        ['SET', `key${next}`, next], ['SELECT', 0]) // prettier-ignore
      if (Array.isArray(replies[3])) applied = next
      acknowledged = applied
      store.pass(20)
    }
    store.pass(200)
  } catch (error) {
    if (!(error instanceof ProcessDeath)) throw error
  }
  return acknowledged
}

/** How many turns a store holds whole; throws when it holds anything in between. */
function held(store: KeptStore): number {
  const count = Number(store.send('GET', 'count') ?? 0)
  const expected = Array.from({ length: count }, (_, i) => String(i + 1))
  assert.deepEqual(store.send('LRANGE', 'list', 0, -1), expected, 'a transaction is there in part')
  for (let turn = 1; turn <= TURNS; turn++) {
    store.send('SELECT', turn % 2)
    const value = store.send('GET', `key${turn}`)
    store.send('SELECT', 0)
    if (turn < count) assert.equal(value, String(turn), `turn ${turn} of ${count} is there in part`)
    if (turn > count) assert.equal(value, null)
  }
  return count
}

async function dieAt(trouble: Trouble, options: Readonly<Record<string, string>>): Promise<boolean> {
  const files = new FakeFiles()
  files.trouble = trouble
  let acknowledged = 0
  try {
    const store = await KeptStore.start(files, options)
    if (store !== undefined) acknowledged = write(store)
  } catch (error) {
    if (!(error instanceof ProcessDeath)) throw error
  }
  for (const seed of [undefined, trouble.at]) {
    const rest = files.afterDeath(seed === undefined ? undefined : new SeededRandom(seed))
    const next = await KeptStore.start(rest, options)
    assert.ok(next !== undefined, `does not start again after ${trouble.kind} at ${trouble.at}`)
    const count = held(next)
    if (options['appendfsync'] === 'always') assert.ok(count >= acknowledged, `${count} of ${acknowledged} turns`)
    if (trouble.at % 4 !== 0) continue
    next.turn(['SET', 'after', 'x'])
    next.file.close()
    const last = await KeptStore.start(rest, options)
    assert.equal(held(last!), count)
    assert.equal(last!.send('GET', 'after'), 'x')
  }
  return files.changes >= trouble.at
}

for (const appendfsync of ['always', 'everysec', 'no']) {
  for (const preamble of ['yes', 'no']) {
    const options = { appendfsync, 'aof-use-rdb-preamble': preamble }
    for (const kind of ['dies', 'fails'] as const) {
      describe(`appendfsync ${appendfsync}, aof-use-rdb-preamble ${preamble}`, () => {
        test(`the process ${kind === 'dies' ? 'dies' : 'goes on or ends'} when the n-th change ${kind}`, async () => {
          let at = 1
          // Every n where a loss would break the promise, a sample elsewhere.
          const step = appendfsync === 'always' && preamble === 'yes' ? 1 : 7
          while (await dieAt({ at, kind }, options)) at += step
          assert.ok(at > 40, `only ${at} changes`)
        })
      })
    }
  }
}

test('a full disk: writes are refused, and accepted again when there is room', async () => {
  const files = new FakeFiles()
  const store = (await KeptStore.start(files, { appendfsync: 'everysec' }))!
  store.turn(['SET', 'a', '1'])
  files.runSoon() // the sync, which writes would wait for
  files.capacity = files.usedBytes + 5
  store.turn(['SET', 'b', '2'])
  assert.match(String(store.send('SET', 'c', '3')), /MISCONF Errors writing to the AOF file: No space left on device/)
  assert.match(String(store.send('PING')), /MISCONF/)
  assert.equal(store.send('GET', 'a'), '1')
  assert.match(String(store.send('INFO', 'persistence')), /aof_last_write_status:err/)
  files.capacity = Infinity
  store.pass(1000)
  assert.equal(store.send('SET', 'c', '3'), 'OK')
  assert.match(String(store.send('INFO', 'persistence')), /aof_last_write_status:ok/)
  store.file.close()
  const next = (await KeptStore.start(files.afterDeath()))!
  assert.deepEqual(next.send('MGET', 'a', 'b', 'c'), ['1', '2', '3'])
})

test('a full disk under always ends the process, with the log whole', async () => {
  const files = new FakeFiles()
  const store = (await KeptStore.start(files, { appendfsync: 'always' }))!
  store.turn(['SET', 'a', '1'])
  files.capacity = files.usedBytes + 5
  assert.throws(() => store.turn(['SET', 'b', '2']), ProcessDeath)
  assert.equal(store.log(/Can't recover from AOF write error when the AOF fsync policy is 'always'/).length, 1)
  files.capacity = Infinity
  const next = (await KeptStore.start(files.afterDeath()))!
  assert.deepEqual(next.send('MGET', 'a', 'b'), ['1', null])
})
