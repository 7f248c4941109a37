import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { ask, NOT_AN_INTEGER, runTable, wrongArity } from './requests.js'

const ALLOWED = { 'enable-debug-command': 'yes' }

function unknown(name: string): string {
  return `ERR unknown subcommand or wrong number of arguments for '${name}'. Try DEBUG HELP.`
}

test('DEBUG is for those whom the configuration lets', () => {
  const refusal = /^ERR DEBUG command not allowed\. If the enable-debug-command option is set to "local"/
  assert.match(String(ask(new TestStore(), 'DEBUG SLEEP 0')), refusal)
  assert.match(String(ask(new TestStore({ 'enable-debug-command': 'no' }), 'DEBUG SLEEP 0')), refusal)
  assert.equal(ask(new TestStore({ 'enable-debug-command': 'local' }), 'DEBUG SLEEP 0'), 'OK')
  assert.equal(ask(new TestStore(ALLOWED), 'DEBUG SLEEP 0'), 'OK')
})

test('DEBUG: simple levers', () => {
  runTable(
    [
      ['DEBUG', wrongArity('debug')],
      ['DEBUG nosuch', unknown('nosuch')],
      ['DEBUG SLEEP', unknown('SLEEP')],
      ['DEBUG SLEEP x', 'OK'],
      ['DEBUG LOG hello', 'OK'],
      ['DEBUG LEAK hello', 'OK'],
      ['DEBUG SET-ACTIVE-EXPIRE 0', 'OK'],
      ['DEBUG SET-ACTIVE-EXPIRE 1', 'OK'],
      ['DEBUG PAUSE-CRON 1', 'OK'],
      ['DEBUG PAUSE-CRON 0', 'OK'],
      ['DEBUG REPLYBUFFER RESIZING 0', 'OK'],
      ['DEBUG REPLYBUFFER PEAK-RESET-TIME 100', 'OK'],
      ['DEBUG REPLYBUFFER PEAK-RESET-TIME never', 'OK'],
      ['DEBUG REPLYBUFFER PEAK-RESET-TIME reset', 'OK'],
      ['DEBUG REPLYBUFFER PEAK-RESET-TIME x', NOT_AN_INTEGER],
      ['DEBUG REPLYBUFFER NOSUCH x', unknown('REPLYBUFFER')],
      ['DEBUG CHANGE-REPL-ID', 'OK'],
      [
        'DEBUG CONFIG-REWRITE-FORCE-ALL',
        'ERR CONFIG-REWRITE-FORCE-ALL failed: The server is running without a config file',
      ],
      ['DEBUG STRINGMATCH-TEST', 'Every pattern came to an end: test passed'],
      ['DEBUG CLUSTERLINK', "ERR command 'debug clusterlink' is not built yet in Spinel"],
      ['DEBUG MALLCTL x', 'ERR There is no malloc to control: memory is managed by an arena, see MEMORY MALLOC-STATS'],
    ],
    ALLOWED,
  )
})

test('DEBUG levers move what they say', () => {
  const store = new TestStore(ALLOWED)
  ask(store, 'DEBUG SET-ACTIVE-EXPIRE 0')
  ask(store, 'SET a 1 PX 10')
  store.time.advance(5000)
  assert.equal(ask(store, 'DBSIZE'), 1)
  ask(store, 'DEBUG SET-ACTIVE-EXPIRE 1')
  ask(store, 'DEBUG PAUSE-CRON 1')
  store.time.advance(5000)
  assert.equal(ask(store, 'DBSIZE'), 1)
  ask(store, 'DEBUG PAUSE-CRON 0')
  store.time.advance(5000)
  assert.equal(ask(store, 'DBSIZE'), 0)

  ask(store, 'DEBUG LOG hello')
  assert.deepEqual(store.logged.at(-1), { level: 'warning', message: 'DEBUG LOG: hello' })
  const idOf = (): string => /master_replid:(\w+)/.exec(String(ask(store, 'INFO replication')))![1]!
  const id = idOf()
  ask(store, 'DEBUG CHANGE-REPL-ID')
  assert.notEqual(idOf(), id)
  assert.equal(idOf(), idOf())
})

test('DEBUG ERROR replies with the text as an error, which counts nowhere', () => {
  const store = new TestStore(ALLOWED)
  assert.equal(store.client.sendRaw('DEBUG', 'ERROR', 'FOO bar\r\nbaz'), '-FOO bar  baz\r\n')
  assert.equal(store.client.sendRaw('DEBUG', 'ERROR', 'FOO'), '-FOO\r\n')
  assert.equal(store.store.executor.errorCounts.size, 0)
})

