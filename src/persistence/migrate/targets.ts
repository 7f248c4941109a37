/** The links to other servers that are open, by host and port. */

import type { OperationalError } from '../../base/operational-error.js'
import type { Store } from '../../engine/store.js'
import { STOP, type TimeEvent } from '../../engine/time-events.js'
import { Target } from './target.js'

const KEPT_MAX = 64
const IDLE_MS_MAX = 10_000
const LOOK_INTERVAL_MS = 1000

type Opened = (target: Target | undefined) => void

export class Targets {
  private readonly store: Store
  private readonly kept: Map<string, Target>
  private readonly look: TimeEvent

  constructor(store: Store) {
    this.store = store
    this.kept = new Map()
    this.look = store.timeEvents.add('migrate targets', LOOK_INTERVAL_MS, () => this.closeIdle())
    this.look.cancel()
  }

  get count(): number {
    this.dropLost()
    return this.kept.size
  }

  /** A link that is open already. */
  find(host: string, port: string): Target | undefined {
    const target = this.kept.get(`${host}:${port}`)
    if (target === undefined) return undefined
    if (target.isLost) {
      this.kept.delete(target.name)
      return undefined
    }
    target.lastUsedMs = this.nowMs
    return target
  }

  open(host: string, port: string, timeoutMs: number, opened: Opened): void {
    const { dialer, timers } = this.store.environment
    if (dialer === undefined) return timers.soon(() => opened(undefined))
    dialer.connect(host, portNumber(port), timeoutMs, (link, error) => {
      if (link === undefined) {
        this.logRefusal(host, port, error)
        return opened(undefined)
      }
      // Another MIGRATE may have been faster.
      const other = this.find(host, port)
      if (other === undefined) return opened(this.keep(new Target(`${host}:${port}`, link, this.nowMs)))
      link.destroy()
      opened(other)
    })
  }

  close(target: Target): void {
    target.close()
    if (this.kept.get(target.name) === target) this.kept.delete(target.name)
  }

  private get nowMs(): number {
    return this.store.environment.clock.nowMs()
  }

  private keep(target: Target): Target {
    this.dropLost()
    if (this.kept.size >= KEPT_MAX) this.closeOne()
    this.kept.set(target.name, target)
    this.look.reschedule(LOOK_INTERVAL_MS)
    return target
  }

  /** Makes room: closes one that nobody uses, drawn by chance. */
  private closeOne(): void {
    const idle = [...this.kept.values()].filter(({ user }) => user === undefined)
    const drawn = idle[this.store.environment.random.next32() % Math.max(1, idle.length)]
    if (drawn !== undefined) this.close(drawn)
  }

  private dropLost(): void {
    for (const target of this.kept.values()) if (target.isLost) this.kept.delete(target.name)
  }

  private closeIdle(): number {
    const nowMs = this.nowMs
    for (const target of this.kept.values()) {
      if (target.isLost || (target.user === undefined && nowMs - target.lastUsedMs > IDLE_MS_MAX)) this.close(target)
    }
    return this.kept.size === 0 ? STOP : LOOK_INTERVAL_MS
  }

  private logRefusal(host: string, port: string, error: OperationalError | undefined): void {
    const reason = error === undefined ? '' : `: ${error.message}`
    this.store.environment.log.write('verbose', `MIGRATE could not reach ${host}:${port}${reason}`)
  }
}

/** The digits that a text begins with; 0 when there are none. */
function portNumber(text: string): number {
  const port = Number.parseInt(text, 10)
  return Number.isNaN(port) ? 0 : port
}
