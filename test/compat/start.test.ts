/** Starting, serving and ending as tools, service managers and test suites expect it of a redis-server. */

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { spinelServer } from '../support/programs.js'
import { RawConnection } from '../support/raw-connection.js'
import { freePort, ServerProcess } from '../support/server-process.js'

const [program, ...first] = spinelServer()

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spinel-test-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function served(
  words: readonly string[],
  run: (server: ServerProcess, client: RawConnection) => Promise<void>,
): Promise<void> {
  const server = await ServerProcess.start(spinelServer(), { words, door: 'both' })
  const client = await RawConnection.open(server.address)
  try {
    await run(server, client)
  } finally {
    client.close()
    await server.stop()
  }
}

async function text(reply: Promise<Buffer>): Promise<string> {
  return (await reply).toString('utf8')
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await wait(20)
  assert.ok(holds())
}

test('the log shows the lines that suites wait for', async () => {
  await served(['--always-show-logo', 'yes'], async (server) => {
    assert.match(server.output, /oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n/)
    assert.match(server.output, /Redis version=7\.2\.4, bits=64, /)
    assert.match(server.output, /Configuration loaded\n/)
    assert.match(server.output, new RegExp(` PID: ${server.processId}\\n[^]*Server initialized\\n`))
    assert.match(server.output, /Ready to accept connections tcp\n/)
    assert.match(server.output, /Ready to accept connections unix\n/)
  })
})

test('a server started by a script is ended by a signal: status 0, socket and pid file gone', async () => {
  await inFolder(async (folder) => {
    const pidFile = join(folder, 'pid')
    const socket = join(folder, 'socket')
    const words = [
      ...first,
      '--port',
      '0',
      '--unixsocket',
      socket,
      '--unixsocketperm',
      '700',
      '--pidfile',
      pidFile,
      '--save',
      '',
    ]
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await until(() => output.includes('Ready to accept connections unix'))
    assert.equal(readFileSync(pidFile, 'utf8'), `${child.pid}\n`)
    assert.equal(statSync(socket).mode & 0o777, 0o700)
    child.kill('SIGTERM')
    const status = await new Promise((resolve) => child.once('exit', resolve))
    assert.equal(status, 0)
    assert.ok(!existsSync(pidFile) && !existsSync(socket))
    assert.match(
      output,
      /Received SIGTERM scheduling shutdown\.\.\.[^]*User requested shutdown\.\.\.[^]*ready to exit, bye bye\.\.\.\n$/,
    )
  })
})

test('daemonize: the caller goes on when the server answers, and learns when it cannot start', async () => {
  await inFolder(async (folder) => {
    const port = await freePort()
    const pidFile = join(folder, 'pid')
    const log = join(folder, 'log')
    const words = [...first, '-', '--port', String(port), '--daemonize', 'yes', '--pidfile', pidFile, '--logfile', log]
    assert.equal(spawnSync(program, words, { input: 'save ""\nmaxmemory 64mb\n', timeout: 30_000 }).status, 0)
    const client = await RawConnection.open({ host: '127.0.0.1', port })
    try {
      assert.match(await text(client.send('CONFIG', 'GET', 'maxmemory')), /67108864/)
      assert.match(
        await text(client.send('INFO', 'server')),
        new RegExp(`process_id:${readFileSync(pidFile, 'utf8').trim()}\r`),
      )
      assert.equal(spawnSync(program, [...words, '--logfile', `${log}2`], { input: '', timeout: 30_000 }).status, 1)
      assert.match(
        readFileSync(`${log}2`, 'utf8'),
        /Address already in use\n[^]*Failed listening on port \d+ \(tcp\), aborting\./,
      )
    } finally {
      await client.send('SHUTDOWN', 'NOSAVE').catch(() => {})
    }
    await until(() => readFileSync(log, 'utf8').includes('bye bye'))
  })
})

test('CONFIG SET port moves the server; connections there are stay', async () => {
  await served([], async (server, client) => {
    const port = await freePort()
    assert.equal(await text(client.send('CONFIG', 'SET', 'port', port)), '+OK\r\n')
    const moved = await RawConnection.open({ host: '127.0.0.1', port })
    assert.match(
      await text(moved.send('INFO', 'server')),
      new RegExp(`tcp_port:${port}\r[^]*listener0:name=tcp,bind=\\*,bind=-::\\*,port=${port}\r`),
    )
    moved.close()
    await assert.rejects(RawConnection.open(server.tcpAddress))

    const other = await ServerProcess.start(spinelServer(), { door: 'tcp' })
    const refusal = await text(client.send('CONFIG', 'SET', 'port', other.port))
    assert.match(
      refusal,
      /^-ERR CONFIG SET failed \(possibly related to argument 'port'\) - Unable to listen on this port/,
    )
    await other.stop()
    const back = await RawConnection.open({ host: '127.0.0.1', port })
    assert.equal(await text(back.send('PING')), '+PONG\r\n')
    back.close()

    assert.match(
      await text(client.send('CONFIG', 'SET', 'bind', '999.999.999.999')),
      /Failed to bind to specified addresses/,
    )
    assert.equal(await text(client.send('CONFIG', 'SET', 'bind', '127.0.0.1 -::1', 'port', 0)), '+OK\r\n')
    await assert.rejects(RawConnection.open({ host: '127.0.0.1', port }))
  })
})

test('CONFIG REWRITE writes the file the server was started with', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'redis.conf')
    writeFileSync(path, '# mine\nhz 15\nrename-command flushall ""\n')
    const socket = join(folder, 'socket')
    const child = spawn(program, [...first, path, '--port', '0', '--unixsocket', socket], { stdio: 'ignore' })
    try {
      await until(() => existsSync(socket))
      const client = await RawConnection.open({ path: socket })
      assert.match(await text(client.send('FLUSHALL')), /^-ERR unknown command/)
      assert.equal(await text(client.send('CONFIG', 'SET', 'maxmemory', '10mb', 'save', '')), '+OK\r\n')
      assert.equal(await text(client.send('CONFIG', 'REWRITE')), '+OK\r\n')
      client.close()
      const rewritten = readFileSync(path, 'utf8')
      assert.match(rewritten, /^# mine\nhz 15\nrename-command flushall ""\n+# Generated by CONFIG REWRITE\n/)
      assert.match(rewritten, /\nmaxmemory 10mb\n/)
    } finally {
      child.kill('SIGTERM')
      assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 0)
    }
  })
})

test('a crash leaves a report and ends with status 1', async () => {
  const server = await ServerProcess.start(spinelServer(), { words: ['--enable-debug-command', 'local'] })
  const client = await RawConnection.open(server.address)
  await client.send('DEBUG', 'SEGFAULT').catch(() => {})
  await until(() => server.hasEnded)
  await until(() => server.output.includes('BUG REPORT END'))
  assert.match(server.output, /crashed by signal[^]*STACK TRACE[^]*argv\[1\]: "SEGFAULT"/)
  await server.stop()
})

test('SHUTDOWN ends the server after answering what came before', async () => {
  const server = await ServerProcess.start(spinelServer(), {})
  const client = await RawConnection.open(server.address)
  const set = client.send('SET', 'a', '1')
  const end = client.send('SHUTDOWN').then(
    () => 'answered',
    () => 'closed',
  )
  assert.equal(await text(set), '+OK\r\n')
  assert.equal(await end, 'closed')
  await until(() => server.hasEnded)
  await server.stop()
})
