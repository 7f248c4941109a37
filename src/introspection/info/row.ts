/** The form of INFO: sections of rows, each row declared once with its name and where its value comes from. */

import type { InfoFacts } from './facts.js'

export interface InfoRow {
  readonly name: string
  value(facts: InfoFacts): number | string
  /** A row that is shown at times only. */
  isShown?(facts: InfoFacts): boolean
}

export interface InfoSection {
  /** As asked for, lower case. */
  readonly name: string
  readonly alias?: string
  readonly title: string
  /** Shown when no section is asked for. */
  readonly isDefault: boolean
  /** Left out of `all`: shown by its own name only. */
  readonly isHidden?: boolean
  readonly rows: readonly InfoRow[]
  /** Rows whose names depend on what there is, behind the others; without line ends. */
  lines?(facts: InfoFacts): readonly string[]
}

export function row(name: string, value: (facts: InfoFacts) => number | string): InfoRow {
  return { name, value }
}

export function rowWhen(
  isShown: (facts: InfoFacts) => boolean,
  name: string,
  value: (facts: InfoFacts) => number | string,
): InfoRow {
  return { name, value, isShown }
}

/** A figure of another part (see figures.ts), or what it is while that part has nothing to tell. */
export function supplied(name: string, idle: number | string = 0): InfoRow {
  return { name, value: (facts) => facts.figures.find(name)?.() ?? idle }
}

/** A figure shown only when some part supplies it. */
export function suppliedOnly(name: string): InfoRow {
  return {
    name,
    value: (facts) => facts.figures.find(name)?.() ?? '',
    isShown: (facts) => facts.figures.find(name)?.() !== undefined,
  }
}