test('DEBUG POPULATE', () => {
  const store = new TestStore(ALLOWED)
  const effects = store.recordEffects()
  ask(store, 'SET key:1 mine')
  assert.equal(ask(store, 'DEBUG POPULATE 3'), 'OK')
  assert.deepEqual(
    [ask(store, 'GET key:0'), ask(store, 'GET key:1'), ask(store, 'GET key:2')],
    ['value:0', 'mine', 'value:2'],
  )
  assert.equal(ask(store, 'DEBUG POPULATE 2 p'), 'OK')
  assert.equal(ask(store, 'GET p:1'), 'value:1')
  assert.equal(ask(store, 'DEBUG POPULATE 1 long 20'), 'OK')
  assert.equal(ask(store, 'GET long:0'), `value:0${'\0'.repeat(13)}`)
  assert.equal(ask(store, 'DEBUG POPULATE 1 short 3'), 'OK')
  assert.equal(ask(store, 'GET short:0'), 'val')
  assert.equal(ask(store, 'DEBUG POPULATE -1'), 'ERR value is out of range, must be positive')
  assert.equal(ask(store, 'DEBUG POPULATE 1 p x'), 'ERR value is out of range, must be positive')
  assert.equal(ask(store, 'DEBUG POPULATE 1 p 1 1'), unknown('POPULATE'))
  assert.deepEqual(effects, ['0: SET key:1 mine'])
  store.validate()
})

test('DEBUG PROTOCOL: the bytes of each type', () => {
  const store = new TestStore(ALLOWED)
  const expected: readonly (readonly [type: string, resp2: string, resp3: string])[] = [
    ['string', '$11\r\nHello World\r\n', '$11\r\nHello World\r\n'],
    ['integer', ':12345\r\n', ':12345\r\n'],
    ['double', '$5\r\n3.141\r\n', ',3.141\r\n'],
    ['bignum', '$37\r\n1234567999999999999999999999999999999\r\n', '(1234567999999999999999999999999999999\r\n'],
    ['null', '$-1\r\n', '_\r\n'],
    ['array', '*3\r\n:0\r\n:1\r\n:2\r\n', '*3\r\n:0\r\n:1\r\n:2\r\n'],
    ['set', '*3\r\n:0\r\n:1\r\n:2\r\n', '~3\r\n:0\r\n:1\r\n:2\r\n'],
    ['map', '*6\r\n:0\r\n:0\r\n:1\r\n:1\r\n:2\r\n:0\r\n', '%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n'],
    [
      'attrib',
      '$39\r\nSome real reply following the attribute\r\n',
      '|1\r\n$14\r\nkey-popularity\r\n*2\r\n$7\r\nkey:123\r\n:90\r\n$39\r\nSome real reply following the attribute\r\n',
    ],
    [
      'push',
      '-ERR RESP2 is not supported by this command\r\n',
      '$40\r\nSome real reply following the push reply\r\n>2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n',
    ],
    ['verbatim', '$25\r\nThis is a verbatim\nstring\r\n', '=29\r\ntxt:This is a verbatim\nstring\r\n'],
    ['TRUE', ':1\r\n', '#t\r\n'],
    ['false', ':0\r\n', '#f\r\n'],
  ]
  for (const [type, resp2, resp3] of expected) {
    store.client.client.reply.protocol = 2
    assert.equal(store.client.sendRaw('DEBUG', 'PROTOCOL', type), resp2, type)
    store.client.client.reply.protocol = 3
    assert.equal(store.client.sendRaw('DEBUG', 'PROTOCOL', type), resp3, type)
  }
  assert.match(String(ask(store, 'DEBUG PROTOCOL nosuch')), /^ERR Wrong protocol type name\./)
})

test('DEBUG OBJECT and SDSLEN', () => {
  const store = new TestStore(ALLOWED)
  const lengths: readonly (readonly [value: string, encoding: string, bytes: number])[] = [
    ['1', 'int', 2],
    ['1000', 'int', 3],
    ['100000', 'int', 5],
    ['12345678901', 'int', 12],
    ['hello', 'embstr', 6],
    ['x'.repeat(64), 'raw', 66],
    ['x'.repeat(20_000), 'raw', 20_005],
  ]
  store.send('CONFIG', 'SET', 'rdbcompression', 'no')
  for (const [value, encoding, bytes] of lengths) {
    store.send('SET', 'k', value)
    const shown = String(ask(store, 'DEBUG OBJECT k'))
    assert.match(
      shown,
      new RegExp(
        `^Value at:0x[0-9a-f]+ refcount:1 encoding:${encoding} serializedlength:${bytes} lru:\\d+ lru_seconds_idle:0$`,
      ),
    )
  }
  assert.match(
    String(ask(store, 'DEBUG SDSLEN k')),
    /^key_sds_len:1, key_sds_avail:0, key_zmalloc: \d+, val_sds_len:20000, /,
  )
  store.send('SET', 'k', 1)
  assert.equal(ask(store, 'DEBUG SDSLEN k'), 'ERR Not an sds encoded string.')
  for (const name of ['OBJECT', 'SDSLEN', 'HTSTATS-KEY'])
    assert.equal(ask(store, `DEBUG ${name} nokey`), 'ERR no such key')
})

