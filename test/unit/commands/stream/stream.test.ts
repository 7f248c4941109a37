/** Streams by themselves: adding, reading, deleting and trimming. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, NOT_AN_INTEGER, type Row, runTable, SYNTAX, wrongArity } from '../../../support/request-table.js'
import { ReplyError } from '../../../../src/protocol/reply-decoder.js'
import { TestStore } from '../../../support/test-store.js'
import { validateStreams } from './check.js'

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value'
const BAD_ID = 'ERR Invalid stream ID specified as stream command argument'
const TOO_SMALL = 'ERR The ID specified in XADD is equal or smaller than the target stream top item'

function table(rows: readonly Row[]): void {
  runTable(rows, (store) => store.send('SET', 'text', 'x'))
}

/** Where `~` stands for itself. */
function askPlainly(store: TestStore, request: string): unknown {
  const reply = store.send(...request.split(' '))
  return reply instanceof ReplyError ? reply.message : reply
}

test('XADD gives ids and refuses those that do not grow', () => {
  table([
    ['XADD s * a 1', '1700000000000-0'],
    ['XADD s * a 2', '1700000000000-1'],
    ['XADD s 1700000000000-5 a 3', '1700000000000-5'],
    ['XADD s 1700000000000-* a 4', '1700000000000-6'],
    ['XADD s 1700000000001-* a 5', '1700000000001-0'],
    ['XADD s * a 6', '1700000000001-1'],
    ['XADD s 1700000000001-1 a 7', TOO_SMALL],
    ['XADD s 5 a 7', TOO_SMALL],
    ['XADD s 5-* a 7', TOO_SMALL],
    ['XADD s 0-0 a 7', 'ERR The ID specified in XADD must be greater than 0-0'],
    ['XADD t 0-* a 1', '0-1'],
    ['XADD t 18446744073709551615-18446744073709551614 a 1', '18446744073709551615-18446744073709551614'],
    ['XADD t 18446744073709551615-* a 1', '18446744073709551615-18446744073709551615'],
    ['XADD t * a 1', 'ERR The stream has exhausted the last possible ID, unable to add more items'],
    ['XADD u 3-18446744073709551615 a 1', '3-18446744073709551615'],
    ['XADD u 3-* a 1', TOO_SMALL],
    ['XLEN s', 6],
    ['XLEN nosuch', 0],
    ['XLEN text', WRONG_TYPE],
    ['TYPE s', 'stream'],
    ['OBJECT ENCODING s', 'stream'],
  ])
})

test('XADD reads its arguments before anything else', () => {
  table([
    ['XADD text * a', wrongArity('xadd')],
    ['XADD s * a 1 b', wrongArity('xadd')],
    ['XADD text x a 1', BAD_ID],
    ['XADD s + a 1', BAD_ID],
    ['XADD s 1-1-1 a 1', BAD_ID],
    ['XADD s 18446744073709551616-0 a 1', BAD_ID],
    ['XADD text * a 1', WRONG_TYPE],
    ['XADD s NOMKSTREAM * a 1', null],
    ['XADD s MAXLEN x * a 1', NOT_AN_INTEGER],
    ['XADD s MAXLEN -1 * a 1', 'ERR The MAXLEN argument must be >= 0.'],
    ['XADD s MAXLEN 1 MINID 1 * a 1', 'ERR syntax error, MAXLEN and MINID options at the same time are not compatible'],
    ['XADD s LIMIT -1 MAXLEN 1 * a 1', 'ERR The LIMIT argument must be >= 0.'],
    ['XADD s LIMIT 1 * a 1', 'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy'],
    ['XADD s MAXLEN = 1 LIMIT 1 * a 1', 'ERR syntax error, LIMIT cannot be used without the special ~ option'],
    ['EXISTS s', 0],
    ['XADD s MAXLEN 1 1-1 a 1', '1-1'],
    ['XADD s MAXLEN = 1 2-1 a 1', '2-1'],
    ['XRANGE s - +', [['2-1', ['a', '1']]]],
    ['XADD s MINID 9 3-1 a 1', '3-1'],
    ['XLEN s', 0],
    ['EXISTS s', 1],
  ])
})

