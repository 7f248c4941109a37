/**
 * Feels a server's pulse: sends PING, waits for PONG, sends the next, and notes how long each took. Runs in a thread of its
 * own, so that nothing the bench does meanwhile shows in the figures, as far as the machine has processors for both.
 */

import { connect } from 'node:net'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

export interface ProbeFigures {
  readonly pings: number
  readonly medianMs: number
  readonly p999Ms: number
  readonly maxMs: number
}

const BUCKET_MS = 0.01
const WAIT_MS_MAX = 20_000

export class Probe {
  private readonly worker: Worker

  private constructor(worker: Worker) {
    this.worker = worker
  }

  static start(port: number): Promise<Probe> {
    const worker = new Worker(new URL(import.meta.url), { workerData: { port } })
    return new Promise((resolve, reject) => {
      worker.once('message', () => resolve(new Probe(worker)))
      worker.once('error', reject)
    })
  }

  /** @returns the figures since the start, or since the last call */
  take(): Promise<ProbeFigures> {
    return new Promise((resolve) => {
      this.worker.once('message', (figures) => resolve(figures as ProbeFigures))
      this.worker.postMessage('take', [])
    })
  }

  async stop(): Promise<void> {
    await this.worker.terminate()
  }
}

/** Waits counted by their length, so that noting one takes no memory and telling of a million takes no time. */
class Waits {
  private readonly counts: Uint32Array
  private total: number
  private maxMs: number

  constructor() {
    this.counts = new Uint32Array(WAIT_MS_MAX / BUCKET_MS)
    this.total = 0
    this.maxMs = 0
  }

  note(ms: number): void {
    const bucket = Math.min(this.counts.length - 1, Math.floor(ms / BUCKET_MS))
    this.counts[bucket] = this.counts[bucket]! + 1
    this.total++
    if (ms > this.maxMs) this.maxMs = ms
  }

  take(): ProbeFigures {
    const figures = { pings: this.total, medianMs: this.at(0.5), p999Ms: this.at(0.999), maxMs: this.maxMs }
    this.counts.fill(0)
    this.total = 0
    this.maxMs = 0
    return figures
  }

  private at(share: number): number {
    let seen = 0
    for (let bucket = 0; bucket < this.counts.length; bucket++) {
      seen += this.counts[bucket]!
      if (seen > share * this.total) return bucket * BUCKET_MS
    }
    return 0
  }
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const waits = new Waits()
  const socket = connect((workerData as { port: number }).port, '127.0.0.1')
  socket.setNoDelay(true)
  let sentMs = 0
  const ping = (): void => {
    sentMs = performance.now()
    socket.write('PING\r\n')
  }
  socket.once('connect', () => {
    port.postMessage('ready')
    ping()
  })
  socket.on('data', () => {
    if (sentMs > 0) waits.note(performance.now() - sentMs)
    ping()
  })
  port.on('message', () => {
    port.postMessage(waits.take())
    sentMs = 0 // the one under way belongs to neither figure
  })
}
