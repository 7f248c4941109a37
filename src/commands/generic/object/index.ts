/** OBJECT. */

import { defineCommand } from '../../../engine/command.js'
import { objectEncoding } from './encoding.js'
import { objectFreq } from './freq.js'
import { objectHelp } from './help.js'
import { objectIdletime } from './idletime.js'
import { objectRefcount } from './refcount.js'

export const object = defineCommand({
  name: 'OBJECT',
  summary: 'Looks at how values are kept.',
  since: '2.2.3',
  group: 'generic',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [objectEncoding, objectFreq, objectHelp, objectIdletime, objectRefcount],
  help: [
    'ENCODING <key>',
    '    Name the encoding in which the value of <key> is held.',
    'FREQ <key>',
    '    Show how often <key> has been used lately, on a logarithmic scale. Needs an',
    '    LFU maxmemory-policy.',
    'IDLETIME <key>',
    '    Show for how many seconds <key> has not been used. Needs a maxmemory-policy',
    '    other than LFU.',
    'REFCOUNT <key>',
    '    Show how many references to the value of <key> there are.',
  ],
})
