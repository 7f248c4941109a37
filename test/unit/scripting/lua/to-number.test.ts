/** `tonumber` with a base: what the reference answers, whose unsigned long has 64 bits. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { luaModule, ScriptBench } from './script-bench.js'

/** Arguments, and the result as a text. */
const ROWS: readonly (readonly [args: string, result: string])[] = [
  ['"ff",16', '255'],
  ['"0xff",16', '255'],
  ['"0x",16', 'nil'],
  ['"ffffffff",16', '4294967295'],
  ['"ffffffffff",16', '1099511627775'],
  ['"ffffffffffffffff",16', '1.844674407371e+19'],
  ['"1ffffffffffffffff",16', '1.844674407371e+19'],
  ['"-1",16', '1.844674407371e+19'],
  ['"-ff",16', '1.844674407371e+19'],
  ['-1,3', '1.844674407371e+19'],
  ['"+101",2', '5'],
  ['" \\t7 \\n",8', '7'],
  ['"8",8', 'nil'],
  ['"7 7",8', 'nil'],
  ['"7\\0x",8', '7'],
  ['"zz",36', '1295'],
  ['"",16', 'nil'],
  ['12,16', '18'],
  ['1.5,16', 'nil'],
  ['"12",10', '12'],
  ['"1e2",10', '100'],
  ['"0x10"', '16'],
  ['{}', 'nil'],
]

test('tonumber', () => {
  const bench = new ScriptBench(luaModule())
  for (const [args, result] of ROWS) {
    const script = `local n=tonumber(${args}) return n==nil and "nil" or string.format("%.13g",n)`
    assert.equal(bench.run(script), `$${result.length}\r\n${result}`, args)
  }
  assert.match(bench.run('return tonumber("1",99)'), /bad argument #2 to 'tonumber' \(base out of range\)/)
  assert.match(bench.run('return tonumber({},16)'), /bad argument #1 to 'tonumber' \(string expected, got table\)/)
  assert.match(bench.run('return tonumber()'), /bad argument #1 to 'tonumber' \(value expected\)/)
})
