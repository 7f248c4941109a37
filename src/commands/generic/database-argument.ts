/** The number of a database as an argument. */

import type { Call } from '../../engine/call.js'
import type { Database } from '../../keyspace/database.js'
import { ErrorReply } from '../../protocol/errors.js'

const INT32_MIN = -2147483648
const INT32_MAX = 2147483647

/** The database that an argument names; undefined, with the error replied, when there is none such. */
export function databaseArgument(call: Call, index: number): Database | undefined {
  const number = call.integer(index)
  if (Number.isNaN(number)) return undefined
  const database = call.keyspace.databases[number]
  if (database === undefined) {
    const fitsInt = number >= INT32_MIN && number <= INT32_MAX
    call.fail(fitsInt ? ErrorReply.databaseOutOfRange : ErrorReply.outOfRangeBetween(INT32_MIN, INT32_MAX))
  }
  return database
}
