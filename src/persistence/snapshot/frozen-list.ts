/**
 * A list of many nodes, to be written in the order that they had at the cut.
 *
 * The walk follows the links of the cut: those of the list itself, but where a link has changed since, the old one is noted here.
 * A node that changes or goes is saved first, and its block is kept until the walk has passed: so a node that the walk has still
 * before it is known by its pointer, which no new node can have.
 */

import type { Pointer } from '../../memory/pointer.js'
import { HEAD, NEXT, setMarked, word } from '../../structures/quicklist-nodes.js'
import type { LargeKey } from './consumer.js'
import { FrozenValue, type WalkContext } from './frozen-value.js'
import { PointerSet } from './pointer-set.js'
import type { SideBuffer } from './side-store.js'

export class FrozenList extends FrozenValue {
  /** Nodes that the walk has passed, and ones that came after the cut. */
  private readonly passed: PointerSet
  /** What followed a node at the cut, where that has changed. */
  private readonly links: Map<Pointer, Pointer>
  /** Nodes saved early: where their bytes begin and end at the side. */
  private readonly places: Map<Pointer, { readonly start: number; readonly end: number }>
  /** Nodes that are out of the list, but still before the walk. */
  private readonly kept: Set<Pointer>
  private next: Pointer
  private headLength: number
  private copied: number
  private isDissolved: boolean

  constructor(context: WalkContext, large: LargeKey, root: Pointer, side: SideBuffer) {
    super(context, large, root, side)
    const { arena } = context.keyspace
    this.passed = new PointerSet()
    this.links = new Map()
    this.places = new Map()
    this.kept = new Set()
    this.next = word(arena, root, HEAD)
    this.headLength = -1
    this.copied = 0
    this.isDissolved = false
    setMarked(arena, root, true)
  }

  override begin(entry: Pointer): void {
    super.begin(entry)
    this.headLength = this.side.length
  }

  changing(node: Pointer): void {
    if (this.passed.has(node) || this.places.has(node)) return
    const start = this.side.length
    this.context.turnTo(this.side)
    this.context.consumer.listNode(this.large, node)
    this.context.turnBack()
    this.places.set(node, { start, end: this.side.length })
  }

  override relinking(node: Pointer): void {
    if (this.passed.has(node) || this.links.has(node)) return
    this.links.set(node, word(this.context.keyspace.arena, node, NEXT))
  }

  override added(node: Pointer): void {
    this.passed.add(node)
  }

  override keepsNode(node: Pointer): boolean {
    if (this.passed.has(node)) return false
    this.kept.add(node)
    return true
  }

  override dissolve(): void {
    this.isDissolved = true
  }

  step(): boolean {
    if (this.copied < this.headLength) {
      this.copied = this.copySide(this.copied, this.headLength)
      return true
    }
    const node = this.next
    if (node === 0) return false
    const place = this.places.get(node)
    if (place === undefined) this.context.consumer.listNode(this.large, node)
    else if (!this.copyPlace(node, place.start, place.end)) return true
    this.next = this.links.get(node) ?? word(this.context.keyspace.arena, node, NEXT)
    this.pass(node)
    return this.next !== 0
  }

  override release(): void {
    const { arena } = this.context.keyspace
    for (const node of this.kept) arena.free(node)
    if (!this.isDissolved) setMarked(arena, this.root, false)
    super.release()
  }

  /** Copies a part of a node saved early; true when that was the last. */
  private copyPlace(node: Pointer, start: number, end: number): boolean {
    const at = this.copySide(start, end)
    if (at === end) return true
    this.places.set(node, { start: at, end })
    return false
  }

  private pass(node: Pointer): void {
    this.places.delete(node)
    this.links.delete(node)
    if (this.kept.delete(node)) this.context.keyspace.arena.free(node)
    else this.passed.add(node)
  }
}
