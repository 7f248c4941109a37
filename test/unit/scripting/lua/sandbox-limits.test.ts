/** Scripts that ask for too much, or hide behind what runs late: each ends with a clear error, and the world stays sound. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { luaModule, ScriptBench } from './script-bench.js'

const module = luaModule()
const MEMORY_BYTES_MAX = 24 << 20
const NO_MEMORY = /^-ERR .*not enough memory/
const READ_ONLY = /Attempt to modify a readonly table/
const FAILS = /^-/

/** Script, and what its reply must look like. */
const BOMBS: readonly (readonly [script: string, reply: RegExp])[] = [
  ['return #string.rep("x",1e9)', NO_MEMORY],
  ['local s="x" while true do s=s..s end', NO_MEMORY],
  ['local t={} for i=1,1e9 do t[i]={} end', NO_MEMORY],
  ['local t={} for i=1,1e9 do t[i]=i end', NO_MEMORY],
  ['local t={} for i=1,1e9 do t["k"..i]=i end', NO_MEMORY],
  ['local s=string.rep("x",1e6) local t={} for i=1,1000 do t[i]=s end return #table.concat(t)', NO_MEMORY],
  ['local s=string.rep("x",1e6) return #(s:gsub(".",s))', NO_MEMORY],
  ['local s=string.rep("%s",200) local v=string.rep("x",1e6) local t={} for i=1,200 do t[i]=v end return #s:format(unpack(t))', NO_MEMORY],
  ['local s=string.rep("x",1e7) local t={} for i=1,1e9 do t[i]=s:upper()..i end', NO_MEMORY],
  ['local t={} for i=1,1e9 do t[i]=coroutine.create(function() end) end', NO_MEMORY],
  ['local t={} for i=1,1e9 do t[i]=function() return i end end', NO_MEMORY],
  ['local t={} for i=1,1e9 do t[i]=newproxy() end', NO_MEMORY],
  ['return #cjson.encode({string.rep("\\0",2e7)})', NO_MEMORY],
  ['return #cmsgpack.pack(string.rep("x",4e7))', NO_MEMORY],
  ['return #cjson.decode("["..string.rep("1,",8e6).."1]")', NO_MEMORY],
  ['return #struct.pack("c0",string.rep("x",4e7))', NO_MEMORY],
  ['local s=string.rep("x",1e6) for i=1,1e9 do s=loadstring("return \'"..s.."\'")() s=s..s end', NO_MEMORY],
  ['return {pcall(function() local s="x" while true do s=s..s end end)}', /not enough memory/],
  ['while true do local ok,e=pcall(string.rep,"x",1e9) error(e) end', /not enough memory/],
  // Sizes and depths.
  ['return unpack({},0,1e8)', /too many results to unpack/],
  ['return unpack({},-1e9,1e9)', /too many results to unpack/],
  ['return select("#",unpack({},1,7990))', /^:7990$/],
  ['return select("#",unpack({},1,8001))', /too many results to unpack/],
  ['local t={} for i=1,300 do t[i]="a" end return string.char(unpack(t))', FAILS],
  ['return string.format("%0100d",1)', /invalid format/],
  ['return string.format("%"..string.rep("0",1000).."d",1)', /invalid format/],
  ['return string.format(string.rep("%d",300))', FAILS],
  ['return ("x"):rep(1e5):find(string.rep("(x)",33))', /too many captures/],
  ['return string.find("a",string.rep("(",100))', FAILS],
  ['return string.gsub("x","x","%9")', FAILS],
  ['local function f(n) return n==0 and 0 or 1+f(n-1) end return f(1e6)', /stack overflow/],
  ['local t={} t.__index=function(_,k) return t[k] end setmetatable(t,t) return t.x', /overflow/],
  ['local t=setmetatable({},{__concat=function(a,b) return a..b end}) return t.."x"', /overflow/],
  ['local t={} for i=1,3000 do t={t} end return t', /lua stack limit/],
  ['local t={3,1,2} table.sort(t,function() return true end) return 1', /invalid order function|^:1$/],
  ['local t={} for i=1,100 do t[i]=i end table.sort(t,function(a,b) error("stop") end)', /stop/],
  ['local f f=coroutine.wrap(function() return f() end) return f()', FAILS],
  ['local function n(d) return coroutine.wrap(function() return n(d+1) end)() end return n(0)', FAILS],
  ['return loadstring("return "..string.rep("{",1000)..string.rep("}",1000))()', FAILS],
  [`return ${'-'.repeat(1)}${'not '.repeat(400)}1`, FAILS],
] // prettier-ignore

test('what asks for too much memory, or goes too deep, ends with an error', () => {
  for (const [script, reply] of BOMBS) {
    const bench = new ScriptBench(module, MEMORY_BYTES_MAX)
    const got = bench.run(script)
    assert.match(got.startsWith('compile: ') ? `-ERR ${got}` : got, reply, script)
    // A machine that is lost is replaced by the store around it; one that says it is sound must be.
    if (!bench.engine.isLost) assert.equal(bench.run('return {KEYS[1],#ARGV,("x"):rep(3)}', 'k'), SOUND, script)
    assert.ok(bench.engine.heldBytes <= MEMORY_BYTES_MAX, script)
  }
})

const SOUND = '*3\r\n$1\r\nk\r\n:0\r\n$3\r\nxxx'

