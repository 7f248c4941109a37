/**
 * How each command is made to succeed once in a store of its own. Calls generated from the grammar do that for most; those that
 * need something first, or cannot succeed there, stand here.
 */

const LIBRARY = '#!lua name=l\nredis.register_function("f", function() return 1 end)'
/** `return{}` and its digest. */
const SCRIPT = 'return{}'
const DIGEST = '8f0732537dcef5e06b4e8371446724937f2bc51f'

/** Requests that make a command succeed, where chance would not: words of a line, or words with spaces in them. */
export const SAMPLES: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  discard: ['MULTI', 'DISCARD'],
  exec: ['MULTI', 'EXEC'],
  debug: ['DEBUG JMAP', 'DEBUG SLEEP 0'],
  'object|freq': ['CONFIG SET maxmemory-policy allkeys-lfu', 'SET k v', 'OBJECT FREQ k'],
  'config|set': ['CONFIG SET lfu-log-factor 5'],
  'command|getkeys': ['COMMAND GETKEYS GET k'],
  'command|getkeysandflags': ['COMMAND GETKEYSANDFLAGS GET k'],
  auth: ['CONFIG SET requirepass secret', 'AUTH secret'],
  xautoclaim: ['XGROUP CREATE s g 0 MKSTREAM', 'XAUTOCLAIM s g c 0 0'],
  xclaim: ['XGROUP CREATE s g 0 MKSTREAM', 'XCLAIM s g c 0 1-1'],
  xreadgroup: ['XGROUP CREATE s g 0 MKSTREAM', 'XREADGROUP GROUP g c STREAMS s 0'],
  'xgroup|createconsumer': ['XGROUP CREATE s g 0 MKSTREAM', 'XGROUP CREATECONSUMER s g c'],
  'xgroup|delconsumer': ['XGROUP CREATE s g 0 MKSTREAM', 'XGROUP DELCONSUMER s g c'],
  'xgroup|setid': ['XGROUP CREATE s g 0 MKSTREAM', 'XGROUP SETID s g 0'],
  'xinfo|consumers': ['XGROUP CREATE s g 0 MKSTREAM', 'XINFO CONSUMERS s g'],
  brpoplpush: ['RPUSH a 1', 'BRPOPLPUSH a b 0'],
  evalsha: [`SCRIPT LOAD ${SCRIPT}`, `EVALSHA ${DIGEST} 0`],
  evalsha_ro: [`SCRIPT LOAD ${SCRIPT}`, `EVALSHA_RO ${DIGEST} 0`],
  fcall: [['FUNCTION', 'LOAD', LIBRARY], 'FCALL f 0'],
  'function|load': [['FUNCTION', 'LOAD', LIBRARY]],
  'function|delete': [['FUNCTION', 'LOAD', LIBRARY], 'FUNCTION DELETE l'],
  xpending: ['XGROUP CREATE s g 0 MKSTREAM', 'XPENDING s g'],
  migrate: ['MIGRATE host 7000 missing 0 1000'],
}

/** Commands that are left to tests of their own, each with the reason. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  quit: 'ends the session',
  shutdown: 'ends the process',
  monitor: 'turns the session into a feed',
  'config|rewrite': 'needs a configuration file',
  'latency|graph': 'needs an event that took long',
  'client|reply': 'takes the reply away',
  fcall_ro: 'needs a function with the flag no-writes: its own tests',
  'function|kill': 'needs a function that runs',
  'function|restore': 'needs the bytes of FUNCTION DUMP',
  'script|kill': 'needs a script that runs',
  save: 'needs a disk',
  bgsave: 'needs a disk',
  bgrewriteaof: 'needs a disk',
  'client|pause': 'would hold the calls that follow',
}
