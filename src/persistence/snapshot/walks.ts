/** The walk that is under way in a store, if any: there is one at a time, whoever it is for. */

import { defineService } from '../../engine/services.js'
import type { BackgroundWalk } from './background-walk.js'

export class Walks {
  active: BackgroundWalk | undefined
  private readonly listeners: (() => void)[]

  constructor() {
    this.active = undefined
    this.listeners = []
  }

  /** Calls whenever a walk has ended or was cancelled, and the next may begin. */
  onEnd(listener: () => void): void {
    this.listeners.push(listener)
  }

  ended(): void {
    this.active = undefined
    for (const listener of this.listeners) listener()
  }
}

export const walks = defineService<Walks>('walks')
