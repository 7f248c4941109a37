/** The sorted-set commands in both encodings. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { NOT_AN_INTEGER, type Row, runTable, send, SYNTAX, words, WRONG_TYPE, wrongArity } from '../string/table.js'

const NOT_A_FLOAT = 'ERR value is not a valid float'
const BAD_SCORES = 'ERR min or max is not a float'
const BAD_LEX = 'ERR min or max not valid string range item'
const POSITIVE = 'ERR value is out of range, must be positive'

/** Runs a table with sorted sets as listpacks, and again with all of them as skiplists. */
function runBoth(rows: readonly Row[]): void {
  runTable(rows, (store) => send(store, 'SET', 'string', 'x'))
  runTable(rows, (store) => {
    send(store, 'SET', 'string', 'x')
    send(store, 'CONFIG', 'SET', 'zset-max-listpack-entries', '0')
  })
}

/** Rows whose replies depend on the protocol: with RESP2 and RESP3. */
function runEach(setUp: readonly string[], rows: readonly (readonly [string, unknown, unknown])[]): void {
  for (const [i, protocol] of [2, 3].entries()) {
    const store = new TestStore()
    store.client.client.reply.protocol = protocol as 2 | 3
    for (const request of setUp) send(store, ...words(request))
    for (const row of rows) assert.deepEqual(send(store, ...words(row[0])), row[i + 1], `RESP${protocol}: ${row[0]}`)
    store.validate()
  }
}

test('members are added, moved, read and removed', () => {
  runBoth([
    ['ZADD z 1 a 2 b 3 c', 3],
    ['ZADD z 4 a 2 b 0 d', 1],
    ['ZRANGE z 0 -1', ['d', 'b', 'c', 'a']],
    ['ZADD z CH 5 a 2 b 6 e', 2],
    ['ZADD z NX 9 a 9 f', 1],
    ['ZADD z XX 7 a 9 g', 0],
    ['ZADD z GT CH 1 a 8 b', 1],
    ['ZADD z LT CH 1 a 9 b', 1],
    ['ZRANGE z 0 -1', ['d', 'a', 'c', 'e', 'b', 'f']],
    ['ZCARD z', 6],
    ['ZRANK z d', 0],
    ['ZRANK z f', 5],
    ['ZREVRANK z f', 0],
    ['ZREVRANK z a', 4],
    ['ZRANK z x', null],
    ['ZREM z a x b a', 2],
    ['ZRANGE z 0 -1', ['d', 'c', 'e', 'f']],
    ['ZREM z d c e f', 4],
    ['EXISTS z', 0],
    ["ZADD z 1 '' 1 12 1 -3", 3],
    ['ZRANGE z 0 -1', ['', '-3', '12']],
    ['ZADD z 1 b 1 a 1 c 1 abc', 4],
    ['ZRANGE z 0 -1', ['', '-3', '12', 'a', 'abc', 'b', 'c']],
  ])
})

