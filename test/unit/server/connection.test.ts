import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Gate } from '../../../src/engine/client.js'
import { CHUNK_BYTES } from '../../../src/protocol/chunk-pool.js'
import { FakeLink, LinkedStore, request } from './fake-link.js'

const MB = 1024 * 1024

describe('a connection', () => {
  test('runs requests in whatever pieces they come', () => {
    const store = new LinkedStore()
    const link = store.accept()
    const bytes = `${request('SET', 'k', 'v')}${request('GET', 'k')}PING\r\n`
    link.send(bytes)
    assert.equal(link.taken(), '+OK\r\n$1\r\nv\r\n+PONG\r\n')
    for (const byte of bytes) link.send(byte)
    assert.equal(link.taken(), '+OK\r\n$1\r\nv\r\n+PONG\r\n')
    assert.equal(store.store.chunkPool.takenBytes, 0)
    assert.equal(store.connections.requestPool.takenBytes, 0)
  })

  test('sends the replies to one read together, before the turn ends unless something is to be made durable', () => {
    const store = new LinkedStore()
    const link = store.accept()
    store.store.beforeReplies = () => {}
    link.send('PING\r\nPING\r\n')
    assert.equal(link.taken(), '')
    store.turn()
    assert.equal(link.taken(), '+PONG\r\n+PONG\r\n')
    store.store.beforeReplies = undefined
    link.send('PING\r\n')
    assert.equal(link.taken(), '+PONG\r\n')
  })

  test('ends by QUIT, after its reply and before what follows', () => {
    const store = new LinkedStore()
    const link = store.accept()
    link.send('PING\r\nQUIT\r\nSET k v\r\n')
    assert.equal(link.taken(), '+PONG\r\n+OK\r\n')
    assert.ok(link.hasEnded)
    link.send('SET k v\r\n')
    assert.equal(store.send('GET', 'k'), null)
    assert.equal(store.connections.count, 0)
    assert.equal(store.store.clients.count, 0)
  })

  test('waits for a slow reader before it closes after QUIT', () => {
    const store = new LinkedStore()
    const link = store.accept()
    link.takesWrites = false
    link.send('PING\r\n')
    link.send('QUIT\r\n')
    assert.ok(!link.hasEnded)
    link.drain()
    assert.equal(link.taken(), '+PONG\r\n+OK\r\n')
    assert.ok(link.hasEnded)
  })

  test('answers a protocol error and closes', () => {
    const store = new LinkedStore()
    const link = store.accept()
    link.send('PING\r\n*1\r\nfoo\r\nPING\r\n')
    assert.equal(link.taken(), "+PONG\r\n-ERR Protocol error: expected '$', got 'f'\r\n")
    assert.ok(link.hasEnded)
    assert.match(store.logged.at(-1)!.message, /^Protocol error \(.*\) from client: id=2 addr=127\.0\.0\.1:50000 /)
  })

  test('runs what came before the end of input, then closes', () => {
    const store = new LinkedStore()
    const link = store.accept()
    link.send(`${request('SET', 'k', 'v')}*2\r\n$3\r\nGET`)
    link.endInput()
    store.turn()
    assert.equal(link.taken(), '+OK\r\n')
    assert.ok(link.hasEnded)
    assert.equal(store.connections.count, 0)
    assert.equal(store.connections.requestPool.takenBytes, 0)
  })

  test('sends what is pending at the end of input, though not to a peer that never reads', () => {
    const store = new LinkedStore()
    const patient = store.accept()
    patient.takesWrites = false
    patient.send('PING\r\n')
    patient.endInput()
    assert.ok(!patient.hasEnded)
    patient.drain()
    assert.equal(patient.taken(), '+PONG\r\n')
    assert.ok(patient.hasEnded)

    const deaf = store.accept()
    deaf.takesWrites = false
    deaf.send('PING\r\n')
    deaf.endInput()
    store.time.advance(12_500)
    assert.ok(deaf.isDestroyed)
    assert.equal(store.connections.count, 0)
  })

  test('closes at the end of input at once while its client waits, dropping what has not run', () => {
    const store = new LinkedStore()
    const link = store.accept()
    store.send('CLIENT', 'PAUSE', '100000', 'WRITE')
    link.send('SET k v\r\nSET k w\r\n')
    link.endInput()
    assert.ok(link.isDestroyed)
    store.send('CLIENT', 'UNPAUSE')
    store.turn()
    assert.equal(store.send('GET', 'k'), null)
    assert.equal(store.store.pause.waitingCount, 0)
  })

  test('forgets a peer that vanishes, whatever state it is in', () => {
    const store = new LinkedStore()
    const link = store.accept()
    link.send('WATCH a\r\nMULTI\r\nSET a b\r\nMONITOR\r\n*2\r\n$3\r\nGET\r\n$5\r\nhal')
    link.takesWrites = false
    link.send('lf')
    link.vanish()
    link.vanish()
    assert.equal(store.connections.count, 0)
    assert.equal(store.store.watches.size, 0)
    assert.equal(store.connections.requestPool.takenBytes, 0)
    assert.equal(store.store.chunkPool.takenBytes, 0)
  })

  test('cuts off a peer that speaks HTTP, without an answer', () => {
    const store = new LinkedStore()
    for (const line of ['POST / HTTP/1.1', 'host: localhost:6379']) {
      const link = store.accept()
      link.send(`${line}\r\nSET k v\r\n`)
      store.turn()
      assert.equal(link.taken(), '')
      assert.ok(link.isDestroyed)
    }
    assert.equal(store.send('GET', 'k'), null)
    assert.equal(store.logged.filter(({ message }) => message.startsWith('Possible SECURITY ATTACK')).length, 1)
  })
})

