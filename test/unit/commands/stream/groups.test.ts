/** Consumer groups: reading, acknowledging, claiming, and what is shown of them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, NOT_AN_INTEGER, type Row, runTable, SYNTAX } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'
import { validateStreams } from './check.js'

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value'
const BAD_ID = 'ERR Invalid stream ID specified as stream command argument'
const NO_KEY =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create ' +
  'an empty stream automatically.'
const NOW = 1_700_000_000_000

function noGroup(key: string, group: string): string {
  return `NOGROUP No such key '${key}' or consumer group '${group}'`
}

function subcommand(container: string, name: string): string {
  return `ERR unknown subcommand or wrong number of arguments for '${name}'. Try ${container} HELP.`
}

/** Three entries and a group. */
function fill(store: TestStore): void {
  store.send('SET', 'text', 'x')
  for (const id of ['1-0', '2-0', '3-0']) store.send('XADD', 's', id, 'f', id)
  store.send('XGROUP', 'CREATE', 's', 'g', '0')
}

function table(rows: readonly Row[]): void {
  runTable(rows, fill)
}

const entry = (id: string): unknown => [id, ['f', id]]

test('XGROUP makes and removes groups and consumers', () => {
  table([
    ['XGROUP CREATE nosuch g 0', NO_KEY],
    ['XGROUP CREATE nosuch g x MKSTREAM', BAD_ID],
    ['EXISTS nosuch', 0],
    ['XGROUP CREATE new g $ MKSTREAM', 'OK'],
    ['XLEN new', 0],
    ['XGROUP CREATE s g 0', 'BUSYGROUP Consumer Group name already exists'],
    ['XGROUP CREATE text g 0', WRONG_TYPE],
    ['XGROUP CREATE s h -', BAD_ID],
    ['XGROUP CREATE s h 0 ENTRIESREAD x', NOT_AN_INTEGER],
    ['XGROUP CREATE s h 0 ENTRIESREAD -2', 'ERR value for ENTRIESREAD must be positive or -1'],
    ['XGROUP CREATE s h 0 NOSUCH', subcommand('XGROUP', 'CREATE')],
    ['XGROUP CREATE s h 0 MKSTREAM MKSTREAM ENTRIESREAD 1', subcommand('XGROUP', 'CREATE')],
    ['XGROUP CREATE s h $ ENTRIESREAD 3', 'OK'],
    ['XGROUP SETID s nosuch 0', "NOGROUP No such consumer group 'nosuch' for key name 's'"],
    ['XGROUP SETID s h x', BAD_ID],
    ['XGROUP SETID s h - ENTRIESREAD', subcommand('XGROUP', 'SETID')],
    ['XGROUP SETID s h + ENTRIESREAD 9', 'OK'],
    ['XGROUP CREATECONSUMER s g alice', 1],
    ['XGROUP CREATECONSUMER s g alice', 0],
    ['XGROUP CREATECONSUMER nosuch g alice', NO_KEY],
    ['XGROUP DELCONSUMER s g nobody', 0],
    ['XGROUP DELCONSUMER s g alice', 0],
    ['XGROUP DESTROY s h', 1],
    ['XGROUP DESTROY s h', 0],
    ['XGROUP DESTROY nosuch h', NO_KEY],
    ['XGROUP DESTROY text h', WRONG_TYPE],
  ])
})

