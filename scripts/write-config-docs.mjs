/**
 * Writes what derives from the parameter table: spinel.conf, and the table of parameters in docs/configuration.md. Run it after
 * `npm run build` when a parameter changes; a test compares.
 */

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const { sampleConfig, parametersByGeneration } = await import(new URL('dist/src/config/sample.js', root).href)

/** docs/configuration.md: which parameters have an effect, and which wait for what. */
export function configurationPage() {
  const parts = [
    '# Configuration',
    '',
    'Spinel reads the configuration files of Redis 7.2 and accepts every parameter of it. `spinel.conf` describes each one. This',
    'page says which of them have an effect now; the others are accepted, kept and shown by CONFIG GET, and take effect with the',
    'part of Spinel they belong to. It is written by `scripts/write-config-docs.mjs`.',
  ]
  for (const { generation, meaning, entries } of parametersByGeneration()) {
    if (entries.length === 0) continue
    const names = entries.map(({ name, alias }) => (alias === undefined ? `\`${name}\`` : `\`${name}\` (\`${alias}\`)`))
    parts.push('', heading(generation), '', meaning, '', names.join(', '))
  }
  return `${parts.join('\n')}\n`
}

function heading(generation) {
  if (generation === 'now') return '## In effect'
  return generation === 'none' ? '## Without meaning here' : `## Waiting for: ${generation}`
}

export function sampleFile() {
  return sampleConfig()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('spinel.conf', root), sampleFile())
  writeFileSync(new URL('docs/configuration.md', root), configurationPage())
}
