/** FUNCTION LIST. */

import { latin1Bytes } from '../../../base/bytes.js'
import { globMatch } from '../../../base/glob.js'
import type { Call } from '../../../engine/call.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { scriptFlagNames } from '../../../scripting/flags.js'
import { ENGINE_NAME, type FunctionLibrary, type LibraryFunction } from '../../../scripting/function-libraries.js'
import { scripting } from '../../../scripting/scripting.js'

const WITHCODE = latin1Bytes('withcode')
const LIBRARYNAME = latin1Bytes('libraryname')

/**
 * FUNCTION LIST [LIBRARYNAME pattern] [WITHCODE]
 *
 * Errors:  an argument that is none of these, or given twice; no pattern.
 */
export const functionList = defineCommand({
  name: 'LIST',
  summary: 'Returns what libraries there are, with their functions.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'O(N), N = functions',
  arity: -2,
  flags: Flag.noScript,
  acl: ['scripting'],
  args: ['library-name-pattern:string token=LIBRARYNAME optional', 'withcode:pure-token token=WITHCODE optional'],
  tips: ['nondeterministic_output_order'],
  reply: 'array',

  run(call) {
    let withCode = false
    let pattern = 0
    for (let i = 2; i < call.argc; i++) {
      if (!withCode && call.is(i, WITHCODE)) withCode = true
      else if (pattern === 0 && call.is(i, LIBRARYNAME)) {
        if (i === call.argc - 1) return call.fail(ErrorReply.functionLibraryNameMissing)
        pattern = ++i
      } else return call.fail(ErrorReply.functionUnknownArgument(call.text(i)))
    }
    const { libraries } = call.store.services.get(scripting).libraries
    const shown = [...libraries.values()].filter(({ name }) => pattern === 0 || matches(call, pattern, name))
    call.reply.array(shown.length)
    for (const library of shown) replyLibrary(call, library, withCode)
  },
})

function matches(call: Call, pattern: number, name: string): boolean {
  const bytes = latin1Bytes(name)
  return globMatch(call.bytes, call.starts[pattern]!, call.ends[pattern]!, bytes, 0, bytes.length, true)
}

function replyLibrary({ reply }: Call, { name, code, functions }: FunctionLibrary, withCode: boolean): void {
  reply.map(withCode ? 4 : 3)
  reply.bulkText('library_name')
  reply.bulkLatin1(name)
  reply.bulkText('engine')
  reply.bulkText(ENGINE_NAME)
  reply.bulkText('functions')
  reply.array(functions.length)
  for (const item of functions) replyFunction(reply, item)
  if (!withCode) return
  reply.bulkText('library_code')
  reply.bulk(code, 0, code.length)
}

function replyFunction(reply: Call['reply'], { name, description, flags }: LibraryFunction): void {
  reply.map(3)
  reply.bulkText('name')
  reply.bulkLatin1(name)
  reply.bulkText('description')
  if (description === undefined) reply.nil()
  else reply.bulkLatin1(description)
  reply.bulkText('flags')
  const names = scriptFlagNames.filter(([flag]) => (flags & flag) !== 0)
  reply.set(names.length)
  for (const [, text] of names) reply.simple(text)
}
