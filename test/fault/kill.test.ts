/**
 * A server that is killed at a random moment while several clients write, started again on what it left, and so on.
 *
 *     SPINEL_KILL_ROUNDS=500 node --test dist/test/fault/kill.test.js
 */

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { spinelServer } from '../support/programs.js'
import { RawConnection } from '../support/raw-connection.js'

const ROUNDS = Number(process.env['SPINEL_KILL_ROUNDS'] ?? 1)
const CLIENTS = 4
/** Requests a client has under way at a time. */
const DEPTH = 32
const LIFE_MS_MAX = 250
/** What was acknowledged longer ago than this must be there under any policy, as long as the machine goes on. */
const GRACE_MS = 2000

/** What a client has written: numbers from 1, and of those acknowledged, the last, with the times. */
class Writer {
  readonly key: string
  sent = 0
  acknowledged = 0
  readonly times: number[] = []
  private readonly connection: RawConnection

  constructor(index: number, connection: RawConnection) {
    this.key = `list:${index}`
    this.connection = connection
  }

  /** Appends to its list until the server is gone. */
  async run(): Promise<void> {
    const lanes = Array.from({ length: DEPTH }, () => this.lane())
    await Promise.allSettled(lanes)
  }

  private async lane(): Promise<void> {
    for (;;) {
      const number = ++this.sent
      const reply = await this.connection.send('RPUSH', this.key, number)
      if (reply[0] !== 0x3a) throw new Error(reply.toString())
      this.acknowledged = Math.max(this.acknowledged, number)
      this.times[number] = performance.now()
    }
  }
}

async function connect(path: string): Promise<RawConnection> {
  for (let attempt = 0; ; attempt++) {
    try {
      const connection = await RawConnection.open({ path })
      if ((await connection.send('PING')).toString() === '+PONG\r\n') return connection
      connection.close()
    } catch (error) {
      if (attempt > 400) throw error
    }
    await wait(10)
  }
}

function start(folder: string, appendfsync: string): ChildProcess {
  const [command, ...words] = spinelServer()
  const options = ['--port', '0', '--unixsocket', `${folder}/socket`, '--save', '', '--dir', folder]
  const log = ['--appendonly', 'yes', '--appendfsync', appendfsync, '--auto-aof-rewrite-min-size', '20kb']
  return spawn(command, [...words, ...options, ...log], { cwd: folder, stdio: 'ignore' })
}

/** One life of the server; returns what its clients know. */
async function live(folder: string, appendfsync: string): Promise<{ writers: Writer[]; diedAt: number }> {
  const child = start(folder, appendfsync)
  const path = `${folder}/socket`
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const first = await connect(path)
  await first.send('FLUSHALL')
  const writers: Writer[] = []
  for (let i = 0; i < CLIENTS; i++) writers.push(new Writer(i, await connect(path)))
  const runs = writers.map((writer) => writer.run())
  const lifeMs = Math.random() * LIFE_MS_MAX
  await wait(lifeMs / 2)
  void first.send('BGREWRITEAOF').catch(() => {})
  await wait(lifeMs / 2)
  child.kill('SIGKILL')
  const diedAt = performance.now()
  await ended
  await Promise.all(runs)
  return { writers, diedAt }
}

/** Numbers in a list that begin with 1 and have no gap; the count of them. */
async function heldBy(connection: RawConnection, writer: Writer): Promise<number> {
  const reply = (await connection.send('LRANGE', writer.key, 0, -1)).toString('latin1')
  const numbers = [...reply.matchAll(/\r\n(\d+)(?=\r\n)/g)].map((match) => Number(match[1]))
  for (const [i, number] of numbers.entries()) assert.equal(number, i + 1, `${writer.key} has a gap`)
  return numbers.length
}

async function check(folder: string, appendfsync: string, writers: Writer[], diedAt: number): Promise<void> {
  const child = start(folder, appendfsync)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const connection = await connect(`${folder}/socket`)
  for (const writer of writers) {
    const count = await heldBy(connection, writer)
    for (let number = count + 1; number <= writer.acknowledged; number++) {
      const agoMs = diedAt - (writer.times[number] ?? diedAt)
      assert.ok(appendfsync !== 'always' && agoMs < GRACE_MS, `${writer.key}: ${number} is lost, after ${agoMs} ms`)
    }
  }
  connection.close()
  child.kill('SIGKILL')
  await ended
}

for (const appendfsync of ['always', 'everysec', 'no']) {
  describe(`kill -9 with appendfsync ${appendfsync}`, () => {
    test(`${ROUNDS} times`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'spinel-kill-'))
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const { writers, diedAt } = await live(folder, appendfsync)
          await check(folder, appendfsync, writers, diedAt)
        }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  })
}
