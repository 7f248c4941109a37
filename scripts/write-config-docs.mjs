/**
 * Writes what derives from the parameter table: spinel.conf, and the last section of docs/differences.md, which says what
 * parameters have no effect yet. Run it after `npm run build` when a parameter changes; a test compares.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const differences = new URL('docs/differences.md', root)
const { sampleConfig, parametersByGeneration } = await import(new URL('dist/src/config/sample.js', root).href)

const HEADING = '## Parameters without effect yet'

/** docs/differences.md with its last section written anew. */
export function differencesPage() {
  const text = readFileSync(differences, 'utf8')
  const kept = text.includes(HEADING) ? text.slice(0, text.indexOf(HEADING)) : `${text}\n`
  const parts = [
    HEADING,
    '',
    'They are accepted, kept, shown by CONFIG GET and rewritten, and take effect with the part they belong to.',
  ]
  for (const { generation, meaning, entries } of parametersByGeneration()) {
    if (entries.length === 0 || generation === 'now') continue
    const names = entries.map(({ name, alias }) => (alias === undefined ? `\`${name}\`` : `\`${name}\` (\`${alias}\`)`))
    parts.push('', `**${generation}.** ${meaning}`, '', names.join(', '))
  }
  return `${kept}${parts.join('\n')}\n`
}

export function sampleFile() {
  return sampleConfig()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('spinel.conf', root), sampleFile())
  writeFileSync(differences, differencesPage())
}
