/**
 * Grisu2: a double as few decimal digits that read back as the same double.
 *
 * Source: Florian Loitsch, "Printing Floating-Point Numbers Quickly and Accurately with Integers" (2010), figures 6 and 7.
 * About one double in a thousand gets more digits than the shortest text would need. Redis 7.2 prints scores with this
 * algorithm, so a reply equals its reply only if those few are reproduced; that is why `String(value)`, which is always
 * shortest, is no substitute. The choice among cached powers and the layout of the text follow what Redis 7.2 prints.
 *
 * The value is scaled by a cached power of ten so that its binary exponent falls into -60 .. -32; the integral part then
 * fits 32 bits, the rest 60. Digits come from the upper neighbour's boundary until what remains is within the interval of
 * texts that still read back, and the last digit is then moved towards the value itself. 64-bit numbers are pairs of
 * halves, `high` and `low`, each a number 0 .. 2^32 - 1.
 */

import { digitCount } from './integer.js'

const TWO_32 = 0x1_0000_0000
const TWO_16 = 0x1_0000
const ZERO = 0x30

/** Powers 10^-348, 10^-340 … 10^340, each as 64 bits (the top one set) and a binary exponent. */
const POWER_COUNT = 87
const POWER_STEP = 8
const POWER_FIRST = -348
const POWER_HIGH = new Float64Array(POWER_COUNT)
const POWER_LOW = new Float64Array(POWER_COUNT)
const POWER_EXPONENT = new Int16Array(POWER_COUNT)
computePowers()

/** Where the binary exponent must fall after scaling. */
const EXPONENT_MIN = -60
const EXPONENT_MAX = -32
const LOG10_OF_2 = 0.30102999566398114

const TENS = new Float64Array([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000])

/** More than any double needs. */
const DIGITS_MAX = 18

// Scratch of one call, which holds nothing between calls: the digits found, the double's bits, the scaled numbers.
const DIGITS = new Uint8Array(DIGITS_MAX + 2)
const DOUBLE = new Float64Array(1)
const DOUBLE_BYTES = new DataView(DOUBLE.buffer)
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
const SCALED = new Float64Array(6)
const VALUE = 0
const UPPER = 2
const LOWER = 4

/** Out of `scale`: the binary exponent of the scaled numbers. */
const SCALED_EXPONENT = new Int32Array(1)

/** Out of `generate`: the decimal exponent of the last digit. */
const DECIMAL_EXPONENT = new Int32Array(1)

/**
 * Writes any double: "0", "-0", "nan", "inf", "-inf", else digits, plain or with an exponent ("1.5e-9", "1e+21").
 *
 * @param out  has room for DOUBLE_TEXT_BYTES_MAX at `at`
 * @returns the index after the text
 */
export function writeGrisu(value: number, out: Uint8Array, at: number): number {
  if (Number.isNaN(value)) return writeWord(0x6e, 0x61, 0x6e, out, at)
  const isNegative = value < 0 || (value === 0 && 1 / value < 0)
  if (isNegative) {
    out[at++] = 0x2d
    value = -value
  }
  if (value === 0) {
    out[at] = ZERO
    return at + 1
  }
  if (value === Infinity) return writeWord(0x69, 0x6e, 0x66, out, at)
  scale(value)
  const count = generate()
  return emit(count, DECIMAL_EXPONENT[0], isNegative, out, at)
}

function writeWord(a: number, b: number, c: number, out: Uint8Array, at: number): number {
  out[at] = a
  out[at + 1] = b
  out[at + 2] = c
  return at + 3
}

/** Puts the value and the ends of its interval, times a power of ten, into SCALED; sets both exponents. */
function scale(value: number): void {
  DOUBLE[0] = value
  const bitsHigh = DOUBLE_BYTES.getUint32(4, IS_LITTLE_ENDIAN)
  const fractionLow = DOUBLE_BYTES.getUint32(0, IS_LITTLE_ENDIAN)
  const biased = bitsHigh >>> 20
  const fractionHigh = biased === 0 ? bitsHigh & 0xfffff : (bitsHigh & 0xfffff) | 0x100000
  const isPowerOfTwo = fractionHigh === 0x100000 && fractionLow === 0

  const shift = fractionHigh !== 0 ? Math.clz32(fractionHigh) : 32 + Math.clz32(fractionLow)
  const exponent = (biased === 0 ? -1074 : biased - 1075) - shift
  const high = shift >= 32 ? (fractionLow << (shift - 32)) >>> 0 : shiftedHigh(fractionHigh, fractionLow, shift)
  const low = shift >= 32 ? 0 : (fractionLow << shift) >>> 0

  const index = choosePower(exponent)
  multiply(high, low, index, VALUE)

  // The interval reaches half a unit of the double up, and down half a unit of the double below.
  const halfHigh = shift > 32 ? (1 << (shift - 33)) >>> 0 : 0
  const halfLow = shift > 32 ? 0 : (1 << (shift - 1)) >>> 0
  let sum = low + halfLow
  let carry = sum >= TWO_32 ? 1 : 0
  multiply(high + halfHigh + carry, sum - carry * TWO_32, index, UPPER)
  sum = low - (isPowerOfTwo ? halfLow / 2 : halfLow)
  carry = sum < 0 ? 1 : 0
  multiply(high - halfHigh - carry, sum + carry * TWO_32, index, LOWER)

  SCALED_EXPONENT[0] = exponent + POWER_EXPONENT[index] + 64
  DECIMAL_EXPONENT[0] = -(POWER_FIRST + index * POWER_STEP)
}

