import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Listener, Network } from '../../../src/base/environment.js'
import { Lifecycle, type ProcessPort } from '../../../src/server/lifecycle.js'
import { Server } from '../../../src/server/server.js'
import { TestStore } from '../../support/test-store.js'
import { MemoryFiles } from '../persistence/snapshot/memory-files.js'

class Exit extends Error {
  readonly status: number

  constructor(status: number) {
    super(`exit ${status}`)
    this.status = status
  }
}

const silence: Network = {
  listenTcp: async (): Promise<Listener> => ({ address: '', close() {} }),
  listenUnix: async (): Promise<Listener> => ({ address: '', close() {} }),
}

function start(options: Readonly<Record<string, string>> = {}): {
  store: TestStore
  lifecycle: Lifecycle
  files: MemoryFiles
  removed: string[]
  messages: () => string[]
  /** Lets the end come; returns the exit status. */
  finish: () => number | undefined
} {
  const files = new MemoryFiles()
  const store = new TestStore({ save: '""', ...options }, 1, files)
  const removed: string[] = []
  const port: ProcessPort = {
    exit(status): never {
      throw new Exit(status)
    },
    removeFile: (path) => void removed.push(path),
    tellSupervisor() {},
  }
  const lifecycle = new Lifecycle(store.store, new Server(store.store, silence), port, 'no')
  const finish = (): number | undefined => {
    try {
      for (let i = 0; i < 20; i++) {
        store.time.advance(5)
        files.settle()
      }
    } catch (error) {
      if (error instanceof Exit) return error.status
      throw error
    }
    return undefined
  }
  return { store, lifecycle, files, removed, finish, messages: () => store.logged.map(({ message }) => message) }
}

const PLAIN = { saves: undefined, isNow: false, isForced: false }

test('an orderly end: files are removed, lines are logged, status 0', () => {
  const { lifecycle, removed, finish, messages } = start({ pidfile: '/run/x.pid', unixsocket: '/run/x.sock' })
  assert.equal(lifecycle.shutdown(PLAIN), undefined)
  assert.equal(finish(), 0)
  assert.deepEqual(removed, ['/run/x.pid', '/run/x.sock'])
  assert.deepEqual(messages(), [
    'User requested shutdown...',
    'Removing the pid file.',
    'Removing the unix socket file.',
    'Redis is now ready to exit, bye bye...',
  ])
})

test('the end saves what is to be saved, and does not come when that fails, unless forced', () => {
  const { store, lifecycle, files, finish, messages } = start({ save: '900 1' })
  store.send('SET', 'a', 1)
  files.failing = files.calls + 1
  assert.equal(lifecycle.shutdown(PLAIN), 'Check logs.')
  assert.ok(messages().includes("Error trying to save the DB, can't exit."))
  assert.equal(finish(), undefined)
  files.failing = files.calls + 1
  assert.equal(lifecycle.shutdown({ ...PLAIN, isForced: true }), undefined)
  assert.ok(messages().includes('Error trying to save the DB. Exit anyway.'))
  assert.equal(finish(), 0)
  assert.deepEqual(files.list(), [])
})

test('the snapshot of the end has what came later in the same turn, and replaces one under way', () => {
  const { store, lifecycle, files, finish, messages } = start({ save: '900 1' })
  store.send('SET', 'a', 1)
  store.send('BGSAVE')
  assert.equal(lifecycle.shutdown(PLAIN), undefined)
  assert.ok(messages().includes('There is a child saving an .rdb. Killing it!'))
  assert.ok(messages().includes('Saving the final RDB snapshot before exiting.'))
  const size = files.size('dump.rdb')
  store.send('SET', 'another', 'value')
  assert.equal(finish(), 0)
  assert.ok(files.size('dump.rdb') > size)
})

