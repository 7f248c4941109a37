/**
 * Who has to see parts of a structure as they are before they change: a snapshot under way.
 *
 * A structure too large to be saved in one step carries a mark in its root while the snapshot has it in hand. Its code tests the
 * mark, which lies beside what it reads anyway, and tells the guard of the arena. What a unit is, is the structure's affair: a
 * bucket by its number, a node by its pointer.
 */

import type { Pointer } from './pointer.js'

export interface UnitGuard {
  /** A unit of a marked structure is about to change, to be moved or to go. */
  changing(root: Pointer, unit: number): void
  /** Of a chain: another node than now is about to follow this one. */
  relinking(root: Pointer, node: Pointer): void
  /** Of a chain: a node that was not there before has come. */
  added(root: Pointer, node: Pointer): void
  /** Of a chain: a node has been taken out. True when its block (not its content) is the guard's now, to be freed later. */
  keepsNode(root: Pointer, node: Pointer): boolean
  /** The root is about to be freed, while the parts live on elsewhere. */
  dissolved(root: Pointer): void
}
