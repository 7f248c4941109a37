/** Ways out of the sandbox that have been tried on servers with Lua in them: all are closed, and none leaves a trace. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { luaModule, ScriptBench } from './script-bench.js'

const module = luaModule()
const READ_ONLY = /Attempt to modify a readonly table/
const MISSING = /Script attempted to access nonexistent global variable/
const FAILS = /^-ERR|^compile:/

/** Script, and what its reply must look like. */
const ESCAPES: readonly (readonly [script: string, reply: RegExp])[] = [
  // The system.
  ...['os', 'io', 'debug', 'package', 'require', 'module', 'dofile', 'loadfile', 'print'].map(
    (name) => [`return ${name}`, MISSING] as const,
  ),
  ['return loadstring("return os")()', MISSING],
  ['return rawget(_G,"os")', /^\$-1$/],
  ['return getfenv(0).os', MISSING],
  ['return getfenv(pcall).io', MISSING],
  ['return getfenv(redis.call).io', MISSING],
  ['return getfenv(string.gsub).package', MISSING],
  // Code that was compiled elsewhere, or was tampered with.
  ['return loadstring(string.dump(function() return 1 end))()', FAILS],
  ['return loadstring("\\27Lua")', /^\$-1$/],
  [
    'local done return load(function() if done then return nil end done=true return string.dump(function() end) end)',
    /^\$-1$/,
  ],
  ['local first=true return load(function() if first then first=false return "\\27" end return "Lua" end)', /^\$-1$/],
  ['\x1bLua', /^compile: user_script:1: unexpected symbol near 'char\(27\)'/],
  // The globals.
  ['x=1', READ_ONLY],
  ['_G.x=1', READ_ONLY],
  ['_G={}', READ_ONLY],
  ['redis=nil', READ_ONLY],
  ['KEYS={}', READ_ONLY],
  ['rawset(_G,"x",1)', READ_ONLY],
  ['setmetatable(_G,{})', READ_ONLY],
  ['setmetatable(_G,nil)', READ_ONLY],
  ['getmetatable(_G).__index=nil', READ_ONLY],
  ['getmetatable(_G).__newindex=nil', READ_ONLY],
  ['rawset(getmetatable(_G),"__index",nil)', READ_ONLY],
  ['setmetatable(getmetatable(_G),{})', READ_ONLY],
  ['getfenv(1).x=1', READ_ONLY],
  ['getfenv(0).x=1', READ_ONLY],
  ['getfenv(pcall).x=1', READ_ONLY],
  ['setfenv(0,{})', FAILS],
  ['setfenv("0",{})', FAILS],
  ['setfenv(redis.call,{})', FAILS],
  ['setfenv(string.format,{})', FAILS],
  ['local f=coroutine.wrap(function() setfenv(0,{redis={}}) end) f()', FAILS],
  ['for k,v in pairs(_G) do if type(v)=="table" and k~="KEYS" and k~="ARGV" then v.x=1 end end', READ_ONLY],
  [
    'local k,v=next(_G) while k do if type(v)=="table" and k~="KEYS" and k~="ARGV" then rawset(v,"x",1) end k,v=next(_G,k) end',
    READ_ONLY,
  ],
  // The libraries.
  ...['redis', 'string', 'table', 'math', 'coroutine', 'cjson', 'cmsgpack', 'struct', 'bit'].flatMap(
    (name) =>
      [
        [`${name}.x=1`, READ_ONLY],
        [`rawset(${name},"x",1)`, READ_ONLY],
        [`setmetatable(${name},{})`, READ_ONLY],
        [`local k=next(${name}) ${name}[k]=nil`, READ_ONLY],
        [`for k in pairs(${name}) do ${name}[k]=1 end`, READ_ONLY],
      ] as const,
  ),
  ['redis.call=function() end', READ_ONLY],
  ['string.format=nil', READ_ONLY],
  // Metatables of simple values.
  ['getmetatable("").__index=function() end', READ_ONLY],
  ['getmetatable("").__index.upper=1', READ_ONLY],
  ['rawset(getmetatable(""),"__index",1)', READ_ONLY],
  ['setmetatable(getmetatable(""),{})', READ_ONLY],
  ['setmetatable("",{})', FAILS],
  ['return getmetatable(1)', /^\$-1$/],
  ['return getmetatable(redis)', /^\$-1$/],
  ['return getmetatable(newproxy()) == nil', /^:1$/],
  // The coroutines that pcall is made of.
  ['return pcall(coroutine.yield)', /^\$-1$/],
  ['return {pcall(function() coroutine.yield({}) end)}', /attempt to yield across/],
  ['coroutine.yield()', /attempt to yield across/],
  [
    'local c c=coroutine.create(function() return coroutine.resume(c) end) return {coroutine.resume(c)}',
    /cannot resume/,
  ],
  ['return {pcall(pcall)}', /./],
  ['local t=setmetatable({},{__index=function() error("deep") end}) return {pcall(function() error(t) end)}', /./],
  // Numbers and sizes that C would trip over.
  ['return string.rep("x",-1)', /^\$0\r\n$/],
  ['return string.rep("x",2^31)', /^\$0|^-ERR/],
  ['return unpack({},1,1e7)', FAILS],
  ['return unpack({},-2^31,2^31-1)', FAILS],
  ['return select(-2^31,1)', FAILS],
  ['return string.format("%1000d",1)', FAILS],
  ['return string.format("%99.99f",1e300)', /^\$/],
  ['return struct.unpack("c2147483647","x")', FAILS],
  ['return struct.unpack("b","x",2^53)', FAILS],
  ['return struct.pack("i4294967296",1)', FAILS],
  ['return cmsgpack.unpack("\\221"..string.rep("\\221",100000))', FAILS],
  ['return cmsgpack.unpack("\\221\\255\\255\\255\\255")', FAILS],
  ['return cmsgpack.unpack("\\219\\255\\255\\255\\255x")', FAILS],
  ['return cmsgpack.unpack_limit("\\1",1,-1)', FAILS],
  ['return cjson.decode(string.rep("[",100000))', FAILS],
  ['local t={} for i=1,2000 do t={t} end return cjson.encode(t)', FAILS],
  ['return table.concat({},"x",1,2^31-1)', FAILS],
  ['local t={} t[0/0]=1', FAILS],
]

