/**
 * Sorting of indexes by distance.
 *
 * Where distances are equal the order can be seen, so both ways are those of a real server: everything by a stable sort, the first few
 * of many by the quicksort of Bentley and McIlroy ("Engineering a Sort Function", 1993), which leaves alone the parts in which none of
 * the wanted places is.
 */

/** Merging begins with runs of this length. */
const RUN_LENGTH = 8
/** Up to here the quicksort inserts instead. */
const INSERTION_MAX = 6
/** Beyond this the pivot is a median of three, and beyond the next one of three medians. */
const MEDIAN_MIN = 7
const NINTHER_MIN = 40

/**
 * Sorts order[0, count) by `keys`; what is equal stays in its order.
 *
 * @param aside  scratch, as long as `order`
 */
export function sortStable(
  order: Int32Array, count: number, keys: Float64Array, isDescending: boolean, aside: Int32Array,
): void {
  for (let start = 0; start < count; start += RUN_LENGTH) {
    insertionSort(order, start, Math.min(start + RUN_LENGTH, count), keys, isDescending)
  }
  let from = order
  let to = aside
  for (let width = RUN_LENGTH; width < count; width *= 2) {
    for (let start = 0; start < count; start += width * 2) {
      const middle = Math.min(start + width, count)
      merge(from, start, middle, Math.min(start + width * 2, count), to, keys, isDescending)
    }
    const sorted = to
    to = from
    from = sorted
  }
  if (from !== order) for (let i = 0; i < count; i++) order[i] = from[i]!
} // prettier-ignore

function insertionSort(order: Int32Array, start: number, end: number, keys: Float64Array, isDescending: boolean): void {
  for (let i = start + 1; i < end; i++) {
    const index = order[i]!
    let at = i
    for (; at > start && compare(order[at - 1]!, index, keys, isDescending) > 0; at--) order[at] = order[at - 1]!
    order[at] = index
  }
}

/** Merges from[start, middle) and from[middle, end) to the same places of `to`. */
function merge(
  from: Int32Array, start: number, middle: number, end: number, to: Int32Array, keys: Float64Array, isDescending: boolean,
): void {
  let left = start
  let right = middle
  for (let at = start; at < end; at++) {
    const isLeft = left < middle && (right === end || compare(from[left]!, from[right]!, keys, isDescending) <= 0)
    to[at] = isLeft ? from[left++]! : from[right++]!
  }
} // prettier-ignore

/** Sorts the first `wanted` of order[0, count); the others stay in a random order behind them. */
export function sortFirst(
  order: Int32Array, count: number, keys: Float64Array, isDescending: boolean, wanted: number,
): void {
  sortPart(order, 0, count, keys, isDescending, wanted)
} // prettier-ignore

/** Sorts order[start, start + count), as far as the wanted places are in it. */
function sortPart(
  order: Int32Array, start: number, count: number, keys: Float64Array, isDescending: boolean, wanted: number,
): void {
  while (start < wanted) {
    if (count <= INSERTION_MAX) return insertionSort(order, start, start + count, keys, isDescending)
    swap(order, start, pivotOf(order, start, count, keys, isDescending))
    partition(order, start, count, keys, isDescending)
    const { greater, less } = sizes
    if (less > 1) sortPart(order, start, less, keys, isDescending, wanted)
    if (greater <= 1) return
    start += count - greater
    count = greater
  }
} // prettier-ignore

/** How many the last partition found on either side of the pivot. */
const sizes = { less: 0, greater: 0 }

/**
 * Moves what is less than the first to the front, and what is greater to the end. What is equal is first gathered at both ends, and
 * then moved between the two.
 */
function partition(order: Int32Array, start: number, count: number, keys: Float64Array, isDescending: boolean): void {
  const last = start + count - 1
  let equalFront = start + 1
  let up = equalFront
  let down = last
  let equalBack = last
  for (;;) {
    for (; up <= down; up++) {
      const side = compare(order[up]!, order[start]!, keys, isDescending)
      if (side > 0) break
      if (side === 0) swap(order, equalFront++, up)
    }
    for (; up <= down; down--) {
      const side = compare(order[down]!, order[start]!, keys, isDescending)
      if (side < 0) break
      if (side === 0) swap(order, down, equalBack--)
    }
    if (up > down) break
    swap(order, up++, down--)
  }
  const less = up - equalFront
  const greater = equalBack - down
  const front = Math.min(equalFront - start, less)
  const back = Math.min(greater, last - equalBack)
  for (let i = 0; i < front; i++) swap(order, start + i, up - front + i)
  for (let i = 0; i < back; i++) swap(order, up + i, last + 1 - back + i)
  sizes.less = less
  sizes.greater = greater
}

function pivotOf(order: Int32Array, start: number, count: number, keys: Float64Array, isDescending: boolean): number {
  let middle = start + (count >>> 1)
  if (count <= MEDIAN_MIN) return middle
  let low = start
  let high = start + count - 1
  if (count > NINTHER_MIN) {
    const step = count >>> 3
    low = median(order, low, low + step, low + 2 * step, keys, isDescending)
    middle = median(order, middle - step, middle, middle + step, keys, isDescending)
    high = median(order, high - 2 * step, high - step, high, keys, isDescending)
  }
  return median(order, low, middle, high, keys, isDescending)
}

/** The place of the middle one of three. */
function median(
  order: Int32Array, a: number, b: number, c: number, keys: Float64Array, isDescending: boolean,
): number {
  const x = order[a]!
  const y = order[b]!
  const z = order[c]!
  if (compare(x, y, keys, isDescending) < 0) {
    if (compare(y, z, keys, isDescending) < 0) return b
    return compare(x, z, keys, isDescending) < 0 ? c : a
  }
  if (compare(y, z, keys, isDescending) > 0) return b
  return compare(x, z, keys, isDescending) < 0 ? a : c
} // prettier-ignore

function swap(order: Int32Array, a: number, b: number): void {
  const index = order[a]!
  order[a] = order[b]!
  order[b] = index
}

function compare(a: number, b: number, keys: Float64Array, isDescending: boolean): number {
  const first = keys[a]!
  const second = keys[b]!
  if (first === second) return 0
  return first > second === isDescending ? -1 : 1
}
