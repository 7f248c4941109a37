/**
 * What is done to Lua's libraries, in Lua, before scripts see them.
 *
 * `pcall`, `xpcall` and coroutines are made of coroutines, so that the hook can suspend a script within them: Lua 5.1 cannot
 * yield across its own. A coroutine that was suspended by the hook is told from one that yielded by `pause`, which answers
 * nil when the script itself yielded, true when the caller is to hand the pause on, and false when it cannot. `fail` raises an error
 * with the position of the script's code, unless told to leave that out.
 *
 * Tables that must not change are hidden behind empty ones: what is read is found by `__index`, what is written is refused.
 */

/** Called with the real globals, functions of ours, and a list for the tables that stand for others. */
export const PRELUDE = `
local R, N, proxies = ...
local create, resume, yield, status = R.coroutine.create, R.coroutine.resume, R.coroutine.yield, R.coroutine.status
local native_pcall, type, setmetatable = R.pcall, R.type, R.setmetatable
local pause, check, fail = N.pause, N.check, N.fail
local BARRIER = 'attempt to yield across metamethod/C-call boundary'

-- Coroutines that run one function after the other.
local DONE = {}
local pool, free = {}, 0
local again
local function work(f, ...) return again(f(...)) end
again = function(...) return work(yield(DONE, ...)) end

local function settle(co, ok, mark, ...)
  if ok then
    if mark == DONE then
      free = free + 1
      pool[free] = co
      return true, ...
    end
    local paused = pause()
    if paused == nil then return false, BARRIER end
    if paused then yield() end
    return settle(co, resume(co))
  end
  check()
  return false, mark
end

local function take()
  if free == 0 then return create(work) end
  local co = pool[free]
  free = free - 1
  return co
end

-- Scripts that catch an error of a command get its text, as they always did.
local function caught(message)
  if type(message) == 'table' then
    local err = message.err
    local kind = type(err)
    if kind == 'string' or kind == 'number' then return err end
  end
  return message
end

local function outcome(ok, ...)
  if ok then return true, ... end
  return false, caught((...))
end

local function native_outcome(ok, ...)
  if ok then return true, ... end
  check()
  return false, caught((...))
end

R.pcall = function(f, ...)
  if type(f) ~= 'function' then return native_outcome(native_pcall(f, ...)) end
  local co = take()
  return outcome(settle(co, resume(co, f, ...)))
end

R.xpcall = function(f, handler, ...)
  if type(f) ~= 'function' then
    local ok, message = native_pcall(f)
    if ok then return true, message end
    check()
    return false, handler(message)
  end
  local co = take()
  local function handled(ok, ...)
    if ok then return true, ... end
    local fine, result = native_pcall(handler, (...))
    if fine then return false, result end
    check()
    return false, 'error in error handling'
  end
  return handled(settle(co, resume(co, f)))
end

-- Coroutines of the script. \`current\` is the one at work.
local current
local function step(co, before, ok, ...)
  local paused = pause()
  if paused == nil then
    current = before
    if not ok then check() end
    return ok, ...
  end
  if paused then yield() end
  return step(co, before, resume(co))
end

local C = R.coroutine
local function continue(co, ...)
  local before = current
  current = co
  return step(co, before, resume(co, ...))
end
C.resume = function(co, ...)
  if type(co) ~= 'thread' then fail("bad argument #1 to 'resume' (coroutine expected)") end
  return continue(co, ...)
end
local function unwrap(ok, ...)
  if ok then return ... end
  fail((...))
end
C.wrap = function(f)
  local co = create(f)
  return function(...) return unwrap(continue(co, ...)) end
end
C.yield = function(...)
  if current == nil then fail(BARRIER, true) end
  return yield(...)
end
C.running = function() return current end
C.status = function(co)
  if co ~= nil and co == current then return 'running' end
  return status(co)
end

-- Precompiled code is not loaded: its first byte is kept from being the first.
local native_load, select, byte = R.load, R.select, R.string.byte
R.load = function(...)
  local f, name = ...
  if type(f) ~= 'function' then
    local given = select('#', ...) == 0 and 'no value' or type(f)
    fail("bad argument #1 to 'load' (function expected, got " .. given .. ')')
  end
  local isFirst = true
  return native_load(function()
    local piece = f()
    if isFirst and type(piece) == 'string' and byte(piece) == 27 then piece = ' ' .. piece end
    isFirst = false
    return piece
  end, name)
end

-- Tables that cannot be changed.
local function protect(real)
  local proxy = setmetatable({}, { __index = real, __newindex = N.readonly })
  proxies[proxy] = real
  return proxy
end
local function guard(name)
  R[name] = protect(R[name])
end
for _, name in R.ipairs({ 'string', 'table', 'math', 'coroutine', 'bit', 'cjson', 'cmsgpack', 'struct', 'redis' }) do
  guard(name)
end
`
