/**
 * The reference and ours, side by side: the same requests go to both, and their replies and data sets are compared.
 */

import type { ReplyNode } from '../../src/protocol/reply-decoder.js'
import type { ProgramWords } from '../support/programs.js'
import { RawConnection, type RequestWord } from '../support/raw-connection.js'
import { ServerProcess } from '../support/server-process.js'
import { type Step, step, wordText } from '../support/stream/step.js'
import { type Allowance, Comparison, decode, isError, nodeText, showNode } from './comparison.js'
import { EXCUSES } from './excuses.js'
import { beginsScan, cursorIndex, scannedItems } from './iteration.js'
import { NORMALISERS } from './normalisers.js'
import { inPlainScores, releaseChanges } from './release-changes.js'
import { CONNECTIONS, DATABASES, RESET_PARAMETERS, SENT_ALONE, SERVER_WORDS } from './selection.js'

export interface Mismatch {
  /** Index of the step; the number of steps when the data sets differ in the end. */
  readonly index: number
  readonly step: Step
  readonly theirs: string
  readonly ours: string
}

/** Requests sent at once on one connection. */
const PIPELINE_MAX = 24
/** Time after which a connection that got no reply is taken to wait in a blocking command. */
const UNBLOCK_MS = 50
const SCAN_ROUNDS_MAX = 1000

export class Duel {
  readonly comparison: Comparison
  readonly theirs: Fighter
  readonly ours: Fighter
  readonly referenceVersion: string

  private constructor(theirs: Fighter, ours: Fighter, version: string, allowances: readonly Allowance[]) {
    this.theirs = theirs
    this.ours = ours
    this.referenceVersion = version
    this.comparison = new Comparison(allowances)
  }

