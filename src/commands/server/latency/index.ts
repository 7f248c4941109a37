/** LATENCY: what holds the server up. */

import { defineCommand } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { latencyDoctor } from './doctor.js'
import { latencyGraphCommand } from './graph.js'
import { latencyHistogram } from './histogram.js'
import { latencyHistory } from './history.js'
import { latencyLatest } from './latest.js'
import { latencyReset } from './reset.js'

export const latency = defineCommand({
  name: 'LATENCY',
  summary: 'Shows what held the server up, and how long commands take.',
  since: '2.8.13',
  group: 'server',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [
    latencyDoctor,
    latencyGraphCommand,
    defineHelp('server', '2.8.13'),
    latencyHistogram,
    latencyHistory,
    latencyLatest,
    latencyReset,
  ],
  help: [
    'DOCTOR',
    '    Reports in words what was noticed, and what may help.',
    'GRAPH <event>',
    '    Draws the samples of an event.',
    'HISTORY <event>',
    '    Returns the samples of an event.',
    'LATEST',
    '    Returns the latest sample of each event.',
    'RESET [<event> ...]',
    '    Drops the samples of events (default: of all).',
    'HISTOGRAM [COMMAND ...]',
    '    Returns how the run times of commands are distributed (default: of all commands that were called).',
  ],
})
