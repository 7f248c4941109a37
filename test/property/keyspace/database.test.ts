/**
 * Random use of databases against maps: values of every shape (integer, in the entry, in a block), keys short and longer than
 * an entry holds, expiry times set, kept and taken off, moves and copies within and across databases, time that passes.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { Slice } from '../../../src/base/slice.js'
import { type Database, KEEP_EXPIRY, NO_EXPIRY } from '../../../src/keyspace/database.js'
import { expiryOf, EXTERNAL_KEY_LENGTH, hasExpiry } from '../../../src/keyspace/entry.js'
import { ExpireCycle } from '../../../src/keyspace/expire-cycle.js'
import { Keyspace } from '../../../src/keyspace/keyspace.js'
import { setString, viewString } from '../../../src/keyspace/types/string.js'
import { Arena } from '../../../src/memory/arena.js'
import { SeededRandom } from '../../support/test-store.js'

const DATABASES = 3

interface Value {
  text: string
  expiryMs: number
}

const key = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 11 }).map((n) => `key:${n}`) },
  { weight: 2, arbitrary: fc.constantFrom('', 'k'.repeat(300), 'a longer key than most') },
  { weight: 1, arbitrary: fc.constantFrom('x', 'y').map((letter) => letter.repeat(EXTERNAL_KEY_LENGTH + 5)) },
)

const value = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom('', 'short', '9223372036854775807', 'v'.repeat(44), 'v'.repeat(45), 'v'.repeat(255), 'w'.repeat(256)),
  fc.integer({ min: 0, max: 3000 }).map((length) => 'z'.repeat(length)),
)

const database = fc.nat({ max: DATABASES - 1 })
/** Ms from now, or one of the marks. */
const expiry = fc.oneof(fc.constantFrom(NO_EXPIRY, KEEP_EXPIRY), fc.integer({ min: 0, max: 200 }))

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('set' as const), database, key, value, expiry }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('expire' as const), database, key, expiry }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), database, key, lazily: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('move' as const, 'copy' as const),
      database,
      key,
      target: database,
      newKey: key,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 120 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), database, key }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('swap' as const), database, target: database }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('flush' as const),
      database: fc.integer({ min: -1, max: DATABASES - 1 }),
      lazily: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cycle' as const, 'reclaim' as const) }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

class Run {
  readonly arena = new Arena({ poison: true })
  readonly keyspace: Keyspace
  readonly cycle: ExpireCycle
  readonly models: Map<string, Value>[] = []
  readonly scratch = new Uint8Array(32)
  nowMs = 1_000_000
  expired = 0

  constructor(seed: number) {
    this.keyspace = new Keyspace(this.arena, new SeededRandom(seed), DATABASES)
    this.keyspace.setTime(this.nowMs)
    this.keyspace.events = { ...this.keyspace.events, expired: () => void this.expired++ }
    this.cycle = new ExpireCycle(this.keyspace, { nowMs: () => this.nowMs, monotonicUs: () => 0 })
    for (let i = 0; i < DATABASES; i++) this.models.push(new Map())
  }

  perform(steps: readonly Step[]): void {
    for (const next of steps) this.step(next)
    this.check()
    this.keyspace.flush(-1, true)
    this.keyspace.reclaimer.runAll()
    assert.equal(this.arena.usedBytes, 0)
    this.arena.validate()
  }

  private step(next: Step): void {
    switch (next.do) {
      case 'set':
        return this.set(next.database, next.key, next.value, next.expiry)
      case 'expire':
        return this.expire(next.database, next.key, next.expiry)
      case 'remove':
        return this.remove(next.database, next.key, next.lazily)
      case 'move':
      case 'copy':
        return this.carry(next.do === 'move', next.database, next.key, next.target, next.newKey)
      case 'wait':
        this.nowMs += next.ms
        return this.keyspace.setTime(this.nowMs)
      case 'look':
        return this.look(next.database, next.key)
      case 'swap':
        return this.swap(next.database, next.target)
      case 'flush':
        return this.flush(next.database, next.lazily)
      case 'cycle':
        return this.runCycle()
      default:
        this.keyspace.reclaimer.runAll()
    }
  }

  private set(index: number, name: string, text: string, wanted: number): void {
    const bytes = latin1Bytes(name)
    const content = latin1Bytes(text)
    const database = this.databaseAt(index)
    const entry = database.lookupWrite(bytes, 0, bytes.length, true)
    const old = this.live(index, name)
    assert.equal(entry !== 0, old !== undefined)
    const expiryMs = wanted >= 0 ? this.nowMs + wanted : wanted
    const stored = setString(database, entry, bytes, 0, bytes.length, content, 0, content.length, expiryMs)
    assert.notEqual(stored, 0)
    const kept = wanted === KEEP_EXPIRY ? (old?.expiryMs ?? NO_EXPIRY) : expiryMs
    this.models[index]!.set(name, { text, expiryMs: kept })
    this.compare(database, index, name)
  }

