/**
 * `npm run bench`: Spinel and redis-server side by side under the same load. docs/bench.md says what is measured and how.
 *
 * Results go to bench/results/ as JSON and as Markdown, named by the day.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureCollections } from './collections.js'
import { measureCpu } from './cpu.js'
import { measureDirect } from './direct.js'
import { machineFacts, versionFacts } from './machine.js'
import { measureMemory } from './memory.js'
import { type Options, parseOptions, type SuiteName, USAGE } from './options.js'
import { markdown, type Results } from './report.js'
import { Servers } from './servers.js'
import { measureStalls } from './stalls.js'
import { measureStartup } from './startup.js'
import { say } from './statistics.js'

async function main(): Promise<void> {
  const options = readOptions()
  const facts = { machine: machineFacts(), versions: versionFacts(options) }
  const servers = new Servers(options)
  // The watchdog stops the servers when we end, so there is nothing to be done here but to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  try {
    const date = new Date().toISOString().slice(0, 10)
    const { isQuick, rounds } = options
    write({ date, isQuick, rounds, ...facts, ...(await runSuites(servers, options)) }, options)
  } finally {
    await servers.stopAll()
  }
}

function readOptions(): Options {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n\n${USAGE}`)
    process.exit(1)
  }
}

async function runSuites(servers: Servers, options: Options): Promise<Partial<Results>> {
  const wants = (suite: SuiteName): boolean => options.suites.has(suite)
  return {
    ...(wants('startup') && { startup: await measureStartup(servers, options) }),
    ...(wants('direct') && { direct: await measureDirect(options) }),
    ...(wants('cpu') && { cpu: await measureCpu(servers, options) }),
    ...(wants('collections') && { collections: await measureCollections(servers, options) }),
    ...(wants('memory') && { memory: await measureMemory(servers, options) }),
    ...(wants('stalls') && { stalls: await measureStalls(servers, options) }),
  }
}

function write(results: Results, { out, isQuick }: Options): void {
  const name = join(out, `${results.date}${isQuick ? '-quick' : ''}`)
  mkdirSync(out, { recursive: true })
  writeFileSync(`${name}.json`, `${JSON.stringify(results, undefined, 2)}\n`)
  writeFileSync(`${name}.md`, markdown(results))
  process.stdout.write(`${markdown(results)}\n`)
  say(`written to ${name}.json and .md`)
}

await main()
