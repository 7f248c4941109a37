/**
 * A quick look at a score that tells most positions outside of a shape, before anything is decoded.
 *
 * The even bits of a geohash are in the order of the latitudes, the odd ones in that of the longitudes, so each is compared with
 * limits of the same form. The limits are generous: what they exclude is outside with certainty, the rest is looked at closely.
 */

import { cellStart, latitudeCell, LATITUDE_MAX, LATITUDE_MIN, longitudeCell, STEPS_MAX } from './geohash.js'
import type { Shape } from './geohash-areas.js'
import { arc, degrees, radians } from './geohash-distance.js'

const TWO_32 = 2 ** 32
/** Scores from here on are not of the grid. */
const GRID_END = 2 ** 52
const EVEN_BITS = 0x55555555
/** Added to what limits are computed as, beside a cell; far more than rounding can be wrong by. */
const MARGIN_DEGREES = 1e-7
/** So near to the poles meridians are too near to each other. */
const POLAR_LATITUDE = 89
const SINE_MAX = 0.999

/** Instances are reused. */
export class Fence {
  private south: number
  private north: number
  private west: number
  private east: number

  constructor() {
    this.south = 0
    this.north = 0
    this.west = 0
    this.east = 0
  }

  /** Sets the limits for a shape. */
  surround(shape: Shape): void {
    const { latitude, longitude } = shape
    const rise = degrees(arc(shape.halfHeightMeters)) + MARGIN_DEGREES
    this.south = latitude - rise > LATITUDE_MIN ? rowBits(latitude - rise, -1) : -Infinity
    this.north = latitude + rise < LATITUDE_MAX ? rowBits(latitude + rise, 1) : Infinity
    const reach = longitudeReach(shape, Math.abs(latitude) + rise) + MARGIN_DEGREES
    // Beyond the date line the limits would have to be told the other way round.
    const isWhole = longitude - reach > -180 && longitude + reach < 180
    this.west = isWhole ? columnBits(longitude - reach, -1) : -Infinity
    this.east = isWhole ? columnBits(longitude + reach, 1) : Infinity
  }

  /** True when a position is outside of the shape; false means nothing. */
  excludes(score: number): boolean {
    if (!(score >= 0 && score < GRID_END)) return false
    const high = (score / TWO_32) | 0
    const low = score >>> 0
    const y = (high & EVEN_BITS) * TWO_32 + (low & EVEN_BITS)
    if (y < this.south || y > this.north) return true
    const x = ((high >>> 1) & EVEN_BITS) * TWO_32 + ((low >>> 1) & EVEN_BITS)
    return x < this.west || x > this.east
  }
}

/** Over how many degrees of longitude a shape can reach that goes up to a latitude; Infinity when over any. */
function longitudeReach(shape: Shape, latitude: number): number {
  if (!(latitude < POLAR_LATITUDE)) return Infinity
  const cosine = Math.cos(radians(latitude))
  // Every step of the way from the center to a point of a circle is at a latitude below the limit.
  if (!shape.isBox) return degrees(arc(shape.halfWidthMeters) / cosine)
  // In a box the great circle between two points of the same latitude counts.
  const half = arc(shape.halfWidthMeters) / 2
  const sine = Math.sin(half) / cosine
  return half < Math.PI / 2 && sine < SINE_MAX ? 2 * degrees(Math.asin(sine)) : Infinity
}

function rowBits(latitude: number, aside: number): number {
  return cellStart(0, Math.max(0, latitudeCell(latitude, STEPS_MAX) + aside), STEPS_MAX)
}

function columnBits(longitude: number, aside: number): number {
  return cellStart(0, Math.max(0, longitudeCell(longitude, STEPS_MAX) + aside), STEPS_MAX)
}
