import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { ask } from './requests.js'

function titles(store: TestStore, request: string): string[] {
  return [...String(ask(store, request)).matchAll(/^# (\w+)/gm)].map((match) => match[1]!)
}

const BY_DEFAULT = [
  'Server', 'Clients', 'Memory', 'Persistence', 'Stats', 'Replication', 'CPU', 'Modules', 'Errorstats', 'Cluster', 'Keyspace',
] // prettier-ignore
const ALL = [
  'Server', 'Clients', 'Memory', 'Persistence', 'Stats', 'Replication', 'CPU', 'Modules', 'Commandstats', 'Errorstats',
  'Latencystats', 'Cluster', 'Keyspace',
] // prettier-ignore

test('INFO: which sections', () => {
  const store = new TestStore()
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['INFO', BY_DEFAULT],
    ['INFO default', BY_DEFAULT],
    ['INFO all', ALL],
    ['INFO EVERYTHING', ALL],
    ['INFO cpu', ['CPU']],
    ['INFO Keyspace SERVER', ['Server', 'Keyspace']],
    ['INFO module_list', ['Modules']],
    ['INFO modules', ['Modules']],
    ['INFO nosuch', []],
    ['INFO nosuch cpu', ['CPU']],
    ['INFO debug', ['Debug']],
    ['INFO cpu all debug', [...ALL, 'Debug']],
    ['INFO default commandstats', [...BY_DEFAULT.slice(0, 8), 'Commandstats', ...BY_DEFAULT.slice(8)]],
  ]
  for (const [request, expected] of cases) assert.deepEqual(titles(store, request), expected, request)
})

test('INFO: lines end with CR LF, sections stand apart, and the reply is verbatim in RESP3', () => {
  const store = new TestStore()
  assert.equal(ask(store, 'INFO cluster keyspace'), '# Cluster\r\ncluster_enabled:0\r\n\r\n# Keyspace\r\n')
  assert.equal(ask(store, 'INFO nosuch'), '')
  store.client.client.reply.protocol = 3
  assert.match(store.client.sendRaw('INFO', 'cluster'), /^=\d+\r\ntxt:# Cluster\r\n/)
})

function field(store: TestStore, name: string): string | undefined {
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(String(ask(store, 'INFO everything')))?.[1]
}

test('INFO: figures follow what happens', () => {
  const store = new TestStore()
  assert.equal(field(store, 'redis_version'), '7.2.4')
  assert.match(field(store, 'spinel_version')!, /^\d+\.\d+\.\d+$/)
  assert.equal(field(store, 'connected_clients'), '1')
  const other = store.connect()
  other.send('SET', 'a', '1')
  other.send('SET', 'b', '1', 'PX', 5000)
  other.send('GET', 'a')
  other.send('GET', 'nokey')
  assert.equal(field(store, 'connected_clients'), '2')
  assert.equal(field(store, 'keyspace_hits'), '1')
  assert.equal(field(store, 'keyspace_misses'), '1')
  assert.match(field(store, 'db0')!, /^keys=2,expires=1,avg_ttl=\d+$/)
  assert.equal(field(store, 'rdb_changes_since_last_save'), '2')
  assert.match(field(store, 'cmdstat_set')!, /^calls=2,usec=\d+,usec_per_call=[\d.]+,rejected_calls=0,failed_calls=0$/)
  assert.match(field(store, 'latency_percentiles_usec_set')!, /^p50=[\d.]{5,},p99=[\d.]{5,},p99\.9=[\d.]{5,}$/)
  store.time.advance(61_000)
  assert.equal(field(store, 'uptime_in_seconds'), '61')
  assert.equal(field(store, 'expired_keys'), '1')
})

test('INFO: commandstats tell failed from rejected, errorstats count by code', () => {
  const store = new TestStore()
  ask(store, 'INCR')
  ask(store, 'SET a x')
  ask(store, 'INCR a')
  assert.match(field(store, 'cmdstat_incr')!, /^calls=1,.*,rejected_calls=1,failed_calls=1$/)
  assert.equal(field(store, 'errorstat_ERR'), 'count=2')
  assert.equal(field(store, 'total_error_replies'), '2')
})

test('INFO: latencystats show the configured percentiles, or nothing when latency is not tracked', () => {
  const store = new TestStore({ 'latency-tracking-info-percentiles': '0 50.5 100' })
  ask(store, 'GET a')
  assert.match(field(store, 'latency_percentiles_usec_get')!, /^p0=.*,p50\.5=.*,p100=/)
  ask(store, 'CONFIG SET latency-tracking no')
  assert.equal(field(store, 'latency_percentiles_usec_get'), undefined)
  assert.match(String(ask(store, 'INFO latencystats')), /^# Latencystats\r\n$/)
})

test('INFO: a path with letters beyond ASCII comes out as it is', () => {
  const store = new TestStore()
  store.store.config.configFile = '/tmp/\u00c3\u00a4.conf' // UTF-8, one byte a character
  assert.equal(field(store, 'config_file'), '/tmp/\u00e4.conf')
})
