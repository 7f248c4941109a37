/** What scripts and functions can say about themselves: `#!lua flags=no-writes,allow-oom`. */

export const ScriptFlag = {
  noWrites: 1 << 0,
  allowOom: 1 << 1,
  allowStale: 1 << 2,
  noCluster: 1 << 3,
  /** A script without a first line of this kind: what it does is judged call by call. */
  undeclared: 1 << 4,
  allowCrossSlot: 1 << 5,
} as const

/** In the order in which FUNCTION LIST shows them. */
export const scriptFlagNames: readonly (readonly [flag: number, name: string])[] = [
  [ScriptFlag.noWrites, 'no-writes'],
  [ScriptFlag.allowOom, 'allow-oom'],
  [ScriptFlag.allowStale, 'allow-stale'],
  [ScriptFlag.noCluster, 'no-cluster'],
  [ScriptFlag.allowCrossSlot, 'allow-cross-slot-keys'],
]

/** The flag of a name; 0 when there is none. */
export function scriptFlag(name: string): number {
  return scriptFlagNames.find(([, known]) => known === name)?.[0] ?? 0
}