test('errors, and keys that are missing or hold another type', () => {
  const typed = [
    'ZADD string 1 a', 'ZINCRBY string 1 a', 'ZREM string a', 'ZCARD string', 'ZSCORE string a', 'ZMSCORE string a', 'ZRANK string a',
    'ZREVRANK string a', 'ZCOUNT string 0 1', 'ZLEXCOUNT string - +', 'ZRANGE string 0 1', 'ZREVRANGE string 0 1',
    'ZRANGEBYSCORE string 0 1', 'ZREVRANGEBYSCORE string 0 1', 'ZRANGEBYLEX string - +', 'ZREVRANGEBYLEX string + -',
    'ZRANGESTORE d string 0 1', 'ZREMRANGEBYRANK string 0 1', 'ZREMRANGEBYSCORE string 0 1', 'ZREMRANGEBYLEX string - +',
    'ZSCAN string 0', 'ZRANDMEMBER string', 'ZRANDMEMBER string 1', 'ZPOPMIN string', 'ZPOPMAX string 2', 'ZMPOP 1 string MIN',
    'BZPOPMIN string 0', 'BZMPOP 0 1 string MAX', 'ZUNION 1 string', 'ZINTERSTORE d 2 none string', 'ZDIFF 1 string', 'ZINTERCARD 1 string',
  ] // prettier-ignore
  runBoth(typed.map((request) => [request, WRONG_TYPE] as const))
  runBoth([
    ['ZADD z 1', wrongArity('zadd')],
    ['ZADD z NX 1', SYNTAX],
    ['ZADD z 1 a 2', SYNTAX],
    ['ZADD z NX XX 1 a', 'ERR XX and NX options at the same time are not compatible'],
    ['ZADD z GT LT 1 a', 'ERR GT, LT, and/or NX options at the same time are not compatible'],
    ['ZADD z GT NX 1 a', 'ERR GT, LT, and/or NX options at the same time are not compatible'],
    ['ZADD z INCR 1 a 2 b', 'ERR INCR option supports a single increment-element pair'],
    ['ZADD z 1 a x b', NOT_A_FLOAT],
    ['ZADD z nan a', NOT_A_FLOAT],
    ['EXISTS z', 0],
    ['ZADD z XX 1 a', 0],
    ['ZADD z XX INCR 1 a', null],
    ['ZINCRBY z nx a', SYNTAX],
    ['ZINCRBY z x a', NOT_A_FLOAT],
    ['ZADD z inf a', 1],
    ['ZINCRBY z -inf a', 'ERR resulting score is not a number (NaN)'],
    ['ZADD z NX INCR 1 a', null],
    ['ZADD z LT INCR 1 a', null],
    ['ZCOUNT z x 1', BAD_SCORES],
    ['ZCOUNT z 1 nan', BAD_SCORES],
    ['ZRANGEBYSCORE z (x 1', BAD_SCORES],
    ['ZLEXCOUNT z a +', BAD_LEX],
    ['ZRANGEBYLEX z - ++', BAD_LEX],
    ['ZREMRANGEBYLEX z [a b', BAD_LEX],
    ['ZREMRANGEBYRANK z 0 x', NOT_AN_INTEGER],
    ['ZRANGE z 0 x', NOT_AN_INTEGER],
    ['ZRANGE z 0 1 REV REV', SYNTAX],
    ['ZRANGE z 0 1 BYLEX BYSCORE', SYNTAX],
    ['ZRANGE z 0 1 LIMIT 0 1', 'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX'],
    ['ZRANGE z 0 1 LIMIT 0 -1', ['a']],
    ['ZRANGE z - + BYLEX WITHSCORES', 'ERR syntax error, WITHSCORES not supported in combination with BYLEX'],
    ['ZRANGE z 0 1 BYSCORE LIMIT x 1', NOT_AN_INTEGER],
    ['ZRANGESTORE d z 0 1 WITHSCORES', SYNTAX],
    ['ZRANK z a x', SYNTAX],
    ['ZRANK z a WITHSCORE x', wrongArity('zrank')],
    ['ZPOPMIN z 1 2', SYNTAX],
    ['ZPOPMIN z -1', POSITIVE],
    ['ZPOPMAX z x', POSITIVE],
    ['ZMPOP 0 z MIN', 'ERR numkeys should be greater than 0'],
    ['ZMPOP 1 z LEFT', SYNTAX],
    ['ZMPOP 1 z MIN COUNT 0', 'ERR count should be greater than 0'],
    ['BZPOPMIN z x', 'ERR timeout is not a float or out of range'],
    ['ZUNION 0 z', "ERR at least 1 input key is needed for 'zunion' command"],
    ['ZUNION 2 z', SYNTAX],
    ['ZUNION 1 z WEIGHTS x', 'ERR weight value is not a float'],
    ['ZUNION 1 z WEIGHTS', SYNTAX],
    ['ZUNION 1 z AGGREGATE x', SYNTAX],
    ['ZDIFF 1 z WEIGHTS 1', SYNTAX],
    ['ZUNIONSTORE d 1 z WITHSCORES', SYNTAX],
    ['ZINTERCARD 1 z LIMIT -1', "ERR LIMIT can't be negative"],
    ['ZRANDMEMBER z x', NOT_AN_INTEGER],
    ['ZRANDMEMBER z 1 x', SYNTAX],
    ['ZRANDMEMBER z 4611686018427387904 WITHSCORES', 'ERR value is out of range'],
    ['ZSCAN z x', 'ERR invalid cursor'],
    ['ZSCAN z 0 COUNT 0', SYNTAX],
    ['ZCARD none', 0],
    ['ZREM none a', 0],
    ['ZSCORE none a', null],
    ['ZMSCORE none a b', [null, null]],
    ['ZCOUNT none 0 1', 0],
    ['ZLEXCOUNT none - +', 0],
    ['ZRANGE none 0 1', []],
    ['ZRANGESTORE d none 0 1', 0],
    ['ZREMRANGEBYSCORE none 0 1', 0],
    ['ZPOPMIN none', []],
    ['ZPOPMAX none 3', []],
    ['ZPOPMIN z 0', []],
    ['ZMPOP 2 none nothing MIN', null],
    ['ZUNION 1 none', []],
    ['ZINTERCARD 2 none z', 0],
    ['ZRANDMEMBER none', null],
    ['ZRANDMEMBER none 3', []],
    ['ZSCAN none 0', ['0', []]],
  ])
})

