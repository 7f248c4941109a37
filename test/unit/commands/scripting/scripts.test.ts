/** EVAL and its kin, SCRIPT: replies in both protocols, errors, effects, time. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, NOT_AN_INTEGER, runTable, wrongArity } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

const SHA = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db' // of "return 1"
const NO_SCRIPT = 'NOSCRIPT No matching script. Please use EVAL.'
const NO_SUCH_SHA = '0'.repeat(40)
/** Where an error came from, without the hash. */
const placeless = (reply: unknown): string => String(reply).replace(/ script: [0-9a-f]{40}, on @user_script:\d+\.$/, '')

test('EVAL, EVALSHA and SCRIPT', () => {
  runTable([
    ['EVAL return~1 0', 1],
    ['EVAL return~1', wrongArity('eval')],
    ['EVAL return~1 x', NOT_AN_INTEGER],
    ['EVAL return~1 1', "ERR Number of keys can't be greater than number of args"],
    ['EVAL return~1 -1', "ERR Number of keys can't be negative"],
    ['EVAL return~{KEYS[1],ARGV[1],#KEYS,#ARGV} 1 k a b', ['k', 'a', 1, 2]],
    ["EVAL return~redis.call('SET',KEYS[1],ARGV[1]) 1 k v", 'OK'],
    ["EVAL return~redis.call('GET',KEYS[1]) 1 k", 'v'],
    ["EVAL_RO return~redis.call('GET',KEYS[1]) 1 k", 'v'],
    [`EVALSHA ${SHA} 0`, 1],
    [`EVALSHA ${SHA.toUpperCase()} 0`, 1],
    [`EVALSHA_RO ${SHA} 0`, 1],
    [`EVALSHA ${NO_SUCH_SHA} 0`, NO_SCRIPT],
    ['EVALSHA short 0', NO_SCRIPT],
    [`SCRIPT EXISTS ${SHA} ${NO_SUCH_SHA}`, [1, 0]],
    ['SCRIPT LOAD return~2', '7f923f79fe76194c868d7e1d0820de36700eb649'],
    ['EVALSHA 7f923f79fe76194c868d7e1d0820de36700eb649 0', 2],
    ['SCRIPT FLUSH', 'OK'],
    ['SCRIPT FLUSH SYNC', 'OK'],
    ['SCRIPT FLUSH ASYNC', 'OK'],
    ['SCRIPT FLUSH x', 'ERR SCRIPT FLUSH only support SYNC|ASYNC option'],
    [`EVALSHA ${SHA} 0`, NO_SCRIPT],
    ['SCRIPT KILL', 'NOTBUSY No scripts in execution right now.'],
    ['SCRIPT DEBUG NO', 'OK'],
    ['SCRIPT DEBUG YES', 'ERR There is no debugger for scripts in Spinel; only SCRIPT DEBUG NO is accepted'],
    ['SCRIPT DEBUG x', 'ERR Use SCRIPT DEBUG YES/SYNC/NO'],
    ['SCRIPT LOAD x', "ERR Error compiling script (new function): user_script:1: '=' expected near '<eof>'"],
    ['SCRIPT LOAD #!lua', 'ERR Invalid script shebang'],
    ['EVAL #!lua~flags=x\n 0', 'ERR Unexpected flag in script shebang: x'],
  ])
})

test('what a script may not do', () => {
  const store = new TestStore()
  const rows: readonly (readonly [script: string, reply: string])[] = [
    ["return redis.call('nope')", 'ERR Unknown Redis command called from script'],
    ["return redis.call('get')", 'ERR Wrong number of args calling Redis command from script'],
    ["return redis.call('multi')", 'ERR This Redis command is not allowed from script'],
    ['return redis.call()', 'ERR Please specify at least one argument for this redis lib call'],
    ['return redis.call({})', 'ERR Lua redis lib command arguments must be strings or integers'],
    [
      "redis.call('lpush','l',1) return redis.call('get','l')",
      'WRONGTYPE Operation against a key holding the wrong kind of value',
    ],
  ]
  for (const [script, reply] of rows) {
    assert.equal(placeless((store.send('EVAL', script, 0) as Error).message), reply, script)
    assert.equal(
      (store.send('EVAL', script.replaceAll('redis.call', 'redis.pcall'), 0) as Error).message,
      reply,
      script,
    )
  }
  const readOnly = 'ERR Write commands are not allowed from read-only scripts.'
  assert.equal(placeless((store.send('EVAL_RO', "redis.call('set','k',1)", 0) as Error).message), readOnly)
  assert.equal(
    placeless((store.send('EVAL', "#!lua flags=no-writes\nredis.call('set','k',1)", 0) as Error).message),
    readOnly,
  )
  const flagged = 'ERR Can not execute a script with write flag using *_ro command.'
  assert.equal((store.send('EVAL_RO', '#!lua\nreturn 1', 0) as Error).message, flagged)
})

