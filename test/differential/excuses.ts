/**
 * Where Spinel differs from the reference knowingly. Each excuse carries the id of its row in docs/differences.md; an excuse
 * without a row, and a row that names an excuse which does not exist, fail the tests.
 */

import { ReplyType } from '../../src/protocol/reply-decoder.js'
import type { Allowance } from './comparison.js'
import { LOCAL_PARAMETERS, sameParameters } from './parameters.js'
import { CHANGED_PARAMETERS } from './release-changes.js'

export const EXCUSES: readonly Allowance[] = [
  {
    id: 'own-parameters',
    reason: 'Spinel has parameters of its own',
    allows: (difference) => sameParameters(difference, [...LOCAL_PARAMETERS, ...CHANGED_PARAMETERS, ...OWN_PARAMETERS]),
  },
  {
    id: 'reference-counts',
    reason: 'values are never shared between keys, requests and replies',
    allows: ({ command, theirs, ours }) =>
      command === 'object|refcount' && theirs.type === ReplyType.integer && ours.type === ReplyType.integer,
  },
  {
    id: 'idle-time-of-shared-values',
    reason: 'the reference tells the idle time of a small integer that all keys share',
    allows: ({ command, theirs, ours }) =>
      command === 'object|idletime' && theirs.type === ReplyType.integer && ours.type === ReplyType.integer,
  },
]

/** Parameters that only Spinel has. */
export const OWN_PARAMETERS: readonly string[] = ['rdb-version', 'snapshot-buffer-limit']

/** Ids that rows of the page name as "excused in tests as `id`". */
export function excusesNamedIn(page: string): string[] {
  return [...page.matchAll(/excused in tests as `([\w-]+)`/g)].map((match) => match[1]!)
}
