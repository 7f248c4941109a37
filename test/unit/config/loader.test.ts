import { test } from 'node:test'
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { Config } from '../../../src/config/config.js'
import { ConfigError, ConfigFileError } from '../../../src/config/config-error.js'
import type { LoadRequest } from '../../../src/config/loader.js'
import { MemoryFiles } from './memory-files.js'

function load(request: LoadRequest, files = new MemoryFiles()): Config {
  const config = new Config({ files })
  config.load(request)
  return config
}

function failure(run: () => unknown): ConfigError {
  let caught: unknown
  throws(run, (error) => {
    caught = error
    return error instanceof ConfigError
  })
  return caught as ConfigError
}

/** What some text makes of a parameter. */
function textAfter(text: string, name: string): string | undefined {
  return load({ standardInput: text }).get([name])[0]?.[1]
}

test('lines set parameters', () => {
  const cases: [text: string, name: string, expected: string][] = [
    ['timeout 5', 'timeout', '5'],
    ['  TimeOut\t5  \r\n', 'timeout', '5'],
    ['"timeout" \'5\'', 'timeout', '5'],
    ['timeout 5\ntimeout 6', 'timeout', '6'],
    ['# timeout 5\n   # timeout 6\n\v\n', 'timeout', '0'],
    ['slave-priority 7', 'replica-priority', '7'],
    ['maxmemory 10mb', 'maxmemory', '10485760'],
    ['unixsocketperm 0700', 'unixsocketperm', '700'],
    ['hz 9999', 'hz', '500'],
    ['requirepass "a\\x00b"', 'requirepass', 'a\0b'],
    ['requirepass caf\xe9', 'requirepass', 'caf\xe9'],
    ['daemonize YES', 'daemonize', 'yes'],
    ['bind 127.0.0.1 -::1', 'bind', '127.0.0.1 -::1'],
    ['bind "127.0.0.1 -::1"', 'bind', '127.0.0.1 -::1'],
    ['bind ""', 'bind', ''],
    ['replicaof localhost 6380', 'slaveof', 'localhost 6380'],
    ['replicaof no one', 'replicaof', ''],
    ['shutdown-on-sigint force nosave', 'shutdown-on-sigint', 'nosave force'],
    ['oom-score-adj relative', 'oom-score-adj', 'yes'],
    [
      'client-output-buffer-limit replica 1mb 2k 60',
      'client-output-buffer-limit',
      'normal 0 0 0 slave 1048576 2000 60 pubsub 33554432 8388608 60',
    ],
    ['lua-replicate-commands yes\nlist-max-ziplist-entries 5', 'timeout', '0'],
  ]
  for (const [text, name, expected] of cases) equal(textAfter(text, name), expected, text)
})

test('save points of one text add up', () => {
  const cases: [text: string, expected: string][] = [
    ['', '3600 1 300 100 60 10000'],
    ['save 900 1', '900 1'],
    ['save 900 1 30 2', '900 1 30 2'],
    ['save "900 1 30 2"', '900 1 30 2'],
    ['save 900 1\nsave 30 2', '900 1 30 2'],
    ['save ""', ''],
    ['save', ''],
    ['save 900 1\nsave ""\nsave 30 2', '30 2'],
    ['save +5 4294967297', '5 1'],
  ]
  for (const [text, expected] of cases) equal(textAfter(text, 'save'), expected, text)
})

test('save points around an include', () => {
  const files = new MemoryFiles({ '/srv/inc.conf': 'save 60 1\n' })
  const after = (text: string): string => load({ standardInput: text }, files).text('save')
  equal(after('save 900 1\ninclude inc.conf'), '900 1 60 1')
  equal(after('include inc.conf\nsave 30 3'), '30 3')
  // As in the reference, once a file has been included, each further line stands alone.
  equal(after('save 900 1\ninclude inc.conf\nsave 30 3\nsave 40 4'), '40 4')
})

