import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OpenFile } from '../../../src/base/environment.js'
import { OperationalError } from '../../../src/base/operational-error.js'
import { HELP, parseArguments, type RdbArguments, Task } from '../../../src/cli/rdb/arguments.js'
import { Output, OutputClosed } from '../../../src/cli/rdb/output.js'
import { ProgressBar } from '../../../src/cli/rdb/progress-bar.js'
import { runTask, scratchKeyspace } from '../../../src/cli/rdb/tasks.js'
import { sizeText } from '../../../src/cli/rdb/text.js'
import { fillWithEverything, rdbOf } from '../../support/rdb-data.js'
import { SeededRandom, TestStore } from '../../support/test-store.js'

const NOW_MS = 1_700_000_000_000
const clock = { nowMs: () => NOW_MS, monotonicUs: () => 0 }

function fileOf(bytes: Uint8Array): OpenFile {
  return {
    path: 'dump.rdb',
    size: () => bytes.length,
    read: (into: Uint8Array, start: number, end: number, position: number) => {
      const length = Math.min(end - start, bytes.length - position, 1000)
      into.set(bytes.subarray(position, position + length), start)
      return length
    },
  } as unknown as OpenFile
}

function argumentsOf(words: string): RdbArguments {
  const args = parseArguments(words.split(' ').filter((word) => word !== ''))
  if (typeof args === 'string') throw new Error(args)
  return args
}

interface Outcome {
  readonly text: string
  readonly warnings: string[]
  readonly error: OperationalError | undefined
}

/** Runs a command line whose file holds these bytes. */
function run(words: string, bytes: Uint8Array): Outcome {
  const parts: Buffer[] = []
  const warnings: string[] = []
  const keyspace = scratchKeyspace(new SeededRandom(1))
  let error: OperationalError | undefined
  try {
    runTask(argumentsOf(words), fileOf(bytes), {
      clock,
      keyspace,
      output: new Output((from, start, end) => parts.push(Buffer.from(from.slice(start, end))) > 0),
      progress: () => {},
      warn: (text) => void warnings.push(text),
    })
  } catch (thrown) {
    if (!(thrown instanceof OperationalError)) throw thrown
    error = thrown
  }
  keyspace.arena.validate()
  return { text: Buffer.concat(parts).toString('utf8'), warnings, error }
}

function linesOf(words: string, bytes: Uint8Array): string[] {
  const { error, text } = run(words, bytes)
  assert.equal(error, undefined)
  return text.trimEnd().split('\n')
}

const everything = new TestStore({ 'enable-debug-command': 'yes' })
fillWithEverything(everything, true)
const FILE = rdbOf(everything)

function fileWith(...requests: string[]): Uint8Array {
  const store = new TestStore()
  for (const request of requests) store.send(...request.split(' '))
  return rdbOf(store)
}

describe('spinel-rdb summary', () => {
  it('counts by type, form, database, prefix, size and time to live', () => {
    const [head, ...lines] = linesOf('dump.rdb', FILE)
    assert.match(head!, /^dump\.rdb: [\d.]+ KB, RDB version 11, \d+ keys, \d+ elements$/)
    assert.ok(lines.includes('  redis-ver = 7.2.4'))
    const titles = [
      'type',
      'form in the file',
      'database',
      'prefix',
      'size in the file',
      'time to live',
      'largest keys',
    ]
    for (const title of titles)
      assert.ok(
        lines.some((line) => line.startsWith(`  ${title} `)),
        title,
      )
    assert.ok(lines.some((line) => /^ {2}set as intset +1 +4 /.test(line)))
    assert.ok(lines.some((line) => /^ {2}hash: +3 /.test(line)))
    assert.ok(lines.some((line) => /^ {2}up to an hour +2 /.test(line)))
  })

  it('is one JSON object with --json', () => {
    const summary = JSON.parse(linesOf('--json --top 2 dump.rdb', FILE)[0]!)
    const keys = everything.store.keyspace.keyCount
    assert.equal(summary.total.keys, keys)
    assert.equal(summary.version, 11)
    assert.deepEqual(Object.keys(summary.databases), ['0', '3'])
    assert.equal(summary.databases['3'].keys, 1)
    assert.equal(summary.largest.length, 2)
    assert.ok(summary.largest[0].bytes >= summary.largest[1].bytes)
    assert.equal(summary.types.stream.keys, 2)
  })

  it('takes another delimiter, more parts, and a part of the keys', () => {
    const bytes = fileWith('SET a/b/1 x', 'SET a/b/2 x', 'SET a/c/1 x', 'SADD a/b/3 m', 'SET plain x')
    const prefixes = (words: string): unknown => {
      const summary = JSON.parse(linesOf(`--json ${words} f`, bytes)[0]!)
      return Object.fromEntries(
        Object.entries(summary.prefixes).map(([name, group]) => [name, (group as { keys: number }).keys]),
      )
    }
    assert.deepEqual(prefixes('--delimiter /'), { 'a/': 4, '(none)': 1 })
    assert.deepEqual(prefixes('--delimiter / --depth 2'), { 'a/b/': 3, 'a/c/': 1, '(none)': 1 })
    assert.deepEqual(prefixes('--delimiter / --type string --match a/b*'), { 'a/': 2 })
    assert.deepEqual(prefixes('--db 1'), {})
  })

  it('names the largest keys alone', () => {
    const lines = linesOf('largest --top 3 f', FILE)
    assert.equal(lines.length, 5)
    assert.match(lines[1]!, /^ {2}largest keys +type +form +database +elements +bytes$/)
  })
})

