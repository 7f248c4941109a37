/**
 * Sine, cosine and arc sine rounded to the nearest double, as the C library has them, where V8's may be one unit in the last place off.
 *
 * An angle is taken apart as k/128 + r, where r is exact. The tables hold sines and cosines of k/128 as sums of two doubles, which are
 * twice as precise as one, and those of r come from the first terms of their series:
 *
 *     sin(k/128 + r) = S + C r + (S (cos r - 1) + C (sin r - r))
 *
 * S, and the product C r, are the large terms; they are summed exactly (T. J. Dekker, "A Floating-Point Technique for Extending the
 * Available Precision", 1971). What the small ones lack is less than 2^-16 units in the last place of the result, so that about one
 * result in 2^16 may be rounded to the wrong side. An arc sine is V8's, corrected by one step of Newton's method.
 */

const STEPS = 128
/** Up to pi / 2, and one more. */
const ENTRIES = 203
/** Fraction bits of the fixed-point numbers from which the tables are made. */
const FIXED_BITS = 160n
/** Cuts a double into halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1
/** What pi is more than Math.PI. */
const PI_REST = 1.2246467991473532e-16

const SINE = new Float64Array(ENTRIES)
const SINE_REST = new Float64Array(ENTRIES)
const COSINE = new Float64Array(ENTRIES)
const COSINE_REST = new Float64Array(ENTRIES)
fillTables()

/** A sum of two doubles. */
const result = { high: 0, low: 0 }

/** @param angle  within a half turn either way */
export function sine(angle: number): number {
  const magnitude = Math.abs(angle)
  if (magnitude <= Math.PI / 2) sineOf(magnitude, 0)
  else sineOf(Math.PI - magnitude, PI_REST)
  const { high } = result
  return angle < 0 ? -high : high
}

/** @param angle  within a quarter turn either way */
export function cosine(angle: number): number {
  const magnitude = Math.abs(angle)
  const k = Math.round(magnitude * STEPS)
  const r = magnitude - k / STEPS
  const square = r * r
  const product = SINE[k] * -r
  const productRest = productError(SINE[k], -r, product)
  const sum = COSINE[k] + product
  const sumRest = product - (sum - COSINE[k])
  const small = COSINE[k] * cosineLess1(square) - SINE[k] * sineLess(r, square)
  return sum + (sumRest + (productRest + (COSINE_REST[k] - SINE_REST[k] * r + small)))
}

/** @param value  from 0 to 1; NaN beyond */
export function arcSine(value: number): number {
  const angle = Math.asin(value)
  if (!(value > 0 && value < 1)) return angle
  sineOf(angle, 0)
  return angle + (value - result.high - result.low) / Math.sqrt((1 - value) * (1 + value))
}

/** Leaves the sine of an angle of the first quadrant, plus something tiny, in `result`. */
function sineOf(angle: number, rest: number): void {
  const k = Math.round(angle * STEPS)
  const r = angle - k / STEPS
  const square = r * r
  const product = COSINE[k] * r
  const productRest = productError(COSINE[k], r, product)
  // For k = 0 the product is the larger one, but then the sine is 0.
  const sum = SINE[k] + product
  const sumRest = k === 0 ? 0 : product - (sum - SINE[k])
  const small = SINE[k] * cosineLess1(square) + COSINE[k] * sineLess(r, square) + (COSINE[k] - SINE[k] * r) * rest
  const low = sumRest + (productRest + (SINE_REST[k] + COSINE_REST[k] * r + small))
  result.high = sum + low
  result.low = low - (result.high - sum)
}

/** cos r - 1, by the square of r, at most 1/256. */
function cosineLess1(square: number): number {
  return square * (-1 / 2 + square * (1 / 24 + square * (-1 / 720 + square * (1 / 40320))))
}

/** sin r - r. */
function sineLess(r: number, square: number): number {
  return r * square * (-1 / 6 + square * (1 / 120 + square * (-1 / 5040 + square * (1 / 362880))))
}

/** What the rounded product of two doubles lacks. */
function productError(a: number, b: number, product: number): number {
  const aCut = a * SPLITTER
  const aHigh = aCut - (aCut - a)
  const aLow = a - aHigh
  const bCut = b * SPLITTER
  const bHigh = bCut - (bCut - b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

/** Turns from one entry to the next by the sine and cosine of 1/128, in fixed-point numbers. */
function fillTables(): void {
  const one = 1n << FIXED_BITS
  let stepSine = 0n
  let stepCosine = 0n
  for (let n = 0n, term = one; term !== 0n; n++, term = term / (BigInt(STEPS) * n)) {
    const signed = (n & 2n) === 0n ? term : -term
    if ((n & 1n) === 0n) stepCosine += signed
    else stepSine += signed
  }
  let sine = 0n
  let cosine = one
  for (let k = 0; k < ENTRIES; k++) {
    takeApart(sine, k, SINE, SINE_REST)
    takeApart(cosine, k, COSINE, COSINE_REST)
    const turned = (sine * stepCosine + cosine * stepSine) >> FIXED_BITS
    cosine = (cosine * stepCosine - sine * stepSine) >> FIXED_BITS
    sine = turned
  }
}

function takeApart(fixed: bigint, k: number, high: Float64Array, low: Float64Array): void {
  const unit = 2 ** -Number(FIXED_BITS)
  const nearest = Number(fixed)
  high[k] = nearest * unit
  low[k] = Number(fixed - BigInt(nearest)) * unit
}
