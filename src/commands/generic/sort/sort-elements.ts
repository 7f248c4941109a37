/** SORT and SORT_RO: the steps from the options to the reply. */

import { parseDoubleLoose } from '../../../base/double.js'
import { isSpace, lowerCase } from '../../../base/bytes.js'
import { Slice } from '../../../base/slice.js'
import type { Call } from '../../../engine/call.js'
import { ClientFlag } from '../../../engine/client.js'
import { Type, typeOf } from '../../../keyspace/entry.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { SortOptions } from './arguments.js'
import { sourceOf } from './elements.js'
import { Ordering } from './ordering.js'
import { SortPattern } from './pattern.js'
import { storeSorted } from './store.js'
import { Texts, textPrefix } from './texts.js'

/** Everything a sort works with; one is enough, for nothing runs in between. */
export class SortRun {
  readonly options: SortOptions
  readonly elements: Texts
  readonly patterns: SortPattern[]
  readonly ordering: Ordering
  /** What BY found for each element, when that is compared as text. */
  private readonly weights: Texts
  /** The places that are wanted: from `first` to `last`, none when `last` is smaller. */
  first: number
  last: number
  private readonly found: Slice

  constructor() {
    this.options = new SortOptions()
    this.elements = new Texts()
    this.patterns = []
    this.ordering = new Ordering()
    this.weights = new Texts()
    this.first = 0
    this.last = -1
    this.found = new Slice()
  }

  /** The number of values that are returned or stored. */
  get resultCount(): number {
    const { getIndexes } = this.options
    return (this.last - this.first + 1) * (getIndexes.length === 0 ? 1 : getIndexes.length)
  }

  run(call: Call, mayStore: boolean): void {
    if (!this.options.parse(call, mayStore)) return
    const entry = call.findRead(1)
    const problem = this.prepare(call, entry)
    if (problem !== undefined) call.fail(problem)
    else if (this.options.storeIndex === 0) this.reply(call)
    else storeSorted(call, this)
    this.close()
  }

  /**
   * Points the result's value `get` of the element at a place into a slice.
   *
   * @param get  index among the GET options; without any, the element itself
   * @returns false when GET finds nothing
   */
  view(call: Call, place: number, get: number, into: Slice): boolean {
    const { elements, ordering } = this
    const thing = ordering.order[place]!
    const start = elements.start(thing)
    const end = elements.ends[thing]!
    if (this.options.getIndexes.length !== 0) {
      return this.patterns[get]!.resolve(call, elements.bytes, start, end, into)
    }
    into.set(elements.bytes, start, end)
    return true
  }

  /** Loads and orders; the error when that cannot be done. */
  private prepare(call: Call, entry: Pointer): ErrorReply | undefined {
    const { elements, options, ordering } = this
    this.first = 0
    this.last = -1
    if (entry !== 0) {
      const source = sourceOf(call, entry)
      if (source === undefined) return ErrorReply.wrongType
      this.forceOrder(call, entry)
      const count = source.count(call, entry)
      this.limit(count)
      // In the order they have, only the elements that are wanted need to be loaded.
      const isRange = options.keepsOrder && typeOf(call.arena, entry) !== Type.set
      const loaded = isRange ? this.last - this.first + 1 : count
      const from = isRange ? this.first : 0
      const isReversed = isRange && options.descends
      if (!source.load(call, entry, from, loaded, isReversed, elements)) return ErrorReply.outOfMemory
      if (isRange) this.first = 0
      if (isRange) this.last = loaded - 1
    }
    if (!ordering.begin(elements.count)) return ErrorReply.outOfMemory
    this.openPatterns(call)
    return options.keepsOrder ? undefined : this.order(call)
  }

  /** The members of a set come in no order: they are sorted where the result has to be the same on every replica. */
  private forceOrder(call: Call, entry: Pointer): void {
    const { options } = this
    if (!options.keepsOrder || typeOf(call.arena, entry) !== Type.set) return
    if (options.storeIndex === 0 && (call.client.flags & ClientFlag.script) === 0) return
    options.keepsOrder = false
    options.isAlpha = true
    options.byIndex = 0
  }

  private limit(count: number): void {
    const { limitCount, limitStart } = this.options
    const start = Math.min(Math.max(limitStart, 0), count)
    const wanted = Math.min(Math.max(limitCount, -1), count)
    this.first = start
    this.last = wanted < 0 ? count - 1 : Math.min(start + wanted, count) - 1
    if (start >= count) this.last = start - 1
  }

  private openPatterns(call: Call): void {
    const { byIndex, getIndexes } = this.options
    while (this.patterns.length <= getIndexes.length) this.patterns.push(new SortPattern())
    for (let i = 0; i < getIndexes.length; i++) openPattern(call, this.patterns[i]!, getIndexes[i]!)
    if (byIndex !== 0) openPattern(call, this.patterns[getIndexes.length]!, byIndex)
  }

