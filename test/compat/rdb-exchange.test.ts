/** RDB files exchanged with a real redis-server, in both directions. */

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { referenceServer } from '../support/programs.js'
import { RawConnection } from '../support/raw-connection.js'
import { fillWithEverything, loadRdb, rdbOf } from '../support/rdb-data.js'
import { ServerProcess } from '../support/server-process.js'
import { TestStore } from '../support/test-store.js'

const program = referenceServer()
const skip = program === undefined ? 'no redis-server is installed' : false
const DEBUG = { 'enable-debug-command': 'yes' }
const VERSIONS = ['9', '10', '11']

describe('RDB files and a real redis-server', { skip }, () => {
  it('hold the same data there, and come back equal', async () => {
    const server = await ServerProcess.start(program!, { words: ['--enable-debug-command', 'yes'] })
    const connection = await RawConnection.open(server.address)
    const ask = async (...words: string[]): Promise<string> => (await connection.send(...words)).toString('latin1')
    try {
      const newest = newestVersion(await ask('INFO', 'server'))
      for (const version of VERSIONS.filter((each) => Number(each) <= newest)) {
        const origin = new TestStore({ ...DEBUG, 'rdb-version': version })
        fillWithEverything(origin)
        const path = join(server.folder, 'dump.rdb')
        writeFileSync(path, withoutExpiry(origin))
        assert.equal(await ask('DEBUG', 'RELOAD', 'NOSAVE'), '+OK\r\n', server.output)
        assert.equal(
          await ask('DEBUG', 'DIGEST'),
          `+${String(origin.send('DEBUG', 'DIGEST'))}\r\n`,
          `version ${version}`,
        )
        assert.equal(await ask('SAVE'), '+OK\r\n')
        const copy = new TestStore(DEBUG)
        assert.equal(loadRdb(copy, readFileSync(path)).error, undefined)
        assert.equal(copy.send('DEBUG', 'DIGEST'), origin.send('DEBUG', 'DIGEST'), `version ${version}`)
        copy.validate()
      }
    } finally {
      connection.close()
      await server.stop()
    }
  })
})

/** The file of a store whose keys expire at a moment that is long past for a server of today: these are made to stay. */
function withoutExpiry(origin: TestStore): Uint8Array {
  for (const key of ['expires', 'hash:listpack']) origin.send('PEXPIREAT', key, 9_999_999_999_999)
  return rdbOf(origin)
}

/** The newest version that a server reads. */
function newestVersion(info: string): number {
  const [major, minor] = /redis_version:(\d+)\.(\d+)/.exec(info)!.slice(1).map(Number) as [number, number]
  if (major < 7) return 9
  return major === 7 && minor < 2 ? 10 : 11
}
