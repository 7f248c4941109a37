/**
 * Figures about an arena for INFO, MEMORY STATS and MEMORY MALLOC-STATS. Gathered on demand; the cost depends on the
 * number of segments and classes, not on the data.
 */
import { PAGE_MAP_BYTES } from './page-map.js'
import { PAGE_BYTES, PAGES_PER_SEGMENT, SLAB_BYTES } from './pointer.js'
import type { Segments } from './segments.js'
import { CLASS_COUNT, classBytes, classCapacity } from './size-classes.js'
import { type SlabHeap, blocksInUse, slabsInUse, RECORDS_LENGTH } from './slabs.js'

export interface ClassStatistics {
  readonly blockBytes: number
  /** Blocks handed out. */
  readonly blocks: number
  readonly slabs: number
  /** Blocks that could be handed out without another slab. */
  readonly blocksLeft: number
}

export interface ArenaStatistics {
  /** Blocks handed out ("allocated" in MEMORY STATS). */
  readonly usedBytes: number
  readonly peakUsedBytes: number
  /** Pages in use for them, so `activeBytes - usedBytes` is lost to fragmentation within slabs. */
  readonly activeBytes: number
  /** At most this much has the system supplied: pages that were in use at any time since their segment was made. */
  readonly residentBytesMax: number
  /** Address space of all segments. */
  readonly reservedBytes: number
  /** Tables at the side, counted in none of the above. */
  readonly tableBytes: number
  readonly segments: number
  readonly slabs: number
  readonly parkedSlabs: number
  readonly runs: number
  readonly runBytes: number
  readonly oversizedSegments: number
  readonly oversizedBytes: number
  /** What would be won if the blocks of each class were moved together. */
  readonly reclaimableBytes: number
  /** One entry for each class, from 8 bytes up. */
  readonly classes: readonly ClassStatistics[]
}

export function gatherStatistics(heap: SlabHeap): ArenaStatistics {
  const segments = heap.segments
  const classes = gatherClasses(heap)
  const slabs = sum(classes.map((each) => each.slabs))
  const oversizedBytes = sum(segments.oversizedBytes)
  const runBytes = segments.runPages * PAGE_BYTES
  return {
    usedBytes: heap.usedBytes,
    peakUsedBytes: heap.peakUsedBytes,
    activeBytes: slabs * SLAB_BYTES + runBytes + oversizedBytes,
    residentBytesMax: residentBytesMax(segments),
    reservedBytes: segments.buffers.reservedBytes,
    tableBytes: segments.numbersEnd * RECORDS_LENGTH * 4 + pagedSegments(segments) * PAGE_MAP_BYTES,
    segments: segments.buffers.count,
    slabs,
    parkedSlabs: segments.parkedCount,
    runs: segments.runCount,
    runBytes,
    oversizedSegments: segments.buffers.count - pagedSegments(segments),
    oversizedBytes,
    reclaimableBytes: sum(classes.map(reclaimable)),
    classes,
  }
}

function gatherClasses(heap: SlabHeap): ClassStatistics[] {
  const classes: ClassStatistics[] = []
  for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
    const blocks = blocksInUse(heap.records, sizeClass)
    const slabs = slabsInUse(heap.records, sizeClass)
    const blocksLeft = slabs * classCapacity[sizeClass] - blocks
    classes.push({ blockBytes: classBytes[sizeClass], blocks, slabs, blocksLeft })
  }
  return classes
}

function reclaimable(of: ClassStatistics): number {
  const capacity = Math.floor(SLAB_BYTES / of.blockBytes)
  return (of.slabs - Math.ceil(of.blocks / capacity)) * SLAB_BYTES
}

function residentBytesMax(segments: Segments): number {
  let pages = 0
  for (const map of segments.maps) if (map !== undefined) pages += map.slabsEnd + PAGES_PER_SEGMENT - map.runsStart
  return pages * PAGE_BYTES + sum(segments.oversizedBytes)
}

function pagedSegments(segments: Segments): number {
  let count = 0
  for (const map of segments.maps) if (map !== undefined) count++
  return count
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}
