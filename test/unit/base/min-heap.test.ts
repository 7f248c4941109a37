import { test } from 'node:test'
import { deepEqual, equal, throws } from 'node:assert/strict'
import * as fc from 'fast-check'
import { type HeapEntry, MinHeap } from '../../../src/base/min-heap.js'

function drain<T>(heap: MinHeap<T>): T[] {
  const values: T[] = []
  for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) values.push(entry.value)
  return values
}

test('empty', () => {
  const heap = new MinHeap<string>()
  equal(heap.size, 0)
  equal(heap.leastKey, Infinity)
  equal(heap.peek(), undefined)
  equal(heap.pop(), undefined)
})

test('values come out by key, and by age among equal keys', () => {
  const heap = new MinHeap<string>()
  for (const [key, value] of [
    [5, 'e'],
    [1, 'a1'],
    [3, 'c'],
    [1, 'a2'],
    [1, 'a3'],
    [-2, 'z'],
  ] as const)
    heap.push(key, value)
  equal(heap.leastKey, -2)
  equal(heap.peek()?.value, 'z')
  deepEqual(drain(heap), ['z', 'a1', 'a2', 'a3', 'c', 'e'])
})

test('remove takes out one entry, once', () => {
  const heap = new MinHeap<number>()
  const handles = Array.from({ length: 20 }, (_, i) => heap.push(i, i))
  equal(heap.remove(handles[7]!), true)
  equal(heap.remove(handles[7]!), false)
  const first = heap.pop()
  equal(heap.remove(first!), false)
  equal(heap.size, 18)
  heap.validate()
  heap.clear()
  equal(heap.remove(handles[3]!), false)
})

test('NaN is no key, and a handle that is out cannot be moved', () => {
  const heap = new MinHeap<number>()
  const handle = heap.push(1, 1)
  throws(() => heap.push(NaN, 1))
  throws(() => heap.move(handle, NaN))
  heap.remove(handle)
  throws(() => heap.move(handle, 2))
})

test('a handle of another heap is refused', () => {
  const heap = new MinHeap<number>()
  const other = new MinHeap<number>()
  heap.push(1, 1)
  const handle = other.push(1, 1)
  throws(() => heap.remove(handle))
})

type Step = { readonly kind: 'push' | 'pop' | 'remove' | 'move'; readonly key: number; readonly pick: number }

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('push', 'push', 'push', 'pop', 'remove', 'move'),
  key: fc.integer({ min: 0, max: 8 }),
  pick: fc.nat(1000),
})

test('any run of operations agrees with a sorted list', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const heap = new MinHeap<number>()
      const handles: HeapEntry<number>[] = []
      // Kept in the order of insertion; a stable sort then gives the order of the heap.
      let list: { key: number; value: number }[] = []
      const take = (value: number): void => {
        list = list.filter((entry) => entry.value !== value)
      }
      for (const { kind, key, pick } of steps) {
        const value = handles.length
        const handle = handles[pick % Math.max(1, handles.length)]
        if (kind === 'push') {
          handles.push(heap.push(key, value))
          list.push({ key, value })
        } else if (kind === 'pop') {
          const expected = list.toSorted((a, b) => a.key - b.key)[0]
          const popped = heap.pop()
          equal(popped?.value, expected?.value)
          if (expected !== undefined) take(expected.value)
        } else if (handle !== undefined) {
          const isIn = list.some((entry) => entry.value === handle.value)
          if (kind === 'remove') equal(heap.remove(handle), isIn)
          else if (isIn) heap.move(handle, key)
          take(handle.value)
          if (kind === 'move' && isIn) list.push({ key, value: handle.value })
        }
        heap.validate()
        equal(heap.size, list.length)
      }
      const expected = list.toSorted((a, b) => a.key - b.key).map((entry) => entry.value)
      deepEqual(drain(heap), expected)
    }),
  )
})
