/** MEMORY MALLOC-STATS: the arena's own figures as a table. */

import type { Host } from '../base/environment.js'
import type { ArenaStatistics, ClassStatistics } from '../memory/statistics.js'
import { humanBytes, ratio } from './human.js'

export function allocatorReport(arena: ArenaStatistics, host: Host): string {
  const lines = [
    '___ Spinel arena ___',
    `Allocated: ${arena.usedBytes}, active: ${arena.activeBytes}, resident: at most ${arena.residentBytesMax}, ` +
      `reserved: ${arena.reservedBytes}`,
    `Peak allocated: ${arena.peakUsedBytes}; tables at the side: ${arena.tableBytes}`,
    `Segments: ${arena.segments} (${arena.oversizedSegments} of one block each, ${arena.oversizedBytes} bytes)`,
    `Slabs: ${arena.slabs} in use, ${arena.parkedSlabs} parked; runs of pages: ${arena.runs}, ${arena.runBytes} bytes`,
    `To be won by moving blocks: ${arena.reclaimableBytes}`,
    `JavaScript heap: ${humanBytes(host.heapUsedBytes())} of ${humanBytes(host.heapTotalBytes())} in use`,
    '',
    row('size', 'blocks', 'bytes', 'slabs', 'left', 'used'),
    ...arena.classes.filter(({ slabs }) => slabs !== 0).map(classRow),
    '--- End of arena statistics ---',
  ]
  return `${lines.join('\n')}\n`
}

function classRow({ blockBytes, blocks, slabs, blocksLeft }: ClassStatistics): string {
  const used = ratio(blocks, blocks + blocksLeft)
  return row(blockBytes, blocks, blocks * blockBytes, slabs, blocksLeft, used)
}

const COLUMN_WIDTHS = [8, 12, 14, 8, 10, 6]

function row(...cells: (string | number)[]): string {
  return cells.map((cell, index) => String(cell).padStart(COLUMN_WIDTHS[index]!)).join('')
}
