/**
 * All commands of a store by name, and their counters.
 *
 * Looking a name up hashes it in place, without regard to case, into an open-addressed table; nothing is allocated.
 */

import { assert } from '../base/assert.js'
import { equalsIgnoreCase, latin1Bytes } from '../base/bytes.js'
import type { CommandSpec } from './command.js'
import { LatencyHistogram } from './latency-histogram.js'

/** Counters of a command in `CommandRegistry.counters`, four to a command. */
export const CommandCounter = { calls: 0, microseconds: 1, rejected: 2, failed: 3, count: 4 } as const

const TABLE_SIZE = 2048

export class CommandRegistry {
  /** By id; containers and subcommands have ids of their own. */
  readonly commands: CommandSpec[]
  readonly counters: Float64Array
  private readonly table: Int16Array
  private readonly histograms: (LatencyHistogram | undefined)[]
  private readonly topLevel: CommandSpec[]

  /** @param renames  new names by old, both in lower case; an empty one takes a command away from clients */
  constructor(commands: readonly CommandSpec[], renames: ReadonlyMap<string, string> = new Map()) {
    this.topLevel = [...commands].sort((a, b) => (a.name < b.name ? -1 : 1))
    const all: CommandSpec[] = []
    for (const command of this.topLevel) all.push(command, ...(command.subcommands ?? []))
    this.commands = all
    this.counters = new Float64Array(all.length * CommandCounter.count)
    this.histograms = []
    this.table = new Int16Array(TABLE_SIZE).fill(-1)
    for (const [id, command] of all.entries()) {
      assert(command.id === -1 || command.id === id)
      command.id = id
      this.histograms.push(undefined)
      if (command.parent === undefined) this.enter(id, renames.get(command.fullName))
    }
  }

  /** Commands without their subcommands, by name. */
  get containers(): readonly CommandSpec[] {
    return this.topLevel
  }

  /** The command of a name, a container for container commands. */
  find(bytes: Uint8Array, start: number, end: number): CommandSpec | undefined {
    let slot = hashName(bytes, start, end)
    for (;;) {
      const id = this.table[slot]!
      if (id < 0) return undefined
      const command = this.commands[id]!
      if (equalsIgnoreCase(bytes, start, end, command.nameBytes)) return command
      slot = (slot + 1) & (TABLE_SIZE - 1)
    }
  }

  findSubcommand(container: CommandSpec, bytes: Uint8Array, start: number, end: number): CommandSpec | undefined {
    for (const child of container.subcommands!) if (equalsIgnoreCase(bytes, start, end, child.nameBytes)) return child
    return undefined
  }

  /** Finds `get`, `CONFIG|GET`: the full name in any case. */
  findByFullName(name: string): CommandSpec | undefined {
    const lower = name.toLowerCase()
    return this.commands.find((command) => command.fullName === lower)
  }

  counter(command: CommandSpec, index: number): number {
    return this.counters[command.id * CommandCounter.count + index]!
  }

  /** Notes that `calls` calls took so long each. */
  recordLatency(command: CommandSpec, microseconds: number, calls: number): void {
    let histogram = this.histograms[command.id]
    if (histogram === undefined) {
      histogram = new LatencyHistogram()
      this.histograms[command.id] = histogram
    }
    histogram.record(microseconds, calls)
  }

  histogramOf(command: CommandSpec): LatencyHistogram | undefined {
    return this.histograms[command.id]
  }

  resetStatistics(): void {
    this.counters.fill(0)
    for (const histogram of this.histograms) histogram?.reset()
  }

  /** Clients look for a renamed command under its new name; everything else shows the old one. */
  private enter(id: number, newName: string | undefined): void {
    if (newName === '') return
    if (newName !== undefined) this.commands[id] = { ...this.commands[id]!, nameBytes: latin1Bytes(newName) }
    const { nameBytes } = this.commands[id]!
    let slot = hashName(nameBytes, 0, nameBytes.length)
    while (this.table[slot]! >= 0) {
      assert(!equalsIgnoreCase(nameBytes, 0, nameBytes.length, this.commands[this.table[slot]!]!.nameBytes))
      slot = (slot + 1) & (TABLE_SIZE - 1)
    }
    this.table[slot] = id
  }
}

function hashName(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 33) + (bytes[i]! | 0x20)) | 0
  return (hash ^ (hash >>> 11)) & (TABLE_SIZE - 1)
}