describe('killing', () => {
  test('another connection takes effect at once', () => {
    const store = new LinkedStore()
    const victim = store.accept()
    const { id } = store.connection!.client
    const killer = store.accept()
    killer.send(`CLIENT KILL ID ${id}\r\nCLIENT LIST ID ${id}\r\n`)
    assert.equal(killer.taken(), ':1\r\n$0\r\n\r\n')
    assert.ok(victim.isDestroyed)
    assert.ok(!killer.hasEnded)
  })

  test('its own connection lets the reply out, and nothing after it', () => {
    const store = new LinkedStore()
    const link = store.accept()
    link.send('CLIENT KILL 127.0.0.1:50000\r\nPING\r\n')
    assert.equal(link.taken(), '+OK\r\n')
    assert.ok(link.hasEnded)
  })

  test('a connection with output pending drops that', () => {
    const store = new LinkedStore()
    const victim = store.accept()
    victim.takesWrites = false
    victim.send('PING\r\n')
    assert.equal(store.send('CLIENT', 'KILL', 'LADDR', '127.0.0.1:6379'), 1)
    assert.ok(victim.isDestroyed)
    assert.equal(store.store.chunkPool.takenBytes, 0)
  })
})

describe('limits', () => {
  test('on the number of clients turn a peer away with the reason', () => {
    const store = new LinkedStore({ maxclients: '1' })
    store.accept()
    const second = store.accept()
    assert.equal(second.taken(), '-ERR max number of clients reached\r\n')
    assert.ok(second.hasEnded)
    second.send('PING\r\n')
    second.endInput()
    second.vanish()
    assert.equal(second.taken(), '')
    assert.equal(store.connections.count, 1)
  })

  test('protected mode turns strangers away until there is a password', () => {
    const store = new LinkedStore()
    const stranger = store.accept(new FakeLink('192.0.2.1'))
    assert.match(stranger.taken(), /^-DENIED Redis is running in protected mode/)
    assert.ok(stranger.hasEnded)
    store.send('CONFIG', 'SET', 'requirepass', 'secret')
    const guest = store.accept(new FakeLink('192.0.2.1'))
    guest.send('PING\r\nAUTH secret\r\nPING\r\n')
    assert.equal(guest.taken(), '-NOAUTH Authentication required.\r\n+OK\r\n+PONG\r\n')
    store.send('CONFIG', 'SET', 'requirepass', '')
    store.send('CONFIG', 'SET', 'protected-mode', 'no')
    const free = store.accept(new FakeLink('192.0.2.1'))
    free.send('PING\r\n')
    assert.equal(free.taken(), '+PONG\r\n')
  })

  test('on requests before logging in are strict', () => {
    const store = new LinkedStore({ requirepass: 'secret' })
    const many = store.accept()
    many.send('*100\r\n')
    assert.match(many.taken(), /unauthenticated multibulk length/)
    const long = store.accept()
    long.send('*1\r\n$100000000\r\n')
    assert.match(long.taken(), /unauthenticated bulk length/)
    const known = store.accept()
    known.send('AUTH secret\r\n*100\r\n')
    assert.equal(known.taken(), '+OK\r\n')
  })

  test('on the query buffer close without a reply', () => {
    const store = new LinkedStore({ 'client-query-buffer-limit': '1mb' })
    const link = store.accept()
    link.send(`*2\r\n$4\r\nECHO\r\n$${3 * MB}\r\n`)
    for (let i = 0; i < 3 && !link.isDestroyed; i++) {
      link.send('x'.repeat(MB / 2))
      store.turn()
    }
    assert.ok(link.isDestroyed)
    assert.equal(link.taken(), '')
    assert.equal(store.connections.requestPool.takenBytes, 0)
    assert.match(store.logged.at(-1)!.message, /^Closing client that reached max query buffer length: id=/)
  })

  test('on the query buffer hold for clients that wait', () => {
    const store = new LinkedStore({ 'client-query-buffer-limit': '1mb' })
    const link = store.accept()
    store.send('CLIENT', 'PAUSE', '100000', 'WRITE')
    link.send('SET k v\r\n')
    for (let i = 0; i < 3; i++) link.send('PING\r\n'.repeat(100_000))
    store.turn()
    assert.ok(link.isDestroyed)
  })

  test('change for connections that are there', () => {
    const store = new LinkedStore()
    const link = store.accept()
    store.send('CONFIG', 'SET', 'proto-max-bulk-len', '1mb')
    link.send(`*2\r\n$4\r\nECHO\r\n$${2 * MB}\r\n`)
    assert.match(link.taken(), /invalid bulk length/)
  })

  test('on output close a client without any of the reply that is too long', () => {
    const store = new LinkedStore({ 'client-output-buffer-limit': 'normal 100000 0 0' })
    store.send('SET', 'k', 'x'.repeat(150_000))
    const link = store.accept()
    link.send('PING\r\n')
    assert.equal(link.taken(), '+PONG\r\n')
    link.send('PING\r\nGET k\r\nSET after 1\r\n')
    assert.equal(link.taken(), '')
    store.turn()
    assert.ok(link.isDestroyed)
    assert.equal(store.send('GET', 'after'), null)
    assert.equal(store.store.chunkPool.takenBytes, 0)
    assert.match(
      store.logged.at(-1)!.message,
      /^Client id=.* scheduled to be closed ASAP for overcoming of output buffer/,
    )
  })

  test('on output count what one read leads to, as reads of the reference would', () => {
    const store = new LinkedStore({ 'client-output-buffer-limit': 'normal 100000 0 0' })
    store.send('SET', 'k', 'x'.repeat(1000))
    const fast = store.accept()
    // 20 KB of requests lead to 2 MB of replies; the reference would have written in between.
    fast.send(`${' '.repeat(400)}GET k\r\n`.repeat(50))
    assert.equal(fast.taken().length, 50 * 1009)
    const greedy = store.accept()
    greedy.send('GET k\r\n'.repeat(200))
    store.turn()
    assert.equal(greedy.taken(), '')
    assert.ok(greedy.isDestroyed)
  })

  test('on output let a transaction run to its end', () => {
    const store = new LinkedStore({ 'client-output-buffer-limit': 'normal 100000 0 0' })
    store.send('SET', 'k', 'x'.repeat(150_000))
    const link = store.accept()
    link.send('MULTI\r\nGET k\r\nSET after 1\r\nEXEC\r\n')
    store.turn()
    assert.ok(link.isDestroyed)
    assert.equal(store.send('GET', 'after'), '1')
  })

  test('on output for a while close when that time is over, without further traffic', () => {
    const store = new LinkedStore({ 'client-output-buffer-limit': 'normal 0 100000 3' })
    store.send('SET', 'k', 'x'.repeat(50_000))
    const link = store.accept()
    link.takesWrites = false
    link.send('GET k\r\n'.repeat(4))
    store.time.advance(2_500)
    assert.ok(!link.isDestroyed)
    store.time.advance(2_500)
    assert.ok(link.isDestroyed)
  })

  test('on output for a while start anew when the peer catches up', () => {
    const store = new LinkedStore({ 'client-output-buffer-limit': 'normal 0 100000 3' })
    store.send('SET', 'k', 'x'.repeat(50_000))
    const link = store.accept()
    link.takesWrites = false
    link.send('GET k\r\n'.repeat(4))
    store.time.advance(2_500)
    link.drain()
    store.time.advance(1_500)
    link.takesWrites = false
    link.send('GET k\r\n'.repeat(4))
    store.time.advance(2_500)
    assert.ok(!link.isDestroyed)
  })
})

