/** INFO: every field that a real server shows is there, in the same section and in the same order. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { referenceServer, spinelServer } from '../support/programs.js'
import { nodeText } from './comparison.js'
import { Duel } from './duel.js'
import { isOlder } from './release-changes.js'

/** Sections with a line for each command, error, database or event, rather than fields. */
const OPEN_SECTIONS = ['Commandstats', 'Latencystats', 'Errorstats', 'Keyspace']
const reference = referenceServer()

test('fields of INFO', { skip: reference === undefined && 'no redis-server is installed' }, async () => {
  const duel = await Duel.start(reference!, spinelServer())
  try {
    await duel.ask('SET', 'k', 'v')
    const [theirs, ours] = (await duel.ask('INFO', 'everything')).map((node) => sections(nodeText(node)))
    assert.deepEqual([...ours!.keys()], [...theirs!.keys()])
    for (const [name, fields] of theirs!) {
      if (OPEN_SECTIONS.includes(name)) continue
      // Fields that came with a later release stand between those of an older one.
      const common = isOlder(duel.referenceVersion)
        ? ours!.get(name)!.filter((field) => fields.includes(field))
        : ours!.get(name)!
      assert.deepEqual(common.filter(isShared), fields.filter(isShared), name)
    }
  } finally {
    await duel.stop()
  }
})

function sections(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  let fields: string[] = []
  for (const line of text.split('\r\n')) {
    if (line.startsWith('# ')) found.set(line.slice(2), (fields = []))
    else if (line !== '') fields.push(line.slice(0, line.indexOf(':')))
  }
  return found
}

/** Our own version is a field of our own; doors are counted. */
function isShared(field: string): boolean {
  return field !== 'spinel_version' && !field.startsWith('listener')
}