describe('spinel-rdb json', () => {
  it('writes a line for each key, with its value', () => {
    const keys = linesOf('json f', FILE).map((line) => JSON.parse(line))
    assert.equal(keys.length, everything.store.keyspace.keyCount)
    const valueOf = (name: string): unknown => keys.find(({ key }) => key === name).value
    assert.equal(valueOf('string:5'), '9223372036854775807')
    assert.deepEqual(valueOf('list:listpack'), ['a', '1', '-70000', '9223372036854775807', ''])
    assert.deepEqual((valueOf('set:intset') as string[]).sort(), ['-7', '123456789012', '5', '70000'])
    assert.deepEqual(valueOf('hash:listpack'), [['f', 'v'], ['g', '12'], ['h', '']]) // prettier-ignore
    assert.deepEqual(valueOf('zset:listpack'), [['least', '-inf'], ['one', 1], ['more', 1.5], ['most', 'inf']]) // prettier-ignore
    assert.equal((valueOf('hash:many') as unknown[]).length, 140)
    const expiring = keys.find(({ key }) => key === 'expires')
    assert.equal(expiring.expiresAt, everything.time.nowMs + 100_000)
    assert.equal(keys.find(({ key }) => key === 'elsewhere').db, 3)
  })

  it('writes streams with their groups', () => {
    const stream = JSON.parse(linesOf('json --match stream f', FILE)[0]!).value
    assert.equal(stream.entries.length, 110)
    assert.deepEqual(stream.entries[0], ['1001-1', [['field', '1'], ['odd', 'v']]]) // prettier-ignore
    assert.equal(stream.lastId, '1120-120')
    assert.equal(stream.groups[0].name, 'group')
    assert.equal(stream.groups[0].consumers[0].pending.length, 4)
  })

  it('writes what is no UTF-8 in base64', () => {
    const store = new TestStore()
    store.send('SET', Uint8Array.of(0xff, 0xfe), Uint8Array.of(0, 0xc3, 0x28))
    const [line] = linesOf('json f', rdbOf(store))
    const { key, value } = JSON.parse(line!)
    assert.deepEqual([...Buffer.from(key.base64, 'base64')], [0xff, 0xfe])
    assert.deepEqual([...Buffer.from(value.base64, 'base64')], [0, 0xc3, 0x28])
  })
})

describe('spinel-rdb commands', () => {
  it('rebuilds the data set', () => {
    const copy = new TestStore({ 'enable-debug-command': 'yes' })
    for (const line of linesOf('commands f', FILE)) {
      const reply = copy.send(...wordsOf(line))
      assert.ok(!(reply instanceof Error), `${line.slice(0, 80)}: ${String(reply)}`)
    }
    assert.equal(copy.send('DEBUG', 'DIGEST'), everything.send('DEBUG', 'DIGEST'))
  })

  it('writes requests with --pipe', () => {
    const bytes = fileWith('SET k v', 'SELECT 2', 'RPUSH l a b')
    const { text } = run('commands --pipe f', bytes)
    assert.equal(
      text,
      '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n2\r\n' +
        '*4\r\n$5\r\nRPUSH\r\n$1\r\nl\r\n$1\r\na\r\n$1\r\nb\r\n',
    )
  })

  it('quotes what is not plain', () => {
    const store = new TestStore()
    store.send('SET', 'a b', 'say "\\"\r\n\xff')
    assert.deepEqual(linesOf('commands f', rdbOf(store)), ['SET "a b" "say \\"\\\\\\"\\r\\n\\xff"'])
  })
})