test('XRANGE and XREVRANGE between bounds', () => {
  const entry = (id: string): unknown => [id, ['f', id]]
  table([
    ...['1-1', '1-2', '3-0', '4-7'].map((id): Row => [`XADD s ${id} f ${id}`, id]),
    ['XRANGE s - +', ['1-1', '1-2', '3-0', '4-7'].map(entry)],
    ['XRANGE s 1 3', ['1-1', '1-2', '3-0'].map(entry)],
    ['XRANGE s (1-1 (4-7', ['1-2', '3-0'].map(entry)],
    ['XRANGE s 2 + COUNT 1', ['3-0'].map(entry)],
    ['XREVRANGE s + - COUNT 2', ['4-7', '3-0'].map(entry)],
    ['XREVRANGE s (4-7 1-2', ['3-0', '1-2'].map(entry)],
    ['XREVRANGE s 2 -', ['1-2', '1-1'].map(entry)],
    ['XRANGE s 5 +', []],
    ['XRANGE s - + COUNT 0', null],
    ['XRANGE s - + COUNT -5', null],
    ['XRANGE s - + COUNT x', NOT_AN_INTEGER],
    ['XRANGE s - + COUNT', SYNTAX],
    ['XRANGE s x +', BAD_ID],
    ['XRANGE s (- +', BAD_ID],
    ['XRANGE s (18446744073709551615-18446744073709551615 +', 'ERR invalid start ID for the interval'],
    ['XRANGE s - (0-0', 'ERR invalid end ID for the interval'],
    ['XRANGE nosuch - +', []],
    ['XRANGE nosuch - + COUNT 0', []],
    ['XRANGE text - +', WRONG_TYPE],
  ])
})

test('XDEL leaves what is around, and the last id', () => {
  table([
    ...['1-1', '2-1', '3-1', '4-1'].map((id): Row => [`XADD s ${id} f v`, id]),
    ['XDEL s 2-1 9-9 2-1', 1],
    ['XDEL s 1-1 4-1 x', BAD_ID],
    ['XLEN s', 3],
    ['XDEL s 1-1 4-1', 2],
    ['XRANGE s - +', [['3-1', ['f', 'v']]]],
    ['XADD s 4-1 f v', TOO_SMALL],
    ['XDEL s 3-1', 1],
    ['EXISTS s', 1],
    ['XREAD STREAMS s 0', null],
    ['XDEL nosuch 1', 0],
    ['XDEL text 1', WRONG_TYPE],
  ])
})

test('XTRIM by length and id, exactly and by whole nodes', () => {
  const store = new TestStore({ 'stream-node-max-entries': '10' })
  const fill = (): void => {
    store.send('DEL', 's')
    for (let i = 1; i <= 100; i++) store.send('XADD', 's', `${i}-1`, 'f', String(i))
  }
  const trimmed = (request: string): unknown => {
    fill()
    return askPlainly(store, request)
  }
  assert.equal(trimmed('XTRIM s MAXLEN 95'), 5)
  assert.equal(trimmed('XTRIM s MAXLEN ~ 95'), 0)
  assert.equal(trimmed('XTRIM s MAXLEN ~ 85'), 10)
  assert.equal(trimmed('XTRIM s MAXLEN ~ 5 LIMIT 25'), 20)
  assert.equal(trimmed('XTRIM s MAXLEN ~ 5 LIMIT 0'), 90)
  assert.equal(trimmed('XTRIM s MINID 50'), 49)
  assert.equal(trimmed('XTRIM s MINID ~ 50'), 40)
  assert.equal(trimmed('XTRIM s MAXLEN 0'), 100)
  assert.equal(
    trimmed('XTRIM s LIMIT 1'),
    'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy',
  )
  assert.equal(trimmed('XTRIM s MAXLEN'), wrongArity('xtrim'))
  assert.equal(trimmed('XTRIM s MAXLEN 1 2'), SYNTAX)
  assert.equal(ask(store.client, 'XTRIM nosuch MAXLEN 1'), 0)
  validateStreams(store)
})

test('XREAD of several streams', () => {
  const store = new TestStore()
  for (const [key, id] of [['a', '1-1'], ['a', '2-1'], ['b', '3-1']] as const) store.send('XADD', key, id, 'f', 'v') // prettier-ignore
  const entry = (id: string): unknown => [id, ['f', 'v']]
  const b = ['b', [entry('3-1')]]
  assert.deepEqual(store.send('XREAD', 'STREAMS', 'a', 'b', '0', '0'), [['a', [entry('1-1'), entry('2-1')]], b])
  assert.deepEqual(store.send('XREAD', 'COUNT', '1', 'STREAMS', 'a', 'nosuch', 'b', '1', '0', '3'), [
    ['a', [entry('1-1')]],
    b,
  ])
  assert.equal(store.send('XREAD', 'STREAMS', 'a', 'b', '$', '3-1'), null)
  const client = store.connect()
  client.client.reply.protocol = 3
  assert.equal(
    client.sendRaw('XREAD', 'STREAMS', 'b', '0'),
    '%1\r\n$1\r\nb\r\n*1\r\n*2\r\n$3\r\n3-1\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n',
  )
  assert.equal(client.sendRaw('XREAD', 'STREAMS', 'b', '$'), '_\r\n')
})

test('XREAD refuses what it cannot read', () => {
  table([
    ['XREAD STREAMS s', wrongArity('xread')],
    ['XREAD COUNT 1 s', SYNTAX],
    [
      'XREAD STREAMS a b 0',
      "ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified.",
    ],
    ['XREAD GROUP g c STREAMS a 0', 'ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.'],
    ['XREAD NOACK STREAMS a 0', 'ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.'],
    [
      'XREAD STREAMS a >',
      'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
    ],
    ['XREAD COUNT x STREAMS a 0', NOT_AN_INTEGER],
    ['XREAD BLOCK x STREAMS a 0', 'ERR timeout is not an integer or out of range'],
    ['XREAD BLOCK -1 STREAMS a 0', 'ERR timeout is negative'],
    ['XREAD STREAMS a +', BAD_ID],
    ['XREAD STREAMS text x', WRONG_TYPE],
    ['MULTI', 'OK'],
    ['XREAD BLOCK 0 STREAMS a 0', 'QUEUED'],
    ['EXEC', [null]],
  ])
})

