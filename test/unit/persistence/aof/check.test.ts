import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { latin1Bytes } from '../../../../src/base/bytes.js'
import { checkAppendOnlyFile, type CheckOptions } from '../../../../src/persistence/aof/check.js'
import { FakeFiles } from '../../../support/fake-files.js'

const OK = '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nset\r\n$1\r\na\r\n$1\r\n1\r\n'
const CUT = `${OK}*3\r\n$3\r\nset\r\n$1\r\na`

interface Run {
  readonly status: number
  readonly lines: string[]
  readonly files: FakeFiles
}

function check(contents: Readonly<Record<string, string>>, options: Partial<CheckOptions> = {}, answer = 'n'): Run {
  const files = new FakeFiles()
  for (const [path, content] of Object.entries(contents)) files.write(path, latin1Bytes(content))
  let printed = ''
  const status = checkAppendOnlyFile(
    { path: Object.keys(contents)[0]!, fixes: false, truncatesTo: undefined, ...options },
    {
      files,
      print: (text) => void (printed += text),
      ask: () => answer,
      checkSnapshot: (_path, file) => (file.size() > 20 ? 13 : undefined),
    },
  )
  return { status, lines: printed.trimEnd().split('\n'), files }
}

describe('checking an append-only file', () => {
  test('one that is whole, and an empty one', () => {
    const { lines, status } = check({ 'a.aof': OK })
    assert.equal(status, 0)
    assert.deepEqual(lines, [
      'Start checking Old-Style AOF',
      'AOF analyzed: filename=a.aof, size=50, ok_up_to=50, ok_up_to_line=13, diff=0',
      'AOF a.aof is valid',
    ])
    assert.deepEqual(check({ 'a.aof': '' }).lines[1], 'AOF a.aof is empty')
  })

  test('what is wrong, and where', () => {
    const cases: readonly (readonly [string, string])[] = [
      [`${OK}!!!`, 'AOF a.aof format error'],
      [CUT, '0x              43: Expected to read 3 bytes, got 1 bytes'],
      [`${OK}*1\r\n$5\r\nmulti\r\n${OK}`, '0x              70: Reached EOF before reading EXEC for MULTI'],
      [`${OK}*1\r\n$4\r\nexec\r\n`, '0x              3a: Unexpected EXEC in AOF a.aof'],
      ['*1\r\n$5\r\nmulti\r\n*1\r\n$5\r\nMULTI\r\n', '0x              17: Unexpected MULTI in AOF a.aof'],
      ['*3\r\n$3\r\nset\r\n+1\r\na\r\n', "0x               d: Expected prefix '$', got: '+'"],
      ['*3\r\n$3\r\nsetx\r\n', '0x               8: Expected \\r\\n, got: 780d'],
      ['*1\r\n$-3\r\n', '0x               4: Expected to read string of -3 bytes, which is not in the suitable range'],
    ]
    for (const [content, problem] of cases) {
      const { lines, status } = check({ 'a.aof': content })
      assert.equal(status, 1)
      assert.equal(lines[1], problem)
      assert.equal(lines.at(-1), 'AOF a.aof is not valid. Use the --fix option to try fixing it.')
    }
  })

  test('--fix cuts back to the last whole command, when that is wanted', () => {
    const no = check({ 'a.aof': CUT }, { fixes: true })
    assert.equal(no.status, 1)
    assert.equal(no.files.size('a.aof'), CUT.length)
    assert.equal(no.lines.at(-1), 'Continue? [y/N]: Aborting...')
    const yes = check({ 'a.aof': CUT }, { fixes: true }, 'y')
    assert.equal(yes.status, 0)
    assert.equal(yes.files.size('a.aof'), OK.length)
    assert.equal(yes.lines.at(-1), 'Continue? [y/N]: Successfully truncated AOF a.aof')
    const multi = check({ 'a.aof': `${OK}*1\r\n$5\r\nmulti\r\n${OK}` }, { fixes: true }, 'Y')
    assert.equal(multi.files.size('a.aof'), OK.length)
  })

  test('--truncate-to-timestamp', () => {
    const timed = `#TS:100\r\n${OK}#TS:200\r\n${OK}#TS:300\r\n${OK}`
    const { files, lines, status } = check({ 'a.aof': timed }, { truncatesTo: 200 })
    assert.equal(status, 0)
    assert.equal(files.size('a.aof'), timed.indexOf('#TS:300'))
    assert.equal(lines.at(-1), 'Successfully truncated AOF a.aof to timestamp 200')
    assert.match(check({ 'a.aof': timed }, { truncatesTo: 400 }).lines.at(-2)!, /Truncate nothing in AOF a.aof/)
    assert.match(check({ 'a.aof': timed }, { truncatesTo: 50 }).lines.at(-1)!, /has nothing before timestamp 50/)
    assert.equal(check({ 'a.aof': '#TS:x\r\n' }, { truncatesTo: 50 }).lines.at(-1), 'Invalid timestamp annotation')
  })

  test('a manifest with all its files', () => {
    const list = 'file b.rdb seq 1 type b\nfile i.aof seq 1 type i\nfile j.aof seq 2 type i\n'
    const whole = { 'd/m': list, 'd/b.rdb': `REDIS0011xxxx${OK}`, 'd/i.aof': '', 'd/j.aof': OK }
    const { lines, status } = check(whole)
    assert.equal(status, 0)
    assert.deepEqual(lines, [
      'Start checking Multi Part AOF',
      'Start to check BASE AOF (RDB format).',
      'RDB preamble is OK, proceeding with AOF tail...',
      'AOF analyzed: filename=b.rdb, size=63, ok_up_to=63, ok_up_to_line=13, diff=0',
      'BASE AOF b.rdb is valid',
      'Start to check INCR files.',
      'INCR AOF i.aof is empty',
      'AOF analyzed: filename=j.aof, size=50, ok_up_to=50, ok_up_to_line=13, diff=0',
      'INCR AOF j.aof is valid',
      'All AOF files and manifest are valid',
    ])
    const torn = check({ ...whole, 'd/i.aof': CUT }, { fixes: true }, 'y')
    assert.equal(torn.lines.at(-1), 'Failed to truncate AOF i.aof because it is not the last file')
    const early = check({ ...whole, 'd/i.aof': `${OK}#TS:9\r\n${OK}` }, { truncatesTo: 5 })
    assert.match(early.lines.at(-2)!, /to offset 50 because it is not the last file/)
    assert.equal(check({ 'd/m': list }).lines.at(-1)!.startsWith('Cannot open file d/b.rdb: '), true)
    assert.equal(check({ m: 'file a seq 1\n' }).lines.at(-1), 'Invalid AOF manifest file format')
    const broken = check({ ...whole, 'd/b.rdb': 'REDIS0011' })
    assert.equal(broken.lines.at(-1), 'RDB preamble of AOF file is not sane, aborting.')
  })
})
