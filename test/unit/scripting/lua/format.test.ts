/** `string.format` with integers: what the reference answers, whose long has 64 bits. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { luaModule, ScriptBench } from './script-bench.js'

/** Arguments, and the result. */
const ROWS: readonly (readonly [args: string, result: string])[] = [
  ['"%d %u %x %o",0,0,0,0', '0 0 0 0'],
  ['"%d %u %x %o",-1,-1,-1,-1', '-1 18446744073709551615 ffffffffffffffff 1777777777777777777777'],
  ['"%d %u %x %o",2^31,2^31,2^31,2^31', '2147483648 2147483648 80000000 20000000000'],
  [
    '"%d %u %x %o",-2^31-1,-2^31-1,-2^31-1,-2^31-1',
    '-2147483649 18446744071562067967 ffffffff7fffffff 1777777777757777777777',
  ],
  ['"%d %u %x %o",2^32,2^32,2^32,2^32', '4294967296 4294967296 100000000 40000000000'],
  ['"%d %u %x %o",2^40,2^40,2^40,2^40', '1099511627776 1099511627776 10000000000 20000000000000'],
  ['"%d %u %x %o",2^53,2^53,2^53,2^53', '9007199254740992 9007199254740992 20000000000000 400000000000000000'],
  [
    '"%d %u %x %o",2^63,2^63,2^63,2^63',
    '-9223372036854775808 9223372036854775808 8000000000000000 1000000000000000000000',
  ],
  [
    '"%d %u %x %o",-2^63,-2^63,-2^63,-2^63',
    '-9223372036854775808 9223372036854775808 8000000000000000 1000000000000000000000',
  ],
  ['"%d %u %x %o",2^64,2^64,2^64,2^64', '-9223372036854775808 0 0 0'],
  [
    '"%d %u %x %o",2^64-2048,2^64-2048,2^64-2048,2^64-2048',
    '-9223372036854775808 18446744073709549568 fffffffffffff800 1777777777777777774000',
  ],
  ['"%d %u %x %o",1e300,1e300,1e300,1e300', '-9223372036854775808 0 0 0'],
  [
    '"%d %u %x %o",-1e300,-1e300,-1e300,-1e300',
    '-9223372036854775808 9223372036854775808 8000000000000000 1000000000000000000000',
  ],
  ['"%d %u %x %o",-0.5,-0.5,-0.5,-0.5', '0 0 0 0'],
  ['"%d %u %x %o",1/0,1/0,1/0,1/0', '-9223372036854775808 0 0 0'],
  [
    '"%d %u %x %o",-1/0,-1/0,-1/0,-1/0',
    '-9223372036854775808 9223372036854775808 8000000000000000 1000000000000000000000',
  ],
  ['"%d %u %x %o",0/0,0/0,0/0,0/0', '-9223372036854775808 9223372036854775808 8000000000000000 1000000000000000000000'],
  ['"%20d",2^40', '       1099511627776'],
  ['"%-20d|",2^40', '1099511627776       |'],
  ['"%020d",2^40', '00000001099511627776'],
  ['"%+d",2^40', '+1099511627776'],
  ['"% d",2^40', ' 1099511627776'],
  ['"%+ d",2^40', '+1099511627776'],
  ['"%+020d",2^40', '+0000001099511627776'],
  ['"%.20d",2^40', '00000001099511627776'],
  ['"%30.20d",2^40', '          00000001099511627776'],
  ['"%-30.20d|",2^40', '00000001099511627776          |'],
  ['"%030.20d",2^40', '          00000001099511627776'],
  ['"%#d",2^40', '1099511627776'],
  ['"%25i",2^40', '            1099511627776'],
  ['"%.3d",2^40', '1099511627776'],
  [
    '"%99.99d",2^40',
    '000000000000000000000000000000000000000000000000000000000000000000000000000000000000001099511627776',
  ],
  ['"%020d",-2^40', '-0000001099511627776'],
  ['"%+d",-2^40', '-1099511627776'],
  ['"% 20d",-2^40', '      -1099511627776'],
  ['"%.20d",-2^40', '-00000001099511627776'],
  ['"%#x",-1', '0xffffffffffffffff'],
  ['"%#X",-1', '0XFFFFFFFFFFFFFFFF'],
  ['"%X",-1', 'FFFFFFFFFFFFFFFF'],
  ['"%025x",-1', '000000000ffffffffffffffff'],
  ['"%#025x",-1', '0x0000000ffffffffffffffff'],
  ['"%-25x|",-1', 'ffffffffffffffff         |'],
  ['"%#-25X|",-1', '0XFFFFFFFFFFFFFFFF       |'],
  ['"%.20x",-1', '0000ffffffffffffffff'],
  ['"%#.20x",-1', '0x0000ffffffffffffffff'],
  ['"%#30.20x",-1', '        0x0000ffffffffffffffff'],
  ['"%+x",-1', 'ffffffffffffffff'],
  ['"% u",-1', '18446744073709551615'],
  ['"%#u",-1', '18446744073709551615'],
  ['"%o",-1', '1777777777777777777777'],
  ['"%#o",-1', '01777777777777777777777'],
  ['"%#.30o",-1', '000000001777777777777777777777'],
  ['"%#030o",-1', '000000001777777777777777777777'],
  ['"%25.23o",-1', '  01777777777777777777777'],
  ['"%x",2^64', '0'],
  ['"%#x",2^64', '0'],
  ['"%.0x|",2^64', '|'],
  ['"%#.0o|",2^64', '0|'],
  ['"%#o",2^64', '0'],
  ['"%5.u|",2^64', '     |'],
  ['"%.3X",2^64', '000'],
  ['"%d%%%s%x",2^40,"a\\0b",-1', '1099511627776%affffffffffffffff'],
  ['"\\0%d\\0",2^40', '\x001099511627776\0'],
  ['"%d",\'1099511627776\'', '1099511627776'],
  ['"%x",\'-1\'', 'ffffffffffffffff'],
  ['"%u",\'0xffffffffff\'', '1099511627775'],
  ['"%d %5.2f %c %q",2^40,1.5,65,\'x\'', '1099511627776  1.50 A "x"'],
  ['"%x",-1,{}', 'ffffffffffffffff'],
]

