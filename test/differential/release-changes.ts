/**
 * What Redis 7.2 answers otherwise than 7.0: needed when the installed reference is older than the version that Spinel follows.
 */

import type { Allowance } from './comparison.js'
import { isError, nodeText } from './comparison.js'

/** The first release that answers as Spinel does. */
const CURRENT = '7.2.0'

const CHANGES: readonly Allowance[] = [
  {
    id: 'new-in-7.2',
    reason: 'commands that 7.0 does not have',
    allows: ({ command, theirs }) =>
      ['client|no-touch', 'client|setinfo'].includes(command) && isError(theirs) && /unknown subcommand/.test(nodeText(theirs)),
  },
]

/** The changes between a reference of that version and the version that Spinel follows. */
export function releaseChanges(version: string): readonly Allowance[] {
  return compareVersions(version, CURRENT) < 0 ? CHANGES : []
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < 3; i++) if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0)
  return 0
}
