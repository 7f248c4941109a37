/** Libraries of functions exchanged with a real redis-server: payloads of FUNCTION DUMP in both directions, and RDB files. */

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { FakeFiles } from '../support/fake-files.js'
import { KeptStore } from '../support/kept-store.js'
import { referenceServer } from '../support/programs.js'
import { RawConnection } from '../support/raw-connection.js'
import { rdbOf } from '../support/rdb-data.js'
import { ServerProcess } from '../support/server-process.js'
import { TestStore } from '../support/test-store.js'

const program = referenceServer()
const skip = program === undefined ? 'no redis-server is installed' : false
const CODES = [
  "#!lua name=short\nredis.register_function('one', function() return 1 end)",
  `#!lua name=long\n-- ${'all bytes \x01\x7f\xff '.repeat(500)}\nredis.register_function{function_name='two', flags={'no-writes'}, callback=function(keys) return #keys + 2 end}`,
]
const names = (reply: string): string[] => [...reply.matchAll(/library_name\r\n\$\d+\r\n(\w+)/g)].map((found) => found[1]!).sort() // prettier-ignore

/** The content of a bulk reply. */
function content(reply: Buffer): Buffer {
  const start = reply.indexOf('\r\n') + 2
  return reply.subarray(start, reply.length - 2)
}

describe('libraries of functions and a real redis-server', { skip }, () => {
  it('pass by FUNCTION DUMP and RESTORE, and in RDB files', async (t) => {
    const server = await ServerProcess.start(program!, { words: ['--enable-debug-command', 'yes'] })
    const link = await RawConnection.open(server.address)
    const ask = async (...words: (string | Buffer)[]): Promise<string> =>
      (await link.send(...(words as [string]))).toString('latin1')
    const info = await ask('INFO', 'server')
    const isOld = /redis_version:7\.0/.test(info)
    if (/redis_version:[1-6]\./.test(info)) return t.skip('it has no functions yet')
    try {
      const store = new TestStore({ 'enable-debug-command': 'yes', 'rdb-version': isOld ? '10' : '11' })
      for (const code of CODES) store.send('FUNCTION', 'LOAD', code)
      const ours = Buffer.from(store.client.sendLatin1('FUNCTION', 'DUMP') as string, 'latin1')
      // A payload says the version of 7.2, which 7.0 does not read.
      if (isOld) for (const code of CODES) await ask('FUNCTION', 'LOAD', code)
      else assert.equal(await ask('FUNCTION', 'RESTORE', ours), '+OK\r\n')
      assert.deepEqual(names(await ask('FUNCTION', 'LIST')), ['long', 'short'])
      assert.equal(await ask('FCALL_RO', 'two', '1', 'k'), ':3\r\n')

      const theirs = content(await link.send('FUNCTION', 'DUMP'))
      const copy = new TestStore({ 'enable-debug-command': 'yes' })
      assert.equal(copy.send('FUNCTION', 'RESTORE', theirs), 'OK')
      assert.equal(copy.send('FCALL', 'one', 0), 1)
      assert.match(String((copy.send('FUNCTION', 'RESTORE', theirs) as Error).message), /already exists/)
      const cut = theirs.subarray(0, theirs.length - 1)
      assert.match(String((copy.send('FUNCTION', 'RESTORE', cut) as Error).message), /version or checksum/)

      const path = join(server.folder, 'dump.rdb')
      writeFileSync(path, rdbOf(store))
      assert.equal(await ask('FUNCTION', 'FLUSH'), '+OK\r\n')
      assert.equal(await ask('DEBUG', 'RELOAD', 'NOSAVE'), '+OK\r\n', server.output)
      assert.deepEqual(names(await ask('FUNCTION', 'LIST')), ['long', 'short'])
      assert.equal(await ask('SAVE'), '+OK\r\n')
      const files = new FakeFiles()
      files.write('dump.rdb', readFileSync(path))
      const loaded = await KeptStore.start(files, { appendonly: 'no' })
      assert.ok(loaded !== undefined)
      assert.equal(loaded.send('FCALL_RO', 'two', 0), 2)
    } finally {
      link.close()
      await server.stop()
    }
  })
})
