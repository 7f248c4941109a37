/**
 * Compares the replies of two servers to one request: byte for byte, and where the bytes differ by what is known to differ.
 *
 * A reply may differ for one of three reasons, each with a list of its own: it is not determined (normalisers.ts), the
 * reference is older than 7.2 (release-changes.ts), or Spinel differs knowingly (excuses.ts, docs/differences.md).
 */

import { allCommands } from '../../src/commands/index.js'
import type { CommandSpec } from '../../src/engine/command.js'
import { DecodeStatus, ReplyDecoder, type ReplyNode, ReplyType, TYPED } from '../../src/protocol/reply-decoder.js'
import { type Step, wordText } from '../support/stream/step.js'
import { runnable } from '../support/stream/stream.js'

/** Two replies to the same request that are not the same bytes. */
export interface Difference {
  /** Full name of the command that was run. */
  readonly command: string
  readonly spec: CommandSpec | undefined
  readonly words: readonly string[]
  readonly theirs: ReplyNode
  readonly ours: ReplyNode
}

/** A kind of difference that is right. */
export interface Allowance {
  readonly id: string
  readonly reason: string
  allows(difference: Difference): boolean
}

const QUEUED = '+QUEUED\r\n'

export class Comparison {
  /** How often each allowance was needed. */
  readonly uses: Map<string, number>
  /** How many requests made for a command had success, and how many got an error, by its full name. */
  readonly outcomes: Map<string, { successes: number; errors: number }>
  /** The last pair of replies that nothing allowed; of a transaction, the pair within. */
  disagreement: Difference | undefined
  private readonly allowances: readonly Allowance[]
  private readonly specs: ReadonlyMap<string, CommandSpec>
  /** What each connection has queued since MULTI. */
  private queued: Map<number, Step[]>

  constructor(allowances: readonly Allowance[]) {
    this.allowances = allowances
    this.uses = new Map()
    this.outcomes = new Map()
    this.disagreement = undefined
    this.queued = new Map()
    this.specs = new Map(runnable(allCommands).map((spec) => [spec.fullName, spec]))
  }

  /** Forgets transactions: the connections are new. */
  restart(): void {
    this.queued = new Map()
  }

  /** Whether the replies agree. Takes note of transactions, so every step has to come by here, in order. */
  agree(step: Step, theirs: Buffer, ours: Buffer): boolean {
    const queue = this.queued.get(step.connection) ?? []
    const isEqual = theirs.equals(ours) || this.nodesAgree(step, decode(theirs), decode(ours), queue)
    this.trackTransaction(step, theirs, queue)
    this.countOutcomes(step, theirs, queue)
    return isEqual
  }

  private countOutcomes(step: Step, theirs: Buffer, queue: readonly Step[]): void {
    if (theirs.toString('latin1', 0, 9) === QUEUED) return
    this.countOutcome(step, theirs[0] !== ReplyType.error)
    if (queue.length === 0 || theirs[0] !== ReplyType.array || step.command !== 'exec') return
    const items = decode(theirs).items ?? []
    for (const [i, inner] of queue.entries()) if (items[i] !== undefined) this.countOutcome(inner, !isError(items[i]))
  }

  private countOutcome(step: Step, isSuccess: boolean): void {
    const outcome = this.outcomes.get(step.command) ?? { successes: 0, errors: 0 }
    this.outcomes.set(step.command, outcome)
    if (isSuccess) outcome.successes++
    else outcome.errors++
  }

  private trackTransaction(step: Step, theirs: Buffer, queue: Step[]): void {
    const name = wordText(step.words[0]!).toLowerCase()
    if (theirs.toString('latin1', 0, 9) === QUEUED) this.queued.set(step.connection, [...queue, step])
    else if (name === 'exec' || name === 'discard' || name === 'reset') this.queued.delete(step.connection)
  }

  private nodesAgree(step: Step, theirs: ReplyNode, ours: ReplyNode, queue: readonly Step[]): boolean {
    if (sameNode(theirs, ours)) return true
    const words = step.words.map(wordText)
    const command = this.commandOf(words)
    if (command === 'exec' && theirs.items !== undefined && ours.items !== undefined) {
      const { items } = theirs
      if (items.length !== ours.items.length || items.length !== queue.length) return false
      return queue.every((inner, i) => this.nodesAgree(inner, items[i]!, ours.items![i]!, []))
    }
    const difference = { command, spec: this.specs.get(command), words, theirs, ours }
    const allowance = this.allowances.find((item) => item.allows(difference))
    if (allowance === undefined) {
      this.disagreement = difference
      return false
    }
    this.uses.set(allowance.id, (this.uses.get(allowance.id) ?? 0) + 1)
    return true
  }

  private commandOf(words: readonly string[]): string {
    const name = words[0]!.toLowerCase()
    const inner = `${name}|${(words[1] ?? '').toLowerCase()}`
    return this.specs.has(inner) ? inner : name
  }
}

/** A reply in the form redis-cli shows it, on one line. */
export function showNode(node: ReplyNode): string {
  const mark = String.fromCharCode(node.type)
  if (node.items !== undefined) return `${mark}[${node.items.map(showNode).join(', ')}]`
  return node.content === null ? 'nil' : mark + JSON.stringify(nodeText(node))
}

export function decode(reply: Buffer): ReplyNode {
  const decoder = new ReplyDecoder(TYPED)
  decoder.feed(reply)
  const status = decoder.next()
  if (status !== DecodeStatus.Reply && status !== DecodeStatus.Push)
    throw new Error(`not a reply: ${reply.toString('latin1')}`)
  return decoder.value as ReplyNode
}

export function sameNode(a: ReplyNode, b: ReplyNode): boolean {
  if (a.type !== b.type || (a.content === null) !== (b.content === null)) return false
  if (a.content !== null && Buffer.compare(a.content, b.content!) !== 0) return false
  const left = a.items
  const right = b.items
  if (left === undefined || right === undefined) return left === right
  return left.length === right.length && left.every((item, i) => sameNode(item, right[i]!))
}

export function nodeText(node: ReplyNode): string {
  return node.content === null ? '' : Buffer.from(node.content).toString('latin1')
}

export function isError(node: ReplyNode): boolean {
  return node.type === ReplyType.error || node.type === ReplyType.bulkError
}

/** The same kind of reply: type and, of aggregates, size. */
export function sameShape(a: ReplyNode, b: ReplyNode): boolean {
  return a.type === b.type && (a.content === null) === (b.content === null) && a.items?.length === b.items?.length
}
