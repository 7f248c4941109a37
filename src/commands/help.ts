/** HELP of container commands: the lines of the container, between a heading and the entry for HELP itself. */

import type { Call } from '../engine/call.js'
import { type CommandCategory, type CommandGroup, type CommandSpec, defineCommand, Flag } from '../engine/command.js'

/** The HELP subcommand of a container, which lists what `help` of the container says. */
export function defineHelp(
  group: CommandGroup,
  since: string,
  flags: number = Flag.loading | Flag.stale,
  acl: readonly CommandCategory[] = [],
): CommandSpec {
  return defineCommand({
    name: 'HELP',
    summary: 'Lists the subcommands with what each does.',
    since,
    group,
    complexity: 'O(1)',
    arity: 2,
    flags,
    acl,
    reply: 'array',

    run(call) {
      replyHelp(call, call.command.parent!.name, call.command.parent!.help ?? [])
    },
  })
}

export function replyHelp(call: Call, name: string, lines: readonly string[]): void {
  const { reply } = call
  reply.array(lines.length + 3)
  reply.simple(`${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`)
  for (const line of lines) reply.simple(line)
  reply.simple('HELP')
  reply.simple('    Prints this help.')
}