  static async start(reference: ProgramWords, subject: ProgramWords): Promise<Duel> {
    const theirs = await Fighter.start(reference)
    try {
      const ours = await Fighter.start(subject)
      const version =
        /redis_version:(\S+)/.exec(nodeText(decode(await theirs.control.send('INFO', 'server'))))?.[1] ?? '0'
      return new Duel(theirs, ours, version, [...NORMALISERS, ...releaseChanges(version), ...EXCUSES])
    } catch (error) {
      await theirs.stop()
      throw error
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.theirs.stop(), this.ours.stop()])
  }

  /**
   * Runs steps on empty data sets and new connections; returns the first disagreement. A server that ends, or does not answer
   * where no step is to blame, is one as well.
   */
  async play(steps: readonly Step[], protocol: 2 | 3): Promise<Mismatch | undefined> {
    try {
      await this.both((fighter) => fighter.prepare(protocol))
      this.comparison.restart()
      return await this.playSteps(steps)
    } catch (error) {
      const [theirs, ours] = [this.theirs, this.ours].map((fighter) => `${String(error)}\n${fighter.lastWords}`)
      return { index: steps.length, step: step(-1, 'ping', 'PING'), theirs: theirs!, ours: ours! }
    }
  }

  private async playSteps(steps: readonly Step[]): Promise<Mismatch | undefined> {
    for (let at = 0; at < steps.length;) {
      const end = runEnd(steps, at)
      const mismatch = await this.playRun(steps, at, end)
      if (mismatch !== undefined) return mismatch
      at = end
    }
    return await this.compareData(steps.length)
  }

  /** Both answers to a question that is not part of a stream. */
  async ask(...words: RequestWord[]): Promise<[ReplyNode, ReplyNode]> {
    return await this.both(async (fighter) => decode(await fighter.control.send(...words)))
  }

  private async playRun(steps: readonly Step[], start: number, end: number): Promise<Mismatch | undefined> {
    const run = steps.slice(start, end)
    const [theirs, ours] = await this.both((fighter) => fighter.send(run))
    for (const [i, item] of run.entries()) {
      const mismatch = this.judge(start + i, item, theirs[i], ours[i])
      if (mismatch !== undefined) return mismatch
    }
    if (!beginsScan(run[0]!) || theirs[0] === undefined || ours[0] === undefined) return undefined
    return await this.compareScans(start, run[0]!, theirs[0], ours[0])
  }

  private judge(index: number, item: Step, theirs: Buffer | undefined, ours: Buffer | undefined): Mismatch | undefined {
    if (theirs !== undefined && ours !== undefined && this.comparison.agree(item, theirs, ours)) return undefined
    const within = theirs !== undefined && ours !== undefined ? this.comparison.disagreement : undefined
    if (within === undefined)
      return { index, step: item, theirs: replyText(theirs, this.theirs), ours: replyText(ours, this.ours) }
    const asked = step(item.connection, within.command, ...within.words)
    return {
      index,
      step: asked,
      theirs: showNode(within.theirs).slice(0, SHOWN_MAX),
      ours: showNode(within.ours).slice(0, SHOWN_MAX),
    }
  }

  /** Follows the cursor of an iteration to the end on both sides: all of what they tell has to be the same. */
  private async compareScans(index: number, item: Step, theirs: Buffer, ours: Buffer): Promise<Mismatch | undefined> {
    const [left, right] = await this.both((fighter) => fighter.scanOn(item, fighter === this.theirs ? theirs : ours))
    const told = (items: readonly string[]): string =>
      inPlainScores(this.referenceVersion, item.command, items).join('\n')
    const [a, b] = [told(left), told(right)]
    return a === b ? undefined : { index, step: item, theirs: a, ours: b }
  }

  /** Compares every key of every database as its type tells it. */
  private async compareData(index: number): Promise<Mismatch | undefined> {
    for (let database = 0; database < DATABASES; database++) {
      const select = step(-1, 'select', 'SELECT', String(database))
      const keys = step(-1, 'keys', 'KEYS', '*')
      const [theirs, ours] = await this.both((fighter) => fighter.probe([select, keys]))
      const mismatch = this.judge(index, keys, theirs[1], ours[1])
      if (mismatch !== undefined) return mismatch
      const names = decode(theirs[1]!).items!.map((node) => node.content!)
      const deeper = await this.compareKeys(index, names)
      if (deeper !== undefined) return deeper
    }
    return undefined
  }

  private async compareKeys(index: number, names: readonly Uint8Array[]): Promise<Mismatch | undefined> {
    const types = await this.theirs.probe(names.map((name) => step(-1, 'type', 'TYPE', name)))
    const probes = names.flatMap((name, i) => probesOf(name, nodeText(decode(types[i]!))))
    const [theirs, ours] = await this.both((fighter) => fighter.probe(probes))
    for (const [i, probe] of probes.entries()) {
      const mismatch = this.judge(index, probe, theirs[i], ours[i])
      if (mismatch !== undefined) return mismatch
    }
    return undefined
  }

  private both<T>(act: (fighter: Fighter) => Promise<T>): Promise<[T, T]> {
    return Promise.all([act(this.theirs), act(this.ours)])
  }
}

/** One of the two servers, with the connections of a stream. */
export class Fighter {
  control: RawConnection
  server: ServerProcess
  private readonly program: ProgramWords
  private connections: { readonly connection: RawConnection; readonly id: string }[]

  private constructor(program: ProgramWords, server: ServerProcess, control: RawConnection) {
    this.program = program
    this.server = server
    this.control = control
    this.connections = []
  }

  static async start(program: ProgramWords): Promise<Fighter> {
    const server = await ServerProcess.start(program, { words: SERVER_WORDS })
    return new Fighter(program, server, await RawConnection.open(server.address))
  }

  /** How the server is, and what it wrote lately. */
  get lastWords(): string {
    return `${this.server.hasEnded ? 'has ended' : 'is running'}\n${this.server.output.slice(-3000)}`
  }

  async stop(): Promise<void> {
    this.control.close()
    for (const { connection } of this.connections) connection.close()
    await this.server.stop()
  }

  /** Makes everything as it was after the start. */
  async prepare(protocol: 2 | 3): Promise<void> {
    if (this.control.isClosed || this.server.hasEnded) await this.restart()
    for (const { connection } of this.connections) connection.close()
    // What deletes keys in the background does so at any time.
    const quiet = ['DEBUG', 'SET-ACTIVE-EXPIRE', '0']
    await this.control.sendAll([['FLUSHALL'], RESET_PARAMETERS, quiet, ['HELLO', protocol], ['SELECT', 0]])
    await this.control.send('CLIENT', 'KILL', 'TYPE', 'normal')
    await this.untilAlone()
    this.connections = []
    for (let i = 0; i < CONNECTIONS; i++) {
      const connection = await RawConnection.open(this.server.address)
      await connection.send('HELLO', protocol)
      this.connections.push({ connection, id: nodeText(decode(await connection.send('CLIENT', 'ID'))) })
    }
  }

