/** Lines that may stand in a configuration file and are no parameters: CONFIG GET and SET do not know them. */

import type { Generation } from './parameter.js'

export interface Directive {
  readonly generation: Generation
  readonly syntax: string
  readonly doc: string
}

export const DIRECTIVES: ReadonlyMap<string, Directive> = new Map([
  [
    'include',
    {
      generation: 'now',
      syntax: 'include path',
      doc: 'Reads another file at this place; the path may be a pattern, which may match nothing. Later lines win.',
    },
  ],
  [
    'rename-command',
    {
      generation: 'now',
      syntax: 'rename-command name new-name',
      doc: 'Gives a command another name; an empty one removes the command.',
    },
  ],
  [
    'user',
    {
      generation: 'acl',
      syntax: 'user name rule ...',
      doc: 'Defines a user by the rules of ACL SETUSER. Not to be combined with aclfile.',
    },
  ],
  [
    'loadmodule',
    {
      generation: 'none',
      syntax: 'loadmodule path argument ...',
      doc: 'Loads a module on start-up; native modules cannot be loaded into Spinel.',
    },
  ],
  [
    'sentinel',
    {
      generation: 'sentinel',
      syntax: 'sentinel option argument ...',
      doc: 'Options of Sentinel; only valid in its own file.',
    },
  ],
])

/** Names of old that are still accepted, with exactly one argument, and mean nothing any more. */
export const OBSOLETE: ReadonlySet<string> = new Set([
  'list-max-ziplist-entries',
  'list-max-ziplist-value',
  'lua-replicate-commands',
])
