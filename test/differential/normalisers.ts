/**
 * Replies that the request and the data set do not determine: what of them is compared, and why not all.
 */

import type { CommandSpec } from '../../src/engine/command.js'
import { type ReplyNode, ReplyType } from '../../src/protocol/reply-decoder.js'
import { SCAN_CURSORS } from './iteration.js'
import { type Allowance, type Difference, isError, nodeText, sameNode, sameShape } from './comparison.js'
import { LOCAL_PARAMETERS, sameParameters } from './parameters.js'

/** Times of two servers that got a request one after the other may differ by so much, on however slow a machine. */
const TOLERANCE_MS = 120_000

export const NORMALISERS: readonly Allowance[] = [
  {
    id: 'time-left',
    reason: 'the two servers ran the request at different moments',
    allows: (difference) => isWithin(difference, ['ttl', 'expiretime', 'object|idletime'], TOLERANCE_MS / 1000),
  },
  {
    id: 'time-left-ms',
    reason: 'the two servers ran the request at different moments',
    allows: (difference) => isWithin(difference, ['pttl', 'pexpiretime'], TOLERANCE_MS),
  },
  {
    id: 'order',
    reason: 'the order means nothing: it is that of a hash table',
    allows: ({ spec, theirs, ours }) => {
      if (spec === undefined || !isUnordered(spec) || theirs.items === undefined || ours.items === undefined)
        return false
      return sameNode(sorted(theirs, spec.reply ?? ''), sorted(ours, spec.reply ?? ''))
    },
  },
  {
    id: 'local-parameters',
    reason: 'folders, doors and files of this start of the server',
    allows: (difference) => sameParameters(difference, LOCAL_PARAMETERS),
  },
  {
    id: 'scan-position',
    reason: 'a cursor and what lies behind it belong to the table of one server; a whole iteration is compared instead',
    allows: ({ command, theirs, ours }) => command in SCAN_CURSORS && isScanReply(theirs) && isScanReply(ours),
  },
  {
    id: 'random',
    reason: 'random by definition; how much is returned is compared',
    allows: ({ command, theirs, ours }) => RANDOM.includes(command) && sameShape(theirs, ours),
  },
  {
    id: 'moment',
    reason: 'the time of day',
    allows: ({ command, theirs, ours }) => command === 'time' && sameShape(theirs, ours),
  },
  {
    id: 'stream-times',
    reason: 'when an entry was delivered, and when a consumer was last there; all else is compared',
    allows: ({ command, theirs, ours }) =>
      STREAM_TIMES.includes(command) && sameNode(withoutTimes(theirs), withoutTimes(ours)),
  },
  {
    id: 'client-number',
    reason: 'numbers of clients count all connections a server ever had',
    allows: ({ command, theirs, ours }) => command === 'client|id' && theirs.type === ours.type && !isError(theirs),
  },
  {
    id: 'client-lines',
    reason: 'ages, addresses, buffers and totals belong to one server; the other fields are compared',
    allows: ({ command, theirs, ours }) =>
      ['client|info', 'client|list'].includes(command) &&
      theirs.type === ours.type &&
      !isError(theirs) &&
      clientFields(theirs) === clientFields(ours),
  },
  {
    id: 'hello-version',
    reason: 'tells version and client number',
    allows: ({ command, theirs, ours }) =>
      command === 'hello' && sameNode(withoutIdentity(theirs), withoutIdentity(ours)),
  },
  {
    id: 'help-words',
    reason: 'help is written in words of our own',
    allows: ({ command, theirs, ours }) => command.endsWith('|help') && theirs.type === ours.type && !isError(ours),
  },
]

/** Commands that choose. Those that also change what they choose from are left out of streams. */
const RANDOM: readonly string[] = ['randomkey', 'srandmember', 'hrandfield', 'zrandmember']

