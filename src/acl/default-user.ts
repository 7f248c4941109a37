/**
 * Access control by one password: the user `default`, who may do everything once `requirepass` is met.
 */

import { latin1Bytes } from '../base/bytes.js'
import type { Config } from '../config/config.js'
import type { AccessCheck } from '../engine/access-check.js'
import { type Client, ClientFlag, Gate } from '../engine/client.js'

const NAME = 'default'

export class DefaultUser implements AccessCheck {
  private password: Uint8Array

  constructor(config: Config) {
    this.password = latin1Bytes(config.values.requirepass)
    config.onChange(['requirepass'], (values) => {
      this.password = latin1Bytes(values.requirepass)
      return undefined
    })
  }

  get requiresAuthentication(): boolean {
    return this.password.length !== 0
  }

  get hasPassword(): boolean {
    return this.password.length !== 0
  }

  authenticate(user: string, password: Uint8Array): string | undefined {
    if (user !== NAME) return undefined
    return !this.hasPassword || equalsInConstantTime(password, this.password) ? user : undefined
  }

  hasUser(name: string): boolean {
    return name === NAME
  }

  welcome(client: Client): void {
    client.user = NAME
    if (this.requiresAuthentication) client.flags |= ClientFlag.unauthenticated
    else client.flags &= ~ClientFlag.unauthenticated
    this.refresh(client)
  }

  /** A session that was there before the password stays; one that has not given it yet needs it as long as there is one. */
  refresh(client: Client): void {
    const isUnauthenticated = (client.flags & ClientFlag.unauthenticated) !== 0
    if (isUnauthenticated && this.requiresAuthentication) client.gate |= Gate.mustAuthenticate
    else client.gate &= ~Gate.mustAuthenticate
  }
}

/** Takes the same time for any `given` of one length, whatever its bytes. */
function equalsInConstantTime(given: Uint8Array, wanted: Uint8Array): boolean {
  let difference = given.length ^ wanted.length
  for (let i = 0; i < given.length; i++) difference |= given[i]! ^ wanted[i % wanted.length]!
  return difference === 0
}