test('XREADGROUP delivers what is new once, and shows what is pending again', () => {
  const store = new TestStore()
  fill(store)
  const rows: readonly Row[] = [
    ['XREADGROUP GROUP g alice COUNT 2 STREAMS s >', [['s', [entry('1-0'), entry('2-0')]]]],
    ['XREADGROUP GROUP g bob STREAMS s >', [['s', [entry('3-0')]]]],
    ['XREADGROUP GROUP g bob STREAMS s >', null],
    ['XREADGROUP GROUP g alice STREAMS s 0', [['s', [entry('1-0'), entry('2-0')]]]],
    ['XREADGROUP GROUP g alice STREAMS s 1-0', [['s', [entry('2-0')]]]],
    ['XREADGROUP GROUP g carol STREAMS s 0', [['s', []]]],
    ['XDEL s 1-0', 1],
    ['XREADGROUP GROUP g alice COUNT 1 STREAMS s 0', [['s', [['1-0', null]]]]],
    ['XACK s g 1-0 3-0 9-9', 2],
    ['XACK s g 1-0', 0],
    ['XACK s g x', BAD_ID],
    ['XACK s nosuch x', 0],
    ['XACK nosuch g 1', 0],
    ['XACK text g 1', WRONG_TYPE],
    ['XPENDING s g', [1, '2-0', '2-0', [['alice', '1']]]],
    ['XREADGROUP GROUP nosuch alice STREAMS s >', `${noGroup('s', 'nosuch')} in XREADGROUP with GROUP option`],
    ['XREADGROUP GROUP g alice STREAMS nosuch >', `${noGroup('nosuch', 'g')} in XREADGROUP with GROUP option`],
    ['XREADGROUP GROUP g alice STREAMS text >', WRONG_TYPE],
    ['XREADGROUP COUNT 1 NOACK NOACK STREAMS s >', 'ERR Missing GROUP option for XREADGROUP'],
    ['XREADGROUP GROUP g alice COUNT 1 s >', SYNTAX],
    [
      'XREADGROUP GROUP g alice STREAMS s $',
      'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a ' +
        'proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
    ],
  ]
  for (const [request, reply] of rows) assert.deepEqual(ask(store.client, request), reply, request)
  validateStreams(store)
})