/** A line as redis-cli reads it. */
function wordsOf(line: string): string[] {
  const words: string[] = []
  for (const [, plain, quoted] of line.matchAll(/([^\s"]+)|"((?:[^"\\]|\\.)*)"/g)) {
    words.push(plain ?? quoted!.replace(/\\x(..)|\\(.)/g, (_all, hex, letter) => unescaped(hex, letter)))
  }
  return words
}

function unescaped(hex: string | undefined, letter: string): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
  return { n: '\n', r: '\r', t: '\t' }[letter] ?? letter
}

describe('spinel-rdb explain', () => {
  it('leaves no byte out and names none twice', () => {
    const fields = linesOf(`explain f 0+${FILE.length}`, FILE).map((line) => line.trim().split(/\s+/))
    let end = 0
    for (const [offset, , bytes] of fields) {
      // What is inside of a field comes behind it.
      if (Number(offset) < end) continue
      assert.equal(Number(offset), end)
      end += Number(bytes)
    }
    assert.equal(end, FILE.length)
  })

  it('says offset, length, meaning and content', () => {
    const bytes = fileWith('SET k v', 'RPUSH l a 12')
    const lines = linesOf(`explain f 0+${bytes.length}`, bytes).map((line) => line.trim().replace(/ {2,}/g, '  '))
    assert.ok(lines.some((line) => /^0 0x0{8} +9 +signature and version: REDIS0011$/.test(line)))
    assert.ok(lines.some((line) => /^\d+ 0x\w{8} +2 +key, 1 bytes: "k"$/.test(line)))
    assert.ok(lines.some((line) => line.endsWith(' type: 18: list as quicklist of listpacks')))
    assert.ok(lines.some((line) => / node 0, \d+ bytes: 2 elements$/.test(line)))
    assert.ok(lines.some((line) => line.endsWith(' element 1: "12"')))
    assert.match(lines.at(-1)!, / 8 +CRC-64 of all in front of it: \w{16}$/)
  })

  it('shows only what reaches into the range', () => {
    assert.deepEqual(linesOf('explain f 3', FILE).length, 1)
    assert.match(linesOf('explain f 0x9-0xa', FILE).join('\n'), /opcode: 250.*\n.*name, 9 bytes/)
  })

  it('explains up to where the file stops making sense', () => {
    const damaged = fileWith('SET k v')
    const at = damaged.length - 9
    damaged[at] = 0xf6
    const { error, text } = run(`explain f 0+${damaged.length}`, damaged)
    assert.match(text, /value, 1 bytes: "v"/)
    assert.equal(error?.subject, `offset ${at}`)
  })

  it('refuses a range behind the file', () => {
    const { error } = run(`explain f ${FILE.length}`, FILE)
    assert.equal(error?.message, `the file has ${FILE.length} bytes`)
  })
})

describe('spinel-rdb and a broken file', () => {
  for (const task of ['summary', 'largest', 'json', 'commands']) {
    it(`names the offset: ${task}`, () => {
      const { error, text } = run(`${task} f`, FILE.subarray(0, FILE.length >> 1))
      assert.match(error!.subject, /^offset \d+$/)
      assert.notEqual(text, '')
      const damaged = FILE.slice()
      damaged[damaged.length - 1]! ^= 1
      assert.equal(run(`${task} f`, damaged).error?.message, 'the checksum is wrong')
    })
  }

  it('loses no memory and never hangs, whatever byte is changed', () => {
    for (let at = 0; at < FILE.length; at += 97) {
      const damaged = FILE.slice()
      damaged[at]! ^= 0xff
      run('json f', damaged)
      const explained = run(`explain f 0+${FILE.length}`, damaged)
      if (explained.error !== undefined) assert.match(explained.error.subject, /^offset \d+$/)
    }
  })
})

describe('the arguments of spinel-rdb', () => {
  const wrong: readonly [string, string][] = [
    ['', 'no file given'],
    ['--what f', 'unknown option --what'],
    ['f --db', '--db needs a value'],
    ['f --db x', '--db needs a number'],
    ['f --type tree', 'tree is no type'],
    ['json f g', 'too many words: g'],
    ['explain f', 'explain needs a range'],
    ['explain f 9-3', '9-3 is no range'],
    ['explain f x', 'x is no range'],
  ]
  for (const [words, problem] of wrong) {
    it(`refuse "${words}"`, () => {
      assert.equal(parseArguments(words.split(' ').filter((word) => word !== '')), problem)
    })
  }

  it('are described by --help, tasks and options alike', () => {
    for (const task of Task) assert.match(HELP, new RegExp(`^  ${task} `, 'm'))
    for (const option of ['db', 'type', 'match', 'delimiter', 'depth', 'top', 'json', 'pipe']) {
      assert.match(HELP, new RegExp(`^  --${option}[ ,]`, 'm'))
    }
  })
})

describe('output and progress', () => {
  it('ends when nobody reads any more', () => {
    const output = new Output(() => false)
    output.line('text')
    assert.throws(() => output.flush(), OutputClosed)
  })

  it('shows how far it is, and takes that away again', () => {
    let nowUs = 0
    let shown = ''
    const bar = new ProgressBar({ nowMs: () => 0, monotonicUs: () => nowUs }, 1000, (text) => void (shown += text))
    bar.show(1)
    assert.equal(shown, '')
    nowUs = 1_000_000
    bar.show(500)
    assert.match(shown, /^\r\[#{15}-{15}\] 50\.0 % of 1000 B, 1 s left/)
    bar.end()
    assert.match(shown, /\r +\r$/)
  })

  it('writes sizes', () => {
    assert.deepEqual([0, 1023, 1536, 3 << 20].map(sizeText), ['0 B', '1023 B', '1.5 KB', '3.0 MB'])
  })
})
