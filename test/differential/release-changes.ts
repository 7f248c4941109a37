/**
 * What Redis 7.2 answers otherwise than 7.0: needed when the installed reference is older than the version that Spinel follows.
 */

import type { ReplyNode } from '../../src/protocol/reply-decoder.js'
import { type Allowance, nodeText, sameNode, sameShape } from './comparison.js'
import { LOCAL_PARAMETERS, sameParameters } from './parameters.js'
import { withoutTimes } from './normalisers.js'

/** The first release that answers as Spinel does. */
const CURRENT = '7.2.0'

/** Commands that 7.0 does not have, by full name: streams do without them. */
const NEW_COMMANDS: readonly string[] = ['client|no-touch', 'client|setinfo', 'waitaof', 'cluster|myshardid']

/**
 * Commands after which the data set of 7.0 is another, without which streams do: it makes the consumer that the first three name only
 * when that gets something, and takes a last id below that of a deleted entry. The last two refuse a HyperLogLog with bytes behind its
 * registers where 7.2 merges it.
 */
const DIVERGING_COMMANDS: readonly string[] = ['xreadgroup', 'xclaim', 'xautoclaim', 'xsetid', 'pfmerge', 'pfcount']

/** Commands that 7.0 refuses with as many words as 7.2 takes: streams do without them in transactions, which that would end. */
const LENGTHENED_COMMANDS: readonly string[] = ['zrank', 'zrevrank']

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
    reason:
      'small lists and sets are listpacks; sorted sets are skiplists at once when many members come, or a range is stored',
    allows: ({ command, theirs, ours }) =>
      command === 'object|encoding' &&
      /^(?:quicklist listpack|hashtable listpack|listpack skiplist)$/.test(`${nodeText(theirs)} ${nodeText(ours)}`),
  },
  {
    id: '7.2: scores',
    reason: 'scores have as few digits as tell them, not 17',
    allows: ({ spec, theirs, ours }) => spec?.group === 'sorted-set' && sameNumbers(theirs, ours),
  },
  {
    id: '7.2: WITHSCORE',
    reason: 'ZRANK and ZREVRANK take it',
    allows: ({ command, theirs, words }) =>
      /^z(?:rev)?rank$/.test(command) &&
      words.length > 3 &&
      nodeText(theirs).startsWith('ERR wrong number of arguments'),
  },
  {
    id: '7.2: unbalanced streams',
    reason: 'the error names the command and its sign',
    allows: ({ command, theirs, ours }) =>
      /^xread(?:group)?$/.test(command) &&
      nodeText(theirs).startsWith('ERR Unbalanced XREAD list') &&
      nodeText(ours).startsWith(`ERR Unbalanced '${command}' list`),
  },
  {
    id: '7.2: activity of consumers',
    reason: 'XINFO shows when a consumer last got anything',
    allows: ({ command, theirs, ours }) =>
      /^xinfo\|(?:consumers|stream)$/.test(command) &&
      sameNode(withoutTimes(theirs), withoutTimes(withoutActivity(ours))),
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

/** A reply of XINFO without the fields that 7.2 has added. */
function withoutActivity(node: ReplyNode): ReplyNode {
  if (node.items === undefined) return node
  const { items } = node
  const isAdded = (at: number): boolean => at >= 0 && /^(?:inactive|active-time)$/.test(nodeText(items[at]!))
  const kept = items.filter((_, i) => (i % 2 === 0 ? !isAdded(i) : !isAdded(i - 1)))
  return { ...node, items: kept.map(withoutActivity) }
}

/** Whether two replies differ in how they write numbers, at most. */
function sameNumbers(theirs: ReplyNode, ours: ReplyNode): boolean {
  if (!sameShape(theirs, ours)) return false
  if (theirs.items !== undefined) return theirs.items.every((item, i) => sameNumbers(item, ours.items![i]!))
  return sameNode(theirs, ours) || (nodeText(ours) !== '' && Number(nodeText(theirs)) === Number(nodeText(ours)))
}

/** Texts that 7.2 words otherwise: as they were, and as they are. */
const REWORDED: readonly (readonly [string, string])[] = [
  ['otherwise the HELLO AUTH <user> <pass> option', 'otherwise the HELLO <proto> AUTH <user> <pass> option'],
]

/** A text of a reference of that version in the words of the release that Spinel follows. */
export function inCurrentWords(version: string, text: string): string {
  if (!isOlder(version)) return text
  return REWORDED.reduce((changed, [old, current]) => changed.replaceAll(old, current), text)
}

/** What ZSCAN tells, the scores in a notation that does not depend on the release. */
export function inPlainScores(version: string, command: string, items: readonly string[]): readonly string[] {
  if (command !== 'zscan' || !isOlder(version)) return items
  return items.map((item) => item.replace(/\S+$/, (score) => String(Number(score))))
}

/** Whether a reference of that version is older than the release that Spinel follows. */
export function isOlder(version: string): boolean {
  return compareVersions(version, CURRENT) < 0
}

/** The changes between a reference of that version and the version that Spinel follows. */
export function releaseChanges(version: string): readonly Allowance[] {
  return isOlder(version) ? CHANGES : []
}

/** Commands of later releases that Spinel has. */
const LATER_COMMANDS: readonly string[] = [
  'hexpire', 'hexpireat', 'hexpiretime', 'hpersist', 'hpexpire', 'hpexpireat', 'hpexpiretime', 'hpttl', 'httl',
] // prettier-ignore

/** Whether a reference of that version has a command. */
export function referenceHas(version: string, fullName: string): boolean {
  if (LATER_COMMANDS.includes(fullName)) return false
  return !isOlder(version) || ![...NEW_COMMANDS, ...DIVERGING_COMMANDS].includes(fullName)
}

/** Whether a reference of that version takes a command with as many words as Spinel does. */
export function referenceTakesAsMany(version: string, fullName: string): boolean {
  return !isOlder(version) || !LENGTHENED_COMMANDS.includes(fullName)
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < 3; i++) if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0)
  return 0
}
