/**
 * Streams of requests over few keys, from several connections in turn, generated from a seed.
 *
 * A stream is made of episodes. Each is generated from a seed of its own and begins with an empty data set and fresh connections,
 * so that it can be repeated alone.
 */

import type { CommandGroup, CommandSpec } from '../../../src/engine/command.js'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { Dice } from '../dice.js'
import { type CallShape, callShape, spoil, wellFormed } from './grammar.js'
import { type Step, wordText } from './step.js'
import { type Palette, Values } from './values.js'

export interface StreamOptions {
  readonly commands: readonly CommandSpec[]
  /** Decides by full name; what is left out is left out. */
  includes(command: CommandSpec): boolean
  /** Whether a command may come in this place; everywhere when left out. */
  fits?(command: CommandSpec, isInTransaction: boolean): boolean
  readonly palette: Palette
  readonly connections: number
  /** Share of requests with a mistake. */
  readonly spoiledShare: number
}

export const WIDE_SPOILED_SHARE = 0.12

/** How often a group is picked, and an item within its group where it is not like the others. */
const GROUP_WEIGHTS: Partial<Record<CommandGroup, number>> = {
  transactions: 2,
  connection: 2,
  server: 1,
  pubsub: 1,
  scripting: 1,
}
const USUAL_GROUP_WEIGHT = 10
const COMMAND_WEIGHTS: Readonly<Record<string, number>> = {
  set: 30,
  multi: 30,
  watch: 15,
  exec: 2,
  discard: 1,
  flushall: 1,
  flushdb: 1,
  swapdb: 3,
  select: 6,
  reset: 2,
  hello: 5,
}
const USUAL_WEIGHT = 10
const STAY_SHARE = 0.6
const EXEC_SHARE = 0.18
const UNKNOWN_SHARE = 0.003

export class StreamGenerator {
  private readonly options: StreamOptions
  private readonly groups: readonly (readonly [number, readonly (readonly [number, CallShape])[]])[]
  private readonly shapes: ReadonlyMap<string, CallShape>
  private readonly firstWords: ReadonlySet<string>

  constructor(options: StreamOptions) {
    this.options = options
    const specs = runnable(options.commands).filter((spec) => options.includes(spec))
    const shapes = specs.map(callShape)
    this.shapes = new Map(shapes.map((shape) => [shape.spec.fullName, shape]))
    this.firstWords = new Set(shapes.map((shape) => shape.names[0]!.toLowerCase()))
    const names = [...new Set(specs.map((spec) => spec.group))]
    this.groups = names.map((group) => {
      const members = shapes.filter((shape) => shape.spec.group === group)
      return [
        GROUP_WEIGHTS[group] ?? USUAL_GROUP_WEIGHT,
        members.map((shape) => [weightOf(shape.spec), shape] as const),
      ]
    })
  }

  /** Full names of the commands that a stream can hold. */
  get commandNames(): string[] {
    return [...this.shapes.keys()]
  }

  /** The requests of an episode; its dice decide everything. */
  episode(seed: number, length: number): Step[] {
    const dice = new Dice(seed)
    const values = new Values(dice, this.options.palette)
    const inTransaction: boolean[] = new Array<boolean>(this.options.connections).fill(false)
    const steps: Step[] = []
    let connection = 0
    while (steps.length < length) {
      if (!dice.chance(STAY_SHARE)) connection = dice.below(this.options.connections)
      const shape = this.chooseShape(dice, inTransaction[connection]!)
      const step = this.request(shape, connection, values)
      steps.push(step)
      const sent = step.words.length === 1 ? wordText(step.words[0]!).toLowerCase() : ''
      if (sent === 'multi') inTransaction[connection] = true
      if (sent === 'exec' || sent === 'discard' || sent === 'reset') inTransaction[connection] = false
    }
    return steps
  }

  private chooseShape(dice: Dice, isInTransaction: boolean): CallShape {
    if (isInTransaction && dice.chance(EXEC_SHARE)) {
      const end = this.shapes.get(dice.chance(0.85) ? 'exec' : 'discard')
      if (end !== undefined) return end
    }
    for (;;) {
      const shape = dice.weighted(dice.weighted(this.groups))
      if (this.options.fits?.(shape.spec, isInTransaction) !== false) return shape
    }
  }

  private request(shape: CallShape, connection: number, values: Values): Step {
    const { dice } = values
    const command = shape.spec.fullName
    if (dice.chance(UNKNOWN_SHARE)) {
      const words = [dice.pick(['NOSUCH', '', 'get\x00', 'OBJECT|ENCODING', 'x'.repeat(200)]), 'k1', 'it"s'].map(
        latin1Bytes,
      )
      return { connection, command: 'unknown', words }
    }
    const words = wellFormed(shape, values)
    const isSpoiled = dice.chance(this.options.spoiledShare)
    return { connection, command, words: isSpoiled ? this.withinStream(spoil(shape, words, values)) : words }
  }

  /** A mistake may put another word first; it must not become a command that is left out (`FLUSHALL SYNC` without its first word). */
  private withinStream(words: Uint8Array[]): Uint8Array[] {
    const name = wordText(words[0]!).toLowerCase()
    if (this.firstWords.has(name)) return words
    return [latin1Bytes(`no-${name}`), ...words.slice(1)]
  }
}

/** Commands and subcommands that do something themselves. */
export function runnable(commands: readonly CommandSpec[]): CommandSpec[] {
  return commands.flatMap((command) => command.subcommands ?? [command])
}

function weightOf(spec: CommandSpec): number {
  return COMMAND_WEIGHTS[spec.fullName] ?? USUAL_WEIGHT
}
