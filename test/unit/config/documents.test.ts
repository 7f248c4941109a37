import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of package.json, from wherever this test was compiled to. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

test('spinel.conf and docs/differences.md are what the parameter table says', async () => {
  const root = findRoot()
  const writer = (await import(pathToFileURL(join(root, 'scripts/write-config-docs.mjs')).href)) as {
    sampleFile(): string
    differencesPage(): string
  }
  assert.equal(readFileSync(join(root, 'spinel.conf'), 'utf8'), writer.sampleFile())
  assert.equal(readFileSync(join(root, 'docs/differences.md'), 'utf8'), writer.differencesPage())
})
