/**
 * How many elements a HyperLogLog has seen, from how many registers have which value.
 *
 * Source: Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (arXiv:1702.01284), algorithm 6. The order
 * of operations is fixed: the same histogram has to give the same integer as a real server's.
 */

import { REGISTERS } from './hyperloglog-dense.js'

/** Bits of a hash beyond those that choose the register; a register is at most one more. */
export const RANK_BITS = 50
/** 1 / (2 ln 2) */
const ALPHA_INFINITE = 0.7213475204444817

/**
 * @param counts  registers by value; those of more than RANK_BITS + 1, which only foreign bytes can have, do not count
 * @returns an integer; Infinity when all registers have such values
 */
export function estimate(counts: Int32Array): number {
  let sum = REGISTERS * saturatedShare((REGISTERS - counts[RANK_BITS + 1]) / REGISTERS)
  for (let value = RANK_BITS; value >= 1; value--) {
    sum += counts[value]
    sum *= 0.5
  }
  sum += REGISTERS * emptyShare(counts[0] / REGISTERS)
  return Math.round((ALPHA_INFINITE * REGISTERS * REGISTERS) / sum)
}

/** Ertl's sigma: the contribution of registers that are still 0. */
function emptyShare(x: number): number {
  if (x === 1) return Infinity
  let weight = 1
  let sum = x
  let before
  do {
    x *= x
    before = sum
    sum += x * weight
    weight += weight
  } while (before !== sum)
  return sum
}

/** Ertl's tau: the contribution of registers that can grow no more. */
function saturatedShare(x: number): number {
  if (x === 0 || x === 1) return 0
  let weight = 1
  let sum = 1 - x
  let before
  do {
    x = Math.sqrt(x)
    before = sum
    weight *= 0.5
    sum -= (1 - x) * (1 - x) * weight
  } while (before !== sum)
  return sum / 3
}
