import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { FakeFiles } from '../../support/fake-files.js'
import { KeptStore } from '../../support/kept-store.js'

const DIRECTORY = 'appendonlydir'
const MANIFEST = `${DIRECTORY}/appendonly.aof.manifest`
const INCREMENT = `${DIRECTORY}/appendonly.aof.1.incr.aof`

function request(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
}

/** Units of a log; whatever is loaded must be a number of whole ones. */
const UNITS = [
  request('SELECT', '0') + request('SET', 'a', '1'),
  '#TS:1700000000\r\n' + request('RPUSH', 'list', '1', '2\r\n*1\r\n'),
  request('MULTI') + request('INCR', 'a') + request('RPUSH', 'list', '3') + request('EXEC'),
  request('SELECT', '1') + request('HSET', 'hash', 'f', 'v'),
  request('multi') + request('SELECT', '0') + request('SET', 'b', 'x') + request('exec'),
]
const LOG = latin1Bytes(UNITS.join(''))

function filesWith(log: Uint8Array): FakeFiles {
  const files = new FakeFiles()
  files.makeDirectory(DIRECTORY)
  files.write(MANIFEST, latin1Bytes('file appendonly.aof.1.incr.aof seq 1 type i\n'))
  files.write(INCREMENT, log)
  return files
}

function digestOf(store: KeptStore): unknown {
  return store.send('DEBUG', 'DIGEST')
}

/** Digests after each number of units (and within SELECT + command, which are no unit, after the SELECT). */
async function digests(): Promise<Set<unknown>> {
  const seen = new Set<unknown>()
  for (let count = 0; count <= UNITS.length; count++) {
    const store = await KeptStore.start(filesWith(latin1Bytes(UNITS.slice(0, count).join(''))))
    seen.add(digestOf(store!))
  }
  return seen
}

describe('append-only file', () => {
  test('cut at every byte, it loads up to its last whole command or transaction, and can be gone on with', async () => {
    const whole = await digests()
    for (let length = 0; length <= LOG.length; length++) {
      const files = filesWith(LOG.slice(0, length))
      const store = await KeptStore.start(files)
      assert.ok(store !== undefined, `does not load with ${length} bytes`)
      const digest = digestOf(store)
      assert.ok(whole.has(digest), `half loaded with ${length} bytes`)
      store.turn(['SELECT', 3], ['SET', 'after', length])
      store.file.close()
      const next = await KeptStore.start(files)
      next!.send('SELECT', 3)
      assert.equal(next!.send('GET', 'after'), String(length))
      next!.send('DEL', 'after')
      assert.equal(digestOf(next!), digest)
    }
  })

  test('cut where that is not allowed, it is refused, and left as it is', async () => {
    for (let length = 1; length < LOG.length; length += 3) {
      const files = filesWith(LOG.slice(0, length))
      const store = await KeptStore.start(files, { 'aof-load-truncated': 'no' })
      assert.deepEqual(files.contents(INCREMENT).subarray(0, length), LOG.slice(0, length))
      const isWhole = UNITS.some((_, i) => {
        const units = UNITS.slice(0, i + 1).join('').length
        return length === units
      })
      if (isWhole) assert.ok(store !== undefined)
    }
  })

  test('with any byte changed, it loads or is refused with a reason', async () => {
    for (let at = 0; at < LOG.length; at++) {
      const change = [1, 0x20, 0x80, 2, 0x08][at % 5]!
      const log = LOG.slice()
      log[at]! ^= change
      const store = new KeptStore(filesWith(log))
      const isLoaded = await store.load()
      if (isLoaded) continue
      const reasons = store.log(/Bad file format|Unknown command|Unexpected end of file|Wrong number of arguments/)
      assert.notEqual(reasons.length, 0, `no reason for byte ${at} ^ ${change}`)
    }
  })

  test('a file that is not the last must be whole', async () => {
    const files = filesWith(LOG)
    files.write(
      MANIFEST,
      latin1Bytes('file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n'),
    )
    files.write(`${DIRECTORY}/appendonly.aof.2.incr.aof`, LOG)
    files.write(INCREMENT, LOG.slice(0, -3))
    const store = new KeptStore(files)
    assert.equal(await store.load(), false)
    assert.equal(store.log(/Fatal error: the truncated file is not the last file/).length, 1)
    assert.equal(files.size(INCREMENT), LOG.length - 3)
  })
})
