/**
 * How long a client waits at worst while the server is busy with something large: while five million keys are put in, and
 * while all of them expire at one moment.
 *
 * From outside: a client sends PING after PING; the longest wait counts, less the longest of an idle server in the same
 * time, which is the machine's part. From inside (Spinel): how late a timer of its event loop ran at worst.
 */

import { ask } from './connection.js'
import { load } from './loader.js'
import type { Options } from './options.js'
import { Probe, type ProbeFigures } from './probe.js'
import { type RunningServer, type ServerName, type Servers, SERVERS } from './servers.js'
import { say, sleep } from './statistics.js'

const KEYS = 5_000_000
const KEYS_QUICK = 300_000
const VALUE_BYTES = 16
const IDLE_MS = 5000
const IDLE_MS_QUICK = 1500
/** The second load has to be over when the keys expire: it gets half as much time again as the first took, and this. */
const LOAD_TIME_FACTOR = 1.5
const EXPIRY_MARGIN_MS = 2000
/** The expiry is watched for so long; not all servers are done with it by then. */
const EXPIRING_MS = 30_000
const EXPIRING_MS_QUICK = 5000

export interface StallRow {
  readonly server: ServerName
  readonly phase: 'inserting' | 'expiring'
  readonly keys: number
  readonly seconds: number
  readonly idle: ProbeFigures
  readonly busy: ProbeFigures
  /** The longest wait less that of the idle server, not below 0. */
  readonly stallMs: number
  readonly loopDelayMaxMs?: number
  /** Keys still there when the watch over their expiry ended. */
  readonly keysLeft?: number
}

export async function measureStalls(servers: Servers, { isQuick }: Options): Promise<StallRow[]> {
  const keys = isQuick ? KEYS_QUICK : KEYS
  const rows: StallRow[] = []
  for (const name of SERVERS) {
    const server = await servers.start(name, { isWatched: true })
    const probe = await Probe.start(server.port)
    try {
      await sleep(500)
      const watch = new Watch(server, probe, keys)
      await watch.idle(isQuick ? IDLE_MS_QUICK : IDLE_MS)
      rows.push(await watch.inserting(), await watch.expiring(isQuick ? EXPIRING_MS_QUICK : EXPIRING_MS))
    } finally {
      await probe.stop()
    }
    await server.stop()
  }
  return rows
}

class Watch {
  private readonly server: RunningServer
  private readonly probe: Probe
  private readonly keys: number
  private idleFigures: ProbeFigures
  private loadSeconds: number

  constructor(server: RunningServer, probe: Probe, keys: number) {
    this.server = server
    this.probe = probe
    this.keys = keys
    this.idleFigures = { pings: 0, medianMs: 0, p999Ms: 0, maxMs: 0 }
    this.loadSeconds = 0
  }

  async idle(milliseconds: number): Promise<void> {
    await this.start()
    await sleep(milliseconds)
    this.idleFigures = await this.probe.take()
  }

  async inserting(): Promise<StallRow> {
    await this.start()
    const seconds = await load({ port: this.server.port, from: 0, to: this.keys, valueBytes: VALUE_BYTES })
    this.loadSeconds = seconds
    return this.row('inserting', seconds)
  }

  async expiring(milliseconds: number): Promise<StallRow> {
    const { port } = this.server
    const expiresAtMs = Math.round(Date.now() + EXPIRY_MARGIN_MS + this.loadSeconds * LOAD_TIME_FACTOR * 1000)
    await load({ port, from: 0, to: this.keys, valueBytes: VALUE_BYTES, expiresAtMs })
    await sleep(Math.max(0, expiresAtMs - Date.now() - EXPIRY_MARGIN_MS / 2))
    await this.start()
    const end = Date.now() + milliseconds
    let keysLeft = this.keys
    while (Date.now() < end && keysLeft > 0) {
      await sleep(200)
      keysLeft = Number(await ask(port, 'DBSIZE'))
    }
    const row = await this.row('expiring', (Date.now() - expiresAtMs) / 1000)
    return { ...row, keysLeft }
  }

  /** Forgets what has been seen so far. */
  private async start(): Promise<void> {
    if (this.server.name === 'spinel') await this.server.inside()
    await sleep(100) // the collection that goes with the question is over, and its PING answered
    await this.probe.take()
  }

  private async row(phase: StallRow['phase'], seconds: number): Promise<StallRow> {
    const busy = await this.probe.take()
    const inside = this.server.name === 'spinel' ? { loopDelayMaxMs: (await this.server.inside()).loopDelayMaxMs } : {}
    const idle = this.idleFigures
    const stallMs = Math.max(0, busy.maxMs - idle.maxMs)
    say(`stalls: ${this.server.name} ${phase} ${this.keys} keys: ${stallMs.toFixed(1)} ms`)
    return { server: this.server.name, phase, keys: this.keys, seconds, idle, busy, stallMs, ...inside }
  }
}