  private expire(index: number, name: string, wanted: number): void {
    const entry = this.open(index, name)
    if (entry === 0) return
    const expiryMs = wanted >= 0 ? this.nowMs + wanted : NO_EXPIRY
    const database = this.databaseAt(index)
    const moved = database.setExpiry(entry, expiryMs)
    assert.equal(expiryOf(this.arena, moved), expiryMs)
    this.models[index]!.get(name)!.expiryMs = expiryMs
    this.compare(database, index, name)
  }

  private remove(index: number, name: string, lazily: boolean): void {
    const entry = this.open(index, name)
    if (entry === 0) return
    this.databaseAt(index).remove(entry, lazily)
    this.models[index]!.delete(name)
  }

  private carry(moves: boolean, from: number, name: string, to: number, newName: string): void {
    const entry = this.open(from, name)
    if (entry === 0 || this.open(to, newName) !== 0) return
    const bytes = latin1Bytes(newName)
    const source = this.databaseAt(from)
    const target = this.databaseAt(to)
    const made = moves
      ? source.move(entry, target, bytes, 0, bytes.length)
      : source.copy(entry, target, bytes, 0, bytes.length)
    assert.notEqual(made, 0)
    this.models[to]!.set(newName, { ...this.models[from]!.get(name)! })
    if (moves) this.models[from]!.delete(name)
    this.compare(target, to, newName)
  }

  private look(index: number, name: string): void {
    const bytes = latin1Bytes(name)
    const isThere = this.live(index, name) !== undefined
    assert.equal(this.databaseAt(index).peek(bytes, 0, bytes.length) !== 0, isThere)
    assert.equal(this.databaseAt(index).lookupRead(bytes, 0, bytes.length, true) !== 0, isThere)
    if (isThere) this.compare(this.databaseAt(index), index, name)
  }

  private swap(first: number, second: number): void {
    this.keyspace.swap(this.databaseAt(first), this.databaseAt(second))
    const model = this.models[first]!
    this.models[first] = this.models[second]!
    this.models[second] = model
  }

  private flush(index: number, lazily: boolean): void {
    let held = 0
    for (let i = 0; i < DATABASES; i++) {
      if (index >= 0 && index !== i) continue
      held += this.databaseAt(i).size
      this.models[i]!.clear()
    }
    assert.equal(this.keyspace.flush(index, lazily), held)
  }

  /** Without a clock that runs, one slice goes on until little that has expired is left. */
  private runCycle(): void {
    assert.equal(this.cycle.runSlice(1000), false)
    for (let i = 0; i < DATABASES; i++) this.dropExpired(i)
  }

  /** Keys past their time may be there or not; what is there and has not expired must be in the model, and the other way round. */
  private check(): void {
    for (let i = 0; i < DATABASES; i++) {
      this.dropExpired(i)
      const database = this.databaseAt(i)
      for (const name of this.models[i]!.keys()) this.compare(database, i, name)
      const entries: number[] = []
      for (let cursor = 0; ;) {
        cursor = database.keys.scan(cursor, entries)
        if (cursor === 0) break
      }
      assert.equal(entries.filter((entry) => !database.isExpired(entry)).length, this.models[i]!.size)
      assert.equal(entries.filter((entry) => hasExpiry(this.arena, entry)).length, database.volatile.count)
      database.keys.validate()
      database.volatile.validate()
    }
    this.arena.validate()
  }

  private compare(database: Database, index: number, name: string): void {
    const { text, expiryMs } = this.models[index]!.get(name)!
    const bytes = latin1Bytes(name)
    const entry = database.find(bytes, 0, bytes.length)
    assert.notEqual(entry, 0)
    const view = new Slice()
    viewString(this.arena, entry, view, this.scratch)
    assert.equal(latin1(view.bytes, view.start, view.end), text)
    assert.equal(expiryOf(this.arena, entry), expiryMs)
    assert.equal(database.volatile.has(database.keys.hash, entry), expiryMs >= 0)
  }

  private open(index: number, name: string): number {
    const bytes = latin1Bytes(name)
    const entry = this.databaseAt(index).lookupWrite(bytes, 0, bytes.length, true)
    assert.equal(entry !== 0, this.live(index, name) !== undefined)
    return entry
  }

  private live(index: number, name: string): Value | undefined {
    const held = this.models[index]!.get(name)
    if (held === undefined || !this.isPast(held)) return held
    this.models[index]!.delete(name)
    return undefined
  }

  private dropExpired(index: number): void {
    for (const [name, held] of this.models[index]!) if (this.isPast(held)) this.models[index]!.delete(name)
  }

  private isPast(held: Value): boolean {
    return held.expiryMs >= 0 && held.expiryMs < this.nowMs
  }

  private databaseAt(index: number): Database {
    return this.keyspace.databases[index]!
  }
}

test('databases behave as maps of values with expiry times', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(step, { minLength: 1, maxLength: 120, size: 'max' }), (seed, steps) =>
      new Run(seed).perform(steps),
    ),
    { numRuns: 300 },
  )
})
