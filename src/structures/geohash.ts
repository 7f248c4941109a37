/**
 * Geohashes: a position as one integer of 52 bits, whose prefixes are cells of a grid, so that what is near is mostly near in order.
 *
 * Longitude and latitude are taken as fractions of their ranges with 26 bits each, and interleaved:
 *
 *     bit   51 50 49 48      1  0
 *            x  y  x  y  …   x  y         x longitude, y latitude
 *
 * The latitude ends where the square Mercator map does (EPSG:3857), not at the poles. The easternmost meridian itself, 180, is one
 * step beyond the grid and gives a number of 54 bits; numbers that never were geohashes decode to whatever their bits say, as
 * with a real server, since any sorted set may be asked. The order of operations is fixed: the doubles have to come out the same.
 */

export const LONGITUDE_MIN = -180
export const LONGITUDE_MAX = 180
export const LATITUDE_MIN = -85.05112878
export const LATITUDE_MAX = 85.05112878
/** Bits of each coordinate. */
export const STEPS_MAX = 26

const LONGITUDE_SPAN = LONGITUDE_MAX - LONGITUDE_MIN
const LATITUDE_SPAN = LATITUDE_MAX - LATITUDE_MIN
/** The latitudes of the geohash texts that the rest of the world uses. */
const TEXT_LATITUDE_MIN = -90
const TEXT_LATITUDE_SPAN = 180

const TWO_26 = 2 ** 26
const TWO_32 = 2 ** 32
const TWO_54 = 2 ** 54
const TWO_63 = 2 ** 63
const TWO_64 = 2 ** 64
/** Each coordinate is interleaved in two parts, so that words of 32 bits suffice. */
const PART_BITS = 13
const PART_MASK = (1 << PART_BITS) - 1

/** How many scores a cell has in a grid of 2^steps columns and rows, by steps. */
export const CELL_SIZES = Float64Array.from({ length: STEPS_MAX + 1 }, (_, steps) => 4 ** (STEPS_MAX - steps))

const ALPHABET = Uint8Array.from('0123456789bcdefghjkmnpqrstuvwxyz', (letter) => letter.charCodeAt(0))
export const TEXT_LENGTH = 11

/** A position in degrees; instances are reused. */
export class Position {
  longitude: number
  latitude: number

  constructor() {
    this.longitude = 0
    this.latitude = 0
  }
}

/** The geohash of a position, which must be within the limits, as the score that sorted sets keep. */
export function encode(longitude: number, latitude: number): number {
  return interleaved(longitudeCell(longitude, STEPS_MAX), latitudeCell(latitude, STEPS_MAX), 0)
}

/** The middle of the cell of a score; of anything beyond the map, its edge. */
export function decode(score: number, into: Position): void {
  let low = score >>> 0
  let high = (score / TWO_32) | 0
  if (!(score >= 0 && score < TWO_54)) {
    let whole = Math.trunc(score)
    // What 64 bits cannot hold becomes what the processor makes of it.
    if (whole >= TWO_64) whole = 0
    else if (whole < -TWO_63) whole = TWO_63
    low = whole >>> 0
    high = Math.floor(whole / TWO_32) >>> 0
  }
  const x = (squashed(low >>> 1) | (squashed(high >>> 1) << 16)) >>> 0
  const y = (squashed(low) | (squashed(high) << 16)) >>> 0
  const longitude = (longitudeOf(x, STEPS_MAX) + longitudeOf((x + 1) >>> 0, STEPS_MAX)) / 2
  const latitude = (latitudeOf(y, STEPS_MAX) + latitudeOf((y + 1) >>> 0, STEPS_MAX)) / 2
  into.longitude = Math.min(Math.max(longitude, LONGITUDE_MIN), LONGITUDE_MAX)
  into.latitude = Math.min(Math.max(latitude, LATITUDE_MIN), LATITUDE_MAX)
}

/** Index of the cell of a longitude in a grid of 2^steps columns. */
export function longitudeCell(longitude: number, steps: number): number {
  return (((longitude - LONGITUDE_MIN) / LONGITUDE_SPAN) * (1 << steps)) | 0
}

export function latitudeCell(latitude: number, steps: number): number {
  return (((latitude - LATITUDE_MIN) / LATITUDE_SPAN) * (1 << steps)) | 0
}

/** Western edge of a column in a grid of 2^steps columns. */
export function longitudeOf(cell: number, steps: number): number {
  return LONGITUDE_MIN + (cell / (1 << steps)) * LONGITUDE_SPAN
}

/** Southern edge of a row. */
export function latitudeOf(cell: number, steps: number): number {
  return LATITUDE_MIN + (cell / (1 << steps)) * LATITUDE_SPAN
}

/** The lowest score in a cell of a grid of 2^steps columns and rows. */
export function cellStart(x: number, y: number, steps: number): number {
  const shift = STEPS_MAX - steps
  return interleaved(x << shift, y << shift, 0)
}

/** The score behind the last one in a cell. */
export function cellEnd(x: number, y: number, steps: number): number {
  const shift = STEPS_MAX - steps
  return interleaved(x << shift, y << shift, CELL_SIZES[steps])
}

/**
 * Writes the geohash text of a position: 10 letters of 5 bits, then a "0", for the 52 bits end there. It is of the grid that
 * reaches to the poles.
 */
export function writeText(longitude: number, latitude: number, out: Uint8Array, at: number): void {
  const x = longitudeCell(longitude, STEPS_MAX)
  const y = (((latitude - TEXT_LATITUDE_MIN) / TEXT_LATITUDE_SPAN) * TWO_26) | 0
  const high = spread(y >>> PART_BITS) | (spread(x >>> PART_BITS) << 1)
  const low = spread(y & PART_MASK) | (spread(x & PART_MASK) << 1)
  // Letters do not end where the words do: the sixth has a bit of the high word.
  for (let i = 0; i < 5; i++) out[at + i] = ALPHABET[(high >>> (21 - 5 * i)) & 31]
  out[at + 5] = ALPHABET[((high & 1) << 4) | (low >>> 22)]
  for (let i = 6; i < 10; i++) out[at + i] = ALPHABET[(low >>> (17 - 5 * (i - 6))) & 31]
  out[at + 10] = ALPHABET[0]
}

/** The bits of both coordinates in turn, and `addend`, as the double nearest to the sum. */
function interleaved(x: number, y: number, addend: number): number {
  const high = spread(y >>> PART_BITS) | (spread(x >>> PART_BITS) << 1)
  const low = spread(y & PART_MASK) | (spread(x & PART_MASK) << 1)
  // One of the two sums is rounded at most, since each addend is a power of two.
  if (addend >= TWO_26) return (high + addend / TWO_26) * TWO_26 + low
  return high * TWO_26 + (low + addend)
}

/** Moves the low 16 bits apart, to the even bits. */
function spread(value: number): number {
  value = (value | (value << 8)) & 0x00ff00ff
  value = (value | (value << 4)) & 0x0f0f0f0f
  value = (value | (value << 2)) & 0x33333333
  return (value | (value << 1)) & 0x55555555
}

/** Moves the even bits together, to the low 16. */
function squashed(value: number): number {
  value &= 0x55555555
  value = (value | (value >>> 1)) & 0x33333333
  value = (value | (value >>> 2)) & 0x0f0f0f0f
  value = (value | (value >>> 4)) & 0x00ff00ff
  return (value | (value >>> 8)) & 0x0000ffff
}