describe('a peer that reads too slowly', () => {
  test('gets its replies in part before the rest of a read has run', () => {
    const store = new LinkedStore()
    store.send('SET', 'k', 'x'.repeat(MB))
    const link = store.accept()
    link.send('GET k\r\n'.repeat(3))
    assert.equal(link.taken().length, 3 * (MB + 12))
  })

  test('has its requests wait, and is not read when they are many', () => {
    const store = new LinkedStore({ 'client-query-buffer-limit': '4mb' })
    store.send('SET', 'k', 'x'.repeat(8 * MB))
    const link = store.accept()
    link.takesWrites = false
    link.send(`${'GET k\r\n'.repeat(10)}INCR n\r\n`)
    assert.equal(store.send('GET', 'n'), null)
    assert.ok(!link.isPaused)
    const filler = 'INCR n\r\n'.repeat(50_000)
    for (let i = 0; i < 6; i++) link.send(filler)
    assert.ok(link.isPaused)
    assert.ok(!link.isDestroyed)
    store.turn()
    link.drain()
    assert.ok(!link.isPaused)
    assert.equal(store.send('GET', 'n'), '300001')
    assert.equal(
      link.taken().length,
      10 * (8 * MB + 12) + [...Array(300_001).keys()].reduce((sum, i) => sum + String(i + 1).length + 3, 0),
    )
  })

  test('and has ended its input still gets all of them', () => {
    const store = new LinkedStore()
    store.send('SET', 'k', 'x'.repeat(8 * MB))
    const link = store.accept()
    link.takesWrites = false
    link.send(`${'GET k\r\n'.repeat(10)}SET done 1\r\n`)
    link.endInput()
    assert.ok(!link.hasEnded)
    link.drain()
    store.turn()
    assert.equal(store.send('GET', 'done'), '1')
    assert.ok(link.hasEnded)
    assert.ok(link.taken().endsWith('+OK\r\n'))
  })
})

