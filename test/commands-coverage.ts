/**
 * How each command is made to succeed once in a store of its own. Calls generated from the grammar do that for most; those that
 * need something first, or cannot succeed there, stand here.
 */

/** Requests that make a command succeed, where chance would not. */
export const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  discard: ['MULTI', 'DISCARD'],
  exec: ['MULTI', 'EXEC'],
  debug: ['DEBUG JMAP', 'DEBUG SLEEP 0'],
  'object|freq': ['CONFIG SET maxmemory-policy allkeys-lfu', 'SET k v', 'OBJECT FREQ k'],
  'config|set': ['CONFIG SET lfu-log-factor 5'],
  'command|getkeys': ['COMMAND GETKEYS GET k'],
  'command|getkeysandflags': ['COMMAND GETKEYSANDFLAGS GET k'],
  auth: ['CONFIG SET requirepass secret', 'AUTH secret'],
}

/** Commands that are left to tests of their own, each with the reason. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  quit: 'ends the session',
  shutdown: 'ends the process',
  monitor: 'turns the session into a feed',
  'config|rewrite': 'needs a configuration file',
  'latency|graph': 'needs an event that took long',
  'client|reply': 'takes the reply away',
  'client|pause': 'would hold the calls that follow',
}