function isWithin({ command, theirs, ours }: Difference, commands: readonly string[], tolerance: number): boolean {
  if (!commands.includes(command) || theirs.type !== ReplyType.integer || ours.type !== ReplyType.integer) return false
  const [a, b] = [Number(nodeText(theirs)), Number(nodeText(ours))]
  return a >= 0 && b >= 0 && Math.abs(a - b) <= tolerance
}

/** Whether the command declares that its reply has no order; maps and sets have none by nature. */
function isUnordered(spec: CommandSpec): boolean {
  const { reply = '', tips = [] } = spec
  return /\b(?:unordered|set|map)\b/.test(reply) || tips.includes('nondeterministic_output_order')
}

/** Items in the order of their bytes; a map, which RESP2 sends as an array, pair by pair. */
function sorted(node: ReplyNode, shape: string): ReplyNode {
  const isMap = node.type === ReplyType.map || (/\bmap\b/.test(shape) && !/\b(?:unordered|set)\b/.test(shape))
  const parts = isMap ? pairs(node.items!) : node.items!.map((item) => [item])
  const texts = parts.map((part) => [part.map(nodeText).join('\n'), part] as const)
  return { ...node, items: texts.sort((a, b) => (a[0] < b[0] ? -1 : 1)).flatMap(([, part]) => part) }
}

function pairs(items: readonly ReplyNode[]): ReplyNode[][] {
  return items.flatMap((item, i) => (i % 2 === 0 ? [[item, items[i + 1]!]] : []))
}

function isScanReply(node: ReplyNode): boolean {
  return node.items?.length === 2 && node.items[0]!.type === ReplyType.bulk && node.items[1]!.items !== undefined
}

const STREAM_TIMES: readonly string[] = ['xpending', 'xinfo|stream', 'xinfo|consumers']
/** Names before times in XINFO. */
const TIME_NAMES: readonly string[] = ['seen-time', 'active-time', 'idle', 'inactive']
/** Moments in milliseconds are numbers of so many digits. */
const MOMENT = /^1[6-9]\d{11}$/

/** A reply about a stream without times: moments, what follows a name of one, and the idle time in rows of XPENDING. */
export function withoutTimes(node: ReplyNode): ReplyNode {
  const { items } = node
  if (items === undefined) {
    return node.type === ReplyType.integer && MOMENT.test(nodeText(node)) ? { ...node, content: NO_TIME } : node
  }
  return {
    ...node,
    items: items.map((item, i) => (isTime(items, i) ? { ...item, content: NO_TIME } : withoutTimes(item))),
  }
}

const NO_TIME = new Uint8Array(0)

function isTime(items: readonly ReplyNode[], index: number): boolean {
  if (items[index]!.type !== ReplyType.integer) return false
  const before = items[index - 1]
  if (before !== undefined && before.type === ReplyType.bulk && TIME_NAMES.includes(nodeText(before))) {
    return !nodeText(items[index]!).startsWith('-')
  }
  // ID, consumer, idle time, deliveries
  return items.length === 4 && index === 2 && items[3]!.type === ReplyType.integer && items[1]!.type === ReplyType.bulk
}

/** HELLO's map without the values of `version` and `id`. */
function withoutIdentity(node: ReplyNode): ReplyNode {
  const items = node.items ?? []
  const kept = items.filter((_, i) => i % 2 === 0 || !['version', 'id'].includes(nodeText(items[i - 1]!)))
  return { ...node, items: kept }
}

/** What a line about a client says that does not depend on the server: its state and what it did last. */
const CLIENT_FIELDS = ['name', 'db', 'sub', 'psub', 'ssub', 'multi', 'user', 'redir', 'resp', 'cmd'] as const

function clientFields(node: ReplyNode): string {
  const lines = nodeText(node).split('\n')
  return lines
    .map((line) => CLIENT_FIELDS.map((name) => new RegExp(`\\b${name}=\\S*`).exec(line)?.[0]).join(' '))
    .join('\n')
}