  /** Sends steps of one connection; a reply that never came is undefined. Commands that wait are told to give up. */
  async send(steps: readonly Step[]): Promise<(Buffer | undefined)[]> {
    const { connection, id } = this.connections[steps[0]!.connection]!
    const replies = connection.tryAll(steps.map((item) => item.words))
    let isOver = false
    void replies.then(() => (isOver = true))
    const giveUp = setInterval(() => {
      if (!isOver && !this.control.isClosed) void this.control.tryAll([['CLIENT', 'UNBLOCK', id]])
    }, UNBLOCK_MS)
    try {
      return await replies
    } finally {
      clearInterval(giveUp)
    }
  }

  /** Asks on the connection that is not part of the stream. */
  async probe(steps: readonly Step[]): Promise<Buffer[]> {
    return await this.control.sendAll(steps.map((item) => item.words))
  }

  /** Everything a SCAN tells from its first reply on, sorted, each once. */
  async scanOn(item: Step, first: Buffer): Promise<string[]> {
    const seen = new Set<string>()
    let reply = decode(first)
    for (let round = 0; round < SCAN_ROUNDS_MAX && !isError(reply) && reply.items?.length === 2; round++) {
      for (const text of scannedItems(item, reply)) seen.add(text)
      const cursor = nodeText(reply.items[0]!)
      if (cursor === '0') break
      const words: RequestWord[] = [...item.words]
      words[cursorIndex(item)] = cursor
      reply = decode(await this.connections[item.connection]!.connection.send(...words))
    }
    return [...seen].sort()
  }

  private async restart(): Promise<void> {
    await this.server.stop()
    this.server = await ServerProcess.start(this.program, { words: SERVER_WORDS })
    this.control = await RawConnection.open(this.server.address)
    this.connections = []
  }

  /** Waits until the server has seen that the old connections are gone: lists of clients tell of them. */
  private async untilAlone(): Promise<void> {
    for (;;) {
      const lines = nodeText(decode(await this.control.send('CLIENT', 'LIST')))
      if (lines.trimEnd().split('\n').length === 1) return
    }
  }
}

/** Steps that are sent at once: of one connection, in a row. Some go alone. */
function runEnd(steps: readonly Step[], start: number): number {
  let end = start + 1
  if (goesAlone(steps[start]!)) return end
  const { connection } = steps[start]!
  while (end < steps.length && end - start < PIPELINE_MAX && !goesAlone(steps[end]!)) {
    if (steps[end]!.connection !== connection) break
    end++
  }
  return end
}

function goesAlone(item: Step): boolean {
  return beginsScan(item) || SENT_ALONE.includes(wordText(item.words[0]!).toLowerCase())
}

const READERS: Readonly<Record<string, (name: Uint8Array) => Step>> = {
  string: (name) => step(-1, 'get', 'GET', name),
  list: (name) => step(-1, 'lrange', 'LRANGE', name, '0', '-1'),
  set: (name) => step(-1, 'smembers', 'SMEMBERS', name),
  hash: (name) => step(-1, 'hgetall', 'HGETALL', name),
  zset: (name) => step(-1, 'zrange', 'ZRANGE', name, '0', '-1', 'WITHSCORES'),
  stream: (name) => step(-1, 'xrange', 'XRANGE', name, '-', '+'),
}

function probesOf(name: Uint8Array, type: string): Step[] {
  const reader = READERS[type]
  return [
    step(-1, 'type', 'TYPE', name),
    step(-1, 'pexpiretime', 'PEXPIRETIME', name),
    step(-1, 'object|encoding', 'OBJECT', 'ENCODING', name),
    ...(reader === undefined ? [] : [reader(name)]),
  ]
}

const SHOWN_MAX = 1500

function replyText(reply: Buffer | undefined, fighter: Fighter): string {
  if (reply === undefined)
    return `(no reply: the connection was closed, or the server was silent)\n${fighter.lastWords}`
  return JSON.stringify(reply.toString('latin1')).slice(0, SHOWN_MAX)
}