/** What runs later than it seems, or where errors are made. */
const LATE: readonly (readonly [script: string, reply: RegExp])[] = [
  ['local p=newproxy(true) getmetatable(p).__gc=function() redis.x=1 end p=nil collectgarbage() return 1', /^:1$|readonly/],
  ['local p=newproxy(true) getmetatable(p).__gc=function() error("late") end p=nil collectgarbage() return 1', /^:1$|late/],
  ['local p=newproxy(true) getmetatable(p).__index=_G return p.os', /nonexistent global/],
  ['local p=newproxy(true) getmetatable(p).__newindex=_G p.x=1', READ_ONLY],
  ['local t=setmetatable({},{__newindex=_G}) t.x=1', READ_ONLY],
  ['local t=setmetatable({},{__newindex=string}) t.format=nil', READ_ONLY],
  ['local t=setmetatable({},{__index=_G,__metatable=false}) return type(t.redis)', /table/],
  ['error(setmetatable({},{__tostring=function() redis.x=1 end}))', FAILS],
  ['error(setmetatable({err=1},{__index=function() error("in") end}))', FAILS],
  ['error(setmetatable({},{__index=function() while true do end end}))', FAILS],
  ['error(newproxy(true))', FAILS],
  ['error(coroutine.create(function() end))', FAILS],
  ['return tostring(setmetatable({},{__tostring=function() return 1 end}))', /^:1$/],
  ['return {xpcall(function() error("a") end,function(m) error("b") end)}', /error in error handling|b/],
  ['return {xpcall(function() error("a") end,function(m) redis.x=1 end)}', /readonly|error in error/],
  ['return {xpcall(1,2)}', /./],
  ['return {coroutine.resume(coroutine.create(string.rep),"x",3)}', /Lua function expected/],
  ['return {pcall(coroutine.wrap(function() redis.call=1 end))}', READ_ONLY],
  ['return {pcall(rawset,redis,"call",1)}', READ_ONLY],
  ['return {pcall(setmetatable,string,nil)}', READ_ONLY],
  ['return rawget(redis,"call")==redis.call', /^:1$/],
  ['return rawequal(_G,_G._G)', /^:1$/],
  ['table.sort(redis)', /^\$-1$|^-/],
  ['table.remove(string,1)', /^\$-1$|^-/],
  ['table.foreach(_G,function(k,v) if k=="redis" then v.call=1 end end)', /readonly|^\$-1$/],
  ['for i=1,10 do table.insert(redis,i) end return redis[1]', /./],
  ['return getfenv(coroutine.create(function() end)).x', FAILS],
  ['setfenv(1,{}) return redis', /^\$-1$/],
  ['setfenv(2,{})', FAILS],
  ['local f=setfenv(loadstring("x=1 return x"),{}) return f()', /^:1$/],
  ['return loadstring(("return 1"):gsub("^","\\27"))', /^\$-1$/],
  ['return load(coroutine.wrap(function() coroutine.yield("\\27Lua") end))', /^\$-1$/],
  ['return loadstring("\\27LuaQ\\0\\1\\4\\4\\4\\8\\0")', /^\$-1$/],
  ['return type(string.dump)', /function/],
  ['getmetatable("").__index=nil', READ_ONLY],
  ['getmetatable("").__gc=function() end', READ_ONLY],
  ['string.rep=function() end', READ_ONLY],
  ['KEYS=nil', READ_ONLY],
  ['rawset(KEYS,"x",{}) setmetatable(KEYS,{__index=redis}) return type(KEYS.call)', /function/],
  ['table.insert(KEYS,"left") KEYS[100]="far" ARGV[0]="zero" return 1', /^:1$/],
] // prettier-ignore

test('what runs late, or while an error is handled, reaches nothing either', () => {
  const bench = new ScriptBench(module, MEMORY_BYTES_MAX)
  for (const [script, reply] of LATE) {
    assert.match(bench.run(script), reply, script)
    assert.equal(bench.engine.isLost, false, script)
    const state = 'return {#KEYS,#ARGV,tostring(KEYS.x),tostring(ARGV[0]),type(redis.call),("x"):upper(),#redis,type(rawget(_G,"x"))}'
    const clean = '*8\r\n:0\r\n:0\r\n$3\r\nnil\r\n$3\r\nnil\r\n$8\r\nfunction\r\n$1\r\nX\r\n:0\r\n$3\r\nnil'
    assert.equal(bench.run(state), clean, `after ${script}`)
  } // prettier-ignore
})

test('KEYS and ARGV are those of the script, however many the last one had and whatever it made of them', () => {
  const bench = new ScriptBench(module)
  const counts = [0, 3, 1, 3, 64, 2, 100, 1, 0, 5]
  const habits = ['', 'KEYS[2]="x"', 'KEYS[#KEYS+1]="more"', 'KEYS.name=1', 'KEYS[1]=nil', 'setmetatable(KEYS,{})', 'table.sort(KEYS,function(a,b) return a>b end)', 'collectgarbage()', 'for i=1,2000 do local t={i..""} end'] // prettier-ignore
  for (let round = 0; round < 400; round++) {
    const count = counts[round % counts.length]!
    const keys = Array.from({ length: count }, (_, i) => (round % 3 === 0 ? `key ${i}` : `${round}:${i}`))
    const wanted = keys.map((key) => `$${key.length}\r\n${key}`).join('\r\n')
    const script = `local k={unpack(KEYS)} local n=#KEYS local seen=0 for _ in pairs(KEYS) do seen=seen+1 end ${habits[round % habits.length]} if n~=seen or KEYS.name==2 then error("places") end return k`
    assert.equal(bench.run(script, ...keys), count === 0 ? '*0' : `*${count}\r\n${wanted}`, `round ${round}`)
  }
})
