/**
 * How parts above the engine (slow log, monitors, persistence, …) hang their state off a store without the engine knowing
 * them: each defines a token, the composition root puts an instance under it, commands take it out.
 */

import { assert } from '../base/assert.js'

export interface ServiceToken<T> {
  readonly name: string
  /** Never set; carries the type. */
  readonly type?: T
}

export function defineService<T>(name: string): ServiceToken<T> {
  return Object.freeze({ name })
}

export class Services {
  private readonly instances: Map<ServiceToken<unknown>, unknown>

  constructor() {
    this.instances = new Map()
  }

  provide<T>(token: ServiceToken<T>, instance: T): T {
    assert(!this.instances.has(token))
    this.instances.set(token, instance)
    return instance
  }

  /** The instance; the composition root must have provided it. */
  get<T>(token: ServiceToken<T>): T {
    const instance = this.instances.get(token)
    assert(instance !== undefined)
    return instance as T
  }

  has<T>(token: ServiceToken<T>): boolean {
    return this.instances.has(token)
  }
}
