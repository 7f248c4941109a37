/** The same scripts to a real redis-server and to ours: replies, errors with their places, and what the libraries make of odd arguments. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Dice } from '../support/dice.js'
import { referenceServer, spinelServer } from '../support/programs.js'
import { RawConnection } from '../support/raw-connection.js'
import { ServerProcess } from '../support/server-process.js'
import { generateScript, WRITTEN } from './script-cases.js'

/** Scripts generated for a run; `SPINEL_DIFFERENTIAL_SCRIPTS` asks for more. */
const SCRIPTS = Number(process.env['SPINEL_DIFFERENTIAL_SCRIPTS'] ?? '1500')
const reference = referenceServer()
const skip = reference === undefined && 'no redis-server is installed: nothing to compare with'

/** Names that a build of the reference may lack, and what differs on purpose (docs/differences.md). */
const EXCUSED = /getfenv|setfenv|newproxy|table\.insert\((?:_G|redis)/

/** What scripts do in another way since 7.2: numbers as arguments and doubles as replies, blocking commands, some words. */
const SINCE_7_2 = /double=|"set",KEYS\[1\],(?:1\/3|1e|2\^|1234567)|blpop|set_repl\(\)/

describe('scripts, here and there', { skip }, () => {
  for (const protocol of [2, 3]) {
    test(`give the same replies in RESP${protocol}`, async (t) => {
      const seed = Math.floor(Math.random() * 0x7fffffff)
      t.diagnostic(`seed ${seed}`)
      const dice = new Dice(seed)
      const scripts = [...WRITTEN, ...Array.from({ length: SCRIPTS }, () => generateScript(dice))]
      const [theirs, ours] = await Promise.all(
        [reference!, spinelServer()].map((program) => ServerProcess.start(program)),
      )
      try {
        const links = [await connect(theirs!, protocol), await connect(ours!, protocol)] as const
        const isOld = /redis_version:[1-6]\.|redis_version:7\.0/.test(
          (await links[0].send('INFO', 'server')).toString(),
        )
        const differences: string[] = []
        for (const script of scripts) {
          if (EXCUSED.test(script) || (isOld && SINCE_7_2.test(script))) continue
          const [wanted, got] = await Promise.all(links.map((link) => reply(link, script)))
          if (wanted !== got) differences.push(`${JSON.stringify(script)}\n  theirs: ${wanted}\n  ours:   ${got}`)
        }
        assert.equal(
          differences.length,
          0,
          `seed ${seed}: ${differences.length} differ\n${differences.slice(0, 20).join('\n')}`,
        )
      } finally {
        await Promise.all([theirs!.stop(), ours!.stop()])
      }
    })
  }
})

async function connect(server: ServerProcess, protocol: number): Promise<RawConnection> {
  const link = await RawConnection.open(server.address)
  await link.send('HELLO', protocol)
  return link
}

/** Addresses differ from run to run. */
async function reply(link: RawConnection, script: string): Promise<string> {
  const bytes = await link.send('EVAL', Buffer.from(script, 'latin1'), 2, '{k}1', '{k}2', 'first', 'second')
  return JSON.stringify(bytes.toString('latin1').replace(/0x[0-9a-f]{6,}/g, '0x'))
}
