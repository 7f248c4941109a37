/** BullMQ with its own scripts, unchanged: jobs, delays, priorities, rate limits, retries, flows. */

import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { FlowProducer, type Job, Queue, QueueEvents, Worker } from 'bullmq'
import { RawConnection } from '../support/raw-connection.js'
import { serverForSuite, until } from './clients.js'

interface Closable {
  close(): Promise<unknown>
}

describe('BullMQ', { timeout: 120_000 }, () => {
  const open: Closable[] = []
  after(async () => {
    for (const item of open.reverse()) await item.close()
  })
  const server = serverForSuite() // ends after those that use it
  const connection = (): { host: string; port: number; maxRetriesPerRequest: null } => ({
    ...server().tcpAddress,
    maxRetriesPerRequest: null,
  })
  const track = <T extends Closable>(item: T): T => {
    open.push(item)
    return item
  }
  const queueOf = (name: string): Queue => track(new Queue(name, { connection: connection() }))
  const workerOf = (name: string, run: (job: Job) => Promise<unknown>, options = {}): Worker =>
    track(new Worker(name, run, { connection: connection(), ...options }))

  test('jobs run in order, and their results are kept', async () => {
    const queue = queueOf('plain')
    const seen: number[] = []
    const events = track(new QueueEvents('plain', { connection: connection() }))
    await events.waitUntilReady()
    workerOf('plain', async ({ data }) => {
      seen.push(data.n)
      return data.n * 2
    })
    const jobs = await queue.addBulk(Array.from({ length: 20 }, (_, n) => ({ name: 'j', data: { n } })))
    const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events)))
    assert.deepEqual(
      results,
      Array.from({ length: 20 }, (_, n) => n * 2),
    )
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, n) => n),
    )
    assert.deepEqual(await queue.getJobCounts('completed', 'failed', 'waiting'), {
      completed: 20,
      failed: 0,
      waiting: 0,
    })
  })

  test('delayed jobs wait, and priorities go first', async () => {
    const queue = queueOf('later')
    const seen: string[] = []
    await queue.pause()
    await queue.add('slow', {}, { delay: 150 })
    await queue.add('low', {}, { priority: 10 })
    await queue.add('high', {}, { priority: 1 })
    await queue.add('none', {})
    assert.equal(await queue.getDelayedCount(), 1)
    await queue.resume()
    workerOf('later', async ({ name }) => void seen.push(name))
    await until(() => seen.length === 4)
    assert.deepEqual(seen, ['none', 'high', 'low', 'slow'])
  })

  test('a failing job is tried again, then kept as failed', async () => {
    const queue = queueOf('fails')
    let attempts = 0
    workerOf('fails', async () => {
      attempts++
      throw new Error('no luck')
    })
    const job = await queue.add('j', {}, { attempts: 3, backoff: { type: 'fixed', delay: 10 } })
    await until(async () => (await job.getState()) === 'failed')
    assert.equal(attempts, 3)
    await job.retry()
    await until(() => attempts > 3)
  })

  test('a rate limit holds jobs back', async () => {
    const queue = queueOf('limited')
    const times: number[] = []
    const run = async (): Promise<void> => void times.push(Date.now())
    workerOf('limited', run, { limiter: { max: 2, duration: 300 } })
    await queue.addBulk(Array.from({ length: 5 }, () => ({ name: 'j', data: {} })))
    await until(() => times.length === 5)
    assert.ok(times[4]! - times[0]! >= 550, `five jobs took ${times[4]! - times[0]!} ms`)
  })

  test('a flow runs children before their parent, which gets their results', async () => {
    const flow = track(new FlowProducer({ connection: connection() }))
    let values: unknown
    workerOf('child', async ({ data }) => data.n)
    workerOf('parent', async (job) => {
      values = Object.values(await job.getChildrenValues()).sort()
    })
    await flow.add({
      name: 'sum',
      queueName: 'parent',
      children: [1, 2, 3].map((n) => ({ name: 'part', queueName: 'child', data: { n } })),
    })
    await until(() => values !== undefined)
    assert.deepEqual(values, [1, 2, 3])
  })

  test('repeated jobs come again; obliterate leaves nothing', async () => {
    const queue = queueOf('again')
    let count = 0
    const worker = workerOf('again', async () => void count++)
    await queue.upsertJobScheduler('tick', { every: 50 })
    await until(() => count >= 3)
    await queue.removeJobScheduler('tick')
    await worker.close()
    await queue.obliterate({ force: true })
    const link = await RawConnection.open(server().tcpAddress)
    const keys = (await link.send('KEYS', 'bull:again:*')).toString()
    link.close()
    assert.equal(keys, '*0\r\n')
  })
})
