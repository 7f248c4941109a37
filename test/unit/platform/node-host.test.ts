import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeHost } from '../../../src/platform/node-host.js'

test('facts about the process', () => {
  const host = new NodeHost()
  assert.equal(host.processId, process.pid)
  assert.match(host.runtime, /^node v\d+/)
  assert.match(host.operatingSystem, /^\S+ \S+ \S+/)
  assert.ok(host.residentBytes() > 10_000_000)
  assert.ok(host.heapTotalBytes() >= host.heapUsedBytes())
  assert.ok(host.totalMemoryBytes() > host.residentBytes())
  const { user, system } = host.cpuSeconds()
  assert.ok(user > 0 && system >= 0)
  const thread = host.threadCpuSeconds()
  assert.ok(thread.user + thread.system <= user + system + 0.1)
})

test('the event loop: turns and time grow', async () => {
  const host = new NodeHost()
  const before = host.eventLoop()
  await new Promise((resolve) => setTimeout(resolve, 5))
  host.blockMs(5)
  await new Promise((resolve) => setTimeout(resolve, 5))
  const after = host.eventLoop()
  assert.ok(after.activeUs - before.activeUs >= 4000)
  assert.ok(after.turns >= before.turns)
})

test('blocking stops the whole thread for as long as asked', () => {
  const host = new NodeHost()
  const start = performance.now()
  host.blockMs(0)
  host.blockMs(15)
  assert.ok(performance.now() - start >= 14)
})
