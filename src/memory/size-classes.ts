/**
 * The block sizes that slabs are cut into.
 *
 * Every multiple of 8 up to 128 bytes is a size of its own. Above that each doubling is divided into eight equal steps,
 * and each size is then widened to the largest one of which a slab holds just as many, since what is left over at the
 * end of a slab serves nobody. So a request is rounded up by a seventh at most; only above 4 KB, where a slab holds few
 * blocks and there are few sizes to choose from, by a sixth, and above 8 KB by a quarter. Powers of two come out exact:
 * tables have such sizes.
 *
 * The last classes lie above 8 KB on purpose: the nodes of lists and streams are filled up to 8 KB and then a little.
 */
import { SLAB_BYTES } from './pointer.js'

/** The largest block that comes from a slab; beyond it blocks are runs of whole pages. */
export const SLAB_BLOCK_BYTES_MAX = SLAB_BYTES / 4

const sizes = listSizes()

/** One more than the highest class; classes count from 1, since 0 says "no slab" in the slab records. */
export const CLASS_COUNT = sizes.length

/** Block size in bytes by class. */
export const classBytes: Int32Array = Int32Array.from(sizes)

/** Blocks in a slab, by class. */
export const classCapacity: Int32Array = classBytes.map((bytes) => (bytes === 0 ? 0 : Math.floor(SLAB_BYTES / bytes)))

/** Class by request in units: `classByUnits[(bytes + 7) >>> 3]` for 1 .. SLAB_BLOCK_BYTES_MAX bytes. */
export const classByUnits: Uint8Array = listClassByUnits()

function listSizes(): number[] {
  const found = [0]
  for (let bytes = 8; bytes <= SLAB_BLOCK_BYTES_MAX; bytes += stepAfter(bytes)) {
    const widened = widestAsMany(bytes)
    if (widened !== found[found.length - 1]) found.push(widened)
  }
  return found
}

function stepAfter(bytes: number): number {
  const doubling = 1 << (31 - Math.clz32(bytes))
  return Math.max(8, doubling >>> 3)
}

function widestAsMany(bytes: number): number {
  if (bytes <= 128) return bytes
  const capacity = Math.floor(SLAB_BYTES / bytes)
  return Math.floor(SLAB_BYTES / capacity / 8) * 8
}

function listClassByUnits(): Uint8Array {
  const table = new Uint8Array(SLAB_BLOCK_BYTES_MAX / 8 + 1)
  for (let units = 1, sizeClass = 1; units < table.length; units++) {
    if (units * 8 > classBytes[sizeClass]) sizeClass++
    table[units] = sizeClass
  }
  return table
}
