/** A store whose code fails becomes unusable, tells its callers, and leaves the process and other stores alone. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createStore, type Store, StoreError, type StoreOptions } from '../../../src/embed/index.js'

/** A store whose look-ups fail from now on, as if an invariant were broken. */
function breakable(options: StoreOptions = {}): { store: Store; breakIt: () => void } {
  const store = createStore(options)
  const { databases } = (store as any).host.engine.keyspace
  const breakIt = (): void => {
    databases[0].keys.find = () => {
      throw new Error('invariant broken')
    }
  }
  return { store, breakIt }
}

const failed = (error: unknown): boolean =>
  error instanceof StoreError && /has failed/.test(error.message) && /invariant broken/.test(String(error.cause))

test('a direct call throws, and so does every call after it', async () => {
  const { store, breakIt } = breakable()
  const session = store.connect()
  store.set('k', 'v')
  breakIt()
  assert.throws(() => store.get('k'), failed)
  assert.throws(() => store.call('PING'), failed)
  assert.throws(() => session.call('PING'), failed)
  assert.throws(() => store.checkpoint(), failed)
  assert.throws(() => store.fork(), failed)
  await assert.rejects(store.callAsync('PING'), failed)
  store.close()
  store.close()
})

test('calls that wait are rejected', async () => {
  const { store, breakIt } = breakable()
  const session = store.connect()
  store.call('CLIENT', 'PAUSE', 100_000, 'WRITE')
  const waiting = session.callAsync('SET', 'k', 'v')
  breakIt()
  assert.throws(() => store.get('k'), failed)
  await assert.rejects(waiting, failed)
})

test('a client over the network is disconnected, and the process goes on', async () => {
  const { store, breakIt } = breakable()
  const other = createStore()
  const { port } = await store.listen({ port: 0 })
  const socket = connect(port, '127.0.0.1')
  socket.write('PING\r\n')
  await once(socket, 'data')
  const stream = store.duplex()
  stream.write('PING\r\n')
  await once(stream, 'data')
  breakIt()
  stream.resume()
  socket.resume()
  socket.write('GET k\r\n')
  await Promise.all([once(socket, 'close'), once(stream, 'close')])
  assert.throws(() => store.get('k'), failed)
  assert.equal(other.set('k', 'v'), true)
  await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
  store.close()
  other.close()
})

test('a timer that fails ends the store', async () => {
  const { store } = breakable({ clock: 'virtual' })
  const { engine } = (store as any).host
  engine.timeEvents.add('broken', 50, () => {
    throw new Error('invariant broken')
  })
  assert.throws(() => store.time.advance(100), failed)

  const real = createStore()
  ;(real as any).host.engine.timeEvents.add('broken', 1, () => {
    throw new Error('invariant broken')
  })
  await delay(50)
  assert.throws(() => real.get('k'), failed)
})

test('what a listener of messages throws is the business of who caused the message', () => {
  const store = createStore()
  const monitor = store.connect()
  monitor.call('MONITOR')
  monitor.onPush = () => {
    throw new Error('of the program')
  }
  assert.throws(() => store.set('k', 'v'), /of the program/)
  monitor.onPush = undefined
  assert.equal(store.get('k'), 'v')
  store.close()
})
