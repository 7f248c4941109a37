/** What a test store holds, as text: every key of every database with its type, value and end of time. */

import { ReplyError } from '../../src/protocol/reply-decoder.js'
import type { TestStore } from './test-store.js'

/** How a value is read whole, by type. Sets and hashes have no order. */
const READERS: Readonly<Record<string, { readonly words: readonly string[]; readonly isUnordered?: boolean }>> = {
  string: { words: ['GET', ''] },
  list: { words: ['LRANGE', '', '0', '-1'] },
  set: { words: ['SMEMBERS', ''], isUnordered: true },
  hash: { words: ['HGETALL', ''], isUnordered: true },
  zset: { words: ['ZRANGE', '', '0', '-1', 'WITHSCORES'] },
  stream: { words: ['XRANGE', '', '-', '+'] },
}

/** One line for each key, in order; equal data sets give equal lines. */
export function dataSetLines(store: TestStore): string[] {
  const client = store.connect()
  const lines: string[] = []
  for (const { index } of store.store.keyspace.databases) {
    client.send('SELECT', index)
    const keys = client.sendLatin1('KEYS', '*') as string[]
    for (const key of keys.sort()) {
      const type = client.send('TYPE', key) as string
      const reader = READERS[type]
      if (reader === undefined) throw new Error(`nobody can read a value of type ${type}`)
      const value = client.sendLatin1(...reader.words.map((word) => (word === '' ? key : word)))
      if (value instanceof ReplyError) throw value
      const parts = reader.isUnordered === true ? pairsOrItems(type, value as string[]).sort() : value
      lines.push(
        `${index} ${JSON.stringify(key)} ${type} ${JSON.stringify(parts)} ${String(client.send('PEXPIRETIME', key))}`,
      )
    }
  }
  return lines
}

function pairsOrItems(type: string, items: readonly string[]): string[] {
  if (type !== 'hash') return [...items]
  return items.flatMap((item, i) => (i % 2 === 0 ? [JSON.stringify([item, items[i + 1]])] : []))
}
