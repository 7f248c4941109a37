/**
 * Scripts whose replies are compared with those of a real server: written by hand, one for each rule that is easy to get
 * wrong, and generated, which call functions of the libraries with odd arguments.
 */

import type { Dice } from '../support/dice.js'

/** Each is run as `EVAL script 2 {k}1 {k}2 first second`. */
export const WRITTEN: readonly string[] = [
  // Replies.
  'return 1', 'return 1.9', 'return -1.9', 'return "x"', 'return true', 'return false', 'return nil', 'return', 'return {}',
  'return {1,2,{3,"x"},nil,5}', 'return {ok="fine"}', 'return {ok="a\\r\\nb"}', 'return {err="My Err"}', 'return {err="one"}',
  'return {err="-X y"}', 'return {1,{err="E inside"}}', 'return {double=3.25}', 'return {double=1e300}', 'return {big_number="123"}',
  'return {map={a=1}}', 'return {set={a=true}}', 'return {verbatim_string={format="txt",string="abc"}}', 'return 2^53', 'return 2^63',
  'return -2^63', 'return 1e300', 'return function() end', 'return KEYS', 'return ARGV', 'return {KEYS[1],ARGV[2],KEYS[3]}', 'return #KEYS+#ARGV',
  'redis.setresp(3) return true', 'redis.setresp(3) return false', 'redis.setresp(3) return {map={a=1}}', 'redis.setresp(4)', 'redis.setresp()',
  // Commands.
  'return redis.call("set",KEYS[1],1)', 'return redis.call("incrbyfloat",KEYS[1],1.5)', 'return redis.call("nope")', 'return redis.call()',
  'return redis.call("get")', 'return redis.call({})', 'return redis.call("get",{})', 'return redis.pcall("get")', 'return redis.pcall("nope").err',
  'return redis.call("set",KEYS[1],0.1)', 'return redis.call("set",KEYS[1],1e21)', 'redis.call("set",KEYS[1],3.0) return redis.call("get",KEYS[1])',
  'redis.call("set",KEYS[1],1/3) return redis.call("get",KEYS[1])', 'redis.call("set",KEYS[1],-0.0) return redis.call("get",KEYS[1])',
  'redis.call("set",KEYS[1],1e15) return redis.call("get",KEYS[1])', 'redis.call("set",KEYS[1],1e16) return redis.call("get",KEYS[1])',
  'redis.call("set",KEYS[1],123456789012345678) return redis.call("get",KEYS[1])', 'redis.call("set",KEYS[1],1e-7) return redis.call("get",KEYS[1])',
  'redis.call("set",KEYS[1],2^70) return redis.call("get",KEYS[1])', 'redis.call("set",KEYS[1],1/0) return redis.call("get",KEYS[1])',
  'redis.call("del",KEYS[1]) redis.call("lpush",KEYS[1],1,2,3) return redis.call("lrange",KEYS[1],0,-1)',
  'redis.call("del",KEYS[1]) redis.call("lpush",KEYS[1],1) return redis.call("get",KEYS[1])',
  'redis.call("del",KEYS[1]) redis.call("lpush",KEYS[1],1) return redis.pcall("get",KEYS[1])',
  'redis.call("del",KEYS[1]) redis.call("lpush",KEYS[1],1) local ok,e=pcall(redis.call,"get",KEYS[1]) return {ok,type(e),e}',
  'redis.call("del",KEYS[1]) redis.call("hset",KEYS[1],"a",1) redis.setresp(3) return redis.call("hgetall",KEYS[1])',
  'redis.call("del",KEYS[1]) redis.call("hset",KEYS[1],"a",1) redis.setresp(3) return type(redis.call("hgetall",KEYS[1]).map)',
  'return redis.call("multi")', 'return redis.call("eval","return 1",0)', 'return redis.call("blpop",KEYS[2],0)', 'return redis.call("config")',
  'redis.call("select",3) return redis.call("set","{k}s",1)', 'return redis.call("get","{k}s")', 'return redis.call("select",99)',
  'return redis.error_reply("MY ERR")', 'return redis.error_reply("ONE")', 'return redis.error_reply("-MY ERR")', 'return redis.error_reply()',
  'return redis.status_reply("fine")', 'return redis.status_reply(1)', 'return redis.sha1hex("abc")', 'return redis.sha1hex(12)', 'return redis.sha1hex()',
  'return redis.log(9,"x")', 'return redis.log("x")', 'return redis.log(redis.LOG_DEBUG,"x")', 'return redis.breakpoint()', 'return redis.replicate_commands()',
  'return redis.set_repl(9)', 'return redis.set_repl()', 'return redis.set_repl(redis.REPL_ALL)', 'return {redis.REPL_ALL,redis.REPL_AOF,redis.REPL_SLAVE,redis.REPL_NONE}',
  'return redis.acl_check_cmd("get","x")', 'return redis.acl_check_cmd("nope")', 'return redis.acl_check_cmd()',
  // Errors.
  'error("x")', 'error("x",0)', 'error("x",2)', 'error()', 'error(5)', 'error({err="E x"})', 'error(redis.error_reply("E y"))', 'local t=nil return t.x',
  'return nosuch', 'nosuch=1', 'return 1+{}', 'return "a"+1', 'return "10"+1', 'return {}..""', 'return #nil', 'nosuch()', 'local x x()',
  'return ("x"):nosuch()', 'local t={} t.a.b.c=1', 'return 1<"2"', 'for i="a",2 do end', '\n\nerror("third line")', 'return math.floor()', 'return string.rep()',
  'return string.char(256)', 'return ("x"):rep(-1)', 'return table.concat({{}})', 'return setmetatable(1,{})', 'return tonumber("10",99)', 'return select(0)',
  'local function f() error("deep") end local function g() f() end g()', 'return pcall(error)', 'return {pcall(error,"m")}', 'return {pcall(error,{err="E t"})}',
  'return {pcall(error,{code=1})}', 'return {pcall(pcall,error,"m")}', 'return {xpcall(function() error("m") end,function(m) return m.."!" end)}',
  'return {pcall(function(...) return select("#",...),... end,1,nil,3)}', 'return {xpcall(function() return 1,2 end,print)}', 'return {pcall(function() return nosuch end)}',
  'return {pcall(function() redis.call("nope") end)}', 'return {pcall(function() local t=nil; t.x=1 end)}', 'return select("#",pcall(function() end))',
  'x', 'return', 'return (', 'if', 'return "unfinished', '#!lua\nreturn 1', '#!lua flags=no-writes\nreturn redis.call("set",KEYS[1],1)', '#!lua flags=x\nreturn 1',
  '#!python\nreturn 1', '#!lua', '#!lua name=x\nreturn 1', '#!lua flags=no-writes,allow-oom\nreturn redis.call("get","{k}none")',
  // What cannot be changed.
  'redis.call=1', 'string.x=1', 'math.pi=3', '_G={}', '_G.x=1', 'rawset(_G,"x",1)', 'setmetatable(_G,{})', 'setmetatable(redis,{})', 'getmetatable(_G).__index=1',
  'KEYS=1', 'KEYS[1]="x" return KEYS[1]', 'return loadstring(string.dump(function() end))', 'return {load("x")}', 'return {load(function() return nil end)}',
  'return loadstring("return 1+1")()', 'return {loadstring("x x")}', 'return {loadstring("error(1)","name")}', 'return pcall(loadstring("error(\'e\')","=n"))',
  'return {pcall(loadstring("error(\'e\')","=n"))}', 'return type(_G)', 'return tostring(_G)==tostring(_G._G)', 'return _VERSION', 'return type(redis.call)', 'return rawget(_G,"nosuch")',
  'return rawequal(redis,redis)', 'local n=0 for _ in pairs(string) do n=n+1 end return n', 'local n=0 for _ in pairs(math) do n=n+1 end return n',
  'local n=0 for _ in pairs(table) do n=n+1 end return n', 'local n=0 for _ in pairs(cjson) do n=n+1 end return n', 'local n=0 for _ in pairs(bit) do n=n+1 end return n',
  'return type(next(redis))', 'return dofile', 'return loadfile', 'return print', 'return require', 'return os', 'return io', 'return debug', 'return package', 'return module',
  // Coroutines.
  'local c=coroutine.create(function(a,b) local c=coroutine.yield(a+b) return c*2 end) return {select(2,coroutine.resume(c,1,2)),select(2,coroutine.resume(c,10)),coroutine.status(c)}',
  'return {coroutine.resume(coroutine.create(function() error("in") end))}', 'return coroutine.wrap(function() return 5 end)()', 'coroutine.yield()',
  'local c c=coroutine.create(function() return coroutine.running()==c end) return select(2,coroutine.resume(c))', 'return coroutine.running()',
  'local f=coroutine.wrap(function() for i=1,3 do coroutine.yield(i) end end) return {f(),f(),f()}', 'coroutine.wrap(function() error("w") end)()',
  'local c=coroutine.create(function() end) coroutine.resume(c) return {coroutine.resume(c)}', 'local x=coroutine.resume(1)',
  'local c=coroutine.create(function() return pcall(function() return redis.call("ping") end) end) return {coroutine.resume(c)}',
  // Libraries of Redis.
  'return cjson.encode({1,2,3})', 'return cjson.encode({})', 'return cjson.encode({a=1})', 'return cjson.encode({[1]=1,[3]=3})', 'return cjson.encode({[1]=1,[100]=1})',
  'return cjson.encode({[1.5]=1})', 'return cjson.encode({[true]=1})', 'return cjson.encode(1/0)', 'return cjson.encode(0/0)', 'return cjson.encode(function() end)',
  'return cjson.encode("a\\"b\\\\c/d\\n\\t\\0\\1\\127\\200")', 'return cjson.encode(1e15)', 'return cjson.encode(123456.789)', 'return cjson.encode(0.1)', 'return cjson.encode(1e100)',
  'return cjson.encode(-0.00001)', 'return cjson.encode(2^53)', 'return cjson.encode(cjson.null)', 'return cjson.encode({cjson.null})', 'return cjson.encode()', 'return cjson.encode(1,2)',
  'local a={} a.a=a return cjson.encode(a)', 'return cjson.decode("[1,2,{\\"a\\":null}]")[3].a==cjson.null', 'return cjson.decode("")', 'return cjson.decode("[1,]")', 'return cjson.decode("[1")',
  'return cjson.decode("{\\"a\\" 1}")', 'return cjson.decode("{a:1}")', 'return cjson.decode("[1] x")', 'return cjson.decode("nul")', 'return tostring(cjson.decode("inf"))',
  'return tostring(cjson.decode("0x10"))', 'return tostring(cjson.decode("+1"))', 'return tostring(cjson.decode("-1e3"))', 'return tostring(cjson.decode("01"))', 'return tostring(cjson.decode("1.5.5"))',
  'return cjson.decode("\\"\\\\u00e9\\\\ud83d\\\\ude00\\"")', 'return cjson.decode("\\"\\\\ud83d\\"")', 'return cjson.decode("\\"\\\\x\\"")', 'return cjson.decode("\\"a")', 'return cjson.decode("\\"a\\0b\\"")',
  'return cjson.decode(string.rep("[",2000))', 'return cjson.decode(12)', 'return cjson.decode("1",2)', 'return cjson.decode({})', 'return cjson.decode("\\0\\0\\0\\34")',
  'local c=cjson.new() c.encode_number_precision(3) return {c.encode(1/3),cjson.encode(0.5)}', 'local c=cjson.new() c.encode_sparse_array(true,1,1) return c.encode({[1]=1,[9]=1})',
  'local c=cjson.new() c.encode_invalid_numbers("null") return c.encode({1/0})', 'local c=cjson.new() c.encode_max_depth(2) return c.encode({{{}}})', 'local c=cjson.new() c.decode_max_depth(2) return c.decode("[[[]]]")',
  'local c=cjson.new() c.decode_invalid_numbers(false) return c.decode("nan")', 'return cjson.encode_max_depth(0)', 'return {cjson.encode_sparse_array()}', 'return cjson.encode_number_precision(20)',
  'return cmsgpack.pack(1,"a",true,nil,{1,2},{a=1})', 'return cmsgpack.pack(-1,-33,-129,-32769,-2147483649)', 'return cmsgpack.pack(127,128,255,256,65535,65536,2^32,2^53)', 'return cmsgpack.pack(1.5,0.1,1/0)',
  'return cmsgpack.pack({[2]=1})', 'return cmsgpack.pack({1,2,3,nil,5})', 'return cmsgpack.pack(string.rep("x",40))', 'return cmsgpack.pack()', 'return {cmsgpack.unpack(cmsgpack.pack(1,"a",{1,{b=2}}))}',
  'return cmsgpack.unpack("\\xcf\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff")', 'return cmsgpack.unpack("\\xd3\\x80\\0\\0\\0\\0\\0\\0\\0")', 'return cmsgpack.unpack("\\x91")', 'return cmsgpack.unpack("\\xc1")',
  'return {cmsgpack.unpack_one("\\1\\2\\3")}', 'return {cmsgpack.unpack_one("\\1\\2\\3",2)}', 'return {cmsgpack.unpack_limit("\\1\\2\\3",2,0)}', 'return cmsgpack.unpack_one("x",9)', 'return cmsgpack.unpack_limit("x",-1)',
  'local a={} a.a=a return #cmsgpack.pack(a)', 'return struct.pack(">I2<i4!4bxd",1,-2,3,1.5)', 'return {struct.unpack(">I2<i4b","\\0\\1\\254\\255\\255\\255\\3")}', 'return struct.pack("c3","abcdef")', 'return struct.pack("c9","abc")',
  'return {struct.unpack("c0","abc")}', 'return {struct.unpack("Bc0","\\2abc")}', 'return struct.pack("s","abc")', 'return {struct.unpack("s","abc\\0def")}', 'return {struct.unpack("s","abc")}', 'return struct.size("!8bdi3")',
  'return struct.size("s")', 'return struct.size("c0")', 'return struct.pack("i33",1)', 'return struct.pack("q",1)', 'return struct.pack("!3",1)', 'return {struct.unpack("i8","\\255\\255\\255\\255\\255\\255\\255\\255")}',
  'return {struct.unpack("I4","\\255\\255\\255\\255",2)}', 'return {struct.unpack("b","x",0)}', 'return {struct.unpack("b","x",-1)}', 'return struct.pack("f",0.1)', 'return struct.pack("I",2^33)', 'return struct.pack("i9999999999",1)',
  'return {bit.tobit(2^32),bit.bnot(0),bit.band(255,15,7),bit.bor(1,2,4),bit.bxor(5,1)}', 'return {bit.lshift(1,31),bit.rshift(-1,28),bit.arshift(-8,1),bit.rol(0x12345678,12),bit.ror(1,1)}',
  'return {bit.bswap(0x12345678),bit.tohex(255),bit.tohex(-1,4),bit.tohex(255,-4),bit.tohex(255,0)}', 'return bit.band()', 'return bit.band("x")', 'return bit.band("7",3)', 'return bit.tobit(0.5)', 'return bit.tobit(1.5)',
  // Numbers and texts.
  'return tostring(1e15)', 'return tostring(1e14)', 'return tostring(123456789012345)', 'return tostring(0.1)', 'return tostring(1/3)', 'return tostring(1e300*10)', 'return tostring(-1e300*1e300)', 'return tostring(1e100)',
  'return {math.random(),math.random(10),math.random(5,6)} and 1', 'math.randomseed(7) return {math.random(1000000),math.random(1000000),tostring(math.random())}', 'return math.random(0)', 'return math.random(1,2,3)',
  'return {string.format("%5.2f|%d|%s|%q|%x|%e|%g|%c|%%",1.005,3.7,"s","a\\"b",255,12345.678,1e20,65)}', 'return string.format("%d","x")', 'return string.format("%y",1)', 'return string.format("%s")',
  'return {string.find("hello world","o w"),string.find("a.b",".",1,true),string.match("key=val","(%w+)=(%w+)")}', 'return {string.gsub("hello","l","L")}', 'return {string.gsub("abc","%w",{a="1",b=true,c=false})}',
  'return {string.gsub("abc","(%w)",function(c) return c:upper() end)}', 'return string.gsub("x","(","")', 'return string.find("x","[a")', 'return string.find("x","%")', 'local t={} for w in string.gmatch("one two","%a+") do t[#t+1]=w end return t',
  'return {string.byte("abc",1,-1)}', 'return {("abc"):sub(-2),("abc"):sub(2,9),("abc"):sub(0)}', 'return string.reverse("abc")', 'return #string.rep("ab",1000)', 'return string.len("a\\0b")', 'return "a\\0b"', 'return {tonumber("0x1f"),tonumber("z",36),tonumber("1e2"),tonumber(" 5 ")}',
  'local t={3,1,2} table.sort(t) return t', 'local t={3,1,2} table.sort(t,function(a,b) return a>b end) return t', 'local t={1,"a"} table.sort(t) return t', 'local t={1,2,3} table.insert(t,2,9) return t', 'local t={1,2,3} return {table.remove(t),table.remove(t,1),#t}',
  'return table.concat({1,2,3},"-",2,3)', 'return {unpack({1,2,3},2)}', 'return {table.maxn({[5]=1}),table.getn({1,2})}', 'return {math.floor(-1.5),math.ceil(1.2),math.abs(-3),math.max(1,5,3),math.min(2,0),math.fmod(7,3),7%-3}', 'return {select(-1,1,2,3)}', 'return {next({})}', 'return {type(gcinfo()),type(collectgarbage("count"))}',
] // prettier-ignore

