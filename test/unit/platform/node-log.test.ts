import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { NodeLog } from '../../../src/platform/node-log.js'

function withLog(run: (log: NodeLog, read: (name?: string) => string[], folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'spinel-test-'))
  try {
    const log = new NodeLog()
    log.moveTo(join(folder, 'log'))
    run(log, (name = 'log') => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1), folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('lines have the head that tools know', () => {
  withLog((log, read) => {
    log.level = 'debug'
    log.write('debug', 'one')
    log.write('verbose', 'two')
    log.role = 'S'
    log.write('notice', 'three')
    log.write('warning', 'four')
    const head = String.raw`^${process.pid}:(\w) \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d\.\d{3} `
    const expected = ['M . one', 'M - two', 'S * three', 'S # four']
    assert.deepEqual(
      read().map((line) => line.replace(new RegExp(head), '$1 ')),
      expected,
    )
  })
})

test('lesser messages are left out, and "nothing" leaves out all', () => {
  withLog((log, read) => {
    log.level = 'notice'
    log.write('verbose', 'no')
    log.write('notice', 'yes')
    log.level = 'nothing'
    log.write('warning', 'no')
    log.raw('no\n')
    assert.deepEqual(read().length, 1)
  })
})

test('text without a head, and long messages cut', () => {
  withLog((log, read) => {
    log.raw('a logo\n')
    log.write('notice', 'x'.repeat(5000))
    const [logo, long] = read()
    assert.equal(logo, 'a logo')
    assert.ok(long!.endsWith('x'))
    assert.ok(long!.length < 1100)
  })
})

test('a log that is moved away goes on in a new file', () => {
  withLog((log, read, folder) => {
    log.write('notice', 'one')
    renameSync(join(folder, 'log'), join(folder, 'old'))
    log.write('notice', 'two')
    assert.match(read('old').join(), /one$/)
    assert.match(read().join(), /two$/)
  })
})

test('a file that cannot be written is refused when it is chosen, and ignored later on', () => {
  withLog((log, _read, folder) => {
    assert.throws(() => log.moveTo(join(folder, 'nosuch', 'log')), { code: 'ENOENT' })
    rmSync(folder, { recursive: true, force: true })
    log.write('notice', 'into the void')
  })
})
