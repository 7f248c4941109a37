/** The ranges that commands on sorted sets name: of scores, and of members. */

import { compare } from '../../base/bytes.js'
import { parseDoubleLoose } from '../../base/double.js'

const OPEN = 0x28 // (
const CLOSED = 0x5b // [
const PLUS = 0x2b
const MINUS = 0x2d
const NOTHING = new Uint8Array(0)

/** Scores from `min` to `max`, with or without these. Instances are reused. */
export class ScoreRange {
  min: number
  max: number
  excludesMin: boolean
  excludesMax: boolean

  constructor() {
    this.min = 0
    this.max = 0
    this.excludesMin = false
    this.excludesMax = false
  }

  /** Reads two texts such as `5`, `(5` or `-inf`; false when one is no float. */
  parse(bytes: Uint8Array, minStart: number, minEnd: number, maxStart: number, maxEnd: number): boolean {
    this.excludesMin = minStart < minEnd && bytes[minStart] === OPEN
    this.excludesMax = maxStart < maxEnd && bytes[maxStart] === OPEN
    this.min = parseDoubleLoose(bytes, this.excludesMin ? minStart + 1 : minStart, minEnd)
    this.max = parseDoubleLoose(bytes, this.excludesMax ? maxStart + 1 : maxStart, maxEnd)
    return !Number.isNaN(this.min) && !Number.isNaN(this.max)
  }

  /** No score at all is in it. */
  get isEmpty(): boolean {
    return this.min > this.max || (this.min === this.max && (this.excludesMin || this.excludesMax))
  }

  isAboveMin(score: number): boolean {
    return this.excludesMin ? score > this.min : score >= this.min
  }

  isBelowMax(score: number): boolean {
    return this.excludesMax ? score < this.max : score <= this.max
  }
}

/** What a bound of a lexicographic range is. */
export const Bound = { lowest: -1, member: 0, highest: 1 } as const
export type Bound = (typeof Bound)[keyof typeof Bound]

/** Members from one to another in the order of their bytes. Instances are reused, and refer to bytes that somebody else owns. */
export class LexRange {
  bytes: Uint8Array
  minKind: Bound
  minStart: number
  minEnd: number
  excludesMin: boolean
  maxKind: Bound
  maxStart: number
  maxEnd: number
  excludesMax: boolean

  constructor() {
    this.bytes = NOTHING
    this.minKind = Bound.lowest
    this.minStart = 0
    this.minEnd = 0
    this.excludesMin = false
    this.maxKind = Bound.highest
    this.maxStart = 0
    this.maxEnd = 0
    this.excludesMax = false
  }

  /** Reads two texts such as `[a`, `(a`, `-` or `+`; false when one is no such. */
  parse(bytes: Uint8Array, minStart: number, minEnd: number, maxStart: number, maxEnd: number): boolean {
    if (!isBound(bytes, minStart, minEnd) || !isBound(bytes, maxStart, maxEnd)) return false
    this.bytes = bytes
    this.minKind = kindOf(bytes[minStart]!)
    this.minStart = minStart + 1
    this.minEnd = minEnd
    this.excludesMin = bytes[minStart] !== CLOSED
    this.maxKind = kindOf(bytes[maxStart]!)
    this.maxStart = maxStart + 1
    this.maxEnd = maxEnd
    this.excludesMax = bytes[maxStart] !== CLOSED
    return true
  }

  get isEmpty(): boolean {
    const order = this.minKind === this.maxKind && this.minKind === Bound.member
      ? compare(this.bytes, this.minStart, this.minEnd, this.bytes, this.maxStart, this.maxEnd)
      : this.minKind - this.maxKind // prettier-ignore
    return order > 0 || (order === 0 && (this.excludesMin || this.excludesMax))
  }

  isAboveMin(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.minKind !== Bound.member) return this.minKind === Bound.lowest
    const order = compare(bytes, start, end, this.bytes, this.minStart, this.minEnd)
    return this.excludesMin ? order > 0 : order >= 0
  }

  isBelowMax(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.maxKind !== Bound.member) return this.maxKind === Bound.highest
    const order = compare(bytes, start, end, this.bytes, this.maxStart, this.maxEnd)
    return this.excludesMax ? order < 0 : order <= 0
  }
}

/** The signs for the ends must stand alone, or before a NUL, which ends a text for the reference. */
function isBound(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return false
  const sign = bytes[start]
  if (sign === OPEN || sign === CLOSED) return true
  return (sign === PLUS || sign === MINUS) && (end === start + 1 || bytes[start + 1] === 0)
}

function kindOf(sign: number): Bound {
  if (sign === PLUS) return Bound.highest
  return sign === MINUS ? Bound.lowest : Bound.member
}