test('DEBUG HTSTATS', () => {
  const store = new TestStore(ALLOWED)
  assert.equal(
    ask(store, 'DEBUG HTSTATS 0'),
    '[Dictionary HT]\nHash table 0 stats (main hash table):\nNo stats available for empty dictionaries\n' +
      '[Expires HT]\nHash table 0 stats (main hash table):\nNo stats available for empty dictionaries\n',
  )
  ask(store, 'DEBUG POPULATE 1000')
  assert.match(String(ask(store, 'DEBUG HTSTATS 0')), / table size: \d+\n number of elements: 1000\n\[Expires HT\]/)
  assert.match(
    String(ask(store, 'DEBUG HTSTATS 0 full')),
    / max chain length: \d+\n[^]*Chain length distribution:\n {3}\d/,
  )
  assert.equal(ask(store, 'DEBUG HTSTATS x'), NOT_AN_INTEGER)
  assert.equal(ask(store, 'DEBUG HTSTATS 16'), 'ERR Out of range database')
  assert.match(String(ask(store, 'DEBUG HTSTATS-KEY key:1')), /^ERR The value stored at the specified key is not/)
})

test('DEBUG OBJECT of collections, and with compression', () => {
  const store = new TestStore(ALLOWED)
  store.send('SET', 'x', 'x'.repeat(2000))
  assert.match(String(ask(store, 'DEBUG OBJECT x')), / serializedlength:(3\d) /)
  for (const [request, encoding, bytes] of [
    ['RPUSH k a b', 'listpack', 16],
    ['SADD k 1 2 3', 'intset', 15],
    ['SADD k a b', 'listpack', 14],
    ['HSET k f 1', 'listpack', 13],
    ['ZADD k 1 a', 'listpack', 13],
  ] as const) {
    store.send('DEL', 'k')
    store.send(...request.split(' '))
    assert.match(String(ask(store, 'DEBUG OBJECT k')), new RegExp(` encoding:${encoding} serializedlength:${bytes} `))
  }
})

test('DEBUG HTSTATS-KEY', () => {
  const store = new TestStore(ALLOWED)
  const long = 'x'.repeat(100)
  for (const [key, request] of [
    ['s', 'SADD s a b c'],
    ['h', 'HSET h a 1 b 2 c 3'],
    ['z', 'ZADD z 1 a 2 b 3 c'],
  ] as const) {
    store.send(...request.split(' '))
    assert.equal(
      ask(store, `DEBUG HTSTATS-KEY ${key}`),
      'ERR The value stored at the specified key is not represented using an hash table',
    )
  }
  store.send('SADD', 's', long)
  store.send('HSET', 'h', long, '1')
  store.send('ZADD', 'z', '1', long)
  store.send('HSET', 'timed', 'a', '1', 'b', '2', 'c', '3', 'd', '4')
  store.send('HEXPIRE', 'timed', '100', 'FIELDS', '1', 'a')
  for (const key of ['s', 'h', 'z', 'timed']) {
    assert.match(String(ask(store, `DEBUG HTSTATS-KEY ${key}`)), / table size: 1\n number of elements: 4\n$/)
    assert.match(String(ask(store, `DEBUG HTSTATS-KEY ${key} full`)), / different slots: 1\n max chain length: 4\n/)
  }
})

test('DEBUG HELP lists every subcommand that works', () => {
  const lines = ask(new TestStore(ALLOWED), 'DEBUG HELP') as string[]
  const names = lines.filter((line) => !line.startsWith(' ')).map((line) => line.split(' ')[0])
  for (const name of ['DIGEST', 'OBJECT', 'POPULATE', 'PROTOCOL', 'SEGFAULT', 'SLEEP', 'HELP'])
    assert.ok(names.includes(name))
  assert.ok(!names.includes('RESTART'))
})