test('XSETID and XINFO STREAM', () => {
  table([
    ['XSETID s 5', 'ERR no such key'],
    ['XSETID s x', BAD_ID],
    ['XSETID text 5', WRONG_TYPE],
    ['XADD s 5-1 f v', '5-1'],
    ['XADD s 6-1 f v', '6-1'],
    ['XDEL s 5-1', 1],
    ['XSETID s 4', 'ERR The ID specified in XSETID is smaller than current max_deleted_entry_id'],
    ['XSETID s 6-0', 'ERR The ID specified in XSETID is smaller than the target stream top item'],
    ['XSETID s 9 ENTRIESADDED 0', 'ERR The entries_added specified in XSETID is smaller than the target stream length'],
    ['XSETID s 9 ENTRIESADDED -1', 'ERR entries_added must be positive'],
    ['XSETID s 9 MAXDELETEDID 10', 'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id'],
    ['XSETID s 9 NOSUCH', SYNTAX],
    ['XSETID s 9-9 ENTRIESADDED 9223372036854775807 MAXDELETEDID 5-2', 'OK'],
    ['XADD s 10 f w', '10-0'],
    ['XINFO STREAM nosuch', 'ERR no such key'],
    ['XINFO STREAM text', WRONG_TYPE],
    ['XINFO STREAM s NOSUCH', "ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP."],
    ['XINFO STREAM s FULL COUNT x', NOT_AN_INTEGER],
  ])
  const store = new TestStore()
  for (const id of ['5-1', '6-1', '7-0']) store.send('XADD', 's', id, 'f', 'v')
  store.send('XDEL', 's', '5-1')
  assert.deepEqual(store.send('XINFO', 'STREAM', 's'), [
    'length', 2, 'radix-tree-keys', 1, 'radix-tree-nodes', 2, 'last-generated-id', '7-0', 'max-deleted-entry-id', '5-1',
    'entries-added', 3, 'recorded-first-entry-id', '6-1', 'groups', 0, 'first-entry', ['6-1', ['f', 'v']],
    'last-entry', ['7-0', ['f', 'v']],
  ]) // prettier-ignore
})

test('events and effects tell what came of it', () => {
  const store = new TestStore({ 'stream-node-max-entries': '2' })
  const effects = store.recordEffects()
  const events = store.recordEvents()
  for (const request of [
    'XADD s * a 1', 'XADD s 1700000000000-* a 2', 'XADD s MAXLEN ~ 1 1700000000005-1 a 3', 'XTRIM s MINID ~ 1700000000005',
    'XADD s MAXLEN = 1 1700000000006-1 a 4', 'XDEL s 1700000000006-1 1', 'XDEL s 1', 'XTRIM s MAXLEN 5', 'XSETID s 1700000000009-1',
  ]) askPlainly(store, request) // prettier-ignore
  assert.deepEqual(effects, [
    '0: XADD s 1700000000000-0 a 1',
    '0: XADD s 1700000000000-1 a 2',
    '0: XADD s MAXLEN = 1 1700000000005-1 a 3',
    '0: XADD s MAXLEN = 1 1700000000006-1 a 4',
    '0: XDEL s 1700000000006-1 1',
    '0: XSETID s 1700000000009-1',
  ])
  assert.deepEqual(events, [
    'new s@0',
    'xadd s@0',
    'xadd s@0',
    'xadd s@0',
    'xtrim s@0',
    'xadd s@0',
    'xtrim s@0',
    'xdel s@0',
    'xsetid s@0',
  ])
})

test('a large stream is copied, measured and freed', () => {
  const store = new TestStore({ 'enable-debug-command': 'yes' })
  for (let i = 1; i <= 3000; i++) store.send('XADD', 's', `${i}-1`, 'f', String(i), 'g', 'x'.repeat(i % 50))
  assert.equal(store.send('COPY', 's', 't'), 1)
  const [first, second] = store.send('DEBUG', 'DIGEST-VALUE', 's', 't') as string[]
  assert.equal(first, second)
  const bytes = store.send('MEMORY', 'USAGE', 's', 'SAMPLES', '0') as number
  assert.ok(bytes > 100_000 && bytes < 250_000, String(bytes))
  validateStreams(store)
  assert.equal(store.send('UNLINK', 's'), 1)
  store.send('XADD', 't', '9000-1', 'f', 'v')
  store.time.advance(1000)
  assert.equal(store.send('XLEN', 't'), 3001)
  store.send('FLUSHALL')
  store.validate()
})