function shiftedHigh(high: number, low: number, shift: number): number {
  return ((high << shift) | (low >>> (32 - shift))) >>> 0
}

/** The cached power that Redis picks where several would do: the first one from an estimate onwards. */
function choosePower(exponent: number): number {
  const estimate = Math.trunc(-(exponent + POWER_COUNT) * LOG10_OF_2)
  let index = Math.trunc((estimate - POWER_FIRST) / POWER_STEP)
  for (;;) {
    const scaled = exponent + POWER_EXPONENT[index] + 64
    if (scaled < EXPONENT_MIN) index++
    else if (scaled > EXPONENT_MAX) index--
    else return index
  }
}

/** The upper half of a 64 by 64 bit product with a cached power, rounded on its lower half's top bit. */
function multiply(high: number, low: number, index: number, into: number): void {
  const powerHigh = POWER_HIGH[index]
  const powerLow = POWER_LOW[index]
  const highLow = productHigh(high, powerLow)
  const lowHigh = productHigh(low, powerHigh)
  const highHigh = productHigh(high, powerHigh)
  const middle =
    (Math.imul(high, powerLow) >>> 0) + (Math.imul(low, powerHigh) >>> 0) + productHigh(low, powerLow) + 0x80000000
  const sum = (Math.imul(high, powerHigh) >>> 0) + highLow + lowHigh + Math.floor(middle / TWO_32)
  const carry = Math.floor(sum / TWO_32)
  SCALED[into] = highHigh + carry
  SCALED[into + 1] = sum - carry * TWO_32
}

/** The upper 32 bits of a 32 by 32 bit product. */
function productHigh(a: number, b: number): number {
  const bottom = Math.floor((a * (b & 0xffff)) / TWO_16)
  return Math.floor((a * (b >>> 16) + bottom) / TWO_16)
}

/** Fills DIGITS, most significant first. @returns how many */
function generate(): number {
  // Both ends move inwards by one, past the error of the products.
  let upperHigh = SCALED[UPPER]
  let upperLow = SCALED[UPPER + 1] - 1
  if (upperLow < 0) {
    upperLow += TWO_32
    upperHigh--
  }
  let lowerHigh = SCALED[LOWER]
  let lowerLow = SCALED[LOWER + 1] + 1
  if (lowerLow === TWO_32) {
    lowerLow = 0
    lowerHigh++
  }
  // What may still be left over (delta), and the value's own distance from the upper end.
  let deltaLow = upperLow - lowerLow
  let deltaHigh = upperHigh - lowerHigh
  if (deltaLow < 0) {
    deltaLow += TWO_32
    deltaHigh--
  }
  let distanceLow = upperLow - SCALED[VALUE + 1]
  let distanceHigh = upperHigh - SCALED[VALUE]
  if (distanceLow < 0) {
    distanceLow += TWO_32
    distanceHigh--
  }

  const pointBits = -SCALED_EXPONENT[0] - 32 // of the fraction's high half, 0 .. 28
  const mask = (1 << pointBits) - 1
  const one = 1 << pointBits
  let whole = upperHigh >>> pointBits
  let restHigh = upperHigh & mask
  let restLow = upperLow

  let count = 0
  let kappa = whole > 0x7fffffff ? 10 : digitCount(whole)
  while (kappa > 0) {
    kappa--
    const unit = TENS[kappa]
    const digit = Math.floor(whole / unit)
    whole -= digit * unit
    DIGITS[count++] = ZERO + digit
    const leftHigh = whole * one + restHigh
    if (leftHigh < deltaHigh || (leftHigh === deltaHigh && restLow <= deltaLow)) {
      DECIMAL_EXPONENT[0] += kappa
      roundLast(count, deltaHigh, deltaLow, leftHigh, restLow, unit * one, distanceHigh, distanceLow)
      return count
    }
  }

  for (;;) {
    let product = restLow * 10
    let carry = Math.floor(product / TWO_32)
    restLow = product - carry * TWO_32
    restHigh = restHigh * 10 + carry
    product = deltaLow * 10
    carry = Math.floor(product / TWO_32)
    deltaLow = product - carry * TWO_32
    deltaHigh = deltaHigh * 10 + carry
    product = distanceLow * 10
    carry = Math.floor(product / TWO_32)
    distanceLow = product - carry * TWO_32
    distanceHigh = distanceHigh * 10 + carry
    kappa--

    DIGITS[count++] = ZERO + (restHigh >>> pointBits)
    restHigh &= mask
    if (restHigh < deltaHigh || (restHigh === deltaHigh && restLow < deltaLow)) {
      DECIMAL_EXPONENT[0] += kappa
      roundLast(count, deltaHigh, deltaLow, restHigh, restLow, one, distanceHigh, distanceLow)
      return count
    }
  }
}

