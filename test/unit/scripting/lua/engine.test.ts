/** The engine by itself: pauses, ends, memory, and that one script leaves nothing for the next. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pulse } from '../../../../src/scripting/script-host.js'
import { luaModule, ScriptBench } from './script-bench.js'

const module = luaModule()

test('a script can be suspended wherever no function of C is in between', () => {
  const scripts = [
    'local n=0 for i=1,3000000 do n=n+1 end return n',
    'return select(2,pcall(function() local n=0 for i=1,3000000 do n=n+1 end return n end))',
    'local function f(d) if d==0 then local n=0 for i=1,3000000 do n=n+1 end return n end return select(2,pcall(f,d-1)) end return f(20)',
    'return coroutine.wrap(function() local n=0 for i=1,3000000 do n=n+1 end return n end)()',
    'return select(2,xpcall(function() local n=0 for i=1,3000000 do n=n+1 end return n end,function(m) return m end))',
    'local c=coroutine.wrap(function() pcall(function() for i=1,3000000 do end end) coroutine.yield(1) return 2999999 end) return c()+c()',
  ]
  for (const script of scripts) {
    const bench = new ScriptBench(module)
    bench.host.answer = Pulse.pause
    assert.equal(bench.run(script), ':3000000', script)
    assert.ok(bench.pauses > 20, `${bench.pauses} pauses: ${script}`)
  }
})

test('within a callback of C a script goes on, and pauses later', () => {
  const bench = new ScriptBench(module)
  bench.host.answer = Pulse.pause
  const loop = 'for i=1,1000000 do end'
  assert.equal(
    bench.run(`local t={3,1,2} table.sort(t,function(a,b) ${loop} return a<b end) return t`),
    '*3\r\n:1\r\n:2\r\n:3',
  )
  assert.equal(
    bench.run(`return (string.gsub("ab",".",function(c) pcall(function() ${loop} end) return c:upper() end))`),
    '$2\r\nAB',
  )
  assert.equal(bench.run(`return setmetatable({},{__index=function(t,k) ${loop} return k end}).x`), '$1\r\nx')
})

test('a script that is to end does, whatever it catches', () => {
  const scripts = [
    'while true do end',
    'while true do pcall(function() while true do end end) end',
    'while true do xpcall(function() while true do end end,function() while true do end end) end',
    'while true do coroutine.resume(coroutine.create(function() while true do end end)) end',
    'while true do pcall(string.gsub,"x",".",function() while true do end end) end',
    'while true do pcall(table.sort,{1,2,3},function() while true do end end) end',
    'local t=setmetatable({},{__index=function() while true do end end}) while true do pcall(function() return t.x end) end',
  ]
  for (const script of scripts) {
    const bench = new ScriptBench(module)
    bench.host.answer = Pulse.end
    assert.match(bench.run(script), /^-ERR ended script: test, on @user_script:1\.$/, script)
    bench.host.answer = Pulse.goOn
    assert.equal(bench.run('return {pcall(function() return 1 end)}'), '*2\r\n:1\r\n:1')
  }
})

test('memory ends with an error, and the next script runs', () => {
  const bench = new ScriptBench(module, 32 << 20)
  assert.equal(
    bench.run('local t={} for i=1,1e9 do t[i]=string.rep("x",100000)..i end'),
    '-ERR Error running script test, not enough memory',
  )
  assert.equal(bench.run('return string.rep("x",1e8)'), '-ERR Error running script test, not enough memory')
  assert.equal(bench.run('return #string.rep("x",1e6)'), ':1000000')
  assert.ok(bench.engine.heldBytes <= 32 << 20)
})

test('deep recursion is an error', () => {
  const bench = new ScriptBench(module)
  assert.match(bench.run('local function f() return 1+f() end return f()'), /^-ERR user_script:1: stack overflow/)
  assert.match(bench.run('local function f() pcall(f) error("x") end f()'), /^-ERR/)
  assert.match(
    bench.run('local t={} setmetatable(t,{__index=function(t,k) return t[k+1] end}) return t[1]'),
    /^-ERR .*overflow/,
  )
  assert.match(
    bench.run(`return ${'('.repeat(300)}1${')'.repeat(300)}`),
    /^compile: .*chunk has too many syntax levels/,
  )
  assert.match(bench.run('local a={} a[1]=a return a'), /-ERR reached lua stack limit$/)
  assert.equal(bench.run('return 1'), ':1')
})

test('strings of any bytes pass', () => {
  const bench = new ScriptBench(module)
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i))
  assert.equal(bench.run('return KEYS[1]', all), `$256\r\n${all}`)
  assert.equal(bench.run('return #KEYS[1]..KEYS[2]', all, '\0x'), '$5\r\n256\0x')
  const long = 'ab\0\xff'.repeat(100_000)
  assert.equal(bench.run('return KEYS[1]', long), `$400000\r\n${long}`)
})

test('log lines carry their words', () => {
  const bench = new ScriptBench(module)
  bench.run('redis.log(redis.LOG_WARNING,"a",1,"b\\0c")')
  assert.deepEqual(bench.logged, ['warning a 1 b\0c'])
})
