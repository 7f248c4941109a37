/** Figures about hash tables, for DEBUG HTSTATS and HTSTATS-KEY. */

/** What tables of keys and dicts have in common. */
export interface CountedTable {
  readonly count: number
  readonly bucketCount: number
  /** Buckets by number of elements: index 0 counts those without any, the last all with that many or more. */
  fillHistogram(lengthsMax: number): number[]
}

/** Longest chain told apart in the histogram. */
const CHAIN_MAX = 50

/** In the form of the reference, where a slot of the table is a bucket here, and its chain the entries in that. */
export function describeTable(table: CountedTable, isFull: boolean): string {
  const title = 'Hash table 0 stats (main hash table):\n'
  if (table.count === 0) return `${title}No stats available for empty dictionaries\n`
  const lines = [` table size: ${table.bucketCount}`, ` number of elements: ${table.count}`]
  if (isFull) lines.push(...describeChains(table))
  return `${title}${lines.join('\n')}\n`
}

function describeChains(table: CountedTable): string[] {
  const histogram = table.fillHistogram(CHAIN_MAX)
  const used = table.bucketCount - histogram[0]!
  const longest = histogram.findLastIndex((count) => count !== 0)
  const average = (table.count / used).toFixed(2)
  return [
    ` different slots: ${used}`,
    ` max chain length: ${longest}`,
    ` avg chain length (counted): ${average}`,
    ` avg chain length (computed): ${average}`,
    ' Chain length distribution:',
    ...histogram.flatMap((count, length) =>
      count === 0 ? [] : [`   ${length}: ${count} (${((count / table.bucketCount) * 100).toFixed(2)}%)`],
    ),
  ]
}