test('bad lines', () => {
  const cases: [line: string, reason: string][] = [
    ['nosuch 1', 'Bad directive or wrong number of arguments'],
    ['"" 1', 'Bad directive or wrong number of arguments'],
    ['include', 'Bad directive or wrong number of arguments'],
    ['include a b', 'Bad directive or wrong number of arguments'],
    ['rename-command get', 'Bad directive or wrong number of arguments'],
    ['user', 'Bad directive or wrong number of arguments'],
    ['list-max-ziplist-entries 1 2', 'Bad directive or wrong number of arguments'],
    ['timeout', 'wrong number of arguments'],
    ['timeout 1 2', 'wrong number of arguments'],
    ['replicaof x', 'wrong number of arguments'],
    ['oom-score-adj-values 1 2', 'wrong number of arguments'],
    ['timeout x', "argument couldn't be parsed into an integer"],
    ['daemonize maybe', "argument must be 'yes' or 'no'"],
    ['maxclients 0', 'argument must be between 1 and 4294967295 inclusive'],
    ['requirepass "a', 'Unbalanced quotes in configuration line'],
    ['requirepass "a"b', 'Unbalanced quotes in configuration line'],
    ['save 900', 'Invalid save parameters'],
    ['dir nowhere', 'No such file or directory'],
    ['dir ""', 'No such file or directory'],
    ['a.b', 'Module config specified without value'],
    ['sentinel monitor x', 'sentinel directive while not in sentinel mode'],
    ['proc-title-template "{x}"', 'template format is invalid or contains unknown variables'],
  ]
  for (const [line, reason] of cases) {
    const error = failure(() => load({ standardInput: `# first\n  ${line} \nhz 1\n` }))
    deepEqual([error.message, error.line], [reason, { number: 2, text: line }])
  }
})

test('the report is that of the reference', () => {
  const error = failure(() => load({ standardInput: 'port 1\n\ttimeout x ' }))
  equal(
    error.report(),
    '\n*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\n' +
      "Reading the configuration file, at line 2\n>>> 'timeout x'\n" +
      "argument couldn't be parsed into an integer\n",
  )
  const whole = failure(() => load({ standardInput: 'cluster-enabled yes\nreplicaof localhost 1\n' }))
  equal(
    whole.report(),
    '\n*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\nreplicaof directive not allowed in cluster mode\n',
  )
})

test('file, standard input and options are one text, and the last word wins', () => {
  const files = new MemoryFiles({ '/srv/a.conf': 'timeout 1\nhz 21\nport 7000' })
  const config = load({ path: 'a.conf', standardInput: 'timeout 2\nhz 22', options: 'timeout "3" ' }, files)
  deepEqual([config.text('timeout'), config.text('hz'), config.text('port')], ['3', '22', '7000'])
  deepEqual([config.source('timeout'), config.source('hz'), config.source('save')], ['command line', 'file', 'default'])
})

test('lines are counted through all of it', () => {
  const files = new MemoryFiles({ '/srv/a.conf': 'hz 1\n', '/srv/b.conf': 'hz 1' })
  equal(failure(() => load({ path: 'a.conf', options: 'bad 1' }, files)).line?.number, 3)
  equal(failure(() => load({ path: 'b.conf', options: 'bad 1' }, files)).line?.number, 2)
  equal(failure(() => load({ path: 'b.conf', standardInput: 'bad 1', options: 'hz 1' }, files)).line?.number, 2)
  equal(failure(() => load({ options: 'bad 1' }, files)).line?.number, 2)
})

