import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { Manifest, ManifestError, parseManifest } from '../../../../src/persistence/aof/manifest.js'

function refusal(text: string): readonly string[] {
  try {
    parseManifest(text, 'm')
  } catch (error) {
    if (error instanceof ManifestError) return error.report
    throw error
  }
  return []
}

describe('manifest of the append-only file', () => {
  test('its life: first base and increment, rewrites, history', () => {
    let manifest = new Manifest().withBase('a.aof', true).withIncrement('a.aof')
    assert.equal(String(manifest), 'file a.aof.1.base.rdb seq 1 type b\nfile a.aof.1.incr.aof seq 1 type i\n')
    manifest = manifest.withIncrement('a.aof').withIncrement('a.aof')
    manifest = manifest.withBase('a.aof', false).withIncrementsDone(1)
    assert.equal(
      String(manifest),
      'file a.aof.2.base.aof seq 2 type b\nfile a.aof.1.incr.aof seq 1 type h\nfile a.aof.2.incr.aof seq 2 type h\n' +
        'file a.aof.1.base.rdb seq 1 type h\nfile a.aof.3.incr.aof seq 3 type i\n',
    )
    assert.deepEqual(parseManifest(String(manifest), 'm'), manifest)
    manifest = manifest.withoutHistory().withIncrementsDone(0)
    assert.equal(manifest.increments.length, 0)
    assert.equal(String(manifest.withIncrement('a.aof')).includes('a.aof.4.incr.aof seq 4 type i'), true)
  })

  test('an old file as base', () => {
    const manifest = new Manifest().withOldFile('appendonly.aof')
    assert.equal(String(manifest), 'file appendonly.aof seq 1 type b\n')
    assert.equal(manifest.withBase('appendonly.aof', true).base?.name, 'appendonly.aof.2.base.rdb')
  })

  test('what it refuses, in the words of the reference', () => {
    const cases: readonly (readonly [string, string, number?, string?])[] = [
      ['', 'Found an empty AOF manifest'],
      ['\n', 'Invalid AOF manifest file format', 1, ''],
      ['file a seq 1 type b\n\n', 'Invalid AOF manifest file format', 2, ''],
      ['file a seq 1 type b', 'The AOF manifest file contains too long line'],
      [`file ${'a'.repeat(2000)} seq 1 type b\n`, 'The AOF manifest file contains too long line'],
      ['file a seq 1\n', 'Invalid AOF manifest file format', 1, 'file a seq 1'],
      ['file a seq 1 type b x\n', 'Invalid AOF manifest file format', 1, 'file a seq 1 type b x'],
      ['file a seq 0 type b\n', 'Invalid AOF manifest file format', 1, 'file a seq 0 type b'],
      ['file "a seq 1 type b\n', 'Invalid AOF manifest file format', 1, 'file "a seq 1 type b'],
      ['nofile a seq 1 type b\n', 'Invalid AOF manifest file format', 1, 'nofile a seq 1 type b'],
      ['file a/b seq 1 type b\n', "File can't be a path, just a filename", 1, 'file a/b seq 1 type b'],
      ['file a seq 1 type b\nfile b seq 2 type b\n', 'Found duplicate base file information', 2, 'file b seq 2 type b'],
      ['file a seq 2 type i\nfile b seq 2 type i\n', 'Found a non-monotonic sequence number', 2, 'file b seq 2 type i'],
      ['file a seq 2 type x\n', 'Unknown AOF file type', 1, 'file a seq 2 type x'],
    ]
    for (const [text, message, lineNumber, line] of cases) {
      const expected = ['\n*** FATAL AOF MANIFEST FILE ERROR ***\n']
      if (line !== undefined) expected.push(`Reading the manifest file, at line ${lineNumber}\n`, `>>> '${line}'\n`)
      assert.deepEqual(refusal(text), [...expected, `${message}\n`], text)
    }
  })

  test('comments, blanks, any case, further words', () => {
    const manifest = parseManifest('# hi\n  FILE "a b.aof" SEQ 7x Type incr more yes \t\r\n', 'm')
    assert.deepEqual(manifest.increments, [{ name: 'a b.aof', sequence: 7 }])
  })

  test('any name comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        const name = String.fromCharCode(...bytes).replace(/[/\\]/g, '_')
        const manifest = new Manifest().withBase(name, true).withIncrement(name)
        assert.deepEqual(parseManifest(String(manifest), 'm'), manifest)
      }),
    )
  })
})
