/**
 * A server in a process of its own, in a folder of its own, for as long as a test needs it.
 *
 * It listens on a Unix socket, whose name nobody else can take, or on a TCP port found free a moment before (and another one
 * if somebody was faster). Every process is stopped with the one that started it, however that ends.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ProgramWords } from './programs.js'
import { RawConnection } from './raw-connection.js'

export interface ServerOptions {
  /** Words behind the program, e.g. `['--maxmemory', '1mb']`. */
  readonly words?: readonly string[]
  /** Where it listens; a Unix socket unless told otherwise. */
  readonly door?: 'unix' | 'tcp' | 'both'
}

/** Where a client finds a server. */
export type ServerAddress = { readonly path: string } | { readonly host: string; readonly port: number }

/** Long enough for the slowest machine: a server that needs longer has failed. */
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000
const RETRY_MS = 20
const PORT_ATTEMPTS = 5
const OUTPUT_KEPT = 20_000

export class ServerProcess {
  readonly folder: string
  readonly port: number
  readonly socketPath: string | undefined
  private readonly child: ChildProcess
  private readonly forget: () => void
  private text: string

  private constructor(program: ProgramWords, words: readonly string[], folder: string, port: number, socket?: string) {
    this.folder = folder
    this.port = port
    this.socketPath = socket
    this.text = ''
    const [command, ...first] = program
    this.child = spawn(command, [...first, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    this.forget = endWithUs(this.child, folder)
    this.child.on('error', (error) => this.note(String(error)))
    this.child.stdout!.on('data', (chunk: Buffer) => this.note(chunk.toString('latin1')))
    this.child.stderr!.on('data', (chunk: Buffer) => this.note(chunk.toString('latin1')))
  }

  /** Starts a server and waits until it answers. */
  static async start(program: ProgramWords, options: ServerOptions = {}): Promise<ServerProcess> {
    for (let attempt = 1; ; attempt++) {
      const server = await ServerProcess.launch(program, options)
      try {
        await server.untilReady()
        return server
      } catch (error) {
        await server.stop()
        const isTaken = /Address already in use|in use/i.test(server.output)
        if (!isTaken || server.port === 0 || attempt === PORT_ATTEMPTS) throw error
      }
    }
  }

  /** What it wrote lately. */
  get output(): string {
    return this.text
  }

  get processId(): number {
    return this.child.pid ?? -1
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  /** The preferred way in. */
  get address(): ServerAddress {
    return this.socketPath === undefined ? this.tcpAddress : { path: this.socketPath }
  }

  get tcpAddress(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.port }
  }

  /** Ends it, by force if it does not go, and removes its folder. */
  async stop(): Promise<void> {
    if (!this.hasEnded && this.child.pid !== undefined) {
      const ended = new Promise((resolve) => this.child.once('exit', resolve))
      this.child.kill('SIGTERM')
      const force = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      await ended
      clearTimeout(force)
    }
    this.forget()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private static async launch(program: ProgramWords, options: ServerOptions): Promise<ServerProcess> {
    const door = options.door ?? 'unix'
    const folder = mkdtempSync(join(tmpdir(), 'spinel-test-'))
    const port = door === 'unix' ? 0 : await freePort()
    const socket = door === 'tcp' ? undefined : join(folder, 'socket')
    const words = ['--port', String(port), '--save', '', '--dir', folder, ...(options.words ?? [])]
    if (socket !== undefined) words.push('--unixsocket', socket)
    return new ServerProcess(program, words, folder, port, socket)
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS
    while (Date.now() < deadline && !this.hasEnded && this.child.pid !== undefined) {
      if (await answers(this.address)) return
      await wait(RETRY_MS)
    }
    throw new Error(`${this.child.spawnfile} does not answer\n${this.text}`)
  }

  private note(text: string): void {
    this.text = (this.text + text).slice(-OUTPUT_KEPT)
  }
}

/** A TCP port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

async function answers(address: ServerAddress): Promise<boolean> {
  let connection: RawConnection | undefined
  try {
    connection = await RawConnection.open(address)
    const reply = (await connection.send('PING')).toString('latin1')
    return reply.startsWith('+PONG') || reply.startsWith('-NOAUTH')
  } catch {
    return false
  } finally {
    connection?.close()
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Kills a child and removes its folder when this process ends, whatever the reason. */
function endWithUs(child: ChildProcess, folder: string): () => void {
  const clear = (): void => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const end = (signal: NodeJS.Signals): void => {
    clear()
    process.kill(process.pid, signal)
  }
  process.once('exit', clear)
  for (const signal of SIGNALS) process.once(signal, end)
  return () => {
    process.off('exit', clear)
    for (const signal of SIGNALS) process.off(signal, end)
  }
}
