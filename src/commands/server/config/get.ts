/** CONFIG GET. */

import { defineCommand, Flag } from '../../../engine/command.js'

/** CONFIG GET parameter [parameter …]: names and patterns, matched without regard to case; each parameter once. */
export const configGet = defineCommand({
  name: 'GET',
  summary: 'Returns the parameters that match any of the patterns, and their values.',
  since: '2.0.0',
  group: 'server',
  complexity: 'O(N), N = patterns given',
  arity: -3,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  args: ['parameter:string multiple'],
  history: [['7.0.0', 'Added the ability to pass multiple pattern parameters in one call']],
  reply: 'map',

  run(call) {
    const patterns: string[] = []
    for (let i = 2; i < call.argc; i++) patterns.push(call.text(i))
    const found = call.store.config.get(patterns)
    call.reply.map(found.length)
    for (const [name, text] of found) {
      call.reply.bulkLatin1(name)
      call.reply.bulkLatin1(text)
    }
  },
})