/**
 * Lowers the last digit while that brings the text closer to the value and stays inside the interval.
 *
 * @param unitHigh  one step of the last digit; its low half is zero
 */
function roundLast(
  count: number,
  deltaHigh: number,
  deltaLow: number,
  restHigh: number,
  restLow: number,
  unitHigh: number,
  distanceHigh: number,
  distanceLow: number,
): void {
  while (restHigh < distanceHigh || (restHigh === distanceHigh && restLow < distanceLow)) {
    const nextHigh = restHigh + unitHigh
    if (nextHigh > deltaHigh || (nextHigh === deltaHigh && restLow > deltaLow)) return
    if (nextHigh > distanceHigh || (nextHigh === distanceHigh && restLow >= distanceLow)) {
      // The step passes the value: is it closer from the other side?
      if (!isBeyondHalf(distanceHigh, distanceLow, restHigh, restLow, unitHigh)) return
    }
    DIGITS[count - 1]--
    restHigh = nextHigh
  }
}

/** Whether the value is more than half a unit away: 2 (distance - rest) > unit. */
function isBeyondHalf(
  distanceHigh: number,
  distanceLow: number,
  restHigh: number,
  restLow: number,
  unitHigh: number,
): boolean {
  let low = distanceLow - restLow
  let high = distanceHigh - restHigh
  if (low < 0) {
    low += TWO_32
    high--
  }
  const twiceHigh = high * 2 + (low >= 0x80000000 ? 1 : 0)
  const twiceLow = (low * 2) % TWO_32
  return twiceHigh > unitHigh || (twiceHigh === unitHigh && twiceLow > 0)
}

/** Lays out the digits, whose last one counts 10^exponent. */
function emit(count: number, exponent: number, isNegative: boolean, out: Uint8Array, at: number): number {
  const leading = exponent + count - 1
  const leadingSize = leading < 0 ? -leading : leading
  if (exponent >= 0 && leadingSize < count + 7) {
    at = emitDigits(0, count, out, at)
    for (let i = 0; i < exponent; i++) out[at++] = ZERO
    return at
  }
  if (exponent < 0 && (exponent > -7 || leadingSize < 4)) {
    if (leading >= 0) {
      at = emitDigits(0, leading + 1, out, at)
      out[at++] = 0x2e
      return emitDigits(leading + 1, count, out, at)
    }
    out[at++] = ZERO
    out[at++] = 0x2e
    for (let i = leading + 1; i < 0; i++) out[at++] = ZERO
    return emitDigits(0, count, out, at)
  }
  return emitScientific(isNegative ? Math.min(count, DIGITS_MAX - 1) : count, leading, out, at)
}

function emitScientific(count: number, leading: number, out: Uint8Array, at: number): number {
  out[at++] = DIGITS[0]
  if (count > 1) {
    out[at++] = 0x2e
    at = emitDigits(1, count, out, at)
  }
  out[at++] = 0x65
  out[at++] = leading < 0 ? 0x2d : 0x2b
  let size = leading < 0 ? -leading : leading
  if (size > 99) {
    out[at++] = ZERO + ((size / 100) | 0)
    out[at++] = ZERO + (((size / 10) | 0) % 10)
    size %= 10
  } else if (size > 9) {
    out[at++] = ZERO + ((size / 10) | 0)
    size %= 10
  }
  out[at++] = ZERO + size
  return at
}

function emitDigits(from: number, to: number, out: Uint8Array, at: number): number {
  for (let i = from; i < to; i++) out[at++] = DIGITS[i]
  return at
}

/** Rounds each cached power to 64 bits, from its exact value. */
function computePowers(): void {
  for (let i = 0; i < POWER_COUNT; i++) {
    const power = POWER_FIRST + i * POWER_STEP
    const ten = 10n ** BigInt(Math.abs(power))
    // Far more bits than are kept, then rounding; no cached power is near a tie.
    const precise = power < 0 ? (1n << 1400n) / ten : ten << 200n
    const extra = precise.toString(2).length - 64
    const rounded = (precise + (1n << BigInt(extra - 1))) >> BigInt(extra)
    POWER_HIGH[i] = Number(rounded >> 32n)
    POWER_LOW[i] = Number(rounded & 0xffffffffn)
    POWER_EXPONENT[i] = extra - (power < 0 ? 1400 : 200)
  }
}
