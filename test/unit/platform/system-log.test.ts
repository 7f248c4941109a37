import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { SystemLog } from '../../../src/platform/system-log.js'

const isWindows = process.platform === 'win32'

/** Runs with a `logger` of our own, first in the path, that notes its arguments and what it reads. */
async function withLogger(script: string, run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spinel-'))
  const path = process.env['PATH']
  writeFileSync(join(folder, 'logger'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'logger'), 0o755)
  process.env['PATH'] = `${folder}${delimiter}${path ?? ''}`
  try {
    await run(folder)
  } finally {
    process.env['PATH'] = path
    rmSync(folder, { recursive: true })
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('messages reach the logger with identity and priority', { skip: isWindows }, async () => {
  await withLogger('echo "$@" > "$(dirname "$0")/args"; head -n 2 > "$(dirname "$0")/lines"', async (folder) => {
    let goneReason = ''
    const log = new SystemLog('redis', 'local3', (reason) => (goneReason = reason))
    log.write('notice', 'hello')
    log.write('warning', 'two\nlines')
    await until(() => goneReason !== '')
    assert.equal(readFileSync(join(folder, 'args'), 'utf8'), '-t redis --prio-prefix\n')
    assert.equal(readFileSync(join(folder, 'lines'), 'utf8'), '<157>hello\n<156>two lines\n')
    log.write('notice', 'to nobody')
  })
})

test('a logger that is missing is told of once', { skip: isWindows }, async () => {
  const path = process.env['PATH']
  process.env['PATH'] = join(tmpdir(), 'no-such-folder')
  try {
    const reasons: string[] = []
    const log = new SystemLog('redis', 'user', (reason) => reasons.push(reason))
    log.write('notice', 'hello')
    await until(() => reasons.length > 0)
    log.write('notice', 'again')
    assert.equal(reasons.length, 1)
    assert.ok(!existsSync(join(tmpdir(), 'no-such-folder')))
  } finally {
    process.env['PATH'] = path
  }
})