test('known escapes are closed, and each leaves the world as it was', () => {
  const bench = new ScriptBench(module)
  const fingerprint =
    'local n=0 for k,v in pairs(_G) do n=n+1 if type(v)=="table" and v~=_G then for k,f in pairs(v) do n=n+1 end end end ' +
    'return {n,type(redis.call),("x"):upper(),string.format("%d",1),type(getmetatable("").__index),#redis,#_G,#string,tostring(rawget(_G,"x"))}'
  bench.run('return 1')
  const before = bench.run(fingerprint)
  for (const [script, reply] of ESCAPES) {
    assert.match(bench.run(script), reply, script)
    assert.equal(bench.run(fingerprint), before, `after ${script}`)
    assert.equal(bench.engine.isLost, false, script)
  }
})

test('what table functions write to a table under protection is gone with the script', () => {
  const bench = new ScriptBench(module)
  for (const name of ['redis', '_G', 'string', 'cjson']) {
    bench.run(`table.insert(${name},"x")`)
    assert.equal(bench.run(`return #${name}`), ':0')
    bench.run(`for i=1,100 do table.insert(${name},i) end`)
    assert.equal(
      bench.run(`return {#${name},${name}[1] == nil}`).slice(0, 8),
      name === '_G' ? '-ERR use' : '*2\r\n:0\r\n',
    )
  }
})

test('names of what is missing come back as they were', () => {
  const bench = new ScriptBench(module)
  assert.match(bench.run('return nosuch'), /nonexistent global variable 'nosuch'/)
  assert.match(bench.run('return _G["a\\nb"]'), /nonexistent global variable 'a b'/)
  assert.match(bench.run('return _G[1]'), /nonexistent global variable '1'/)
})

test('KEYS and ARGV are new for each script', () => {
  const bench = new ScriptBench(module)
  bench.run('ARGV[1]="left" KEYS.x=1 setmetatable(ARGV,{__index=function() return "meta" end})')
  assert.equal(
    bench.run('return {#KEYS,#ARGV,tostring(ARGV[1]),tostring(KEYS.x)}'),
    '*4\r\n:0\r\n:0\r\n$3\r\nnil\r\n$3\r\nnil',
  )
  bench.run('setmetatable(ARGV,{__index=function() return "meta" end})')
  assert.equal(bench.run('return tostring(ARGV[1])'), '$3\r\nnil')
  assert.equal(bench.run('return KEYS[1]', 'k'), '$1\r\nk')
  assert.equal(bench.run('return #KEYS'), ':0')
})
