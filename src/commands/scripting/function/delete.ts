/** FUNCTION DELETE. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { scripting } from '../../../scripting/scripting.js'

/**
 * FUNCTION DELETE library
 *
 * Errors:  no such library.
 * Effects: its functions are gone; replicated as sent.
 */
export const functionDelete = defineCommand({
  name: 'DELETE',
  summary: 'Removes a library with its functions.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.noScript | Flag.write,
  acl: ['scripting'],
  args: ['library-name:string'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    const service = call.store.services.get(scripting)
    const library = service.libraries.libraries.get(call.text(2))
    if (library === undefined) return call.fail(ErrorReply.functionLibraryNotFound)
    service.removeLibrary(library)
    call.store.dirty++
    call.reply.ok()
  },
})
