/** Users, passwords and scripts that run away. */

import { integer } from '../number-types.js'
import { LONG_MAX } from '../number-text.js'
import { ParameterFlag as Flag, parameter } from '../parameter.js'
import { oneOf, secret, string } from '../simple-types.js'

export const security = {
  requirepass: parameter(secret, '', {
    flags: Flag.sensitive,
    since: '1.0.0',
    generation: 'now',
    doc: 'Password of the default user; empty for none.',
  }),
  aclfile: parameter(string(), '', {
    flags: Flag.immutable,
    since: '6.0.0',
    generation: 'acl',
    doc: 'File with the definitions of users; without one they may stand in this file, as "user" lines.',
  }),
  'acllog-max-len': parameter(integer(0, LONG_MAX), 128, {
    unit: 'entries',
    since: '6.0.0',
    generation: 'acl',
    doc: 'How many refusals ACL LOG remembers.',
  }),
  'acl-pubsub-default': parameter(oneOf(['allchannels', 'resetchannels']), 'resetchannels', {
    since: '6.2.0',
    generation: 'acl',
    doc: 'Whether a new user may use all channels or none.',
  }),
  'busy-reply-threshold': parameter(integer(0, LONG_MAX), 5000, {
    alias: 'lua-time-limit',
    unit: 'milliseconds',
    since: '7.0.0',
    generation: 'now',
    doc: 'When a script has run this long, other clients are told that the server is busy and may end it; 0 never does.',
  }),
}