test('includes', () => {
  const texts = {
    '/srv/one.conf': 'timeout 1',
    '/srv/conf.d/a.conf': 'hz 11',
    '/srv/conf.d/b.conf': 'hz 12\ntimeout 12',
    '/srv/sub/x.conf': 'timeout 99\n',
    '/srv/bad.conf': '\ntimeout x',
    '/srv/self.conf': 'include self.conf\n',
    '/srv/many.conf': 'include many.conf\n'.repeat(3),
  }
  const after = (text: string): Config => load({ standardInput: text }, new MemoryFiles(texts))
  equal(after('include one.conf').text('timeout'), '1')
  equal(after('include one.conf\ntimeout 5').text('timeout'), '5')
  equal(after('include conf.d/*.conf').text('hz'), '12')
  equal(after('include nothing/*.conf\nhz 5').text('hz'), '5')
  equal(after('dir sub\ninclude x.conf').text('timeout'), '99')
  deepEqual(failure(() => after('include bad.conf')).line, { number: 2, text: 'timeout x' })
  equal(failure(() => after('include self.conf')).message, 'Includes are nested too deeply')
  equal(failure(() => after('include many.conf')).message, 'Includes are nested too deeply')
})

test('a file that cannot be read', () => {
  const error = failure(() => load({ path: 'missing.conf' }))
  ok(error instanceof ConfigFileError)
  equal(error.report(), "Fatal error, can't open config file 'missing.conf': No such file or directory")
  equal(failure(() => load({ standardInput: 'include missing.conf' })).report(), error.report())
  const files = new MemoryFiles({ '/srv/a.conf': '' })
  files.failure = 'EACCES'
  equal(
    failure(() => load({ path: 'a.conf' }, files)).message,
    "Fatal error, can't open config file 'a.conf': Permission denied",
  )
})

test('without files there is nothing to include', () => {
  const config = new Config()
  failure(() => config.load({ standardInput: 'include a.conf' }))
  failure(() => config.load({ path: 'a.conf' }))
  config.load({ standardInput: 'dir anywhere' })
  equal(config.text('dir'), 'anywhere')
})

test('lines for others are kept', () => {
  const config = new Config({ isSentinel: true })
  config.load({
    standardInput:
      'user alice on "+@all"\nUSER bob off\nrename-command GET ""\nloadmodule /x.so a b\nMod.Name "a b" c\n' +
      'sentinel\nsentinel monitor primary 127.0.0.1 6379 2\n',
  })
  deepEqual(config.users, [
    { words: ['alice', 'on', '+@all'], line: { number: 1, text: 'user alice on "+@all"' } },
    { words: ['bob', 'off'], line: { number: 2, text: 'USER bob off' } },
  ])
  deepEqual(config.renames, [{ from: 'GET', to: '' }])
  deepEqual(config.modules, [{ path: '/x.so', args: ['a', 'b'] }])
  deepEqual([...config.moduleParameters], [['mod.name', 'a b c']])
  deepEqual(config.sentinelLines, [
    {
      words: ['monitor', 'primary', '127.0.0.1', '6379', '2'],
      line: { number: 7, text: 'sentinel monitor primary 127.0.0.1 6379 2' },
    },
  ])
})

test('others may refuse their lines', () => {
  const checks = {
    user: (words: readonly string[]) => (words[0] === 'bad' ? "Error in user declaration 'bad': x" : undefined),
    renameCommand: (from: string) => (from === 'nosuch' ? 'No such command in rename-command' : undefined),
  }
  const config = new Config()
  config.load({ standardInput: 'user good\nrename-command get x' }, checks)
  for (const [line, reason] of [
    ['user bad', "Error in user declaration 'bad': x"],
    ['rename-command nosuch x', 'No such command in rename-command'],
  ] as const) {
    equal(failure(() => config.load({ standardInput: line }, checks)).message, reason)
  }
})

test('cluster mode has one database', () => {
  const warnings: string[] = []
  const config = new Config({ log: { write: (_level, message) => warnings.push(message) } })
  config.load({ standardInput: 'cluster-enabled yes\ndatabases 4' })
  equal(config.values.databases, 1)
  deepEqual(warnings, ['WARNING: Changing databases number from 4 to 1 since we are in cluster mode'])
})

test('sentinel listens elsewhere and is not protected', () => {
  const config = new Config({ isSentinel: true })
  deepEqual(config.get(['port', 'protected-mode']), [
    ['port', '26379'],
    ['protected-mode', 'no'],
  ])
})
