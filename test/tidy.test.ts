/**
 * Reads the sources and holds them to the rules in tidy/rules.ts. Each rule is first shown a small invented project
 * with the fault it looks for, because a checker that cannot fail is worth nothing.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import * as rules from './tidy/rules.js'
import { findRoot, parse, readTexts } from './tidy/sources.js'

/** Sources whose caller is still to come: files, or folders ending in '/'. An entry that is no longer needed fails. */
const WAITING_FOR_A_CALLER: readonly string[] = [
  'src/base/crc16.ts', // cluster slots
  'src/base/sha256.ts', // users' passwords
  'src/config/sample.ts', // scripts/write-config-docs.mjs
  'src/memory/occupancy.ts', // active defragmentation
]

describe('the sources', () => {
  const root = findRoot()
  const texts = readTexts(root, 'src', ['.ts'])
  const sources = parse(texts)
  const tests = parse(readTexts(root, 'test', ['.ts']))
  const benches = readTexts(root, 'bench', ['.ts'])
  const scripts = new Map([
    ...readTexts(root, 'scripts', ['.mjs']),
    ...readTexts(root, 'bin', ['']),
    ...readTexts(root, 'docs', ['.md']),
  ])

  test('are found', () => {
    assert.ok(sources.size > 0, 'no modules seen: the other rules would pass without having looked')
    assert.ok(tests.has('test/tidy.test.ts'))
    assert.ok([...sources.values()].some((source) => source.imports.some(({ target }) => target !== undefined)))
  })

  test('import downward', () => clean(rules.importDirection(sources)))
  test('have no import cycles', () => clean(rules.importCycles(sources)))
  test('call the platform in src/platform only', () => clean(rules.platformCalls(sources)))
  test('hold no state at the top of a module', () => clean(rules.topLevelState(sources)))
  test('name their types', () => clean(rules.explicitAny(sources)))
  test('open with a comment', () => clean(rules.headerComments(sources)))
  test('have no leftovers', () => clean([...rules.leftoverMarkers(sources), ...rules.leftoverMarkers(tests)]))
  test('name no machine', () => {
    const testTexts = [...tests.values()].map(({ path, text }) => [path, text] as const)
    clean(rules.machinePaths(new Map([...texts, ...testTexts, ...benches, ...scripts])))
  })

  const entries = entryPoints(root).filter((path) => sources.has(path))
  test('are all in use', { skip: entries.length === 0 && 'there is no entry point yet' }, () => {
    clean(rules.deadFiles(sources, entries, WAITING_FOR_A_CALLER))
  })

  test('stand in a package without run-time dependencies and a lockfile without a registry', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    assert.deepEqual(Object.keys(manifest.dependencies ?? {}), [])
    assert.doesNotMatch(readFileSync(join(root, 'package-lock.json'), 'utf8'), /"resolved"/)
  })
})

