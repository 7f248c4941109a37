/** XGROUP. */

import { defineCommand } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { xgroupCreate } from './create.js'
import { xgroupCreateconsumer } from './createconsumer.js'
import { xgroupDelconsumer } from './delconsumer.js'
import { xgroupDestroy } from './destroy.js'
import { xgroupSetid } from './setid.js'

export const xgroup = defineCommand({
  name: 'XGROUP',
  summary: 'Makes, changes and removes consumer groups of streams.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [
    xgroupCreate,
    xgroupCreateconsumer,
    xgroupDelconsumer,
    xgroupDestroy,
    defineHelp('stream', '5.0.0', undefined, ['stream']),
    xgroupSetid,
  ],
  help: [
    'CREATE <key> <groupname> <id|$> [option]',
    '    Make a consumer group that reads what is above the id. Options are:',
    '    * MKSTREAM',
    '      Make an empty stream if there is none.',
    '    * ENTRIESREAD entries_read',
    '      How many entries the group counts as read; for files and replicas.',
    'CREATECONSUMER <key> <groupname> <consumer>',
    '    Make a consumer in a group.',
    'DELCONSUMER <key> <groupname> <consumer>',
    '    Remove a consumer with what is pending for it.',
    'DESTROY <key> <groupname>',
    '    Remove a group.',
    'SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]',
    '    Set the id above which a group reads on, and what it counts as read.',
  ],
})
