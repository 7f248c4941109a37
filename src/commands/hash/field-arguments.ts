/** `FIELDS numfields field [field …]`, with which commands about the expiry times of fields end. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import type { Argument } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

const FIELDS = latin1Bytes('fields')

export const fieldArguments: Argument = {
  name: 'fields',
  type: 'block',
  token: 'FIELDS',
  args: ['numfields:integer', 'field:string multiple'],
}

/** Where the word FIELDS stands, looked for from an argument on; the number of arguments when it is missing or the last. */
export function fieldsWord(call: Call, from: number): number {
  for (let i = from; i < call.argc - 1; i++) if (call.is(i, FIELDS)) return i
  return call.argc
}

/** Whether the count behind the word at `index` says how many arguments follow; otherwise the error is replied. */
export function hasFieldCount(call: Call, index: number): boolean {
  if (index + 1 >= call.argc) return refuse(call)
  const count = call.integer(index + 1)
  if (Number.isNaN(count)) return false
  return (count > 0 && count === call.argc - index - 2) || refuse(call)
}

/** Whether FIELDS with its count stands right there. */
export function isFieldsAt(call: Call, index: number): boolean {
  if (call.is(index, FIELDS)) return hasFieldCount(call, index)
  call.fail(ErrorReply.syntax)
  return false
}

function refuse(call: Call): false {
  call.fail(ErrorReply.hashFieldCount)
  return false
}
