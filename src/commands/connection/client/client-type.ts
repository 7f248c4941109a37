/** The types that CLIENT LIST and CLIENT KILL know, by the words for them. */

import type { Call } from '../../../engine/call.js'
import type { ClientType } from '../../../engine/client.js'
import { ErrorReply } from '../../../protocol/errors.js'

const TYPES: Readonly<Record<string, ClientType>> = {
  normal: 'normal',
  master: 'master',
  replica: 'replica',
  slave: 'replica',
  pubsub: 'pubsub',
}

/** The type an argument names; undefined, with the error replied, when there is none such. */
export function clientType(call: Call, index: number): ClientType | undefined {
  const type = TYPES[call.text(index).toLowerCase()]
  if (type === undefined) call.fail(ErrorReply.clientType(call.text(index)))
  return type
}
