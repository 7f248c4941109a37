/** CONFIG GET *: every parameter with its value, as a server without a configuration file has it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReplyNode } from '../../src/protocol/reply-decoder.js'
import { referenceServer, spinelServer } from '../support/programs.js'
import { nodeText } from './comparison.js'
import { Duel } from './duel.js'
import { OWN_PARAMETERS } from './excuses.js'
import { LOCAL_PARAMETERS } from './parameters.js'
import { CHANGED_PARAMETERS, isOlder } from './release-changes.js'

const reference = referenceServer()

test('parameters and their values', { skip: reference === undefined && 'no redis-server is installed' }, async () => {
  const duel = await Duel.start(reference!, spinelServer())
  try {
    const changed = isOlder(duel.referenceVersion) ? CHANGED_PARAMETERS : []
    const ignored = [...LOCAL_PARAMETERS, ...OWN_PARAMETERS, ...changed]
    const [theirs, ours] = await duel.ask('CONFIG', 'GET', '*')
    assert.deepEqual(settings(ours, ignored), settings(theirs, ignored))
  } finally {
    await duel.stop()
  }
})

function settings(node: ReplyNode, ignored: readonly string[]): Record<string, string> {
  const items = node.items!.map(nodeText)
  const entries = items.flatMap((name, i) => (i % 2 === 0 && !ignored.includes(name) ? [[name, items[i + 1]!]] : []))
  return Object.fromEntries(entries.sort())
}