test('XPENDING entry by entry', () => {
  const store = new TestStore()
  fill(store)
  store.send('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '2', 'STREAMS', 's', '>')
  store.time.advance(500)
  store.send('XREADGROUP', 'GROUP', 'g', 'bob', 'STREAMS', 's', '>')
  const rows: readonly Row[] = [
    ['XPENDING s g', [3, '1-0', '3-0', [['alice', '2'], ['bob', '1']]]],
    ['XPENDING s g - + 10', [['1-0', 'alice', 500, 1], ['2-0', 'alice', 500, 1], ['3-0', 'bob', 0, 1]]],
    ['XPENDING s g IDLE 100 - + 10', [['1-0', 'alice', 500, 1], ['2-0', 'alice', 500, 1]]],
    ['XPENDING s g (1-0 + 10 alice', [['2-0', 'alice', 500, 1]]],
    ['XPENDING s g - + 1', [['1-0', 'alice', 500, 1]]],
    ['XPENDING s g - + 0', []],
    ['XPENDING s g - + -1', []],
    ['XPENDING s g - + 10 nobody', []],
    ['XPENDING s g - +', SYNTAX],
    ['XPENDING s g IDLE 1 - +', SYNTAX],
    ['XPENDING s g IDLE x - + 10', NOT_AN_INTEGER],
    ['XPENDING s g - + x', NOT_AN_INTEGER],
    ['XPENDING s g x + 10', BAD_ID],
    ['XPENDING s nosuch', noGroup('s', 'nosuch')],
    ['XPENDING nosuch g - + 10', noGroup('nosuch', 'g')],
    ['XPENDING text g', WRONG_TYPE],
  ] // prettier-ignore
  for (const [request, reply] of rows) assert.deepEqual(ask(store.client, request), reply, request)
})

test('XCLAIM changes hands, times and counts', () => {
  const store = new TestStore()
  fill(store)
  store.send('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '2', 'STREAMS', 's', '>')
  store.time.advance(1000)
  const rows: readonly Row[] = [
    ['XCLAIM s g bob 5000 1-0', []],
    ['XCLAIM s g bob 1000 1-0 9-9', [entry('1-0')]],
    ['XCLAIM s g bob 0 2-0 JUSTID', ['2-0']],
    ['XCLAIM s g bob 0 3-0', []],
    ['XCLAIM s g bob 0 3-0 FORCE JUSTID RETRYCOUNT 7 IDLE 300', ['3-0']],
    ['XPENDING s g - + 10', [['1-0', 'bob', 0, 2], ['2-0', 'bob', 0, 1], ['3-0', 'bob', 300, 7]]],
    ['XCLAIM s g bob 0 1-0 TIME 99999999999999 RETRYCOUNT 9223372036854775807 JUSTID', ['1-0']],
    ['XPENDING s g 1 1 1', [['1-0', 'bob', 0, 9223372036854775807n]]],
    ['XDEL s 2-0', 1],
    ['XCLAIM s g alice 0 2-0', []],
    ['XPENDING s g', [2, '1-0', '3-0', [['bob', '2']]]],
    ['XCLAIM s g bob x 1-0', 'ERR Invalid min-idle-time argument for XCLAIM'],
    ['XCLAIM s g bob 0 1-0 IDLE x', 'ERR Invalid IDLE option argument for XCLAIM'],
    ['XCLAIM s g bob 0 1-0 TIME x', 'ERR Invalid TIME option argument for XCLAIM'],
    ['XCLAIM s g bob 0 1-0 RETRYCOUNT x', 'ERR Invalid RETRYCOUNT option argument for XCLAIM'],
    ['XCLAIM s g bob 0 1-0 NOSUCH', "ERR Unrecognized XCLAIM option 'NOSUCH'"],
    ['XCLAIM s g bob 0 1-0 LASTID x', BAD_ID],
    ['XCLAIM s nosuch bob 0 1-0', noGroup('s', 'nosuch')],
    ['XCLAIM text g bob 0 1-0', WRONG_TYPE],
  ] // prettier-ignore
  for (const [request, reply] of rows) {
    const got = ask(store.client, request)
    assert.deepEqual(
      typeof reply === 'object' ? normal(got) : got,
      typeof reply === 'object' ? normal(reply) : reply,
      request,
    )
  }
  validateStreams(store)
})

/** Large integers as one kind of number. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  return typeof value === 'number' || typeof value === 'bigint' ? String(BigInt.asIntN(64, BigInt(value))) : value
}

test('XAUTOCLAIM walks over what is pending', () => {
  const store = new TestStore()
  fill(store)
  store.send('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '>')
  store.time.advance(1000)
  store.send('XDEL', 's', '2-0')
  const rows: readonly Row[] = [
    ['XAUTOCLAIM s g bob 2000 -', ['0-0', [], ['2-0']]],
    ['XAUTOCLAIM s g bob 1000 - COUNT 1', ['3-0', [entry('1-0')], []]],
    ['XAUTOCLAIM s g bob 1000 3-0 JUSTID', ['0-0', ['3-0'], []]],
    ['XPENDING s g - + 10', [['1-0', 'bob', 0, 2], ['3-0', 'bob', 0, 1]]],
    ['XAUTOCLAIM s g bob 0 (3-0', ['0-0', [], []]],
    ['XAUTOCLAIM s g bob x -', 'ERR Invalid min-idle-time argument for XAUTOCLAIM'],
    ['XAUTOCLAIM s g bob 0 x', BAD_ID],
    ['XAUTOCLAIM s g bob 0 - COUNT 0', 'ERR COUNT must be > 0'],
    ['XAUTOCLAIM s g bob 0 - COUNT 576460752303423488', 'ERR COUNT must be > 0'],
    ['XAUTOCLAIM s g bob 0 - COUNT 576460752303423487',
      'ERR Insufficient memory, failed allocating transient memory, COUNT too high.'],
    ['XAUTOCLAIM s g bob 0 - NOSUCH', SYNTAX],
    ['XAUTOCLAIM nosuch g bob 0 -', noGroup('nosuch', 'g')],
    ['XAUTOCLAIM text g bob 0 -', WRONG_TYPE],
  ] // prettier-ignore
  for (const [request, reply] of rows) assert.deepEqual(ask(store.client, request), reply, request)
  validateStreams(store)
})

test('XINFO shows groups and consumers, entries read and lag', () => {
  const store = new TestStore()
  fill(store)
  store.send('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '2', 'STREAMS', 's', '>')
  store.time.advance(100)
  assert.deepEqual(store.send('XINFO', 'GROUPS', 's'), [
    ['name', 'g', 'consumers', 1, 'pending', 2, 'last-delivered-id', '2-0', 'entries-read', 2, 'lag', 1],
  ])
  assert.deepEqual(store.send('XINFO', 'CONSUMERS', 's', 'g'), [
    ['name', 'alice', 'pending', 2, 'idle', 100, 'inactive', 100],
  ])
  store.send('XDEL', 's', '3-0')
  const full = store.send('XINFO', 'STREAM', 's', 'FULL', 'COUNT', '1') as unknown[]
  assert.deepEqual(full.slice(14, 16), ['entries', [entry('1-0')]])
  assert.deepEqual(full.slice(16), [
    'groups',
    [
      [
        'name', 'g', 'last-delivered-id', '2-0', 'entries-read', 2, 'lag', null, 'pel-count', 2,
        'pending', [['1-0', 'alice', NOW, 1]],
        'consumers', [['name', 'alice', 'seen-time', NOW, 'active-time', NOW, 'pel-count', 2, 'pending', [['1-0', NOW, 1]]]],
      ],
    ],
  ]) // prettier-ignore
  assert.equal(
    ask(store.client, 'XINFO CONSUMERS s nosuch'),
    "NOGROUP No such consumer group 'nosuch' for key name 's'",
  )
  assert.equal(ask(store.client, 'XINFO GROUPS nosuch'), 'ERR no such key')
})

test('effects say what became of entries and groups', () => {
  const store = new TestStore()
  fill(store)
  const effects = store.recordEffects()
  const events = store.recordEvents()
  const claim = (consumer: string, id: string, count: number, last: string): string =>
    `0: XCLAIM s g ${consumer} 0 ${id} TIME ${NOW} RETRYCOUNT ${count} FORCE JUSTID LASTID ${last}`
  const told = (request: string): string[] => {
    ask(store.client, request)
    return effects.splice(0)
  }
  assert.deepEqual(told('XREADGROUP GROUP g alice COUNT 2 STREAMS s >'), [
    '[',
    claim('alice', '1-0', 1, '1-0'),
    claim('alice', '2-0', 1, '2-0'),
    ']',
  ])
  assert.deepEqual(told('XREADGROUP GROUP g alice STREAMS s 0'), [])
  assert.deepEqual(told('XREADGROUP GROUP g bob NOACK STREAMS s >'), [
    '[',
    '0: XGROUP CREATECONSUMER s g bob',
    '0: XGROUP SETID s g 3-0 ENTRIESREAD 3',
    ']',
  ])
  assert.deepEqual(told('XREADGROUP GROUP g carol STREAMS s >'), [])
  assert.deepEqual(told('XCLAIM s g bob 0 1'), [claim('bob', '1', 3, '3-0')])
  assert.deepEqual(told('XCLAIM s g bob 0 9-9 LASTID 5-0'), ['0: XGROUP SETID s g 5-0 ENTRIESREAD 3'])
  assert.deepEqual(told('XAUTOCLAIM s g bob 0 2-0 JUSTID'), [claim('bob', '2-0', 2, '5-0')])
  assert.deepEqual(told('XACK s g 1-0'), ['0: XACK s g 1-0'])
  assert.deepEqual(told('XGROUP DESTROY s g'), ['0: XGROUP DESTROY s g'])
  assert.deepEqual(events, [
    'xgroup-createconsumer s@0',
    'xgroup-createconsumer s@0',
    'xgroup-createconsumer s@0',
    'xgroup-destroy s@0',
  ])
})

test('what groups note does not concern those who watch the key', () => {
  const store = new TestStore()
  fill(store)
  const spoils = (request: string): boolean => {
    const other = store.connect()
    store.send('WATCH', 's')
    ask(other, request)
    store.send('MULTI')
    return store.send('EXEC') === null
  }
  assert.equal(spoils('XREADGROUP GROUP g c STREAMS s >'), false)
  assert.equal(spoils('XACK s g 1-0'), false)
  assert.equal(spoils('XDEL s 9-9'), false)
  assert.equal(spoils('XTRIM s MAXLEN 100'), false)
  assert.equal(spoils('XDEL s 1-0'), true)
  assert.equal(spoils('XADD s * f v'), true)
  assert.equal(spoils('XTRIM s MAXLEN 1'), true)
})

test('a large group is destroyed in the background', () => {
  const store = new TestStore()
  store.send('XGROUP', 'CREATE', 's', 'g', '0', 'MKSTREAM')
  for (let i = 1; i <= 500; i++) store.send('XADD', 's', `${i}-0`, 'f', 'v')
  store.send('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '>')
  store.send('XREADGROUP', 'GROUP', 'g', 'bob', 'STREAMS', 's', '>')
  validateStreams(store)
  assert.equal(store.send('XGROUP', 'DESTROY', 's', 'g'), 1)
  store.time.advance(1000)
  assert.deepEqual(store.send('XINFO', 'GROUPS', 's'), [])
  validateStreams(store)
})