describe('a pause', () => {
  test('puts a command back and runs it, and what came after it, when it ends', () => {
    const store = new LinkedStore()
    const link = store.accept()
    store.send('CLIENT', 'PAUSE', '100', 'WRITE')
    link.send('GET k\r\nSET k v\r\nGET k\r\nSET k')
    assert.equal(link.taken(), '$-1\r\n')
    assert.equal(store.fields()['flags'], 'b')
    link.send(' w\r\n')
    assert.equal(link.taken(), '')
    store.time.advance(101)
    assert.equal(link.taken(), '+OK\r\n$1\r\nv\r\n+OK\r\n')
    assert.equal(store.send('GET', 'k'), 'w')
    assert.equal(store.fields()['flags'], 'N')
  })

  test('lets clients go on in the order they came, after the command that ends it', () => {
    const store = new LinkedStore()
    const links = [store.accept(), store.accept(), store.accept()]
    store.send('CLIENT', 'PAUSE', '100000', 'WRITE')
    for (const [i, link] of links.entries()) link.send(`APPEND k ${i}\r\n`)
    const other = store.accept()
    other.send('CLIENT UNPAUSE\r\nGET k\r\n')
    assert.equal(other.taken(), '+OK\r\n$-1\r\n')
    store.turn()
    assert.equal(store.send('GET', 'k'), '012')
  })

  test('keeps the stricter mode and the later end of two', () => {
    const store = new LinkedStore()
    const link = store.accept()
    store.send('CLIENT', 'PAUSE', '200', 'ALL')
    const self = store.accept()
    self.send('CLIENT PAUSE 20 WRITE\r\n')
    link.send('PING\r\n')
    store.time.advance(150)
    assert.equal(link.taken(), '')
    store.time.advance(60)
    assert.equal(link.taken(), '+PONG\r\n')
  })

  test('for WRITE holds back transactions that write, and no others', () => {
    const store = new LinkedStore()
    const reader = store.accept()
    const writer = store.accept()
    writer.send('MULTI\r\nSET k v\r\n')
    assert.equal(writer.taken(), '+OK\r\n+QUEUED\r\n')
    store.send('CLIENT', 'PAUSE', '100000', 'WRITE')
    reader.send('MULTI\r\nGET k\r\nEXEC\r\n')
    assert.equal(reader.taken(), '+OK\r\n+QUEUED\r\n*1\r\n$-1\r\n')
    writer.send('EXEC\r\n')
    assert.equal(writer.taken(), '')
    store.send('CLIENT', 'UNPAUSE')
    store.turn()
    assert.equal(writer.taken(), '*1\r\n+OK\r\n')
  })

  test('of 0 ms is none', () => {
    const store = new LinkedStore()
    assert.equal(store.send('CLIENT', 'PAUSE', '0'), 'OK')
    assert.equal(store.send('PING'), 'PONG')
    assert.ok(!store.store.pause.isActive)
  })
})

