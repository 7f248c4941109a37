/**
 * Where Spinel differs from the reference knowingly. Each excuse carries the id of its row in docs/differences.md; an excuse
 * without a row, and a row that names an excuse which does not exist, fail the tests.
 */

import type { Allowance } from './comparison.js'

export const EXCUSES: readonly Allowance[] = []

/** Ids that rows of the page name as `[excuse: id]`. */
export function excusesNamedIn(page: string): string[] {
  return [...page.matchAll(/\[excuse: ([\w-]+)\]/g)].map((match) => match[1]!)
}
