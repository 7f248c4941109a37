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
      this.worker.postMessage('take')
    })
  }

  async stop(): Promise<void> {
    await this.worker.terminate()
  }
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const timesMs: number[] = []
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
    timesMs.push(performance.now() - sentMs)
    ping()
  })
  port.on('message', () => port.postMessage(summary(timesMs.splice(0))))
}

function summary(timesMs: number[]): ProbeFigures {
  timesMs.sort((a, b) => a - b)
  const at = (share: number): number => timesMs[Math.min(timesMs.length - 1, Math.floor(share * timesMs.length))] ?? 0
  return { pings: timesMs.length, medianMs: at(0.5), p999Ms: at(0.999), maxMs: timesMs.at(-1) ?? 0 }
}
