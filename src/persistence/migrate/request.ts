/** What MIGRATE is asked for, and what has come of it. */

import type { Database } from '../../keyspace/database.js'

export interface MigrationRequest {
  readonly host: string
  readonly port: string
  /** Where the keys are. */
  readonly database: Database
  /** Number of the database they go to. */
  readonly targetDatabase: number
  /** For connecting, for each piece that is sent, and for each reply. */
  readonly timeoutMs: number
  readonly copies: boolean
  readonly replaces: boolean
  readonly user: string | undefined
  readonly password: string | undefined
  readonly keys: readonly MigratedKey[]
}

export interface MigratedKey {
  readonly name: Uint8Array
  /** Its place among the arguments. */
  readonly index: number
}

export type MigrationProblem = 'none' | 'missing' | 'connecting' | 'writing' | 'reading' | 'refused'

export interface MigrationResult {
  readonly problem: MigrationProblem
  /** With `refused`: the first error the target replied with. */
  readonly targetError: string
  /** Keys that the target has confirmed, by argument. */
  readonly moved: readonly number[]
}
