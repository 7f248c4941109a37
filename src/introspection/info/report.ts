/** INFO as a text: sections chosen by name, each with its rows, in the reference's order. */

import { clientsSection } from './clients.js'
import { commandStatsSection, errorStatsSection, latencyStatsSection } from './commands.js'
import { cpuSection } from './cpu.js'
import type { InfoFacts } from './facts.js'
import { clusterSection, debugSection, keyspaceSection, modulesSection } from './keyspace.js'
import { memorySection } from './memory.js'
import { persistenceSection } from './persistence.js'
import { replicationSection } from './replication.js'
import type { InfoSection } from './row.js'
import { serverSection } from './server.js'
import { statsSection } from './stats.js'

export const infoSections: readonly InfoSection[] = [
  serverSection,
  clientsSection,
  memorySection,
  persistenceSection,
  statsSection,
  replicationSection,
  cpuSection,
  modulesSection,
  commandStatsSection,
  errorStatsSection,
  latencyStatsSection,
  clusterSection,
  keyspaceSection,
  debugSection,
]

/**
 * @param names  sections asked for, in any case; also `default`, `all`, `everything`. None at all means `default`.
 */
export function infoText(facts: InfoFacts, names: readonly string[]): string {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  if (wanted.size === 0) wanted.add('default')
  const chosen = infoSections.filter((section) => isWanted(section, wanted))
  return chosen.map((section) => sectionText(facts, section)).join('\r\n')
}

function isWanted(section: InfoSection, wanted: ReadonlySet<string>): boolean {
  if (wanted.has(section.name) || (section.alias !== undefined && wanted.has(section.alias))) return true
  if (section.isHidden === true) return false
  if (wanted.has('all') || wanted.has('everything')) return true
  return section.isDefault && wanted.has('default')
}

function sectionText(facts: InfoFacts, { title, rows, lines }: InfoSection): string {
  let text = `# ${title}\r\n`
  for (const { name, value, isShown } of rows) {
    if (isShown === undefined || isShown(facts)) text += `${name}:${value(facts)}\r\n`
  }
  for (const line of lines?.(facts) ?? []) text += `${line}\r\n`
  return text
}