describe('the rules', () => {
  test('see an import that runs upward, sideways, out of src, or to a package', () => {
    const found = rules.importDirection(
      project({
        'src/base/a.ts': "import '../memory/arena.js'",
        'src/memory/arena.ts': "import type { A } from '../base/a.js'",
        'src/structures/a.ts': "export * from '../protocol/b.js'",
        'src/protocol/b.ts': "const later = import('../memory/arena.js')",
        'src/engine/a.ts': "import '../platform/clock.js'",
        'src/server/a.ts': "import '../platform/clock.js'; import '../engine/a.js'",
        'src/platform/clock.ts': "import '../base/a.js'; import '../memory/arena.js'",
        'src/cli/a.ts': "import '../server/a.js'; import 'commander'; type T = import('../../test/x.js').X",
        'src/cli/b.ts': "import './a'; import './missing.js'",
        'src/helpers/a.ts': "import '../base/a.js'",
        'src/loose.ts': "import './base/a.js'",
        'test/x.ts': '',
      }),
    )
    assert.deepEqual(found, [
      'src/base/a.ts:1 imports memory from base',
      'src/structures/a.ts:1 imports protocol from structures',
      'src/engine/a.ts:1 imports platform from engine',
      'src/platform/clock.ts:1 imports memory from platform',
      "src/cli/a.ts:1 imports the package 'commander'",
      "src/cli/a.ts:1 imports '../../test/x.js' from outside src",
      "src/cli/b.ts:1 imports './a', which is not a source file named with .js",
      "src/cli/b.ts:1 imports './missing.js', which is not a source file named with .js",
      'src/helpers/a.ts:1 is in no known layer (helpers)',
      'src/loose.ts:1 is in no known layer (src)',
    ])
  })

  test('see a cycle, once', () => {
    const found = rules.importCycles(
      project({
        'src/base/a.ts': "import './b.js'",
        'src/base/b.ts': "import { type C } from './c.js'",
        'src/base/c.ts': "export * from './a.js'; import './d.js'",
        'src/base/d.ts':
          "import type { A } from './a.js'; export type { B } from './b.js'; type C = import('./c.js').C",
        'src/base/e.ts': "import './a.js'; import './e.js'",
      }),
    )
    assert.deepEqual(found, [
      'import cycle: src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts',
      'import cycle: src/base/e.ts → src/base/e.ts',
    ])
  })

  test('see a file that no entry point reaches', () => {
    const sources = project({
      'src/server/main.ts': "import '../base/a.js'",
      'src/base/a.ts': '',
      'src/base/island.ts': "import './coast.js'",
      'src/base/coast.ts': '',
      'src/cluster/bus.ts': '',
    })
    assert.deepEqual(rules.deadFiles(sources, ['src/server/main.ts'], ['src/cluster/']), [
      'src/base/island.ts is reached from no entry point',
      'src/base/coast.ts is reached from no entry point',
    ])
    assert.deepEqual(
      rules.deadFiles(sources, ['src/server/main.ts'], ['src/base/', 'src/cluster/bus.ts', 'src/acl/']),
      ['src/acl/ is listed as waiting for a caller, and has one'],
    )
  })

  test('see a platform call, and not its namesakes', () => {
    const found = rules.platformCalls(
      project({
        'src/base/a.ts': "import { readFileSync } from 'node:fs'\nconst now = Date.now()\nconst dice = Math.random()",
        'src/engine/a.ts':
          'setTimeout(run, 5)\nconst { random } = Math\nlet start: Date\nthis.x = Buffer\nMath["random"]()',
        'src/server/a.ts': 'const options = { process }\nglobalThis.fetch',
        'src/platform/clock.ts': "import 'node:os'\nDate.now(); process.exit(1)",
        'src/engine/fine.ts': [
          '// Date, process, setTimeout',
          "const text = 'Date.now()' + `process ${clock.process}`",
          'interface Timer { process(): void; Date: number }',
          'const timer = { setTimeout: 1, performance() {} }',
          'const { process: step } = timer',
          'Math.min(1, 2)',
        ].join('\n'),
      }),
    )
    assert.deepEqual(found, [
      "src/base/a.ts:1 imports 'node:fs'",
      'src/base/a.ts:2 uses Date',
      'src/base/a.ts:3 uses Math.random',
      'src/engine/a.ts:1 uses setTimeout',
      'src/engine/a.ts:2 uses Math as a value',
      'src/engine/a.ts:3 uses Date',
      'src/engine/a.ts:4 uses Buffer',
      'src/engine/a.ts:5 uses Math[…]',
      'src/server/a.ts:1 uses process',
      'src/server/a.ts:2 uses globalThis',
    ])
  })

  test('see state at the top of a module', () => {
    const found = rules.topLevelState(
      project({
        'src/base/a.ts':
          'let count = 0\nexport var other\nclass A { static seen = 0; static readonly max = 1; own = 2 }',
        'src/base/b.ts': 'const table = [1]\nfunction f() { let i = 0 }\nfor (let i = 0; i < 2; i++) {}',
      }),
    )
    assert.deepEqual(found, [
      'src/base/a.ts:1 declares a variable at the top level',
      'src/base/a.ts:2 declares a variable at the top level',
      'src/base/a.ts:3 declares a static field that is not readonly',
    ])
  })

  test('see any, as a type', () => {
    const found = rules.explicitAny(
      project({ 'src/base/a.ts': 'let a: any[]\nconst b = c as any\n// any\nconst any = "any"\nlet d: unknown' }),
    )
    assert.deepEqual(found, ['src/base/a.ts:1 uses any', 'src/base/a.ts:2 uses any'])
  })

  test('see a file without a header', () => {
    const found = rules.headerComments(
      project({
        'src/base/bare.ts': "import './a.js'\n/** Too late. */\nexport const a = 1",
        'src/base/good.ts': '/** What it is. */\nexport const a = 1',
        'src/cli/good.ts': '#!/usr/bin/env node\n// What it is.\nexport const a = 1',
        'src/commands/string/get.ts': "import './a.js'\n\n/** GET key */\nexport const get = 1",
        'src/commands/string/bare.ts': "import './a.js'\nexport const get = 1",
        'src/base/empty.ts': '',
      }),
    )
    assert.deepEqual(found, [
      'src/base/bare.ts:1 does not open with a comment that says what it is',
      'src/commands/string/bare.ts:1 does not open with a comment that says what it is',
      'src/base/empty.ts:1 does not open with a comment that says what it is',
    ])
  })

  test('see leftovers in code and comments, not in strings', () => {
    const found = rules.leftoverMarkers(
      project({
        'src/base/a.ts':
          "// TODO: later\nconst a = 'TODO' + `FIXME ${/* XXX */ 1} HACK` + /console.log/.source\n// @ts-ignore",
        'test/a.test.ts':
          "test.only('x')\nconsole.log('y')\ntest('z', { only: true })\nconst method = 'only('; hackney(TODOS)",
      }),
    )
    assert.deepEqual(found, [
      'src/base/a.ts:1 has "TODO": unfinished work belongs in the tracker',
      'src/base/a.ts:2 has "XXX": unfinished work belongs in the tracker',
      'src/base/a.ts:3 has "@ts-ignore": the compiler is silenced',
      'test/a.test.ts:1 has ".only(": other tests are left out',
      'test/a.test.ts:3 has "only: true": other tests are left out',
      'test/a.test.ts:2 has "console.log": left over from debugging',
    ])
  })

  test('see paths of a machine', () => {
    const home = ['', 'home', 'ann', 'redis.conf'].join('/') // spelled like this so as not to be found itself
    const windows = ['C:', 'Users', 'ann'].join('\\')
    const found = rules.machinePaths(
      new Map([
        ['src/base/a.ts', `// see\n// ${home}\nconst path = '${windows}'`],
        [
          'src/base/b.ts',
          "import '../work/x.js'; const url = 'example.org/root/x'; const base = `${folder}/tmp/x`; '/etc/x'",
        ],
      ]),
    )
    assert.deepEqual(found, [
      `src/base/a.ts:2 names a path of one machine: ${home.slice(0, 9)}`,
      `src/base/a.ts:3 names a path of one machine: ${windows.slice(0, 8)}`,
    ])
  })
})

/** Fails with one line for each finding. */
function clean(findings: readonly rules.Finding[]): void {
  if (findings.length > 0) assert.fail(findings.join('\n'))
}

function project(texts: Record<string, string>): ReturnType<typeof parse> {
  return parse(new Map(Object.entries(texts)))
}

/** What the package offers: the library that package.json exports, the programs that scripts/project.mjs bundles, and those in bin. */
function entryPoints(root: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const library: string = manifest.exports['.'].default
  const programs = readFileSync(join(root, 'scripts/project.mjs'), 'utf8').matchAll(/entry: '([^']+)'/g)
  const commands = Object.values<string>(manifest.bin).flatMap((path) => [
    ...readFileSync(join(root, path), 'utf8').matchAll(/\.\.\/dist\/(src\/[^']+)\.js/g),
  ])
  return [
    library.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts'),
    ...[...programs].map((match) => match[1]!),
    ...commands.map((match) => `${match[1]!}.ts`),
  ]
}
