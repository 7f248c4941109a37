/**
 * What becomes of a store whose code has failed: it is unusable from then on and says so to whoever calls it, and the
 * process that hosts it goes on. Everything that enters the engine does so through `run`, or reports to `fail` itself.
 */

import type {
  Link,
  LinkReceiver,
  Listener,
  Network,
  TcpListenOptions,
  TimerHandle,
  Timers,
  UnixListenOptions,
} from '../base/environment.js'

/** A store cannot be used: it is closed, or its code has failed (then `cause` says how). */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'
}

export class Failure {
  /** Set by the first failure. */
  error: StoreError | undefined
  /** Ends what would go on by itself: timers, connections. */
  onFailure: (() => void) | undefined

  constructor() {
    this.error = undefined
    this.onFailure = undefined
  }

  /** Notes a failure. @returns what to throw */
  fail(cause: unknown): StoreError {
    if (this.error !== undefined) return this.error
    this.error = new StoreError('The store has failed and cannot be used any more', { cause })
    this.onFailure?.()
    return this.error
  }

  /** Runs work that nobody waits for. */
  run(work: () => void): void {
    if (this.error !== undefined) return
    try {
      work()
    } catch (error) {
      this.fail(error)
    }
  }
}

export class GuardedTimers implements Timers {
  private readonly timers: Timers
  private readonly failure: Failure

  constructor(timers: Timers, failure: Failure) {
    this.timers = timers
    this.failure = failure
  }

  after(delayMs: number, run: () => void): TimerHandle {
    return this.timers.after(delayMs, () => this.failure.run(run))
  }

  atTurnEnd(run: () => void): void {
    this.timers.atTurnEnd(() => this.failure.run(run))
  }

  soon(run: () => void): void {
    this.timers.soon(() => this.failure.run(run))
  }
}

export class GuardedNetwork implements Network {
  private readonly network: Network
  private readonly failure: Failure

  constructor(network: Network, failure: Failure) {
    this.network = network
    this.failure = failure
  }

  listenTcp(options: TcpListenOptions, accept: (link: Link) => void): Promise<Listener> {
    return this.network.listenTcp(options, (link) => this.accept(link, accept))
  }

  listenUnix(options: UnixListenOptions, accept: (link: Link) => void): Promise<Listener> {
    return this.network.listenUnix(options, (link) => this.accept(link, accept))
  }

  private accept(link: Link, accept: (link: Link) => void): void {
    if (this.failure.error !== undefined) link.destroy()
    else this.failure.run(() => accept(guardLink(link, this.failure)))
  }
}

/** A link whose events end in `failure` when the engine fails on them. */
export function guardLink(link: Link, failure: Failure): Link {
  const start = link.start.bind(link)
  link.start = (receiver) => start(new GuardedReceiver(receiver, failure))
  return link
}

class GuardedReceiver implements LinkReceiver {
  private readonly receiver: LinkReceiver
  private readonly failure: Failure

  constructor(receiver: LinkReceiver, failure: Failure) {
    this.receiver = receiver
    this.failure = failure
  }

  received(bytes: Uint8Array, start: number, end: number): void {
    if (this.failure.error !== undefined) return
    try {
      this.receiver.received(bytes, start, end)
    } catch (error) {
      this.failure.fail(error)
    }
  }

  drained(): void {
    this.failure.run(() => this.receiver.drained())
  }

  ended(): void {
    this.failure.run(() => this.receiver.ended())
  }

  closed(reason: string): void {
    this.failure.run(() => this.receiver.closed(reason))
  }
}
