/**
 * A cache in front of something slow: bounded in memory, the least used entries go first, and none is older than a minute.
 *
 *     npm run build && node examples/cache.mjs
 */
import { createStore } from 'spinel'

const store = createStore({ config: { maxmemory: '64mb', 'maxmemory-policy': 'allkeys-lfu' } })

/** Wraps a function of one string so that its results are kept; calls for the same key at the same time share one result. */
function cached(name, ttlMs, load) {
  const underWay = new Map()
  return async (key) => {
    const kept = store.get(`${name}:${key}`)
    if (kept !== null) return JSON.parse(kept)
    if (!underWay.has(key))
      underWay.set(
        key,
        load(key).finally(() => underWay.delete(key)),
      )
    const value = await underWay.get(key)
    store.set(`${name}:${key}`, JSON.stringify(value), { ttlMs })
    return value
  }
}

let loads = 0
const user = cached('user', 60_000, async (id) => {
  loads++
  return { id, name: `User ${id}` }
})

await Promise.all([user('1'), user('1'), user('2')])
console.log(await user('1'))
console.log(
  `${loads} loads, ${store.call('DBSIZE')} entries, ${store.call('INFO', 'stats').match(/keyspace_hits:(\d+)/)[1]} hits`,
)
store.close()
