/** GEOADD. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { EffectPart } from '../../engine/effects.js'
import { ErrorReply } from '../../protocol/errors.js'
import { encode, Position } from '../../structures/geohash.js'
import { Additions, addScores } from '../sorted-set/add-scores.js'
import { readPosition } from './arguments.js'

const NX = latin1Bytes('nx')
const XX = latin1Bytes('xx')
const CH = latin1Bytes('ch')
/** Longitude, latitude, member. */
const WORDS = 3

/**
 * GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member …]
 *
 * Errors:  syntax; not a float, invalid longitude,latitude pair (a position); WRONGTYPE (key holds another type). The sorted set is
 *          left untouched then.
 * Effects: creates the key on demand; `zadd` when something changed; replicated as ZADD with the scores.
 */
export const geoadd = defineCommand({
  name: 'GEOADD',
  summary: 'Adds members with positions to a sorted set, or moves those it has; the scores are geohashes.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(log N) for each member, N = members of the sorted set',
  arity: -5,
  flags: Flag.write | Flag.denyOom,
  acl: ['geo'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: [
    'key:key',
    {
      name: 'condition',
      type: 'oneof',
      isOptional: true,
      since: '6.2.0',
      args: ['nx:pure-token token=NX', 'xx:pure-token token=XX'],
    },
    'change:pure-token token=CH optional since=6.2.0',
    { name: 'data', type: 'block', isMultiple: true, args: ['longitude:double', 'latitude:double', 'member:string'] },
  ],
  history: [['6.2.0', 'Knows `CH`, `NX` and `XX`.']],
  reply: 'integer',

  run(call) {
    const first = readOptions(call)
    const words = call.argc - first
    if (words === 0 || words % WORDS !== 0) return call.fail(ErrorReply.syntax)
    if (additions.onlyNew && additions.onlyOld) return call.fail(ErrorReply.syntax)
    additions.setCount(words / WORDS)
    additions.memberIndex = first + 2
    additions.memberStep = WORDS
    for (let i = 0; i < additions.count; i++) {
      if (!readPosition(call, first + i * WORDS, position)) return
      additions.scores[i] = encode(position.longitude, position.latitude)
    }
    const before = call.store.dirty
    addScores(call, additions)
    if (call.propagates && call.store.dirty !== before) propagate(call, first)
  },
})

const additions = new Additions()
const position = new Position()

/** Reads the options; returns the argument behind them. */
function readOptions(call: Call): number {
  additions.reset()
  let at = 2
  for (; at < call.argc; at++) {
    if (call.is(at, NX)) additions.onlyNew = true
    else if (call.is(at, XX)) additions.onlyOld = true
    else if (call.is(at, CH)) additions.countsChanges = true
    else break
  }
  return at
}

function propagate(call: Call, first: number): void {
  const parts: EffectPart[] = ['zadd']
  for (let i = 1; i < first; i++) parts.push(call.copyBytes(i))
  for (let i = 0; i < additions.count; i++) {
    // The easternmost meridian gives 54 bits.
    parts.push(BigInt(additions.scores[i]!).toString(), call.copyBytes(additions.memberIndex + i * WORDS))
  }
  call.propagateAs(parts)
}
