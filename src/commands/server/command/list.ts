/** COMMAND LIST. */

import { latin1Bytes } from '../../../base/bytes.js'
import { globMatch } from '../../../base/glob.js'
import type { Call } from '../../../engine/call.js'
import { type CommandCategory, type CommandSpec, defineCommand, Flag } from '../../../engine/command.js'
import { isInCategory } from '../../../introspection/command-docs.js'
import { ErrorReply } from '../../../protocol/errors.js'

const FILTERBY = latin1Bytes('filterby')
const MODULE = latin1Bytes('module')
const ACLCAT = latin1Bytes('aclcat')
const PATTERN = latin1Bytes('pattern')

/**
 * COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN pattern]: with subcommands, as `config|get`.
 *
 * Errors: syntax.
 */
export const commandList = defineCommand({
  name: 'LIST',
  summary: 'Returns the names of commands.',
  since: '7.0.0',
  group: 'server',
  complexity: 'O(N), N = commands there are',
  arity: -2,
  flags: Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: [
    {
      name: 'filterby',
      type: 'oneof',
      token: 'FILTERBY',
      isOptional: true,
      args: ['module-name:string token=MODULE', 'category:string token=ACLCAT', 'pattern:pattern token=PATTERN'],
    },
  ],
  tips: ['nondeterministic_output_order'],
  reply: 'unordered',

  run(call) {
    const { commands } = call.store.registry
    if (call.argc === 2) return replyNames(call, commands)
    if (call.argc !== 5 || !call.is(2, FILTERBY)) return call.fail(ErrorReply.syntax)
    if (call.is(3, MODULE)) replyNames(call, [])
    else if (call.is(3, ACLCAT)) replyNames(call, inCategory(commands, call.text(4)))
    else if (call.is(3, PATTERN))
      replyNames(
        call,
        commands.filter((command) => matches(call, 4, command)),
      )
    else call.fail(ErrorReply.syntax)
  },
})

function inCategory(commands: readonly CommandSpec[], name: string): CommandSpec[] {
  const category = name.toLowerCase() as CommandCategory
  return commands.filter((command) => isInCategory(command, category))
}

function matches(call: Call, index: number, { fullName }: CommandSpec): boolean {
  const name = latin1Bytes(fullName)
  return globMatch(call.bytes, call.starts[index]!, call.ends[index]!, name, 0, name.length, true)
}

function replyNames({ reply }: Call, commands: readonly CommandSpec[]): void {
  reply.array(commands.length)
  for (const { fullName } of commands) reply.bulkText(fullName)
}