test('a script is one unit of effects, in its own database and at one time', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  store.send(
    'EVAL',
    "redis.call('set','a',1,'px',5000) redis.call('select',2) redis.call('incr','b') redis.call('get','a')",
    0,
  )
  const expiry = store.time.nowMs + 5000
  assert.deepEqual(effects.splice(0), ['[', `0: SET a 1 PXAT ${expiry}`, '2: incr b', ']'])
  assert.equal(store.send('GET', 'a'), '1')
  store.send('EVAL', "return redis.call('get','a')", 0)
  store.send('EVAL', "redis.set_repl(redis.REPL_NONE) redis.call('set','c',1)", 0)
  assert.deepEqual(effects.splice(0), [])
  store.send('EVAL', "redis.call('set','d',1)", 0)
  assert.deepEqual(effects.splice(0), ['0: set d 1'])
  store.send('MULTI')
  store.send('EVAL', "redis.call('incr','n') redis.call('incr','n')", 0)
  store.send('INCR', 'n')
  assert.deepEqual(store.send('EXEC'), [null, 3])
  assert.deepEqual(effects, ['[', '0: incr n', '0: incr n', '0: INCR n', ']'])
})

test('over the memory limit a script may read, and finish what it has begun', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  store.send('CONFIG', 'SET', 'maxmemory', '1')
  const oom = "OOM command not allowed when used memory > 'maxmemory'."
  assert.equal(placeless((store.send('EVAL', "return redis.call('set','k',1)", 0) as Error).message), oom)
  assert.equal(store.send('EVAL', "return redis.call('get','k')", 0), 'v')
  assert.equal(store.send('EVAL', "redis.call('del','k') return redis.call('set','k',1)", 0), 'OK')
  assert.match((store.send('EVAL', '#!lua\nreturn 1', 0) as Error).message, /^OOM /)
  assert.equal(store.send('EVAL', "#!lua flags=allow-oom\nreturn redis.call('set','k',2)", 0), 'OK')
  assert.equal(store.send('EVAL', "#!lua flags=no-writes\nreturn redis.call('get','k')", 0), '2')
})

test('errors are counted once, and MONITOR shows the script before its commands', () => {
  const store = new TestStore()
  store.send('EVAL', "redis.pcall('nope') redis.pcall('lpop')", 0)
  assert.equal(store.store.executor.errorCounts.get('ERR'), 2)
  store.send('EVAL', "redis.call('get')", 0)
  assert.equal(store.store.executor.errorCounts.get('ERR'), 3)
  const watcher = store.connect()
  watcher.send('MONITOR')
  watcher.takeOutput()
  store.send('EVAL', "redis.call('ping')", 0)
  const lines = watcher.takeOutput().split('\r\n')
  assert.match(lines[0]!, /\[0 127\.0\.0\.1:1111\] "EVAL" "redis\.call/)
  assert.match(lines[1]!, /\[0 lua\] "ping"$/)
})

test('blocking commands do not wait', () => {
  const store = new TestStore()
  assert.equal(ask(store.client, "EVAL return~redis.call('blpop','l',0) 0"), null)
})

test('INFO tells what scripts take', () => {
  const store = new TestStore()
  const info = (): string => String(store.send('INFO', 'memory'))
  assert.match(info(), /number_of_cached_scripts:0\r\n/)
  store.send('SCRIPT', 'LOAD', 'return 1')
  assert.match(info(), /used_memory_vm_eval:[1-9]\d+\r\n[^]*number_of_cached_scripts:1\r\n/)
})
