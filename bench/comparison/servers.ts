/** Starts and stops the servers. Whatever happens, none outlives the bench. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { InsideFigures } from './inside.js'
import type { Options } from './options.js'
import { cpuSeconds, type CpuSeconds, residentBytes } from './process-figures.js'

export type ServerName = 'spinel' | 'redis'
export const SERVERS: readonly ServerName[] = ['spinel', 'redis']

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const START_MS_MAX = 30_000

export interface StartOptions {
  /** Loads inside.ts into the process; Spinel only. */
  readonly isWatched?: boolean
  /** Parameters beyond those that all servers get. */
  readonly parameters?: readonly string[]
}

export class RunningServer {
  readonly name: ServerName
  readonly port: number
  readonly pid: number
  /** From the start of the process to the first PONG. */
  readonly startMs: number
  private readonly child: ChildProcess
  private readonly gone: Promise<void>

  constructor(name: ServerName, port: number, child: ChildProcess, gone: Promise<void>, startMs: number) {
    this.name = name
    this.port = port
    this.pid = child.pid!
    this.child = child
    this.gone = gone
    this.startMs = startMs
  }

  cpu(): CpuSeconds {
    return cpuSeconds(this.pid)
  }

  residentBytes(): number {
    return residentBytes(this.pid)
  }

  /** Of a watched server: what it says of itself since the last question. Collects its garbage. */
  inside(): Promise<InsideFigures> {
    const channel = this.child.stdio[3] as Duplex
    channel.write('?')
    return new Promise((resolve) =>
      channel.once('data', (answer) => resolve(JSON.parse(String(answer)) as InsideFigures)),
    )
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.gone
  }
}

export class Servers {
  private readonly options: Options
  private readonly folder: string
  private readonly running: Set<ChildProcess>
  private readonly watchdog: ChildProcess
  private started: number

  constructor(options: Options) {
    this.options = options
    this.folder = mkdtempSync(join(tmpdir(), 'spinel-bench-'))
    this.running = new Set()
    this.started = 0
    const watchdog = fileURLToPath(new URL('watchdog.js', import.meta.url))
    this.watchdog = spawn(process.execPath, [watchdog, this.folder], {
      stdio: ['pipe', 'ignore', 'inherit'],
      detached: true,
    })
    this.watchdog.unref()
  }

  async start(name: ServerName, start: StartOptions = {}): Promise<RunningServer> {
    const port = this.options.port === 0 ? await freePort() : this.options.port + (this.started++ % 8)
    const [program, args] = this.commandLine(name, port, start)
    const began = performance.now()
    const isWatched = start.isWatched === true && name === 'spinel'
    const child = spawn(program, args, {
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'inherit', isWatched ? 'pipe' : 'ignore'],
    })
    const gone = this.follow(child, program)
    const ended = gone.then(() => {
      throw new Error(`${name} ended while it started`)
    })
    await Promise.race([waitForPong(port), ended])
    return new RunningServer(name, port, child, gone, performance.now() - began)
  }

  /** Stops all that run; the watchdog tidies up. */
  async stopAll(): Promise<void> {
    for (const child of this.running) child.kill('SIGKILL')
    while (this.running.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    this.watchdog.stdin!.end()
  }

  private commandLine(
    name: ServerName,
    port: number,
    { isWatched, parameters = [] }: StartOptions,
  ): [string, string[]] {
    const common = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...parameters]
    if (name === 'redis') return [this.options.redisServer, common]
    const watching = isWatched === true ? ['--expose-gc', '--import', new URL('inside.js', import.meta.url).href] : []
    return [process.execPath, [...watching, join(ROOT, 'bin', 'spinel-server'), ...common]]
  }

  private follow(child: ChildProcess, program: string): Promise<void> {
    this.running.add(child)
    this.watchdog.stdin!.write(`${child.pid}\n`)
    return new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new Error(`${program} cannot be run`, { cause: error })))
      child.once('exit', () => {
        this.running.delete(child)
        this.watchdog.stdin!.write(`-${child.pid}\n`)
        resolve()
      })
    })
  }
}

/** A port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Tries until the server answers. */
async function waitForPong(port: number): Promise<void> {
  const end = performance.now() + START_MS_MAX
  while (!(await answers(port))) {
    if (performance.now() > end)
      throw new Error(`the server on port ${port} did not answer in ${START_MS_MAX / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(String(data).startsWith('+PONG'))
    })
    socket.once('error', () => resolve(false))
  })
}
