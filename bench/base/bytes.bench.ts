/**
 * Where `copy` should change from its loop to `set(subarray)`: prints nanoseconds per copy of either, by length.
 *
 * Run: node dist/bench/base/bytes.bench.js
 * Node 20 on an AMD EPYC: about 7, 13, 24, 46 and 68 ns for the loop at 8, 16, 32, 64 and 96 bytes; 45 ns at any length for
 * `set(subarray)`, and its view is garbage for the collector besides. Byte by byte the loop takes twice as long.
 */

import { copy } from '../../src/base/bytes.js'

const COPIES = 200_000
const ROUNDS = 10
const MASK = 0x1ffff

type Copy = (from: Uint8Array, start: number, end: number, to: Uint8Array, at: number) => void

const from = new Uint8Array(1 << 20)
const to = new Uint8Array(1 << 20)

function copyInPieces(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  for (let i = start; i < end; i += 64, at += 64) copy(source, i, i + 64 < end ? i + 64 : end, target, at)
}

function copyAsView(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  target.set(source.subarray(start, end), at)
}

/** The best of several rounds, since the machine has other work. */
function nanoseconds(run: Copy, length: number): string {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = process.hrtime.bigint()
    let place = 0
    for (let i = 0; i < COPIES; i++) {
      place = (place + 4099) & MASK
      run(from, place, place + length, to, place ^ 0x1000)
    }
    best = Math.min(best, Number(process.hrtime.bigint() - startedAt) / COPIES)
  }
  return best.toFixed(1).padStart(8)
}

console.log('  length    loop    view')
for (const length of [8, 16, 24, 32, 48, 56, 64, 80, 96, 128, 256]) {
  console.log(String(length).padStart(8) + nanoseconds(copyInPieces, length) + nanoseconds(copyAsView, length))
}
