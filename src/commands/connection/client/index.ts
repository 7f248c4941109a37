/** CLIENT: the connections there are, and this one. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { clientGetname } from './getname.js'
import { clientId } from './id.js'
import { clientInfo } from './info.js'
import { clientKill } from './kill.js'
import { clientList } from './list.js'
import { clientNoEvict } from './no-evict.js'
import { clientNoTouch } from './no-touch.js'
import { clientPause } from './pause.js'
import { clientReply } from './reply.js'
import { clientSetinfo } from './setinfo.js'
import { clientSetname } from './setname.js'
import { clientUnblock } from './unblock.js'
import { clientUnpause } from './unpause.js'

const HELP_FLAGS = Flag.loading | Flag.stale | Flag.sentinel

export const client = defineCommand({
  name: 'CLIENT',
  summary: 'Shows, names, pauses, closes and otherwise manages connections.',
  since: '2.4.0',
  group: 'connection',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: Flag.sentinel,
  subcommands: [
    clientGetname,
    defineHelp('connection', '5.0.0', HELP_FLAGS, ['connection']),
    clientId,
    clientInfo,
    clientKill,
    clientList,
    clientNoEvict,
    clientNoTouch,
    clientPause,
    clientReply,
    clientSetinfo,
    clientSetname,
    clientUnblock,
    clientUnpause,
  ],
  help: [
    'GETNAME',
    '    Returns the name of this connection.',
    'ID',
    '    Returns the number of this connection.',
    'INFO',
    '    Describes this connection.',
    'KILL <ip:port>',
    '    Closes the connection that comes from there.',
    'KILL <option> <value> [<option> <value> [...]]',
    '    Closes the connections that meet all conditions:',
    '    * ADDR (<ip:port>|<unixsocket>:0)',
    '      They come from there.',
    '    * LADDR (<ip:port>|<unixsocket>:0)',
    '      They were accepted there.',
    '    * ID <client-id>',
    '      The connection with this number.',
    '    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
    '      They are of a type.',
    '    * USER <username>',
    '      They are logged in as a user.',
    '    * SKIPME (YES|NO)',
    '      Whether to spare this connection (default: yes).',
    'LIST [options ...]',
    '    Describes connections, one a line. Options:',
    '    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
    '      Those of a type.',
    '    * ID <client-id> [<client-id> ...]',
    '      Those with these numbers.',
    'NO-EVICT (ON|OFF)',
    '    Exempts this connection from being closed to save memory, or no longer.',
    'NO-TOUCH (ON|OFF)',
    '    Whether keys read by this connection count as not used.',
    'PAUSE <timeout> [WRITE|ALL]',
    '    Holds back commands that write, or all, for <timeout> milliseconds.',
    'REPLY (ON|OFF|SKIP)',
    '    Whether commands of this connection are answered; SKIP: all but the next.',
    'SETINFO <option> <value>',
    '    Says which library uses this connection. Options:',
    '    * LIB-NAME: name of the library.',
    '    * LIB-VER: its version.',
    'SETNAME <name>',
    '    Names this connection.',
    'UNBLOCK <clientid> [TIMEOUT|ERROR]',
    '    Ends the wait of another connection inside a blocking command.',
    'UNPAUSE',
    '    Ends a pause.',
  ],
})
