/** The examples in README.md, docs/embedding.md and examples/ run, and print what they say they print. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { findRoot } from '../../tidy/sources.js'

const root = findRoot()
/** Within the package, so that `import 'spinel'` finds it. */
const folder = mkdtempSync(join(root, 'dist', 'examples-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const run = async (...args: string[]): Promise<string> => {
  const env = { ...process.env, NODE_TEST_CONTEXT: '' } // what runs is no part of this test run
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env, timeout: 60_000 })
  return stdout
}

/** Blocks of code in plain `ts`; one marked further (`ts ioredis`) needs what is not here. */
function blocksOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map((match) => match[1]!)
}

/** What the lines that print say they print: behind them, or below where it cannot be told which line prints it. */
function promised(block: string): string[] {
  return [...block.matchAll(/console\.log\(.*\) \/\/ (.*)$|^\/\/ (.*)$/gm)].map((match) => (match[1] ?? match[2])!)
}

for (const file of ['README.md', 'docs/embedding.md']) {
  describe(file, () => {
    const blocks = blocksOf(file)
    test('has examples', () => assert.ok(blocks.some((block) => block.includes("from 'spinel'"))))
    for (const [index, block] of blocks.entries()) {
      const title = block.match(/^(?!import|\s*$).*$/m)?.[0] ?? ''
      test(`example ${index + 1}: ${title}`, async () => {
        const path = join(folder, `${file.replace(/\W/g, '-')}-${index}.mjs`)
        writeFileSync(path, block)
        assert.deepEqual((await run(path)).trimEnd().split('\n'), promised(block))
      })
    }
  })
}

describe('examples', () => {
  test('cache', async () => {
    assert.equal(await run('examples/cache.mjs'), "{ id: '1', name: 'User 1' }\n2 loads, 2 entries, 1 hits\n")
  })
  test('test fixture', async () => {
    assert.match(await run('--test-reporter=tap', 'examples/fixture.test.mjs'), /# pass 3\n# fail 0/)
  })
})
