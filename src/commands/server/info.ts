/** INFO. */

import { latin1Bytes, utf8 } from '../../base/bytes.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { InfoFacts } from '../../introspection/info/facts.js'
import { infoFigures } from '../../introspection/info/figures.js'
import { infoText } from '../../introspection/info/report.js'

/** INFO [section …]: sections by name, `default`, `all` or `everything`; names that are none are passed over. */
export const info = defineCommand({
  name: 'INFO',
  summary: 'Reports on the server: what it is, holds, does and has done.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  arity: -1,
  flags: Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['dangerous'],
  args: ['section:string multiple optional'],
  history: [['7.0.0', 'Added support for taking multiple section arguments.']],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  reply: 'verbatim',

  run(call) {
    const { store } = call
    const names: string[] = []
    for (let i = 1; i < call.argc; i++) names.push(call.text(i))
    const text = latin1Bytes(infoText(new InfoFacts(store, store.services.get(infoFigures)), names))
    // Paths and names are byte strings here; a reply of text is encoded anew.
    call.reply.verbatim('txt', utf8(text, 0, text.length))
  },
})
