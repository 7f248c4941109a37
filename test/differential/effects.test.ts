/**
 * Effects: what the append-only file and replicas are told of random streams, replayed into a second store, makes the same data set.
 *
 * The second store's clock stands still and its dice are others: an effect that still depends on when it runs, or on chance,
 * shows. It deletes nothing by itself: keys whose time is over have to be deleted by effects.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allCommands } from '../../src/commands/index.js'
import { ClientFlag, Gate } from '../../src/engine/client.js'
import { type CommandSpec, Flag } from '../../src/engine/command.js'
import { plainMapping, ReplyDecoder, ReplyError } from '../../src/protocol/reply-decoder.js'
import { dataSetLines } from '../support/data-set.js'
import { Dice } from '../support/dice.js'
import { type Step, stepLines } from '../support/stream/step.js'
import { StreamGenerator, WIDE_SPOILED_SHARE } from '../support/stream/stream.js'
import { type TestClient, TestStore } from '../support/test-store.js'
import { palette } from './selection.js'
import { shrink } from './shrink.js'

const CONNECTIONS = 3
const EPISODES = 40
const EPISODE_LENGTH = 150
const STEP_MS = 97
const SHRINK_RUNS_MAX = 300
const FIXED_SEED = 2114422091
/** Small strings only: a bit at the usual limit takes 512 MB. */
const OPTIONS = { databases: String(palette.databases), 'proto-max-bulk-len': '1mb' }

/** Commands that write and still are no part of these streams, each with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  restore: 'takes bytes that no grammar makes; tested with the file format',
  'restore-asking': 'takes bytes that no grammar makes; tested with the file format',
  migrate: 'needs another server',
}

const generator = new StreamGenerator({
  commands: allCommands,
  includes: changesOrReadsData,
  palette: { ...palette, hasShortTimes: true },
  connections: CONNECTIONS,
  spoiledShare: WIDE_SPOILED_SHARE,
})

describe('effects of random streams', () => {
  for (const seed of [FIXED_SEED, Math.floor(Math.random() * 0x7fffffff)]) {
    test(`make the same data set elsewhere (${seed === FIXED_SEED ? 'fixed' : 'random'} seed)`, async (t) => {
      t.diagnostic(`effects: seed ${seed}`)
      const dice = new Dice(seed)
      for (let i = 0; i < EPISODES; i++) {
        const steps = generator.episode(dice.fork(), EPISODE_LENGTH)
        if (faultOf(steps) === undefined) continue
        const few = await shrink(
          steps,
          async (some) => (faultOf(some) === undefined ? undefined : some.length),
          SHRINK_RUNS_MAX,
        )
        assert.fail(`seed ${seed}, episode ${i}: ${faultOf(few)}\n${stepLines(few).join('\n')}`)
      }
    })
  }

  test('and their replies are the same every time', () => {
    const steps = generator.episode(FIXED_SEED, 1000)
    assert.deepEqual(transcript(steps), transcript(steps))
  })

  test('cover every command that writes', () => {
    const writing = allCommands
      .filter((command) => (command.flags & Flag.write) !== 0)
      .map((command) => command.fullName)
    assert.deepEqual(
      writing.filter((name) => !generator.commandNames.includes(name) && !(name in LEFT_OUT)),
      [],
    )
  })
})

function changesOrReadsData(command: CommandSpec): boolean {
  if (command.fullName in LEFT_OUT) return false
  return (
    (command.flags & (Flag.write | Flag.readOnly)) !== 0 ||
    command.group === 'transactions' ||
    command.name === 'SELECT'
  )
}

/** Runs steps in one store and their effects in another; what differs in the end, or fails on the way. */
function faultOf(steps: readonly Step[]): string | undefined {
  const primary = new TestStore(OPTIONS, 1)
  const replica = new TestStore(OPTIONS, 2)
  const faults: string[] = []
  replayInto(primary, replica.connect(), faults)
  const clients = Array.from({ length: CONNECTIONS }, () => primary.connect())
  for (const step of steps) {
    primary.time.advance(STEP_MS)
    const client = clients[step.connection]!
    if (listens(client)) client.sendRaw(...step.words)
    if (faults.length !== 0) return `${stepLines([step])[0]}: ${faults[0]}`
  }
  noticeExpired(primary, replica)
  primary.validate()
  replica.validate()
  const [left, right] = [dataSetLines(primary), dataSetLines(replica)]
  const at = left.findIndex((line, i) => line !== right[i])
  if (at < 0 && left.length === right.length) return undefined
  return `the data sets differ:\n  here:  ${at < 0 ? 'nothing' : left[at]}\n  there: ${at < 0 ? right[left.length] : right[at]}`
}

/** Runs a store's effects elsewhere as they come. None may fail there. */
function replayInto(primary: TestStore, target: TestClient, faults: string[]): void {
  target.client.flags |= ClientFlag.isInternal // as the loader of the append-only file: XADD takes an exact trim with a LIMIT then
  primary.store.effects.attach({
    settle() {},
    append(bytes, databases, starts, ends, count) {
      for (let i = 0; i < count; i++) {
        const words = requestWords(bytes, starts[i]!, ends[i]!)
        target.send('SELECT', databases[i]!)
        const reply = target.send(...words)
        if (reply instanceof ReplyError) faults.push(`the effect ${words.join(' ')} fails: ${reply.message}`)
      }
    },
  })
}

function requestWords(bytes: Uint8Array, start: number, end: number): string[] {
  const decoder = new ReplyDecoder(plainMapping({ strings: 'latin1' }))
  decoder.feed(bytes, start, end)
  decoder.next()
  return decoder.value as string[]
}

/** Makes the primary look at every key that the replica knows, so that it deletes those whose time is over; and fields of hashes. */
function noticeExpired(primary: TestStore, replica: TestStore): void {
  const { databases, hashes, nowMs } = primary.store.keyspace
  for (const database of databases) {
    for (let entry = database.timed.dueBefore(nowMs); entry !== 0; entry = database.timed.dueBefore(nowMs)) {
      hashes.expireFields(database, entry, Infinity)
    }
  }
  const [here, there] = [primary.connect(), replica.connect()]
  for (const { index } of primary.store.keyspace.databases) {
    here.send('SELECT', index)
    there.send('SELECT', index)
    for (const key of there.sendLatin1('KEYS', '*') as string[]) here.send('EXISTS', key)
  }
}

/** All replies and effects of a run. */
function transcript(steps: readonly Step[]): string[] {
  const store = new TestStore(OPTIONS)
  const effects = store.recordEffects()
  const clients = Array.from({ length: CONNECTIONS }, () => store.connect())
  const replies = steps.map((step) => {
    store.time.advance(STEP_MS)
    const client = clients[step.connection]!
    return listens(client) ? client.sendRaw(...step.words) : ''
  })
  return [...replies, ...effects]
}

/** False while a client waits in a blocking command, or after it was closed. */
function listens(client: TestClient): boolean {
  return !client.isClosed && (client.client.gate & (Gate.blocked | Gate.postponed | Gate.closing)) === 0
}
