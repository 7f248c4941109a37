/** What the engine asks of access control; `src/acl` answers. */

import type { Client } from './client.js'
import type { CommandSpec } from './command.js'

export interface AccessCheck {
  /** True when a new client may not do anything before it has authenticated. */
  readonly requiresAuthentication: boolean
  /**
   * Tries a user name and password (bytes, compared in constant time).
   *
   * @returns the user's name to go on with, or undefined
   */
  authenticate(user: string, password: Uint8Array): string | undefined
  /** False when the default user has no password at all: AUTH with one argument is then a mistake. */
  readonly hasPassword: boolean
  hasUser(name: string): boolean
  /** Gives a session that is new, or made like new by RESET, the rights of the default user. */
  welcome(client: Client): void
  /** Whether a client may read every key by a command, as patterns of SORT need it; without this method all may. */
  readsEveryKey?(client: Client, command: CommandSpec): boolean
  /** Called for each client whose rights might have changed. */
  refresh(client: Client): void
}