  private order(call: Call): ErrorReply | undefined {
    const { elements, options, ordering, weights } = this
    const { count } = elements
    const isBy = options.byIndex !== 0
    const endsAtNul = options.isAlpha && options.storeIndex === 0
    const problem = options.isAlpha ? this.takeTexts(call, endsAtNul) : this.takeNumbers(call)
    if (problem !== undefined) return problem
    const texts = options.isAlpha && isBy ? weights : elements
    ordering.compareBy(texts, count, options.descends, endsAtNul, !isBy)
    if (this.first !== 0 || this.last !== count - 1) ordering.sortRange(count, this.first, this.last)
    else if (!ordering.sortAll(count)) return ErrorReply.outOfMemory
    return undefined
  }

  /** Keys from the numbers that the elements, or what BY finds for them, spell; 0 where it finds nothing. */
  private takeNumbers(call: Call): ErrorReply | undefined {
    const { elements, found, options, ordering } = this
    const by = options.byIndex === 0 ? undefined : this.patterns[options.getIndexes.length]!
    let areNumbers = true
    for (let i = 0; i < elements.count; i++) {
      const start = elements.start(i)
      const end = elements.ends[i]!
      if (by === undefined) found.set(elements.bytes, start, end)
      else if (!by.resolve(call, elements.bytes, start, end, found)) {
        ordering.keys[i] = 0
        continue
      }
      const key = sortNumber(found)
      ordering.keys[i] = key
      areNumbers = areNumbers && !Number.isNaN(key)
    }
    return areNumbers ? undefined : ErrorReply.sortScores
  }

  /** Keys from the first bytes of elements, or of what BY finds for them; nothing comes before everything. */
  private takeTexts(call: Call, endsAtNul: boolean): ErrorReply | undefined {
    const { elements, options, ordering } = this
    if (options.byIndex !== 0) return this.takeWeights(call, endsAtNul)
    for (let i = 0; i < elements.count; i++) ordering.keys[i] = textPrefix(elements, i, endsAtNul)
    return undefined
  }

  private takeWeights(call: Call, endsAtNul: boolean): ErrorReply | undefined {
    const { elements, found, options, ordering, weights } = this
    const by = this.patterns[options.getIndexes.length]!
    for (let i = 0; i < elements.count; i++) {
      const isFound = by.resolve(call, elements.bytes, elements.start(i), elements.ends[i]!, found)
      if (!isFound) found.set(elements.bytes, 0, 0)
      if (!weights.add(found.bytes, found.start, found.end)) return ErrorReply.outOfMemory
      ordering.keys[i] = isFound ? textPrefix(weights, i, endsAtNul) : -1
    }
    return undefined
  }

  private reply(call: Call): void {
    const { found } = this
    const { reply } = call
    const gets = Math.max(this.options.getIndexes.length, 1)
    reply.array(this.resultCount)
    for (let place = this.first; place <= this.last; place++) {
      for (let get = 0; get < gets; get++) {
        if (this.view(call, place, get, found)) reply.bulk(found.bytes, found.start, found.end)
        else reply.nil()
      }
    }
  }

  private close(): void {
    this.elements.clear()
    this.weights.clear()
    this.ordering.end()
    for (const pattern of this.patterns) pattern.close()
  }
}

function openPattern(call: Call, pattern: SortPattern, index: number): void {
  pattern.open(call.bytes, call.starts[index]!, call.ends[index]!)
}

const SMALLEST_NORMAL = 2 ** -1022
const DIGIT_ZERO = 0x30

/** The number a text spells, as the C library reads it; NaN for none, and for one that a double cannot hold. */
function sortNumber({ bytes, end, start }: Slice): number {
  const value = parseDoubleLoose(bytes, start, end)
  const magnitude = Math.abs(value)
  if (magnitude >= SMALLEST_NORMAL && magnitude < Infinity) return value
  if (magnitude === Infinity) return spellsInfinity(bytes, start, end) ? value : NaN
  return magnitude === 0 && spellsZero(bytes, start, end) ? value : NaN
}

/** Of a text that is read as infinity: whether it says so, and is not just too large. */
function spellsInfinity(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && (isSpace(bytes[at]!) || bytes[at] === 0x2b || bytes[at] === 0x2d)) at++
  return lowerCase(bytes[at]!) === 0x69
}

/** Of a text that is read as zero: whether no digit in front of an exponent is another. */
function spellsZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end && bytes[i] !== 0; i++) {
    const letter = lowerCase(bytes[i]!)
    if (letter === 0x65 || letter === 0x70) return true
    if (letter > DIGIT_ZERO && letter <= 0x39) return false
  }
  return true
}
