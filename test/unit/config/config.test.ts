import { test } from 'node:test'
import { deepEqual, equal, ok } from 'node:assert/strict'
import { Config } from '../../../src/config/config.js'
import { ErrorReply } from '../../../src/protocol/errors.js'
import { findParameter } from '../../../src/config/parameters.js'
import { MemoryFiles } from './memory-files.js'

const ANYBODY = { isLoading: false, isLocal: true }

function refusal(config: Config, ...pairs: [string, string][]): string | undefined {
  const outcome = config.set(pairs, ANYBODY)
  ok(!(outcome instanceof Promise))
  return outcome?.text
}

function failed(name: string, reason: string): string {
  return `CONFIG SET failed (possibly related to argument '${name}') - ${reason}`
}

test('values that are accepted, and what CONFIG GET makes of them', () => {
  const cases: [name: string, value: string, shown: string][] = [
    ['activerehashing', 'NO', 'no'],
    ['activerehashing', 'yes\0x', 'yes'],
    ['timeout', '2147483647', '2147483647'],
    ['hz', '0', '1'],
    ['hz', '100000', '500'],
    ['slowlog-log-slower-than', '-1', '-1'],
    ['slowlog-max-len', '9223372036854775807', '9223372036854775807'],
    ['maxmemory', '', '0'],
    ['maxmemory', 'kb', '0'],
    ['maxmemory', '5MB', '5242880'],
    ['maxmemory', '5m', '5000000'],
    ['maxmemory', '18446744073709551616', '18446744073709551615'],
    ['maxmemory', '17179869184gb', '0'],
    ['maxmemory-clients', '0%', '0'],
    ['maxmemory-clients', '100%', '100%'],
    ['maxmemory-clients', '10mb', '10485760'],
    ['repl-backlog-size', '1', '16384'],
    ['maxmemory-policy', 'AllKeys-LFU', 'allkeys-lfu'],
    ['oom-score-adj', 'relative', 'yes'],
    ['shutdown-on-sigint', 'force now nosave', 'nosave now force'],
    ['shutdown-on-sigint', 'default', 'default'],
    ['shutdown-on-sigint', 'default now', 'now'],
    ['save', '', ''],
    ['save', '3600 1 300 100', '3600 1 300 100'],
    ['save', '3600 ', '3600 0'],
    ['bind', '', ''],
    ['bind', '127.0.0.1 ::1', '127.0.0.1 ::1'],
    ['client-output-buffer-limit', '', 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60'],
    [
      'client-output-buffer-limit',
      'REPLICA 18446744073709551615 1kb 5',
      'normal 0 0 0 slave 18446744073709551615 1024 5 pubsub 33554432 8388608 60',
    ],
    ['oom-score-adj-values', '-2000 0 2000', '-2000 0 2000'],
    ['notify-keyspace-events', 'KEA', 'AKE'],
    ['notify-keyspace-events', 'g$lshzxetd', 'A'],
    ['notify-keyspace-events', 'mnEx', 'xnEm'],
    ['notify-keyspace-events', '', ''],
    ['latency-tracking-info-percentiles', '50 99.99999 0x10 1e1 0.0078125', '50 99.99999 16 10 0.007812'],
    ['latency-tracking-info-percentiles', '', ''],
    ['requirepass', 'a\0b', 'a\0b'],
    ['masteruser', 'a\0b', 'a'],
    ['cluster-announce-hostname', 'a-b.C1', 'a-b.C1'],
    ['proc-title-template', '{title} x', '{title} x'],
    ['slave-priority', '5', '5'],
  ]
  for (const [name, value, shown] of cases) {
    const config = new Config()
    equal(refusal(config, [name, value]), undefined, `${name} ${value}`)
    deepEqual(config.get([name]), [[name, shown]])
  }
})

test('values that are refused', () => {
  const int = "argument couldn't be parsed into an integer"
  const save = 'Invalid save parameters'
  const cases: [name: string, value: string, reason: string][] = [
    ['activerehashing', '', "argument must be 'yes' or 'no'"],
    ['activerehashing', '1', "argument must be 'yes' or 'no'"],
    ['timeout', '', int],
    ['timeout', '1 ', int],
    ['timeout', '01', int],
    ['timeout', '+1', int],
    ['timeout', '1k', int],
    ['timeout', '-1', 'argument must be between 0 and 2147483647 inclusive'],
    ['active-expire-effort', '11', 'argument must be between 1 and 10 inclusive'],
    ['slowlog-max-len', '-1', 'argument must be between 0 and 9223372036854775807 inclusive'],
    ['maxclients', '4294967296', 'argument must be between 1 and 4294967295 inclusive'],
    ['list-max-listpack-size', '-2147483649', 'argument must be between -2147483648 and 2147483647 inclusive'],
    ['maxmemory', '-1', 'argument must be a memory value'],
    ['maxmemory', '1tb', 'argument must be a memory value'],
    ['maxmemory', '10%', 'argument must be a memory value'],
    ['proto-max-bulk-len', '1mb1', 'argument must be a memory value'],
    ['proto-max-bulk-len', '1k', 'argument must be between 1048576 and 9223372036854775807 inclusive'],
    ['maxmemory-clients', 'x', 'argument must be a memory or percent value'],
    ['maxmemory-clients', '%', 'argument must be a memory or percent value'],
    ['maxmemory-clients', '-5%', 'argument must be a memory or percent value'],
    ['maxmemory-clients', '101%', 'percentage argument must be less or equal to 100'],
    ['appendfsync', 'sometimes', 'argument(s) must be one of the following: everysec, always, no'],
    ['oom-score-adj', '', 'argument(s) must be one of the following: no, yes, relative, absolute'],
    [
      'maxmemory-policy',
      'constructor',
      'argument(s) must be one of the following: volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction',
    ],
    ['shutdown-on-sigint', '', 'argument(s) must be one of the following: default, save, nosave, now, force'],
    ['shutdown-on-sigint', 'now  force', 'argument(s) must be one of the following: default, save, nosave, now, force'],
    ['shutdown-on-sigint', 'save nosave', "shutdown options SAVE and NOSAVE can't be used simultaneously"],
    ['save', '3600', save],
    ['save', '0 1', save],
    ['save', '1 -1', save],
    ['save', 'x 1', save],
    ['save', '3600  1', save],
    ['client-output-buffer-limit', 'normal 1 2', 'Wrong number of arguments in buffer limit configuration.'],
    ['client-output-buffer-limit', 'master 1 2 3', 'Invalid client class specified in buffer limit configuration.'],
    [
      'client-output-buffer-limit',
      'constructor 1 2 3',
      'Invalid client class specified in buffer limit configuration.',
    ],
    [
      'client-output-buffer-limit',
      'normal 1 2 -1',
      'Error in hard, soft or soft_seconds setting in buffer limit configuration.',
    ],
    [
      'client-output-buffer-limit',
      'normal x 2 1',
      'Error in hard, soft or soft_seconds setting in buffer limit configuration.',
    ],
    ['oom-score-adj-values', '1 2', 'wrong number of arguments'],
    ['oom-score-adj-values', '1 2 2001', 'Invalid oom-score-adj-values, elements must be between -2000 and 2000.'],
    ['notify-keyspace-events', 'Q', "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."],
    ['bind', '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17', 'Too many bind addresses specified.'],
    ['latency-tracking-info-percentiles', '50 x', 'Invalid latency-tracking-info-percentiles parameters'],
    ['latency-tracking-info-percentiles', 'nan', 'Invalid latency-tracking-info-percentiles parameters'],
    [
      'latency-tracking-info-percentiles',
      '100.1',
      'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]',
    ],
    ['cluster-announce-hostname', 'a_b', 'Hostnames may only contain alphanumeric characters, hyphens or dots'],
    ['cluster-announce-hostname', 'a'.repeat(256), 'Hostnames must be less than 256 characters'],
    ['cluster-announce-human-nodename', 'a!', 'Announced human node name contained invalid character'],
    ['proc-title-template', '{x}', 'template format is invalid or contains unknown variables'],
    ['proc-title-template', '{unixsocket}', 'template format is invalid or contains unknown variables'],
    ['daemonize', 'yes', "can't set immutable config"],
    ['dbfilename', 'x', "can't set protected config"],
  ]
  const config = new Config()
  for (const [name, value, reason] of cases) {
    const before = config.get([name])
    equal(refusal(config, [name, value]), failed(name, reason), `${name} ${value}`)
    deepEqual(config.get([name]), before)
  }
})

test('names that cannot be set', () => {
  const config = new Config()
  equal(refusal(config, ['NoSuch', '1']), "Unknown option or number of arguments for CONFIG SET - 'NoSuch'")
  equal(refusal(config, ['include', 'x']), "Unknown option or number of arguments for CONFIG SET - 'include'")
  equal(refusal(config, ['DAEMONIZE', 'yes']), failed('DAEMONIZE', "can't set immutable config"))
  equal(
    refusal(config, ['Slave-Priority', 'x']),
    failed('slave-priority', "argument couldn't be parsed into an integer"),
  )
  equal(refusal(config, ['hz', '1'], ['HZ', '2']), failed('HZ', 'duplicate parameter'))
  equal(refusal(config, ['slave-priority', '1'], ['replica-priority', '2']), undefined)
  equal(config.values['replica-priority'], 2)
  equal(refusal(config, ['nosuch', '1'], ['daemonize', 'yes'])?.slice(0, 14), 'Unknown option')
  equal(refusal(config, ['daemonize', 'yes'], ['nosuch', '1']), failed('daemonize', "can't set immutable config"))
})

test('protected parameters', () => {
  for (const [allowed, isLocal, isFine] of [
    ['no', true, false],
    ['local', true, true],
    ['local', false, false],
    ['yes', false, true],
  ] as const) {
    const config = new Config()
    config.assign('enable-protected-configs', allowed)
    equal(config.set([['dbfilename', 'x.rdb']], { isLoading: false, isLocal }) === undefined, isFine)
  }
})

test('while loading', () => {
  const config = new Config()
  const loading = { isLoading: true, isLocal: true }
  equal(config.set([['appendonly', 'yes']], loading), ErrorReply.loading)
  equal(
    config.set(
      [
        ['appendonly', 'yes'],
        ['nosuch', '1'],
      ],
      loading,
    ),
    ErrorReply.loading,
  )
  equal(config.set([['hz', '20']], loading), undefined)
})

test('all or nothing: a value that is refused', () => {
  const config = new Config()
  const error = refusal(
    config,
    ['maxmemory', '1'],
    ['maxmemory-clients', '200%'],
    ['client-query-buffer-limit', 'invalid'],
  )
  equal(error, failed('maxmemory-clients', 'percentage argument must be less or equal to 100'))
  deepEqual([config.text('maxmemory'), config.source('maxmemory')], ['0', 'default'])
})

test('listeners hear of a change once, and may refuse it', () => {
  const config = new Config()
  const heard: string[] = []
  config.onChange(['hz', 'timeout'], (values) => void heard.push(`a ${values.hz} ${values.timeout}`))
  config.onChange(['port'], (values) => {
    heard.push(`b ${values.port}`)
    return values.port === 1 ? 'Unable to listen on this port. Check server logs.' : undefined
  })
  config.onChange(['maxmemory'], () => void heard.push('c'))
  equal(refusal(config, ['timeout', '5'], ['hz', '20'], ['loglevel', 'debug']), undefined)
  equal(refusal(config, ['timeout', '5']), undefined)
  deepEqual(heard.splice(0), ['a 20 5'])

  const error = refusal(config, ['hz', '30'], ['port', '1'], ['maxmemory', '1'])
  equal(error, failed('port', 'Unable to listen on this port. Check server logs.'))
  deepEqual(heard, ['a 30 5', 'b 1', 'a 20 5', 'b 6379'])
  deepEqual([config.values.hz, config.values.port, config.values.maxmemory], [20, 6379, 0])
})

test('the parameter blamed is the first that brought the listener in', () => {
  const config = new Config()
  config.onChange(['replica-priority', 'hz'], () => 'no')
  equal(refusal(config, ['timeout', '1'], ['slave-priority', '5'], ['hz', '50']), failed('slave-priority', 'no'))
})

test('a volatile parameter changes even when its value stays', () => {
  const config = new Config()
  let count = 0
  config.onChange(['tls-cert-file', 'tls-ciphers'], () => void count++)
  for (let i = 0; i < 3; i++) equal(refusal(config, ['tls-cert-file', 'a.crt'], ['tls-ciphers', 'x']), undefined)
  equal(count, 3)
  equal(refusal(config, ['tls-ciphers', 'x']), undefined)
  equal(count, 3)
})

test('a change that takes time; the next one waits', async () => {
  const config = new Config()
  const gates: ((reason: string | undefined) => void)[] = []
  config.onChange(['port'], () => new Promise((resolve) => gates.push(resolve)))
  const first = config.set(
    [
      ['port', '1'],
      ['hz', '20'],
    ],
    ANYBODY,
  )
  const second = config.set([['hz', '30']], ANYBODY)
  ok(first instanceof Promise && second instanceof Promise)
  deepEqual([config.values.port, config.values.hz], [1, 20])
  gates.shift()!('busy')
  await Promise.resolve()
  deepEqual([config.values.port, config.values.hz], [6379, 10])
  gates.shift()!(undefined)
  equal((await first)?.text, failed('port', 'busy'))
  equal(await second, undefined)
  equal(config.values.hz, 30)
  equal(config.set([['hz', '40']], ANYBODY), undefined)
})

test('after a change that crashed, the next one goes on', async () => {
  const config = new Config()
  config.onChange(['port'], () => Promise.reject(new Error('ours')))
  const first = config.set([['port', '1']], ANYBODY)
  const second = config.set([['hz', '30']], ANYBODY)
  await (first as Promise<unknown>).catch(() => undefined)
  equal(await second, undefined)
})

test('the working directory', () => {
  const files = new MemoryFiles({ '/srv/sub/x': '', '/srv/file': '' })
  const config = new Config({ files })
  config.assign('enable-protected-configs', 'yes')
  equal(config.text('dir'), '/srv')
  equal(refusal(config, ['dir', 'nowhere']), failed('dir', 'No such file or directory'))
  equal(refusal(config, ['dir', 'file']), failed('dir', 'Not a directory'))
  equal(refusal(config, ['dir', 'sub']), undefined)
  deepEqual([config.text('dir'), files.workingDirectory()], ['/srv/sub', '/srv/sub'])
  equal(refusal(config, ['dir', '/srv'], ['hz', 'x']), failed('hz', "argument couldn't be parsed into an integer"))
  deepEqual([config.text('dir'), files.workingDirectory()], ['/srv/sub', '/srv/sub'])
})

test('CONFIG GET: names, patterns, aliases', () => {
  const config = new Config()
  const names = (...patterns: string[]): string[] => config.get(patterns).map(([name]) => name)
  deepEqual(names('MaxMemory', 'maxmemory', 'MAXMEMORY*'), [
    'MaxMemory',
    'maxmemory-clients',
    'maxmemory-policy',
    'maxmemory-samples',
    'maxmemory-eviction-tenacity',
  ])
  deepEqual(names('*of'), ['replicaof', 'slaveof'])
  deepEqual(names('slave-priority', 'replica-priority'), ['slave-priority', 'replica-priority'])
  deepEqual(names('?z', 'h[yz]'), ['hz'])
  deepEqual(names('key-load-delay', 'key-load*'), ['key-load-delay'])
  deepEqual(names('nosuch', '', '\\hz', 'include', 'user'), [])
})

test('values derive from texts', () => {
  const config = new Config()
  config.load({
    standardInput:
      'maxmemory-clients 5%\nunixsocketperm 700\nsave 5 6\nbind a b\nreplicaof h 1\nshutdown-on-sigint now\n' +
      'latency-tracking-info-percentiles 1 2.5\noom-score-adj-values 1 2 3\nmaxmemory 18446744073709551615',
  })
  const { values } = config
  deepEqual(
    [
      values['maxmemory-clients'],
      values.unixsocketperm,
      values.save,
      values.bind,
      values.replicaof,
      values['shutdown-on-sigint'],
      values['latency-tracking-info-percentiles'],
      values['oom-score-adj-values'],
      values.maxmemory,
    ],
    [
      -5,
      0o700,
      [{ seconds: 5, changes: 6 }],
      ['a', 'b'],
      { host: 'h', port: 1 },
      ['now'],
      [1, 2.5],
      [1, 2, 3],
      2 ** 64,
    ],
  )
})

test('values the server sets itself', () => {
  const config = new Config()
  let count = 0
  config.onChange(['maxclients'], () => void count++)
  config.assign('maxclients', 100)
  config.assign('replicaof', { host: 'h', port: 1 })
  config.assign('save', [])
  deepEqual([config.text('maxclients'), config.text('replicaof'), config.text('save')], ['100', 'h 1', ''])
  deepEqual([config.source('maxclients'), count], ['runtime', 0])
  config.assign('replicaof', undefined)
  equal(config.text('replicaof'), '')
})

test('secrets are known by all their names', () => {
  const config = new Config()
  deepEqual(
    ['RequirePass', 'masterauth', 'masteruser', 'hz', 'nosuch'].map((name) => config.isSensitive(name)),
    [true, true, true, false, false],
  )
})

test('scores out of order are kept, with a warning', () => {
  const warnings: string[] = []
  const config = new Config({ log: { write: (level, message) => warnings.push(`${level} ${message}`) } })
  equal(refusal(config, ['oom-score-adj-values', '3 2 1']), undefined)
  equal(warnings.length, 1)
  ok(warnings[0]!.startsWith('warning The oom-score-adj-values configuration may not work'))
})

test('the crash report shows what matters', () => {
  const lines = new Config().debugLines()
  ok(lines.includes('io-threads 1'))
  ok(lines.every((line) => findParameter(line.split(' ', 1)[0]!) !== undefined))
  equal(lines.length, 15)
})
