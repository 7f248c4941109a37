/** Finds the command that a full call begins with, as COMMAND GETKEYS and GETKEYSANDFLAGS are given one. */

import type { Call } from '../../../engine/call.js'
import { type CommandSpec, Flag, type KeyFinderCall } from '../../../engine/command.js'
import { FoundKeys, findKeys, mayHaveKeys } from '../../../introspection/key-extraction.js'
import { ErrorReply } from '../../../protocol/errors.js'

/** Where the call that is asked about begins among the arguments. */
export const INNER_START = 2

/** The keys of the call that begins at INNER_START; undefined, with the error replied, when they cannot be told. */
export function innerKeys(call: Call): FoundKeys | undefined {
  const command = innerCommand(call)
  const argc = call.argc - INNER_START
  if (command === undefined) return refuse(call, ErrorReply.commandInvalid)
  if (!mayHaveKeys(command)) return refuse(call, ErrorReply.commandWithoutKeys)
  if (command.arity > 0 ? argc !== command.arity : argc < -command.arity)
    return refuse(call, ErrorReply.commandArgCount)
  const inner: KeyFinderCall = {
    argc,
    bytes: call.bytes,
    starts: call.starts.subarray(INNER_START),
    ends: call.ends.subarray(INNER_START),
  }
  const found = new FoundKeys()
  if (findKeys(command, inner, found) || (command.flags & Flag.noMandatoryKeys) !== 0) return found
  return refuse(call, ErrorReply.commandArgs)
}

function innerCommand(call: Call): CommandSpec | undefined {
  const { bytes, ends, starts } = call
  const { registry } = call.store
  const command = registry.find(bytes, starts[INNER_START]!, ends[INNER_START]!)
  const word = INNER_START + 1
  if (command?.subcommands === undefined || word >= call.argc) return command
  return registry.findSubcommand(command, bytes, starts[word]!, ends[word]!)
}

function refuse(call: Call, error: ErrorReply): undefined {
  call.fail(error)
  return undefined
}
