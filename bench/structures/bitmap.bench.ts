/**
 * Gigabytes a second of counting, searching and combining bits. Run: node dist/bench/structures/bitmap.bench.js
 */

import { BitOperation, combineBits, countBits, findBit, invertBits } from '../../src/structures/bitmap.js'

const SAMPLES = 15
/** A piece that stays in the first-level cache, and a bitmap that leaves all caches. */
const SIZES = [16 << 10, 16 << 20]
const BYTES_A_SAMPLE = 64 << 20

for (const bytes of SIZES) {
  const a = new Uint8Array(bytes)
  const b = new Uint8Array(bytes)
  for (let i = 0; i < bytes; i++) {
    a[i] = i * 167
    b[i] = i * 89
  }
  const clear = new Uint8Array(bytes)
  const aWords = new Int32Array(a.buffer)
  const bWords = new Int32Array(b.buffer)
  const clearWords = new Int32Array(clear.buffer)
  console.log(`\n${bytes >>> 10} KB, GB/s`)
  measure('countBits', bytes, () => countBits(a, aWords, 0, bytes))
  measure('findBit', bytes, () => findBit(clear, clearWords, 0, true, 0, bytes * 8 - 1))
  for (const [name, operation] of Object.entries(BitOperation)) {
    measure(`combineBits, ${name}`, bytes, () => combineBits(operation, a, aWords, 0, b, bWords, 0, bytes))
  }
  measure('invertBits', bytes, () => invertBits(a, aWords, 0, bytes))
}

function measure(name: string, bytes: number, run: () => void): void {
  const repeats = Math.max(1, Math.floor(BYTES_A_SAMPLE / bytes))
  let best = Infinity
  for (let sample = 0; sample < SAMPLES; sample++) {
    const before = process.hrtime.bigint()
    for (let i = 0; i < repeats; i++) run()
    best = Math.min(best, Number(process.hrtime.bigint() - before) / repeats)
  }
  console.log(name.padEnd(24), (bytes / best).toFixed(2).padStart(8))
}