describe('idle connections', () => {
  test('are closed after timeout, unless they wait for something', () => {
    const store = new LinkedStore({ timeout: '10' })
    const idle = store.accept()
    const listening = store.accept()
    listening.send('MONITOR\r\n')
    const subscribed = store.accept()
    store.connection!.client.gate |= Gate.subscribed
    const waiting = store.accept()
    store.connection!.client.gate |= Gate.blocked
    const busy = store.accept()
    for (let i = 0; i < 4; i++) {
      store.time.advance(5_000)
      busy.send('PING\r\n')
    }
    assert.deepEqual(
      [idle, listening, subscribed, waiting, busy].map((link) => link.isDestroyed),
      [true, false, false, false, false],
    )
  })

  test('hold no buffers, however many they are', () => {
    const store = new LinkedStore()
    for (let i = 0; i < 1000; i++) store.accept(new FakeLink('127.0.0.1', i)).send('PING\r\n')
    assert.equal(store.connections.requestPool.takenBytes, 0)
    assert.equal(store.store.chunkPool.takenBytes, 0)
    store.time.advance(10_000)
    assert.equal(store.connections.count, 1000)
  })

  test('are all looked after within about a second', () => {
    const store = new LinkedStore({ timeout: '1' })
    for (let i = 0; i < 2000; i++) store.accept(new FakeLink('127.0.0.1', i))
    store.time.advance(2_000)
    const { count } = store.connections
    store.time.advance(1_000)
    assert.ok(store.connections.count < count * 0.4)
    store.time.advance(20_000)
    assert.equal(store.connections.count, 0)
  })

  test('are not looked after while DEBUG has stopped that', () => {
    const store = new LinkedStore({ timeout: '1' })
    store.accept()
    store.store.isCronPaused = true
    store.time.advance(10_000)
    assert.equal(store.connections.count, 1)
    store.store.isCronPaused = false
    store.time.advance(2_000)
    assert.equal(store.connections.count, 0)
  })
})

