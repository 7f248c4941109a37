/**
 * A reporter for `node --test`: one line for each file, the whole story of each failure, and last the totals in the
 * form of TAP's closing lines (`# pass 12`, `# fail 0`).
 */
import { isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const totalNames = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo', 'duration_ms']

export default async function* report(events) {
  const totals = new Map(totalNames.map((name) => [name, 0]))
  const failures = []
  let current
  let parents = []

  for await (const { type, data } of events) {
    if (type === 'test:diagnostic') {
      const [name, value] = data.message.split(' ')
      if (data.nesting === 0 && totals.has(name) && data.message === `${name} ${value}`) totals.set(name, value)
      else yield `      ${data.message}\n`
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      yield data.message
    } else if (type === 'test:start') {
      parents = [...parents.slice(0, data.nesting), data.name]
    } else if (type === 'test:pass' || type === 'test:fail') {
      const file = shortName(data.file)
      if (current !== undefined && current.file !== file) yield summary(current)
      if (current?.file !== file) current = { file, tests: 0, failed: 0, skipped: 0, durationMs: 0 }
      count(current, type, data)
      if (type === 'test:fail' && isOwnFailure(data)) {
        const path = isAbsolute(data.name)
          ? 'the file did not run to its end'
          : [...parents.slice(0, data.nesting), data.name].join(' › ')
        failures.push(`${file}: ${path}`)
        yield failure(path, data)
      }
    }
  }

  if (current !== undefined) yield summary(current)
  if (failures.length > 0) yield `\nFailed:\n${failures.map((line) => `  ${line}\n`).join('')}`
  yield `\n${totalNames.map((name) => `# ${name} ${totals.get(name)}\n`).join('')}`
}

function count(file, type, data) {
  if (data.nesting === 0) file.durationMs += data.details.duration_ms
  if (data.details.type === 'suite') return
  file.tests += 1
  if (type === 'test:fail' && data.todo === undefined) file.failed += 1
  if (data.skip !== undefined) file.skipped += 1
}

function summary({ file, tests, failed, skipped, durationMs }) {
  const verdict = failed > 0 ? 'FAIL' : 'ok  '
  const notes = [`${tests} tests`]
  if (failed > 0) notes.push(`${failed} failed`)
  if (skipped > 0) notes.push(`${skipped} skipped`)
  return `${verdict}  ${file.padEnd(44)} ${notes.join(', ')}, ${Math.round(durationMs)} ms\n`
}

/** A suite fails because something in it did, which has been told; a `todo` may fail. */
function isOwnFailure(data) {
  return data.todo === undefined && data.details.error?.failureType !== 'subtestsFailed'
}

function failure(path, data) {
  const error = data.details.error
  const cause = error?.cause ?? error
  const text = cause?.stack ?? cause?.message ?? String(cause)
  const lines = text.split('\n').filter((line) => !/^\s+at .*\(?node:internal\//.test(line))
  return `\n  ✖ ${path}\n${lines.map((line) => `      ${line}\n`).join('')}\n`
}

/** `…/dist/test/unit/base/glob.test.js` → `unit/base/glob`; source maps may have made it `…/test/unit/base/glob.test.ts`. */
function shortName(file) {
  if (file === undefined) return '(no file)'
  const absolute = file.startsWith('file:') ? fileURLToPath(file) : file // a URL in Node 20.11
  const path = relative(process.cwd(), absolute).split(sep).join('/')
  return path.replace(/^(dist\/)?test\//, '').replace(/\.test\.[jt]s$/, '')
}