/** Arguments, and what is wrong with them. */
const REFUSED: readonly (readonly [args: string, error: string])[] = [
  ['"%d",{}', "bad argument #2 to 'format' (number expected, got table)"],
  ['"%x %d",-1', "bad argument #3 to 'format' (no value)"],
  ['"%x %d",-1,\'a\'', "bad argument #3 to 'format' (number expected, got string)"],
  ['"%x %y",-1,1', "invalid option '%y' to 'format'"],
  ['"%x %-+ #0-d",-1,1', 'invalid format (repeated flags)'],
  ['"%100d",2^40', 'invalid format (width or precision too long)'],
  ['"%1.100d",2^40', 'invalid format (width or precision too long)'],
  ['"%x %",-1,1', "invalid option '%' to 'format'"],
  ['"%x %ld",-1,2', "invalid option '%l' to 'format'"],
  ['"%d %d",2^40,nil', "bad argument #3 to 'format' (number expected, got nil)"],
]

test('string.format', () => {
  const bench = new ScriptBench(luaModule())
  for (const [args, result] of ROWS) {
    assert.equal(bench.run(`return string.format(${args})`), `$${result.length}\r\n${result}`, args)
  }
})

test('string.format, refused', () => {
  const bench = new ScriptBench(luaModule())
  for (const [args, error] of REFUSED) {
    const reply = bench.run(`return string.format(${args})`)
    assert.ok(reply.includes(`user_script:1: ${error}`), `${args}: ${reply}`)
  }
})

test('string.format as a method leaves its arguments as they are', () => {
  const bench = new ScriptBench(luaModule())
  const script = 'local f, n = "%d", 2^40 local text = f:format(n) return {text, f, type(n)}'
  assert.equal(bench.run(script), '*3\r\n$13\r\n1099511627776\r\n$2\r\n%d\r\n$6\r\nnumber')
})
