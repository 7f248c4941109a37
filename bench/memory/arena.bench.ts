/**
 * What the arena costs: nanoseconds for a pair of allocate and free in several patterns, and bytes for a small block.
 * Run it alone on the machine:  node dist/bench/memory/arena.bench.js
 */
import { Arena } from '../../src/memory/arena.js'
import { type Pointer, asPointer } from '../../src/memory/pointer.js'

const ROUNDS = 5

interface Pattern {
  readonly name: string
  /** Operations (one allocate or one free each) that a run makes. */
  readonly operations: number
  run(): void
}

/** Small, deterministic and free of allocation; what the patterns need is scatter, not quality. */
class Scatter {
  state: number
  constructor() {
    this.state = 0x9e3779b9 | 0
  }
  below(bound: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0
    return Math.floor((this.state >>> 8) * (bound / 0x1000000))
  }
}

const arena = new Arena()
const scatter = new Scatter()
const held = new Int32Array(1 << 20)
const sizes = new Int32Array(1 << 16)
const slots = new Int32Array(1 << 20)
for (let index = 0; index < sizes.length; index++) sizes[index] = 16 + scatter.below(241)
for (let index = 0; index < slots.length; index++) slots[index] = scatter.below(1 << 20)

const patterns: Pattern[] = [
  { name: 'loop without arena', operations: 2e7, run: emptyLoop },
  { name: 'one block, 40 bytes, allocate and free in turn', operations: 2e7, run: () => pingPong(1e7, 40) },
  { name: 'one block, 8 bytes, the only one of its class', operations: 2e7, run: () => pingPong(1e7, 8) },
  { name: 'fill 1 M of 40 bytes, then free all', operations: 2 * held.length, run: fillAndFree },
  { name: 'replace within 1 K blocks, 16 to 256 bytes', operations: 1e7, run: () => replace(1 << 10, 5e6) },
  { name: 'replace within 64 K blocks, 16 to 256 bytes', operations: 1e7, run: () => replace(1 << 16, 5e6) },
  { name: 'replace within 1 M blocks, 16 to 256 bytes', operations: 1e7, run: () => replace(1 << 20, 5e6) },
  { name: 'one block, 20 KB (a run of pages)', operations: 2e6, run: () => pingPong(1e6, 20_000) },
  { name: 'one block, 16 MB (a run of pages)', operations: 2e5, run: () => pingPong(1e5, 16 << 20) },
  { name: 'usableBytes', operations: 2e7, run: readSizes },
]

for (const pattern of patterns) report(pattern)
reportOverhead()

function report(pattern: Pattern): void {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    pattern.run()
    best = Math.min(best, performance.now() - start)
  }
  arena.reset()
  held.fill(0)
  console.log(`${((best * 1e6) / pattern.operations).toFixed(2).padStart(9)} ns/op  ${pattern.name}`)
}

function emptyLoop(): void {
  for (let index = 0; index < 1e7; index++) held[index & 1023] = sizes[index & 0xffff]!
}

function pingPong(times: number, bytes: number): void {
  for (let index = 0; index < times; index++) arena.free(arena.allocate(bytes))
}

function fillAndFree(): void {
  for (let index = 0; index < held.length; index++) held[index] = arena.allocate(40)
  for (let index = 0; index < held.length; index++) arena.free(asPointer(held[index]!))
  held.fill(0)
}

/** @param count  how many blocks are held, a power of two */
function replace(count: number, times: number): void {
  for (let index = 0; index < times; index++) {
    const slot = slots[index & 0xfffff]! & (count - 1)
    const pointer = held[slot]!
    if (pointer !== 0) arena.free(asPointer(pointer))
    held[slot] = arena.allocate(sizes[index & 0xffff]!)
  }
}

function readSizes(): void {
  const pointer: Pointer = arena.allocate(40)
  let sum = 0
  for (let index = 0; index < 2e7; index++) sum += arena.usableBytes(pointer)
  arena.free(pointer)
  if (sum !== 2e7 * 40) throw new Error('wrong sum')
}

function reportOverhead(): void {
  const blocks = 2e6
  for (let index = 0; index < blocks; index++) arena.allocate(40)
  const { usedBytes, activeBytes, tableBytes } = arena.statistics()
  const perBlock = (activeBytes + tableBytes) / blocks
  console.log(
    `${perBlock.toFixed(2)} bytes for a block of 40 (${usedBytes} used, ${activeBytes} active, ${tableBytes} tables)`,
  )
}
