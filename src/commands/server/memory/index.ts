/** MEMORY: where memory goes. */

import { defineCommand } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { memoryDoctor } from './doctor.js'
import { memoryMallocStats } from './malloc-stats.js'
import { memoryPurge } from './purge.js'
import { memoryStats } from './stats.js'
import { memoryUsage } from './usage.js'

export const memory = defineCommand({
  name: 'MEMORY',
  summary: 'Tells where memory goes.',
  since: '4.0.0',
  group: 'server',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [memoryDoctor, defineHelp('server', '4.0.0'), memoryMallocStats, memoryPurge, memoryStats, memoryUsage],
  help: [
    'DOCTOR',
    '    Says in words what looks wrong about the use of memory.',
    'MALLOC-STATS',
    '    Shows the figures of the allocator.',
    'PURGE',
    '    Gives pages that hold nothing back to the system.',
    'STATS',
    '    Shows what the memory of the server is used for.',
    'USAGE <key> [SAMPLES <count>]',
    '    Counts the bytes that a key and its value take up. Of large collections',
    '    <count> elements are looked at (default: 5, 0 for all).',
  ],
})
