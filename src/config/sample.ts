/** Text derived from the table: the commented sample file, and what works since which part of Spinel. */

import { DIRECTIVES } from './directives.js'
import { type Generation, GENERATIONS, type Parameter, ParameterFlag } from './parameter.js'
import { AREAS, PARAMETERS } from './parameters.js'
import type { ValueContext } from './value-type.js'

const WIDTH = 79

const INTRODUCTION = `\
Configuration of Spinel. Start the server with the path of such a file as its first argument.
Every parameter is listed with its default, switched off by a "#" right before its name; take that away to set another value. \
Amounts of memory may have a unit: k, m and g count in thousands, kb, mb and gb in steps of 1024. \
Texts with blanks go between double or single quotes. Where a parameter is given twice, the later line wins.`

/** A sample spinel.conf in which every line is a comment. */
export function sampleConfig(): string {
  const parts = [comment(INTRODUCTION), heading('Other files, commands, users')]
  for (const [, { syntax, doc }] of DIRECTIVES) parts.push(`${comment(doc)}\n#\n#   ${syntax}`)
  for (const [title, table] of AREAS) {
    parts.push(heading(title))
    for (const [name, row] of Object.entries(table)) {
      if (!(row.flags & ParameterFlag.hidden)) parts.push(describe(name, row))
    }
  }
  return `${parts.join('\n\n')}\n`
}

function describe(name: string, row: Parameter<unknown>): string {
  const facts = [row.type.syntax]
  if (row.unit !== undefined) facts.push(`in ${row.unit}`.replace('in per', 'per'))
  if (row.flags & ParameterFlag.immutable) facts.push('fixed while the server runs')
  if (row.flags & ParameterFlag.protected) facts.push('protected')
  if (row.alias !== undefined) facts.push(`also called ${row.alias}`)
  facts.push(row.isOwn === true ? 'not in Redis' : `since Redis ${row.since}`)
  const examples = exampleLines(name, row).map((line) => `#${line}`)
  return [comment(row.doc), comment(`(${facts.join('; ')})`), ...examples].join('\n')
}

/** The lines that spell out the default. */
function exampleLines(name: string, row: Parameter<unknown>): string[] {
  if (row.example !== undefined) return [`${name} ${row.example}`]
  const text = row.type.format(row.default)
  const lines = row.type.rewrite(name, text, text, DEFAULTS_CONTEXT).map(({ line }) => line)
  return lines.length > 0 ? lines : [`${name} ${text === '' ? '""' : text}`]
}

/** Nothing but defaults around. */
const DEFAULTS_CONTEXT: ValueContext = {
  textOf: () => '',
  isSentinel: false,
  saveAdds: false,
  mergesSaves: false,
  enterDirectory: (path) => path,
  warn: () => undefined,
}

function heading(title: string): string {
  return `#${'#'.repeat(WIDTH - 1)}\n# ${title}\n#${'#'.repeat(WIDTH - 1)}`
}

/** Words in lines that start with "# " and keep to the width. */
function comment(text: string): string {
  return text
    .split('\n')
    .map((paragraph) => wrap(paragraph).join('\n'))
    .join('\n#\n')
}

function wrap(paragraph: string): string[] {
  const lines: string[] = []
  let line = '#'
  for (const word of paragraph.split(' ')) {
    if (line !== '#' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = '#'
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

export interface GenerationSummary {
  readonly generation: Generation
  readonly meaning: string
  readonly entries: readonly { readonly name: string; readonly alias?: string | undefined; readonly doc: string }[]
}

/** Which parameters and directives take effect with which part of Spinel; for docs/differences.md. */
export function parametersByGeneration(): GenerationSummary[] {
  const entries: readonly (readonly [string, Pick<Parameter<unknown>, 'generation' | 'alias' | 'doc'>])[] = [
    ...Object.entries(PARAMETERS),
    ...DIRECTIVES,
  ]
  return (Object.keys(GENERATIONS) as Generation[]).map((generation) => ({
    generation,
    meaning: GENERATIONS[generation],
    entries: entries
      .filter(([, entry]) => entry.generation === generation)
      .map(([name, { alias, doc }]) => ({ name, alias, doc })),
  }))
}
