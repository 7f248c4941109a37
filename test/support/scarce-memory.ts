/** Memory that runs out where a test says so. */

import type { Arena } from '../../src/memory/arena.js'

/**
 * Runs something with an arena that gives only so many blocks more.
 *
 * The arena may call `allocate` from within itself, after it has made room: that is the same block.
 */
export function withBlocks<T>(arena: Arena, blocks: number, run: () => T): T {
  const allocate = arena.allocate.bind(arena)
  let left = blocks
  let isInside = false
  arena.allocate = (bytes) => {
    if (isInside) return allocate(bytes)
    if (left-- <= 0) return 0
    isInside = true
    const pointer = allocate(bytes)
    isInside = false
    return pointer
  }
  try {
    return run()
  } finally {
    arena.allocate = allocate
  }
}
