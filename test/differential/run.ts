/**
 * The big run: `node dist/test/differential/run.js --commands 200000 --seed 7 --protocol 3`.
 *
 *     --commands N     requests in all (20000)
 *     --seed N         of the stream; random and told when left out
 *     --protocol 2|3   both in turn when left out
 *     --episode N      only this one: repeats a failure
 *     --groups A,B     commands of these groups (transactions,string,…); all that can be compared when left out
 *     --failures N     different failures after which to stop (10)
 *     --verbose        tells of each command how often it had success
 *     --reference PATH and --server 'WORDS'   other programs than those found
 */

import { parseArgs } from 'node:util'
import { type ProgramWords, referenceServer, spinelServer } from '../support/programs.js'
import { campaign } from './campaign.js'
import { Duel } from './duel.js'

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      commands: { type: 'string', default: '20000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 0x7fffffff)) },
      protocol: { type: 'string' },
      episode: { type: 'string' },
      groups: { type: 'string' },
      failures: { type: 'string', default: '10' },
      verbose: { type: 'boolean' },
      reference: { type: 'string' },
      server: { type: 'string' },
    },
  })
  const reference = values.reference === undefined ? referenceServer() : ([values.reference] as const)
  if (reference === undefined) return (say('no redis-server is installed; set SPINEL_REFERENCE_SERVER'), 2)
  const subject = values.server === undefined ? spinelServer() : (values.server.split(' ') as unknown as ProgramWords)
  const duel = await Duel.start(reference, subject)
  try {
    say(`seed ${values.seed}, reference ${duel.referenceVersion}`)
    const startedMs = Date.now()
    const result = await campaign(duel, {
      commands: Number(values.commands),
      seed: Number(values.seed),
      protocols: values.protocol === undefined ? [2, 3] : [Number(values.protocol) as 2 | 3],
      failuresMax: Number(values.failures),
      report: say,
      ...(values.groups === undefined ? {} : { groups: values.groups.split(',') }),
      ...(values.episode === undefined ? {} : { episode: Number(values.episode) }),
    })
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1)
    say(`${result.commands} requests in ${result.episodes} episodes, ${seconds} s, ${result.failures.length} failures`)
    for (const [id, count] of duel.comparison.uses) say(`  allowed ${String(count).padStart(7)}  ${id}`)
    for (const [name, { successes, errors }] of [...duel.comparison.outcomes].sort()) {
      if (values.verbose === true || (successes === 0 && name !== 'unknown'))
        say(`  ${name}: ${successes} successes, ${errors} errors`)
    }
    return result.failures.length === 0 ? 0 : 1
  } finally {
    await duel.stop()
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

process.exitCode = await main()