test('ranges by rank, score and member', () => {
  runBoth([
    ['ZADD z -inf a 1 b 2 c 2 d 3.5 e inf f', 6],
    ['ZRANGE z 1 2', ['b', 'c']],
    ['ZRANGE z -2 -1', ['e', 'f']],
    ['ZRANGE z 5 9', ['f']],
    ['ZRANGE z 6 9', []],
    ['ZRANGE z 3 1', []],
    ['ZRANGE z 0 1 REV', ['f', 'e']],
    ['ZREVRANGE z 0 -5', ['f', 'e']],
    ['ZRANGE z -9223372036854775808 9223372036854775807', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['ZRANGEBYSCORE z 1 2', ['b', 'c', 'd']],
    ['ZRANGEBYSCORE z (1 (3.5', ['c', 'd']],
    ['ZRANGEBYSCORE z -inf +inf LIMIT 1 2', ['b', 'c']],
    ['ZRANGEBYSCORE z -inf +inf LIMIT 4 -1', ['e', 'f']],
    ['ZRANGEBYSCORE z -inf +inf LIMIT 6 1', []],
    ['ZRANGEBYSCORE z -inf +inf LIMIT -1 1', []],
    ['ZRANGEBYSCORE z -inf +inf LIMIT 0 0', []],
    ['ZRANGEBYSCORE z 3 1', []],
    ['ZRANGEBYSCORE z (2 2', []],
    ['ZREVRANGEBYSCORE z +inf (2 LIMIT 1 5', ['e']],
    ['ZRANGE z (3.5 1 BYSCORE REV', ['d', 'c', 'b']],
    ['ZCOUNT z -inf inf', 6],
    ['ZCOUNT z (2 inf', 2],
    ['ZCOUNT z 4 5', 0],
    ['ZADD l 0 a 0 b 0 c 0 d 0 12', 5],
    ['ZRANGEBYLEX l - +', ['12', 'a', 'b', 'c', 'd']],
    ['ZRANGEBYLEX l [b (d', ['b', 'c']],
    ['ZRANGEBYLEX l (1 [a', ['12', 'a']],
    ['ZRANGEBYLEX l + -', []],
    ['ZRANGEBYLEX l - - LIMIT 0 1', []],
    ['ZREVRANGEBYLEX l [c (12 LIMIT 1 2', ['b', 'a']],
    ['ZRANGE l [c - BYLEX REV LIMIT 0 2', ['c', 'b']],
    ['ZLEXCOUNT l [b +', 3],
    ['ZLEXCOUNT l - (12', 0],
    ['ZREMRANGEBYLEX l [b (d', 2],
    ['ZRANGE l 0 -1', ['12', 'a', 'd']],
    ['ZREMRANGEBYRANK z 1 2', 2],
    ['ZREMRANGEBYSCORE z -inf (3.5', 2],
    ['ZRANGE z 0 -1', ['e', 'f']],
    ['ZREMRANGEBYSCORE z 7 8', 0],
    ['ZREMRANGEBYRANK z 0 -1', 2],
    ['EXISTS z', 0],
  ])
})

test('scores have the form of the protocol', () => {
  const rows = [
    ['ZSCORE z b', '1.5', 1.5],
    ['ZMSCORE z a x', ['-0', null], [-0, null]],
    ['ZINCRBY z 1.25 b', '2.75', 2.75],
    ['ZADD z INCR 1 d', '1', 1],
    ['ZRANGE z 0 1 WITHSCORES', ['a', '-0', 'd', '1'], [['a', -0], ['d', 1]]],
    ['ZRANGEBYSCORE z 2 inf WITHSCORES', ['b', '2.75', 'c', 'inf'], [['b', 2.75], ['c', Infinity]]],
    ['ZRANK z b WITHSCORE', [2, '2.75'], [2, 2.75]],
    ['ZREVRANK z x WITHSCORE', null, null],
    ['ZUNION 1 z WITHSCORES', ['a', '-0', 'd', '1', 'b', '2.75', 'c', 'inf'], [['a', -0], ['d', 1], ['b', 2.75], ['c', Infinity]]],
    ['ZRANDMEMBER z 4 WITHSCORES', ['a', '-0', 'd', '1', 'b', '2.75', 'c', 'inf'], [['a', -0], ['d', 1], ['b', 2.75], ['c', Infinity]]],
    ['ZPOPMIN z', ['a', '-0'], ['a', -0]],
    ['ZPOPMAX z 2', ['c', 'inf', 'b', '2.75'], [['c', Infinity], ['b', 2.75]]],
    ['ZMPOP 2 none z MIN COUNT 5', ['z', [['d', '1']]], ['z', [['d', 1]]]],
    ['BZPOPMIN y x 0', ['x', 'n', '1'], ['x', 'n', 1]],
    ['BZMPOP 0 1 x MAX', ['x', [['m', '3']]], ['x', [['m', 3]]]],
    ['EXISTS x z', 0, 0],
  ] as const // prettier-ignore
  runEach(['CONFIG SET zset-max-listpack-entries 0', 'ZADD z -0 a 1.5 b inf c', 'ZADD x 1 n 3 m'], rows)
})

test('a listpack keeps no negative zero, and integers as such', () => {
  runEach(
    ['ZADD z -0 a 9007199254740993 b 4611686018427387904 c 1e300 d 0.1 e'],
    [
      ['ZSCORE z a', '0', 0],
      ['ZSCORE z b', '9007199254740992', 9007199254740992],
      ['ZSCORE z c', '4611686018427387904', 2 ** 62],
      ['ZSCORE z d', '1e+300', 1e300],
      ['ZSCAN z 0 MATCH e', ['0', ['e', '0.1']], ['0', ['e', '0.1']]],
      ['CONFIG SET zset-max-listpack-entries 2', 'OK', 'OK'],
      ['ZADD z 1 f', 1, 1],
      ['OBJECT ENCODING z', 'skiplist', 'skiplist'],
      ['ZSCAN z 0 MATCH e', ['0', ['e', '0.10000000000000001']], ['0', ['e', '0.10000000000000001']]],
    ],
  )
})

test('a sorted set becomes a skiplist when the limits ask for it', () => {
  runTable(
    [
      ['ZADD z 1 a 2 b 3 c', 3],
      ['OBJECT ENCODING z', 'listpack'],
      ['ZADD z 4 d', 1],
      ['OBJECT ENCODING z', 'skiplist'],
      ['ZRANGE z 0 -1', ['a', 'b', 'c', 'd']],
      ['ZREM z a b c', 3],
      ['OBJECT ENCODING z', 'skiplist'],
      ['ZADD y 1 12345678901', 1],
      ['OBJECT ENCODING y', 'skiplist'],
      ['ZADD x 1 a 1 a 1 a 1 a', 1],
      ['OBJECT ENCODING x', 'skiplist'],
      ['ZUNIONSTORE u 2 x z', 2],
      ['OBJECT ENCODING u', 'listpack'],
      ['ZUNIONSTORE u 2 y z', 2],
      ['OBJECT ENCODING u', 'skiplist'],
      ['ZRANGESTORE r u 1 1', 1],
      ['OBJECT ENCODING r', 'listpack'],
      ['ZRANGESTORE r u -inf +inf BYSCORE', 2],
      ['OBJECT ENCODING r', 'skiplist'],
      ['COPY r s', 1],
      ['ZRANGE s 0 -1', ['12345678901', 'd']],
      ['ZADD s 0 e', 1],
      ['ZRANGE s 0 -1', ['e', '12345678901', 'd']],
      ['ZRANGE r 0 -1', ['12345678901', 'd']],
    ],
    (store) => {
      send(store, 'CONFIG', 'SET', 'zset-max-listpack-entries', '3')
      send(store, 'CONFIG', 'SET', 'zset-max-listpack-value', '10')
    },
  )
})

test('union, intersection and difference of sets and sorted sets', () => {
  const setUp = ['ZADD a 1 x 2 y 3 z', 'ZADD b 10 y 20 z 30 w', 'SADD s y w', 'SADD i 1 2', 'ZADD n inf x -inf y']
  const rows: Row[] = [
    ['ZUNION 2 a b', ['x', 'y', 'z', 'w']],
    ['ZUNIONSTORE d 2 a b WEIGHTS 2 0.5 AGGREGATE SUM', 4],
    ['ZRANGE d 0 -1', ['x', 'y', 'w', 'z']],
    ['ZUNIONSTORE d 2 a b AGGREGATE MAX', 4],
    ['ZRANGEBYSCORE d 20 20', ['z']],
    ['ZINTER 2 a b', ['y', 'z']],
    ['ZINTER 3 a b s', ['y']],
    ['ZINTERSTORE d 2 a a', 3],
    ['ZRANGEBYSCORE d 6 6', ['z']],
    ['ZINTER 2 a i', []],
    ['ZDIFF 2 a s', ['x', 'z']],
    ['ZDIFF 2 a a', []],
    ['ZDIFF 3 a none b', ['x']],
    ['ZDIFFSTORE d 2 b s', 1],
    ['ZRANGE d 0 -1', ['z']],
    ['ZINTERCARD 2 a b', 2],
    ['ZINTERCARD 2 a b LIMIT 1', 1],
    ['ZUNIONSTORE d 2 n n WEIGHTS 1 -1', 2],
    ['ZRANGEBYSCORE d 0 0', ['x', 'y']],
    ['ZUNIONSTORE d 1 n WEIGHTS 0', 2],
    ['ZRANGEBYSCORE d 0 0', ['x', 'y']],
    ['ZUNION 2 i s', ['1', '2', 'w', 'y']],
    ['ZUNIONSTORE a 2 a b', 4],
    ['ZDIFFSTORE a 1 none', 0],
    ['EXISTS a', 0],
    ['ZINTERSTORE none 1 nothing', 0],
  ]
  for (const limit of ['128', '0']) {
    runTable(rows, (store) => {
      send(store, 'CONFIG', 'SET', 'zset-max-listpack-entries', limit)
      for (const request of setUp) send(store, ...words(request))
    })
  }
})

test('random members', () => {
  for (const limit of ['128', '0']) {
    const store = new TestStore({ 'zset-max-listpack-entries': limit })
    const members = Array.from({ length: 40 }, (_, i) => `m${i}`)
    send(store, 'ZADD', 'z', ...members.flatMap((member, i) => [String(i % 5), member]))
    for (const count of [1, 5, 12, 39, 40, 50]) {
      const drawn = send(store, 'ZRANDMEMBER', 'z', String(count)) as string[]
      assert.equal(new Set(drawn).size, Math.min(count, 40))
      assert.ok(drawn.every((member) => members.includes(member)))
    }
    assert.equal((send(store, 'ZRANDMEMBER', 'z', '-100') as string[]).length, 100)
    const seen = new Set<string>()
    let cursor = '0'
    do {
      const [next, pairs] = send(store, 'ZSCAN', 'z', cursor, 'COUNT', '7') as [string, string[]]
      for (let i = 0; i < pairs.length; i += 2) seen.add(pairs[i]!)
      cursor = next
    } while (cursor !== '0')
    assert.deepEqual([...seen].sort(), [...members].sort())
  }
})