test('without save points, or with NOSAVE, nothing is saved', () => {
  const none = start()
  none.store.send('SET', 'a', 1)
  assert.equal(none.lifecycle.shutdown(PLAIN), undefined)
  assert.deepEqual(none.files.list(), [])
  const unwanted = start({ save: '900 1' })
  unwanted.store.send('SET', 'a', 1)
  assert.equal(unwanted.lifecycle.shutdown({ ...PLAIN, saves: false }), undefined)
  assert.deepEqual(unwanted.files.list(), [])
})

test('a signal ends the server in the next round', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { lifecycle, finish, messages } = start()
    lifecycle.signalled(signal)
    assert.deepEqual(messages(), [`Received ${signal} scheduling shutdown...`])
    assert.equal(finish(), 0)
  }
})

test('what signals do is configured', () => {
  const refusing = start({ save: '900 1', 'shutdown-on-sigterm': 'save' })
  refusing.files.failing = refusing.files.calls + 1
  refusing.lifecycle.signalled('SIGTERM')
  assert.equal(refusing.finish(), undefined)
  const forced = start({ save: '900 1', 'shutdown-on-sigint': 'save force' })
  forced.files.failing = forced.files.calls + 1
  forced.lifecycle.signalled('SIGINT')
  assert.equal(forced.finish(), 0)
  const saving = start({ save: '900 1' })
  saving.lifecycle.signalled('SIGTERM')
  assert.equal(saving.finish(), 0)
  assert.deepEqual(saving.files.list(), ['dump.rdb'])
})

test('a second SIGINT ends at once, with status 1', () => {
  const { store, lifecycle } = start()
  store.store.isCronPaused = true
  lifecycle.signalled('SIGINT')
  lifecycle.signalled('SIGTERM')
  assert.throws(() => lifecycle.signalled('SIGINT'), { status: 1 })
})

test('a second SIGINT while the final snapshot is written leaves nothing behind', () => {
  const { store, lifecycle, files } = start({ save: '900 1', 'rdb-key-save-delay': '10000000' })
  for (let i = 0; i < 5; i++) store.send('SET', i, i)
  lifecycle.signalled('SIGTERM')
  for (let i = 0; i < 5; i++) {
    store.time.advance(5)
    files.settle()
  }
  assert.deepEqual(files.list(), ['temp-4711.rdb'])
  lifecycle.signalled('SIGTERM')
  assert.throws(() => lifecycle.signalled('SIGINT'), { status: 1 })
  assert.deepEqual(files.list(), [])
})

test('a final snapshot that cannot be written keeps the server up, and its clients go on', () => {
  const { store, lifecycle, files, finish, messages } = start({ save: '900 1' })
  store.send('SET', 'a', 1)
  files.failing = files.calls + 1
  lifecycle.signalled('SIGTERM')
  assert.equal(finish(), undefined)
  assert.ok(messages().includes("Error trying to save the DB, can't exit."))
  assert.equal(store.store.pause.isActive, false)
  lifecycle.signalled('SIGINT')
  assert.equal(finish(), 0)
  assert.deepEqual(files.list(), ['dump.rdb'])
})

test('a signal can be taken back as long as nothing has come of it', () => {
  const { store, lifecycle, finish, messages } = start()
  assert.equal(lifecycle.abortShutdown(), false)
  store.store.isCronPaused = true
  lifecycle.signalled('SIGTERM')
  assert.equal(finish(), undefined)
  assert.equal(lifecycle.abortShutdown(), true)
  store.store.isCronPaused = false
  assert.equal(finish(), undefined)
  assert.equal(messages().at(-1), 'Shutdown manually aborted.')
  lifecycle.signalled('SIGTERM')
  assert.equal(finish(), 0)
})

test('every run has an id of its own', () => {
  assert.match(start().lifecycle.runId, /^[0-9a-f]{40}$/)
})

test('a crash is an assertion of ours', () => {
  assert.throws(() => start().lifecycle.crash('segfault'), { name: 'AssertionError' })
})
