/** FUNCTION and FCALL: loading, calling, listing, dumping and restoring. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runTable } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

const CODE = `#!lua name=lib
local calls = 0
redis.register_function('set', function(keys, args) return redis.call('SET', keys[1], args[1]) end)
redis.register_function{function_name='get', description='reads', flags={'no-writes'}, callback=function(keys) return redis.call('GET', keys[1]) end}
redis.register_function('count', function() calls = calls + 1 return calls end)`
const message = (reply: unknown): string => (reply as Error).message

test('FCALL', () => {
  runTable(
    [
      ['FCALL set 1 k v', 'OK'],
      ['FCALL SET 1 k v', 'OK'],
      ['FCALL get 1 k', 'v'],
      ['FCALL_RO get 1 k', 'v'],
      ['FCALL_RO set 1 k v', 'ERR Can not execute a script with write flag using *_ro command.'],
      ['FCALL count 0', 1],
      ['FCALL count 0', 2],
      ['FCALL nope 0', 'ERR Function not found'],
      ['FCALL get x', 'ERR Bad number of keys provided'],
      ['FCALL get 2 k', "ERR Number of keys can't be greater than number of args"],
      ['FCALL get -1', "ERR Number of keys can't be negative"],
      ['FUNCTION DELETE nope', 'ERR Library not found'],
      ['FUNCTION KILL', 'NOTBUSY No scripts in execution right now.'],
      ['FUNCTION LIST LIBRARYNAME', 'ERR library name argument was not given'],
      ['FUNCTION LIST x', 'ERR Unknown argument x'],
      ['FUNCTION FLUSH x', 'ERR FUNCTION FLUSH only supports SYNC|ASYNC option'],
      ['FUNCTION RESTORE x', 'ERR DUMP payload version or checksum are wrong'],
      ['FUNCTION RESTORE x y', 'ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.'],
      ['FUNCTION DELETE lib', 'OK'],
      ['FCALL get 1 k', 'ERR Function not found'],
    ],
    (store) => store.send('FUNCTION', 'LOAD', CODE),
  )
})

test('what keeps a library from being loaded, and leaves everything as it was', () => {
  const store = new TestStore()
  store.send('FUNCTION', 'LOAD', CODE)
  const register = "redis.register_function('x', function() end)"
  const rows: readonly (readonly [code: string, reply: string])[] = [
    ['return 1', 'ERR Missing library metadata'],
    ['#!lua name=a', 'ERR Invalid library metadata'],
    [`#!lua\n${register}`, 'ERR Library name was not given'],
    [`#!lua name=a name=b\n${register}`, 'ERR Invalid metadata value, name argument was given multiple times'],
    [`#!lua name=a x=b\n${register}`, 'ERR Invalid metadata value given: x=b'],
    [`#!js name=a\n${register}`, "ERR Engine 'js' not found"],
    [CODE, "ERR Library 'lib' already exists"],
    ['#!lua name=a\nreturn 1', 'ERR No functions registered'],
    ['#!lua name=a\nx x', "ERR Error compiling function: user_function:2: '=' expected near 'x'"],
    ['#!lua name=a\nredis.register_function("get", function() end)', 'ERR Function get already exists'],
    ['#!lua name=a\nredis.register_function("a b", function() end)',
      'ERR Error registering functions: ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long'],
    ['#!lua name=a\nredis.call("ping")',
      "ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'call'"],
    ['#!lua name=a\nmath.floor(1)',
      "ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'math'"],
  ] // prettier-ignore
  for (const [code, reply] of rows)
    assert.equal(message(store.send('FUNCTION', 'LOAD', code)).replace('ERR ERR', 'ERR'), reply)
  assert.equal(store.send('FCALL', 'count', 0), 1)
})

test('DUMP and RESTORE', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  store.send('FUNCTION', 'LOAD', CODE)
  assert.equal(effects.splice(0).length, 1)
  const dump = store.client.sendLatin1('FUNCTION', 'DUMP') as string
  assert.match(message(store.send('FUNCTION', 'RESTORE', dump)), /Library lib already exists/)
  assert.equal(store.send('FUNCTION', 'RESTORE', dump, 'REPLACE'), 'OK')
  assert.equal(store.send('FUNCTION', 'FLUSH'), 'OK')
  assert.equal(store.send('FUNCTION', 'RESTORE', dump), 'OK')
  assert.equal(store.send('FUNCTION', 'RESTORE', dump, 'FLUSH'), 'OK')
  assert.equal(store.send('FCALL', 'count', 0), 1)
  const broken = `${dump.slice(0, 5)}x${dump.slice(6)}`
  assert.match(message(store.send('FUNCTION', 'RESTORE', broken)), /DUMP payload version or checksum are wrong/)
  assert.match(String(store.send('INFO', 'memory')), /number_of_functions:3\r\nnumber_of_libraries:1\r\n/)
})