const VALUES = ['nil', 'true', '0', '1', '-1', '3', '2.5', '1e9', '-0.001', '""', '"a"', '"10"', '"hello world"', '"%d"', '"a\\0b"', '{}', '{1,2,3}', '{a=1}', '"[1,2]"', '">I2"'] // prettier-ignore

const CALLS = ['string.sub', 'string.rep', 'string.byte', 'string.find', 'string.match', 'string.format', 'string.char', 'string.upper', 'string.len', 'string.reverse',
  'table.concat', 'table.remove', 'table.getn', 'table.maxn', 'math.floor', 'math.max', 'math.abs', 'math.sqrt', 'math.frexp', 'tonumber', 'type', 'select',
  'unpack', 'rawlen', 'rawequal', 'rawget', 'next', 'ipairs', 'bit.band', 'bit.bor', 'bit.tohex', 'bit.lshift', 'bit.bswap', 'cjson.encode', 'cjson.decode', 'cmsgpack.pack', 'cmsgpack.unpack',
  'cmsgpack.unpack_one', 'struct.pack', 'struct.unpack', 'struct.size', 'redis.error_reply', 'redis.status_reply', 'redis.sha1hex', 'assert', 'getmetatable', 'setmetatable'] // prettier-ignore

/** Calls that take or make too much, or whose replies tell addresses. */
const TOO_MUCH = /rep\(.*1e9|unpack\(.*1e9|remove\(.*1e9|concat\(.*1e9|ipairs/

/** A script that calls a function with some values and returns all that comes of it, numbers as texts. */
export function generateScript(dice: Dice): string {
  for (;;) {
    const args = Array.from({ length: dice.below(4) }, () => dice.pick(VALUES)).join(',')
    const call = `${dice.pick(CALLS)}(${args})`
    if (TOO_MUCH.test(call)) continue
    return (
      `local r={pcall(function() return ${call} end)} for i=1,4 do local v=r[i] local t=type(v) if t=="number" then r[i]=string.format("%.14g",v) ` +
      'elseif t=="table" then r[i]="table "..#v elseif t=="nil" or t=="boolean" then r[i]=tostring(v) elseif t~="string" then r[i]=t end end return r'
    )
  }
}
