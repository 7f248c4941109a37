/**
 * What the key table costs: nanoseconds to find a key, to miss one, to add and to remove one, the longest single insertion and
 * removal (growth must not stall), and bytes of table for a key. Keys and values have 16 bytes.
 * Run it alone on the machine:  node dist/bench/keyspace/key-table.bench.js [millions of keys …]
 */

import type { Random } from '../../src/base/environment.js'
import type { KeyTable } from '../../src/keyspace/key-table.js'
import { type Database, NO_EXPIRY } from '../../src/keyspace/database.js'
import { Encoding, Type } from '../../src/keyspace/entry.js'
import { Keyspace } from '../../src/keyspace/keyspace.js'
import { Arena } from '../../src/memory/arena.js'

const KEY_BYTES = 16
const VALUE_BYTES = 16
const PROBES = 1 << 20
const ROUNDS = 3

/** Deterministic and cheap; what the benchmark needs is scatter, not quality. */
class Scatter implements Random {
  state = 0x9e3779b9 | 0

  next32(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0
    return (this.state ^ (this.state >>> 15)) >>> 0
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.next32() & 255
  }
}

const scatter = new Scatter()
const key = new Uint8Array(KEY_BYTES)

const millions = process.argv.slice(2).map(Number)
for (const count of millions.length === 0 ? [1, 5] : millions) measure(count * 1e6)

function measure(count: number): void {
  const keyspace = new Keyspace(new Arena(), scatter, 1)
  const database = keyspace.databases[0]!
  console.log(`${count / 1e6} M keys`)
  reportEach('insert', count, (i) => insert(database, i))
  reportTable(database.keys, count)
  for (let round = 0; round < ROUNDS; round++) {
    report('find', PROBES, () => probe(database, count, 0))
    report('find in vain', PROBES, () => probe(database, count, count))
  }
  report('random', PROBES, () => {
    for (let i = 0; i < PROBES; i++) database.keys.random(scatter)
  })
  report('scan all, per key', count, () => scanAll(database.keys))
  reportEach('remove', count, (i) => remove(database, i))
}

/** Writes `key:` and the number in twelve digits. */
function writeKey(index: number): void {
  key[0] = 0x6b
  key[1] = 0x65
  key[2] = 0x79
  key[3] = 0x3a
  let rest = index
  for (let at = KEY_BYTES - 1; at > 3; at--) {
    const next = Math.floor(rest / 10)
    key[at] = 0x30 + (rest - next * 10)
    rest = next
  }
}

function insert(database: Database, index: number): void {
  writeKey(index)
  if (database.find(key, 0, KEY_BYTES) !== 0) throw new Error('key is there already')
  database.add(database.keys.hash, key, 0, KEY_BYTES, Type.string, Encoding.embstr, 0, VALUE_BYTES, NO_EXPIRY)
}

function remove(database: Database, index: number): void {
  writeKey(index)
  const entry = database.find(key, 0, KEY_BYTES)
  database.remove(entry, false)
}

function probe(database: Database, count: number, from: number): void {
  for (let i = 0; i < PROBES; i++) {
    writeKey(from + (scatter.next32() % count))
    if ((database.find(key, 0, KEY_BYTES) !== 0) !== (from === 0)) throw new Error('wrong answer')
  }
}

function scanAll(table: KeyTable): void {
  const into: number[] = []
  let cursor = 0
  do {
    into.length = 0
    cursor = table.scan(cursor, into)
  } while (cursor !== 0)
}

function report(name: string, operations: number, run: () => void): void {
  const start = process.cpuUsage()
  run()
  console.log(`${nanoseconds(start, operations)} ns  ${name}`)
}

/** Processor time, which neighbours on the machine disturb less than they do the clock. */
function nanoseconds(start: NodeJS.CpuUsage, operations: number): string {
  const { user, system } = process.cpuUsage(start)
  return (((user + system) * 1000) / operations).toFixed(0).padStart(7)
}

/** Times every operation on its own as well, for the longest; the clock's own cost is in the mean. */
function reportEach(name: string, count: number, run: (index: number) => void): void {
  let longest = 0
  let overHalf = 0
  const start = process.cpuUsage()
  let before = performance.now()
  for (let i = 0; i < count; i++) {
    run(i)
    const after = performance.now()
    if (after - before > longest) longest = after - before
    if (after - before > 0.5) overHalf++
    before = after
  }
  const mean = nanoseconds(start, count)
  console.log(`${mean} ns  ${name}; longest ${longest.toFixed(2)} ms, ${overHalf} above 0.5 ms`)
}

function reportTable(table: KeyTable, count: number): void {
  console.log(`${(table.tableBytes / count).toFixed(2).padStart(7)} bytes of table for a key`)
}