describe('the sizes of buffers that CLIENT LIST shows', () => {
  test('of queries: what was read, what is free, and nothing when idle', () => {
    const store = new LinkedStore()
    const link = store.accept()
    link.send(request('client', 'list'))
    assert.match(link.taken(), / qbuf=26 qbuf-free=16358 argv-mem=10 /)
    assert.equal(store.fields()['qbuf'], '0')
    assert.equal(store.fields()['qbuf-free'], '16384')
    store.time.advance(5_000)
    assert.equal(store.fields()['qbuf-free'], '0')
  })

  test('of queries: the whole of a long argument as soon as its length is known, until the client is idle', () => {
    const store = new LinkedStore()
    const link = store.accept()
    link.send('*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1000000\r\n')
    const size = (): number => Number(store.fields()['qbuf']) + Number(store.fields()['qbuf-free'])
    assert.ok(size() >= 1_000_000)
    store.time.advance(5_000)
    assert.ok(size() < 1_000_000)
    link.send(`${'x'.repeat(1_000_000)}\r\n`)
    assert.equal(link.taken(), '+OK\r\n')
  })

  test('of queries: shrunk to what was needed lately, for a client that is active', () => {
    const store = new LinkedStore()
    const link = store.accept()
    const size = (): number => Number(store.fields()['qbuf']) + Number(store.fields()['qbuf-free'])
    store.store.isCronPaused = true
    link.send(request('SET', 'x', 'A'.repeat(400_000)))
    assert.ok(size() > 32768)
    store.store.isCronPaused = false
    for (let i = 0; i < 20; i++) {
      link.send(request('SET', 'x', 'A'.repeat(100)))
      store.time.advance(100)
    }
    assert.ok(size() > 0 && size() <= 16384)
  })

  test('of replies: smaller for idle clients, larger for those with long replies', () => {
    const store = new LinkedStore()
    store.send('SET', 'k', 'x'.repeat(32768))
    const link = store.accept()
    assert.equal(store.fields()['rbs'], '16384')
    link.send('PING\r\n')
    store.time.advance(15_000)
    assert.equal(store.fields()['rbs'], '1024')
    for (let i = 0; i < 10; i++) {
      link.send('GET k\r\n')
      store.time.advance(100)
    }
    assert.equal(store.fields()['rbs'], '16384')
    store.store.clients.resizesReplyBuffers = false
    store.time.advance(60_000)
    assert.equal(store.fields()['rbs'], '16384')
  })

  test('of output: nothing when it is sent, and what waits when it is not', () => {
    const store = new LinkedStore()
    store.send('SET', 'k', 'x'.repeat(100_000))
    const link = store.accept()
    link.send('GET k\r\n')
    assert.deepEqual(output(store), { events: 'r', obl: '0', oll: '0', omem: '0' })
    link.takesWrites = false
    link.send('GET k\r\nPING\r\n')
    const { events, obl, omem } = output(store)
    assert.equal(events, 'rw')
    assert.ok(Number(obl) > 0)
    assert.ok(Number(omem) >= 100_000 - CHUNK_BYTES)
    link.drain()
    assert.deepEqual(output(store), { events: 'r', obl: '0', oll: '0', omem: '0' })
  })
})

function output(store: LinkedStore): Record<string, string | undefined> {
  const { events, obl, oll, omem } = store.fields()
  return { events, obl, oll, omem }
}
