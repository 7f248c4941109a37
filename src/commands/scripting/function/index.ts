/** FUNCTION: libraries of functions. */

import { defineCommand } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { functionDelete } from './delete.js'
import { functionDump } from './dump.js'
import { functionFlush } from './flush.js'
import { functionKill } from './kill.js'
import { functionList } from './list.js'
import { functionLoad } from './load.js'
import { functionRestore } from './restore.js'
import { functionStats } from './stats.js'

export const functionCommand = defineCommand({
  name: 'FUNCTION',
  summary: 'Loads, lists, saves and removes libraries of functions.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [
    functionDelete,
    functionDump,
    functionFlush,
    defineHelp('scripting', '7.0.0', undefined, ['scripting']),
    functionKill,
    functionList,
    functionLoad,
    functionRestore,
    functionStats,
  ],
  help: [
    'DELETE <LIBRARY NAME>',
    '    Removes a library with its functions.',
    'DUMP',
    '    Returns all libraries as one string, which RESTORE takes.',
    'FLUSH [ASYNC|SYNC]',
    '    Removes all libraries.',
    'KILL',
    '    Ends the function that is running, if it has not written anything.',
    'LIST [LIBRARYNAME PATTERN] [WITHCODE]',
    '    Returns of each library: its name, its engine, its functions with what',
    '    they say about themselves, and its code if asked for.',
    'LOAD [REPLACE] <FUNCTION CODE>',
    '    Loads a library, whose name is in the first line of its code.',
    'RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]',
    '    Loads the libraries that DUMP has returned:',
    '    * FLUSH: in the place of all that are there.',
    '    * APPEND: beside those, of which none may have the same name (default).',
    '    * REPLACE: beside those, in the place of ones with the same names.',
    'STATS',
    '    Returns the function that is running: its name, the command that called',
    '    it and how long it has been running, or nil; and how many libraries and',
    '    functions there are.',
  ],
})
