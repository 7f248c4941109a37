/** Indexes and counts beyond 32 bits: what the reference answers. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { luaModule, ScriptBench } from './script-bench.js'

/** An expression, and its first value as a text. */
const ROWS: readonly (readonly [expression: string, result: string])[] = [
  ["('abc'):sub(2,2^31)", 'bc'],
  ["('abc'):sub(2,2^33)", 'bc'],
  ["('abc'):sub(2,'8589934593')", 'bc'],
  ["('abc'):sub(2^33)", ''],
  ["('abc'):sub(2,2^63)", ''],
  ["('abc'):sub(2,1/0)", ''],
  ["('abc'):sub(-2^33,-2)", 'ab'],
  ["('abc'):sub(-1/0,2)", 'ab'],
  ["('abc'):byte(2^32+1)", 'nil'],
  ["select('#',('abc'):byte(1,2^40))", '3'],
  ["('abc'):find('b',2^33)", 'nil'],
  ["('abc'):find('b',-2^33)", '2'],
  ["('abc'):find('b',2^33,true)", 'nil'],
  ["('abc'):match('b',2^32)", 'nil'],
  ["('abc'):match('b',0/0)", 'b'],
  ["('ab'):rep(2^32+2)", 'abab'],
  ["('ab'):rep(2^31)", ''],
  ["('ab'):rep(-2^32+1)", 'ab'],
  ["('ab'):rep(1/0)", ''],
  ["table.concat({'x','y','z'},',',2^32+2)", 'y,z'],
  ["table.concat({'x','y','z'},',',1,2^32+2)", 'x,y'],
  ['table.remove({1,2,3},2^32+1)', '1'],
  ["(function() local t={1,2,3} table.insert(t,2^32+2,9) return table.concat(t,',') end)()", '1,9,2,3'],
  ["(function() local t={} table.insert(t,2^40) return string.format('%d',t[1]) end)()", '1099511627776'],
  ['select(2^32+2,1,2,3)', '2'],
  ['(unpack({7,8,9},2^32+2))', '8'],
  ['(unpack({7,8,9},2,2^32+2))', '8'],
]

test('integers beyond 32 bits', () => {
  const bench = new ScriptBench(luaModule())
  for (const [expression, result] of ROWS) {
    assert.equal(bench.run(`return tostring((${expression}))`), `$${result.length}\r\n${result}`, expression)
  }
})

test('what has no place for an integer is left as it is', () => {
  const bench = new ScriptBench(luaModule())
  assert.match(bench.run('return ("abc"):sub()'), /bad argument #1 to 'sub' \(number expected, got no value\)/)
  assert.match(bench.run('return select({})'), /bad argument #1 to 'select' \(number expected, got table\)/)
  assert.match(
    bench.run('return table.insert({}, "x", 1)'),
    /bad argument #2 to 'insert' \(number expected, got string\)/,
  )
})
