/** Scripts that do not end: others are told so, and may end them; nothing of it depends on how the script was put together. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { RawConnection, type RequestWord } from '../support/raw-connection.js'
import { serverForSuite } from './clients.js'

const THRESHOLD_MS = 100
const BUSY_EVAL = '-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n'
const BUSY_FUNCTION = '-BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.\r\n'

/** Endless in ways that have kept killers away. */
const ENDLESS: Readonly<Record<string, string>> = {
  loop: 'while true do end',
  'under pcall': 'while true do pcall(function() while true do end end) end',
  'pcall in pcall': 'local function f() pcall(f) while true do pcall(f) end end f()',
  'under xpcall': 'while true do xpcall(function() while true do end end, function() return 1 end) end',
  'in a coroutine': 'local c=coroutine.wrap(function() while true do end end) while true do pcall(c) end',
  'in a coroutine in pcall':
    'while true do pcall(function() coroutine.wrap(function() while true do end end)() end) end',
  'tail calls': 'local function f() return f() end f()',
  'calls of commands': 'while true do redis.call("ping") end',
  'caught calls': 'while true do redis.pcall("nope") end',
}

describe('busy scripts', { timeout: 120_000 }, () => {
  const server = serverForSuite(['--busy-reply-threshold', String(THRESHOLD_MS), '--appendonly', 'no'])
  const link = (): Promise<RawConnection> => RawConnection.open(server().address)
  const send = async (on: RawConnection, ...words: RequestWord[]): Promise<string> =>
    (await on.send(...(words as [RequestWord]))).toString('latin1')
  /** PINGs until the answer changes. */
  const untilReply = async (on: RawConnection, wanted: string): Promise<void> => {
    while ((await send(on, 'PING')) !== wanted) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  for (const [name, script] of Object.entries(ENDLESS)) {
    test(`SCRIPT KILL ends a script: ${name}`, async () => {
      const [busy, other] = [await link(), await link()]
      await send(other, 'PING')
      const startedMs = Date.now()
      const reply = send(busy, 'EVAL', script, 0)
      await untilReply(other, BUSY_EVAL)
      assert.ok(Date.now() - startedMs < THRESHOLD_MS + 1000, `answered after ${Date.now() - startedMs} ms`)
      assert.equal(await send(other, 'FUNCTION', 'KILL'), BUSY_EVAL)
      assert.equal(await send(other, 'SCRIPT', 'KILL'), '+OK\r\n')
      assert.match(
        await reply,
        /^-ERR Script killed by user with SCRIPT KILL\.\.\. script: [0-9a-f]{40}, on @user_script:1\.\r\n$/,
      )
      assert.equal(await send(other, 'SCRIPT', 'KILL'), '-NOTBUSY No scripts in execution right now.\r\n')
      assert.equal(await send(busy, 'EVAL', 'return {pcall(function() return 7 end)}', 0), '*2\r\n:1\r\n:7\r\n')
      busy.close()
      other.close()
    })
  }

  test('a script that has written cannot be ended, and ends by itself', async () => {
    const [busy, other] = [await link(), await link()]
    const until = `while true do local t=redis.call("time") if t[1]*1000+t[2]/1000 > 0 then break end end
      local n=0 redis.call("incr","w") for i=1,100000000 do n=n+i end redis.call("incr","w") return n>0`
    const reply = send(busy, 'EVAL', until, 0)
    await untilReply(other, BUSY_EVAL)
    assert.match(await send(other, 'SCRIPT', 'KILL'), /^-UNKILLABLE Sorry the script already executed write commands/)
    assert.equal(await reply, ':1\r\n')
    assert.equal(await send(other, 'GET', 'w'), '$1\r\n2\r\n')
    busy.close()
    other.close()
  })

  test('functions are ended by FUNCTION KILL, and STATS shows them', async () => {
    const [busy, other] = [await link(), await link()]
    await send(
      other,
      'FUNCTION',
      'LOAD',
      '#!lua name=slow\nredis.register_function("endless", function() while true do end end)',
    )
    const reply = send(busy, 'FCALL', 'endless', 0)
    await untilReply(other, BUSY_FUNCTION)
    assert.match(
      await send(other, 'FUNCTION', 'STATS'),
      /name\r\n\$7\r\nendless\r\n\$7\r\ncommand\r\n\*3\r\n\$5\r\nFCALL\r\n/,
    )
    assert.equal(await send(other, 'SCRIPT', 'KILL'), BUSY_FUNCTION)
    assert.equal(await send(other, 'FUNCTION', 'KILL'), '+OK\r\n')
    assert.match(await reply, /^-ERR Script killed by user.* script: endless, on @user_function:2\./)
    busy.close()
    other.close()
  })

  test('within a transaction, what comes after the script runs as well', async () => {
    const [busy, other] = [await link(), await link()]
    await send(busy, 'MULTI')
    await send(busy, 'SET', 't', '1')
    await send(busy, 'EVAL', 'while true do end', 0)
    await send(busy, 'INCR', 't')
    const reply = send(busy, 'EXEC')
    await untilReply(other, BUSY_EVAL)
    assert.equal(await send(other, 'MULTI'), '+OK\r\n')
    assert.equal(await send(other, 'GET', 't'), BUSY_EVAL)
    assert.match(await send(other, 'EXEC'), /^-EXECABORT/)
    assert.equal(await send(other, 'SCRIPT', 'KILL'), '+OK\r\n')
    assert.match(await reply, /^\*3\r\n\+OK\r\n-ERR Script killed by user.*\r\n:2\r\n$/)
    assert.equal(await send(other, 'GET', 't'), '$1\r\n2\r\n')
    busy.close()
    other.close()
  })

  test('clients that wait are served when the script has ended, not before', async () => {
    const [busy, other, waiting] = [await link(), await link(), await link()]
    const popped = send(waiting, 'BLPOP', 'list', 0)
    while (!/blocked_clients:1\r/.test(await send(other, 'INFO', 'clients'))) continue
    const reply = send(
      busy,
      'EVAL',
      'redis.call("rpush","list","a") for i=1,100000000 do end return redis.call("llen","list")',
      0,
    )
    await untilReply(other, BUSY_EVAL)
    assert.equal(await reply, ':1\r\n')
    assert.equal(await popped, '*2\r\n$4\r\nlist\r\n$1\r\na\r\n')
    for (const each of [busy, other, waiting]) each.close()
  })

  test('whoever started it may leave', async () => {
    const [busy, other] = [await link(), await link()]
    send(busy, 'EVAL', 'while true do end', 0).catch(() => {})
    await untilReply(other, BUSY_EVAL)
    busy.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(await send(other, 'SCRIPT', 'KILL'), '+OK\r\n')
    await untilReply(other, '+PONG\r\n')
    other.close()
  })
})
