/**
 * What Redis 7.2 answers otherwise than 7.0: needed when the installed reference is older than the version that Spinel follows.
 */

import { type Allowance, nodeText } from './comparison.js'
import { LOCAL_PARAMETERS, sameParameters } from './parameters.js'

/** The first release that answers as Spinel does. */
const CURRENT = '7.2.0'

/** Commands that 7.0 does not have, by full name: streams do without them. */
const NEW_COMMANDS: readonly string[] = ['client|no-touch', 'client|setinfo', 'waitaof', 'cluster|myshardid']

/** Parameters that only one of the two releases shows. */
export const CHANGED_PARAMETERS: readonly string[] = [
  'aof-disable-auto-gc', 'cluster-announce-human-nodename', 'locale-collate', 'set-max-listpack-value', 'set-max-listpack-entries',
] // prettier-ignore

/** Commands of which COMMAND INFO tells other flags or tips in 7.2. Of COMMAND DOCS all changed: arguments have a display text. */
export const CHANGED_DESCRIPTIONS: readonly string[] = [
  'acl|deluser', 'acl|save', 'acl|setuser', 'blmove', 'blpop', 'brpop', 'brpoplpush', 'bzpopmax', 'bzpopmin',
  'client|setname', 'cluster|shards', 'cluster|slots', 'command|getkeys', 'command|getkeysandflags', 'config|resetstat',
  'config|rewrite', 'latency|reset', 'msetnx', 'randomkey', 'scan', 'wait', 'zrank', 'zrevrank',
] // prettier-ignore

const CHANGES: readonly Allowance[] = [
  {
    id: '7.2: parameters',
    reason: 'parameters came and went',
    allows: (difference) => sameParameters(difference, [...LOCAL_PARAMETERS, ...CHANGED_PARAMETERS]),
  },
  {
    id: '7.2: encodings',
    reason: 'small lists and sets are listpacks',
    allows: ({ command, theirs, ours }) =>
      command === 'object|encoding' &&
      /^(?:quicklist|hashtable)$/.test(nodeText(theirs)) &&
      nodeText(ours) === 'listpack',
  },
  {
    id: '7.2: endless waits',
    reason: 'a time-out beyond every integer is out of range; it was read as a negative one',
    allows: ({ theirs, ours }) =>
      nodeText(theirs) === 'ERR timeout is negative' && nodeText(ours) === 'ERR timeout is out of range',
  },
  {
    id: '7.2: LPOS RANK',
    reason: 'the smallest integer is refused as rank, for it has no opposite',
    allows: ({ command, words, ours }) =>
      command === 'lpos' &&
      words.includes('-9223372036854775808') &&
      nodeText(ours).startsWith('ERR value is out of range'),
  },
  {
    id: '7.2: HELLO reads all options first',
    reason: 'a wrong option or name behind AUTH is told before the password is looked at',
    allows: ({ command, theirs, ours }) =>
      command === 'hello' &&
      nodeText(theirs).startsWith('WRONGPASS') &&
      /^ERR (?:Syntax error in HELLO|Client names cannot)/.test(nodeText(ours)),
  },
]

/** Texts that 7.2 words otherwise: as they were, and as they are. */
const REWORDED: readonly (readonly [string, string])[] = [
  ['otherwise the HELLO AUTH <user> <pass> option', 'otherwise the HELLO <proto> AUTH <user> <pass> option'],
]

/** A text of a reference of that version in the words of the release that Spinel follows. */
export function inCurrentWords(version: string, text: string): string {
  if (!isOlder(version)) return text
  return REWORDED.reduce((changed, [old, current]) => changed.replaceAll(old, current), text)
}

/** Whether a reference of that version is older than the release that Spinel follows. */
export function isOlder(version: string): boolean {
  return compareVersions(version, CURRENT) < 0
}

/** The changes between a reference of that version and the version that Spinel follows. */
export function releaseChanges(version: string): readonly Allowance[] {
  return isOlder(version) ? CHANGES : []
}

/** Whether a reference of that version has a command. */
export function referenceHas(version: string, fullName: string): boolean {
  return !isOlder(version) || !NEW_COMMANDS.includes(fullName)
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < 3; i++) if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0)
  return 0
}
