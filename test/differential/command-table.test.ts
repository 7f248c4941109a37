/**
 * COMMAND INFO and COMMAND DOCS of every command we have, compared with what a real server tells: arity, flags, categories, key
 * specifications, tips, arguments, versions. Texts written for people are our own and are not compared.
 */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allCommands } from '../../src/commands/index.js'
import { type ReplyNode, ReplyType } from '../../src/protocol/reply-decoder.js'
import { referenceServer, spinelServer } from '../support/programs.js'
import { nodeText } from './comparison.js'
import { Duel } from './duel.js'
import { CHANGED_DESCRIPTIONS, isOlder, referenceHas } from './release-changes.js'

/** Keys of maps whose values are sentences, and `subcommands`, which are asked for one by one. */
const NOT_COMPARED = ['summary', 'complexity', 'replaced_by', 'notes', 'subcommands']
const SUBCOMMANDS_INDEX = 9
const reference = referenceServer()

describe('what COMMAND tells', { skip: reference === undefined && 'no redis-server is installed' }, () => {
  let duel: Duel | undefined
  before(async () => {
    duel = await Duel.start(reference!, spinelServer())
    await duel.ask('HELLO', '3')
  })
  after(async () => await duel?.stop())

  for (const kind of ['INFO', 'DOCS'] as const) {
    test(`COMMAND ${kind} of every command`, async (t) => {
      const version = duel!.referenceVersion
      const names = allCommands.flatMap((item) => [item, ...(item.subcommands ?? [])]).map((item) => item.fullName)
      const comparable = names.filter((name) => isComparable(kind, name, version))
      if (comparable.length === 0) return t.skip(`all of them changed since ${version}`)
      for (const name of comparable) {
        const [theirs, ours] = await duel!.ask('COMMAND', kind, name)
        assert.deepEqual(facts(ours), facts(theirs), name)
      }
    })
  }
})

function isComparable(kind: 'INFO' | 'DOCS', name: string, version: string): boolean {
  if (!referenceHas(version, name)) return false
  if (!isOlder(version)) return true
  return kind === 'INFO' && !CHANGED_DESCRIPTIONS.includes(name)
}

/** A reply as plain values without prose; sets sorted. */
function facts(node: ReplyNode, depth = 0): unknown {
  const items = node.items
  if (items === undefined) return node.content === null ? null : nodeText(node)
  if (node.type === ReplyType.map) return mapFacts(items, depth)
  // INFO of one command: an array in an array, whose last part are the subcommands.
  const kept = depth === 1 && items.length === SUBCOMMANDS_INDEX + 1 ? items.slice(0, SUBCOMMANDS_INDEX) : items
  const values = kept.map((item) => facts(item, depth + 1))
  return node.type === ReplyType.set ? values.map((value) => JSON.stringify(value)).sort() : values
}

function mapFacts(items: readonly ReplyNode[], depth: number): Record<string, unknown> {
  const map: Record<string, unknown> = {}
  for (let i = 0; i < items.length; i += 2) {
    const key = nodeText(items[i]!)
    if (NOT_COMPARED.includes(key)) continue
    map[key] =
      key === 'history'
        ? items[i + 1]!.items!.map((entry) => nodeText(entry.items![0]!))
        : facts(items[i + 1]!, depth + 1)
  }
  return map
}
