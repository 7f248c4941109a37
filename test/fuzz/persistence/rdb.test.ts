/**
 * Bytes for whatever reads RDB: files for the loader, the checker and the reader, payloads for RESTORE. They begin as sound ones and are
 * changed in several places at a time: bytes flipped, set to what means something in the format, taken out, doubled, exchanged
 * with those of another. The seed is fixed; SPINEL_FUZZ_SEED tries another one, SPINEL_FUZZ_ROUNDS more.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OperationalError } from '../../../src/base/operational-error.js'
import { scratchKeyspace } from '../../../src/cli/rdb/tasks.js'
import { ByteSource } from '../../../src/persistence/byte-source.js'
import { RdbChecker } from '../../../src/persistence/rdb/checker.js'
import { RdbExplainer } from '../../../src/persistence/rdb/explain.js'
import { RdbReader } from '../../../src/persistence/rdb/reader.js'
import { fillWithEverything, loadRdb, rdbOf } from '../../support/rdb-data.js'
import { SeededRandom, TestStore } from '../../support/test-store.js'

const SEED = Number(process.env.SPINEL_FUZZ_SEED ?? 20261121)
const ROUNDS = Number(process.env.SPINEL_FUZZ_ROUNDS ?? 60)
const DEBUG = { 'enable-debug-command': 'yes' }
const ARENA_BYTES_MAX = 64 << 20

/** Bytes that mean something: opcodes, types, forms of lengths and strings, ends of listpacks. */
const TELLING = [
  0, 1, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xe0, 0xf0, 0xf1, 0xf4, 0xf5, 0xf7, 0xf8, 0xf9, 0xfa,
  0xfb, 0xfc, 0xfd, 0xfe, 0xff, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
] // prettier-ignore

class Mutator {
  private readonly random: SeededRandom

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
  }

  below(limit: number): number {
    return limit === 0 ? 0 : this.random.next32() % limit
  }

  /** @param from  bytes in front of this stay as they are */
  change(bytes: Uint8Array, from: number, other: Uint8Array): Uint8Array {
    let changed = Array.from(bytes)
    for (let left = 1 + this.below(4); left > 0; left--) changed = this.changeOnce(changed, from, other)
    return Uint8Array.from(changed)
  }

  private changeOnce(bytes: number[], from: number, other: Uint8Array): number[] {
    const at = from + this.below(bytes.length - from)
    const length = 1 + this.below(12)
    const kind = this.below(6)
    if (kind === 0) bytes[at]! ^= 1 << this.below(8)
    else if (kind === 1) bytes[at] = TELLING[this.below(TELLING.length)]!
    else if (kind === 2) bytes.splice(at, length)
    else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + length))
    else if (kind === 4) bytes.splice(at, length, ...other.slice(this.below(other.length)).slice(0, length))
    else for (let i = at; i < Math.min(bytes.length, at + length); i++) bytes[i] = this.below(256)
    return bytes
  }
}

function everything(version: string): TestStore {
  const store = new TestStore({ ...DEBUG, 'rdb-version': version })
  fillWithEverything(store, true)
  return store
}

function loadsOrRefuses(bytes: Uint8Array, name: string): void {
  const store = new TestStore(DEBUG)
  store.checksReplies = false
  const { error } = loadRdb(store, bytes, { checksChecksum: false })
  if (error !== undefined) {
    assert.notEqual(error.message, '', name)
    assert.ok(error.offset >= 0 && error.offset <= bytes.length, `${name}: offset ${error.offset}`)
  }
  assert.ok(store.store.keyspace.arena.usedBytes < ARENA_BYTES_MAX, name)
  store.validate()
  store.send('DEBUG', 'DIGEST')
}

function sourceOf(bytes: Uint8Array): ByteSource {
  const source = new ByteSource()
  source.openBytes(bytes, 0, bytes.length)
  return source
}

/** Runs a tool; it may say that the file is broken, with the place, and leaves no memory behind. */
function toolEnds(name: string, run: (keyspace: ReturnType<typeof scratchKeyspace>) => void): void {
  const keyspace = scratchKeyspace(new SeededRandom(1))
  try {
    run(keyspace)
  } catch (error) {
    if (!(error instanceof OperationalError)) throw new Error(name, { cause: error })
    assert.match(error.subject, /^offset \d+$/, name)
  }
  keyspace.arena.validate()
}

describe(`fuzzed RDB, seed ${SEED}`, () => {
  for (const version of ['9', '10', '11']) {
    test(`files of version ${version} load or are refused`, () => {
      const sound = rdbOf(everything(version))
      const mutator = new Mutator(SEED + Number(version))
      for (let round = 0; round < ROUNDS; round++) {
        loadsOrRefuses(mutator.change(sound, 9, sound), `version ${version}, round ${round}`)
      }
    })
  }

  test('files are checked, read and explained to an end', () => {
    const sound = rdbOf(everything('11'))
    const mutator = new Mutator(SEED)
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = mutator.change(sound, 9, sound)
      const name = `round ${round}`
      toolEnds(name, (keyspace) => void new RdbChecker(keyspace, sourceOf(bytes), 0, () => {}).check('f'))
      toolEnds(name, (keyspace) => new RdbReader(keyspace, sourceOf(bytes), { key: () => {} }).read())
      toolEnds(name, () => new RdbExplainer(sourceOf(bytes), 0, bytes.length, () => {}).run())
    }
  })

  test('payloads of RESTORE make something sound, or are refused', () => {
    const origin = everything('11')
    const payloads = (origin.send('KEYS', '*') as string[]).map((key) =>
      Uint8Array.from(origin.client.sendLatin1('DUMP', key) as string, (character) => character.charCodeAt(0)),
    )
    const store = new TestStore(DEBUG)
    store.checksReplies = false
    store.send('DEBUG', 'SET-SKIP-CHECKSUM-VALIDATION', 1)
    const mutator = new Mutator(SEED)
    for (let round = 0; round < ROUNDS * 8; round++) {
      const payload = payloads[mutator.below(payloads.length)]!
      const body = mutator.change(payload.subarray(0, -10), 0, payloads[mutator.below(payloads.length)]!)
      const bytes = Uint8Array.from([...body, ...payload.subarray(-10)])
      const reply = store.send('RESTORE', 'k', 0, bytes, 'REPLACE')
      assert.ok(reply === 'OK' || reply instanceof Error, `round ${round}`)
      if (reply === 'OK') {
        store.send('DEBUG', 'DIGEST-VALUE', 'k')
        store.send('DUMP', 'k')
        for (const request of ['SADD k m', 'HSET k f v', 'ZADD k 1 m', 'RPUSH k x', 'XADD k * f v', 'APPEND k x']) {
          store.send(...request.split(' '))
        }
      }
      if (round % 50 === 0) store.validate()
    }
    store.send('FLUSHALL')
    store.validate()
  })
})
