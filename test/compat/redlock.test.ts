/** redlock with its own scripts, unchanged: a lock is taken, extended and released, and nobody else gets it meanwhile. */

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, describe, test } from 'node:test'
import { Redis } from 'ioredis'
import { serverForSuite } from './clients.js'

interface Lock {
  readonly value: string
  readonly expiration: number
  extend(ms: number): Promise<Lock>
  unlock(): Promise<void>
}

interface Redlock {
  lock(resource: string | string[], ms: number): Promise<Lock>
  on(event: 'clientError', listener: (error: unknown) => void): void
}

/** The package is older than modules, and than types. */
const RedlockClass = createRequire(import.meta.url)('redlock') as new (clients: Redis[], options: object) => Redlock

describe('redlock', { timeout: 60_000 }, () => {
  let client: Redis | undefined
  after(() => client?.disconnect())
  const server = serverForSuite() // ends after those that use it
  const connect = (): Redis => (client ??= new Redis({ ...server().tcpAddress, lazyConnect: false }))

  test('lock, refusal, extend, release', async () => {
    const patient = new RedlockClass([connect()], { retryCount: 50, retryDelay: 20, retryJitter: 5 })
    const hasty = new RedlockClass([connect()], { retryCount: 0 })
    const lock = await patient.lock('resource', 500)
    assert.equal(await connect().get('resource'), lock.value)
    await assert.rejects(hasty.lock('resource', 500), /LockError|exceeded|Exceeded/i)
    const extended = await lock.extend(2000)
    assert.ok((await connect().pttl('resource')) > 1000)
    await extended.unlock()
    assert.equal(await connect().exists('resource'), 0)
  })

  test('several resources at once; a lock that ran out cannot be released', async () => {
    const redlock = new RedlockClass([connect()], { retryCount: 0 })
    const lock = await redlock.lock(['a', 'b'], 1000)
    assert.equal(await connect().exists('a', 'b'), 2)
    await lock.unlock()
    const short = await redlock.lock('short', 30)
    await new Promise((resolve) => setTimeout(resolve, 80))
    await assert.rejects(short.unlock())
    const next = await redlock.lock('short', 1000)
    await next.unlock()
  })

  test('who waits gets the lock when it is free', async () => {
    const redlock = new RedlockClass([connect()], { retryCount: 100, retryDelay: 10, retryJitter: 5 })
    const order: number[] = []
    await Promise.all(
      [1, 2, 3].map(async (n) => {
        const lock = await redlock.lock('turn', 1000)
        order.push(n)
        await new Promise((resolve) => setTimeout(resolve, 20))
        order.push(n)
        await lock.unlock()
      }),
    )
    for (let i = 0; i < 6; i += 2) assert.equal(order[i], order[i + 1])
  })
})
