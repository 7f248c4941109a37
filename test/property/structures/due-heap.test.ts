/** Random use of heaps of due things against a list. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Arena } from '../../../src/memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../../src/memory/pointer.js'
import {
  addDue,
  countDueBefore,
  dueCount,
  dueMoved,
  dueOf,
  emptyCopy,
  firstDue,
  newDueHeap,
  removeDue,
  setDue,
  settleDue,
  validateDueHeap,
} from '../../../src/structures/due-heap.js'

const THING_BYTES = 16

function copied(arena: Arena, thing: Pointer): Pointer {
  const copy = arena.allocate(THING_BYTES)
  const from = (thing & OFFSET_MASK) << 1
  const words = arena.i32[thing >>> SEGMENT_SHIFT]!.slice(from, from + 4)
  arena.i32[copy >>> SEGMENT_SHIFT]!.set(words, (copy & OFFSET_MASK) << 1)
  return copy
}

class Run {
  private readonly arena = new Arena({ poison: true })
  private heap: Pointer
  private things: { at: Pointer; due: number }[] = []

  constructor() {
    this.heap = newDueHeap(this.arena)
  }

  step(kind: number, due: number, pick: number): void {
    const { arena, things } = this
    const index = things.length === 0 ? 0 : pick % things.length
    const chosen = things[index]
    if (kind < 4 || chosen === undefined) this.add(due)
    else if (kind < 6) {
      this.heap = removeDue(arena, this.heap, chosen.at)
      arena.free(chosen.at)
      things.splice(index, 1)
    } else if (kind < 8) {
      chosen.due = due
      setDue(arena, chosen.at, due)
      settleDue(arena, this.heap, chosen.at)
    } else if (kind < 9) this.move(chosen)
    else this.duplicate()
    this.check(due)
  }

  end(): void {
    for (const { at } of this.things) {
      this.heap = removeDue(this.arena, this.heap, at)
      this.arena.free(at)
    }
    this.arena.free(this.heap)
    assert.equal(this.arena.usedBytes, 0)
    this.arena.validate()
  }

  private add(due: number): void {
    const at = this.arena.allocate(THING_BYTES)
    setDue(this.arena, at, due)
    this.heap = addDue(this.arena, this.heap, at)
    this.things.push({ at, due })
  }

  private move(thing: { at: Pointer; due: number }): void {
    const moved = copied(this.arena, thing.at)
    dueMoved(this.arena, this.heap, moved)
    this.arena.free(thing.at)
    thing.at = moved
  }

  /** Goes on with a copy. */
  private duplicate(): void {
    const { arena, heap, things } = this
    const copy = emptyCopy(arena, heap)
    for (const thing of things) {
      const at = copied(arena, thing.at)
      dueMoved(arena, copy, at)
      arena.free(thing.at)
      thing.at = at
    }
    arena.free(heap)
    this.heap = copy
  }

  private check(moment: number): void {
    const { arena, heap, things } = this
    validateDueHeap(arena, heap)
    assert.equal(dueCount(arena, heap), things.length)
    const dues = things.map(({ due }) => due)
    if (things.length === 0) assert.equal(firstDue(arena, heap), 0)
    else assert.equal(dueOf(arena, firstDue(arena, heap)), Math.min(...dues))
    assert.equal(countDueBefore(arena, heap, moment), dues.filter((due) => due < moment).length)
  }
}

test('the earliest stands first', () => {
  const moment = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }))
  const step = fc.tuple(fc.nat(9), moment, fc.nat(1000))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const run = new Run()
      for (const [kind, due, pick] of steps) run.step(kind, due, pick)
      run.end()
    }),
    { numRuns: 150 },
  )
})
