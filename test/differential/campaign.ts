/**
 * A campaign: episodes of a stream, one after the other, against two servers, with every disagreement made short and told in a
 * way that can be repeated.
 */

import { Dice } from '../support/dice.js'
import { type Step, stepLines } from '../support/stream/step.js'
import type { StreamGenerator } from '../support/stream/stream.js'
import type { Duel, Mismatch } from './duel.js'
import { differentialStreams, type StreamKind, tame } from './selection.js'
import { shrink } from './shrink.js'

export interface CampaignOptions {
  readonly commands: number
  readonly seed: number
  readonly protocols: readonly (2 | 3)[]
  /** Runs only this episode. */
  readonly episode?: number
  /** Groups of commands; all that can be compared when left out. */
  readonly groups?: readonly string[]
  /** Disagreements after which to stop; those of one command with the same replies count once. */
  readonly failuresMax?: number
  /** Told of what happens. */
  report?(line: string): void
}

export interface CampaignResult {
  readonly commands: number
  readonly episodes: number
  readonly failures: readonly string[]
}

/** Requests in an episode: enough for collisions, few enough to repeat many times. */
export const EPISODE_LENGTH = 250
/** One episode in so many has large values (an odd number, so that it comes in both protocols). */
const WIDE_EVERY = 9
const SHRINK_RUNS_MAX = 250

export async function campaign(duel: Duel, options: CampaignOptions): Promise<CampaignResult> {
  const generators = differentialStreams(duel.referenceVersion, options.groups)
  const failures = new Map<string, string>()
  const episodeCount = Math.ceil(options.commands / EPISODE_LENGTH)
  let commands = 0
  let episodes = 0
  for (let episode = options.episode ?? 0; episode < (options.episode ?? episodeCount - 1) + 1; episode++) {
    const protocol = options.protocols[episode % options.protocols.length]!
    const steps = episodeSteps(generators, options.seed, episode)
    const mismatch = await duel.play(steps, protocol)
    commands += mismatch === undefined ? steps.length : mismatch.index
    episodes++
    if (mismatch === undefined) continue
    const groups = options.groups === undefined ? '' : ` --groups ${options.groups.join(',')}`
    const replay = `--seed ${options.seed} --episode ${episode} --protocol ${protocol}${groups}`
    const key = failureKey(mismatch)
    if (!failures.has(key)) {
      const text = await describe(duel, steps, mismatch, protocol, replay)
      failures.set(key, text)
      options.report?.(text)
    }
    if (failures.size >= (options.failuresMax ?? 1)) break
  }
  return { commands, episodes, failures: [...failures.values()] }
}

function episodeSteps(generators: Record<StreamKind, StreamGenerator>, seed: number, episode: number): Step[] {
  const dice = new Dice(seed)
  let own = 0
  for (let i = 0; i <= episode; i++) own = dice.fork()
  const kind = episode % WIDE_EVERY === WIDE_EVERY - 1 ? 'wide' : 'small'
  return generators[kind].episode(own, EPISODE_LENGTH).map(tame)
}

function failureKey({ step, theirs, ours }: Mismatch): string {
  return `${step.command} ${theirs.slice(0, 12)} ${ours.slice(0, 12)}`
}

async function describe(
  duel: Duel, steps: readonly Step[], mismatch: Mismatch, protocol: 2 | 3, replay: string,
): Promise<string> {
  let last = mismatch
  const needed = steps.slice(0, mismatch.index + 1)
  const repeat = async (candidate: readonly Step[]): Promise<number | undefined> => {
    const found = await duel.play(candidate, protocol)
    if (found === undefined) return undefined
    last = found
    return found.index + 1
  }
  const isRepeatable = (await repeat(needed)) !== undefined
  const shortest = isRepeatable ? await shrink(needed, repeat, SHRINK_RUNS_MAX) : needed.slice(-20)
  if (isRepeatable) await repeat(shortest)
  const when = isRepeatable && last.index >= shortest.length ? ' (data sets after the last request)' : ''
  return [
    `RESP${protocol}, reference ${duel.referenceVersion}: ${stepLines([last.step])[0]}${when}`,
    `  theirs: ${last.theirs}`,
    `  ours:   ${last.ours}`,
    isRepeatable ? '  after:' : '  not repeatable from the start of the episode; its last requests:',
    ...stepLines(shortest).map((line) => `    ${line}`),
    `  repeat: node dist/test/differential/run.js ${replay}`,
  ].join('\n')
} // prettier-ignore
