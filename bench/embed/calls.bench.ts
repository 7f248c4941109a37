/**
 * What calls of the embedded library cost: calls a second on one core, and CPU time for one; keys and values have 16 bytes, a
 * thousand and then a million keys.
 *
 *     node dist/bench/embed/calls.bench.js [--quick] [--json]
 */

import { createStore, type Store } from '../../src/embed/index.js'

const args = new Set(process.argv.slice(2))
const isQuick = args.has('--quick')
const CALLS = isQuick ? 200_000 : 2_000_000
const ROUNDS = isQuick ? 3 : 7
const FEW_KEYS = 1000
const MANY_KEYS = isQuick ? 100_000 : 1_000_000
const VALUE = 'value:0123456789'

interface Row {
  readonly call: string
  readonly callsPerSecond: number
  readonly cpuNs: number
}

/** Keys are looked for in an order that no cache can foresee. */
function scatteredKeys(count: number): string[] {
  const keys: string[] = []
  for (let i = 0; i < count; i++) keys.push(`key:${String((i * 7919) % count).padStart(12, '0')}`)
  return keys
}

/** The best round: what it costs when nothing else has the processor. */
function measure(call: string, run: (i: number) => void): Row {
  let callsPerSecond = 0
  let cpuNs = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const cpuBefore = process.cpuUsage()
    const began = performance.now()
    for (let i = 0; i < CALLS; i++) run(i)
    const seconds = (performance.now() - began) / 1000
    const { user, system } = process.cpuUsage(cpuBefore)
    callsPerSecond = Math.max(callsPerSecond, CALLS / seconds)
    cpuNs = Math.min(cpuNs, ((user + system) * 1000) / CALLS)
  }
  return { call, callsPerSecond, cpuNs }
}

function fill(store: Store, keys: readonly string[]): void {
  for (const key of keys) store.set(key, VALUE)
}

function measureAll(): Row[] {
  const store = createStore()
  const few = scatteredKeys(FEW_KEYS)
  fill(store, few)
  const bytes = new TextEncoder().encode(few[0]!)
  const rows = [
    measure('get(key)', (i) => store.get(few[i % FEW_KEYS]!)),
    measure("call('GET', key)", (i) => store.call('GET', few[i % FEW_KEYS]!)),
    measure('getBytes(bytes)', () => store.getBytes(bytes)),
    measure('set(key, value)', (i) => store.set(few[i % FEW_KEYS]!, VALUE)),
    measure("call('SET', key, value)", (i) => store.call('SET', few[i % FEW_KEYS]!, VALUE)),
    measure("call('INCR', key)", () => store.call('INCR', 'counter')),
    measure('get(missing key)', () => store.get('no such key ....')),
  ]
  const many = scatteredKeys(MANY_KEYS)
  fill(store, many)
  rows.push(
    measure(`get(key) of ${MANY_KEYS} keys`, (i) => store.get(many[i % MANY_KEYS]!)),
    measure(`set(key, value) of ${MANY_KEYS} keys`, (i) => store.set(many[i % MANY_KEYS]!, VALUE)),
  )
  store.close()
  return rows
}

const rows = measureAll()
if (args.has('--json')) console.log(JSON.stringify(rows))
else {
  for (const { call, callsPerSecond, cpuNs } of rows) {
    console.log(`${call.padEnd(34)} ${(callsPerSecond / 1e6).toFixed(2)} M calls/s  ${cpuNs.toFixed(0)} ns CPU a call`)
  }
}
