import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { OperationalError } from '../../../src/base/operational-error.js'
import { byteString } from '../../../src/platform/byte-string.js'
import { NodeDisk } from '../../../src/platform/node-disk.js'

const disk = new NodeDisk()
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'spinel-test-'))
  try {
    run(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('writing atomically leaves the new file and nothing else', () => {
  inFolder((folder) => {
    const path = join(folder, 'file')
    disk.writeAtomically(path, bytes('old'))
    disk.writeAtomically(path, bytes('new'))
    assert.equal(readFileSync(path, 'utf8'), 'new')
    assert.deepEqual(readdirSync(folder), ['file'])
    disk.append(path, bytes('er'))
    assert.deepEqual(disk.read(path), Buffer.from('newer'))
    disk.writePlainly(path, '17\n')
    assert.equal(readFileSync(path, 'utf8'), '17\n')
    disk.remove(path)
    assert.equal(disk.exists(path), false)
    disk.remove(path) // what is gone need not be removed
  })
})

test('failures are operational errors with code and path', () => {
  inFolder((folder) => {
    const path = join(folder, 'nosuch', 'file')
    for (const run of [
      () => disk.read(path),
      () => disk.writeAtomically(path, bytes('x')),
      () => disk.append(path, bytes('x')),
      () => disk.changeDirectory(path),
    ]) {
      assert.throws(
        run,
        (error) => error instanceof OperationalError && error.code === 'ENOENT' && error.subject === path,
      )
    }
  })
})

test('patterns match names in a folder, in order', () => {
  inFolder((folder) => {
    for (const name of ['b.conf', 'a.conf', 'c.txt', '.hidden.conf', 'ä.conf']) writeFileSync(join(folder, name), '')
    mkdirSync(join(folder, 'sub'))
    const names = (pattern: string): string[] =>
      disk.glob(join(folder, pattern)).map((path) => path.slice(folder.length + 1))
    assert.deepEqual(names('*.conf'), ['a.conf', 'b.conf', byteString('ä.conf')])
    assert.deepEqual(names('[ac].*'), ['a.conf', 'c.txt'])
    assert.deepEqual(names('plain'), ['plain'])
    assert.deepEqual(disk.glob(join(folder, 'nosuch', '*.conf')), [])
  })
})

test('names beyond ASCII are byte strings on this side', () => {
  inFolder((folder) => {
    const path = byteString(join(folder, 'ä'))
    disk.writeAtomically(path, bytes('x'))
    assert.deepEqual(readdirSync(folder), ['ä'])
    assert.equal(disk.exists(path), true)
    assert.equal(disk.absolutePath(path), path)
  })
})
