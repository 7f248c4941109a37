/**
 * `npm test -- [filter …] [--option …]`: builds what is missing and hands the compiled test files to `node --test`.
 *
 * A filter is a path below test/ or a part of one: `unit/base`, `test/unit/base/glob.test.ts`, `glob`. Options go to
 * `node --test` as they are: `--test-name-pattern=…`, `--test-reporter=spec`.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesUnder, prepareOrExit, root, runNode, say } from './project.mjs'

const concurrency = 2 // test files start servers and measure time-outs; more at once makes them slow, not fast
const timeoutMs = 15 * 60 * 1000 // a test that hangs must not hang whoever runs it

const given = process.argv.slice(2)
const options = given.filter((argument) => argument.startsWith('-'))
const filters = given.filter((argument) => !argument.startsWith('-')).map(normalise)

await prepareOrExit('all')

const compiled = filesUnder('dist/test').filter((file) => file.endsWith('.test.js'))
const files =
  filters.length === 0 ? compiled : compiled.filter((file) => filters.some((text) => shortName(file).includes(text)))
if (files.length === 0) {
  say(filters.length === 0 ? 'there are no tests' : `no test file matches ${filters.join(' or ')}`)
  process.exit(1)
}

const reporter = options.some((option) => option.startsWith('--test-reporter'))
  ? []
  : [`--test-reporter=${pathToFileURL(join(root, 'scripts', 'test-reporter.mjs')).href}`]
process.exitCode = await runNode(
  [
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${timeoutMs}`,
    ...reporter,
    ...options,
    ...files,
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
)

/** `dist/test/unit/base/glob.test.js` → `unit/base/glob` */
function shortName(file) {
  return file.replace(/^dist\/test\//, '').replace(/\.test\.js$/, '')
}

function normalise(filter) {
  const path = filter.replaceAll('\\', '/').replace(/^\.\//, '')
  return path.replace(/^(dist\/)?test\//, '').replace(/(\.test)?(\.ts|\.js)?\/?$/, '')
}
