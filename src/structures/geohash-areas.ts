/**
 * Where to look for what lies in a circle or a rectangle: a cell of the grid around the center and its eight neighbours, as ranges
 * of scores.
 *
 * The grid is chosen so that a cell is about as large as the shape reaches, and one step coarser where the nine would not cover it.
 * Which cells are looked at, and in which order, decides in which order members are found, and near the poles and the date line even
 * which are found at all; so all of it is as in a real server.
 */

import {
  CELL_SIZES,
  cellEnd,
  cellStart,
  latitudeCell,
  latitudeOf,
  longitudeCell,
  longitudeOf,
  STEPS_MAX,
} from './geohash.js'
import {
  arc,
  degrees,
  distance,
  EARTH_RADIUS_METERS,
  exactDistance,
  latitudeDistance,
  radians,
} from './geohash-distance.js'

/** Half of the circumference on the Mercator map, in meters. */
const MERCATOR_MAX = 20037726.37
/** Meridians are nearer to each other there, so that shapes reach over more of them. */
const FAR_LATITUDE = 66
const VERY_FAR_LATITUDE = 80
const CELLS = 9
/** The eight neighbours behind the cell itself, as steps to the east and to the north. */
const EAST = [0, 0, 0, 1, -1, 1, -1, 1, -1] as const
const NORTH = [0, 1, -1, 0, 0, 1, 1, -1, -1] as const
/** What is so much more than a limit is beyond it, however the last digits come out. */
const CERTAINLY = 1 + 1e-9
const NEARLY = 1 - 1e-9
/** Scores of the grid are below; see geohash.ts. */
const GRID_END = 2 ** 52

/** What is searched: a circle or a rectangle around a center. Lengths are in units of `unitMeters`. */
export class Shape {
  isBox: boolean
  longitude: number
  latitude: number
  unitMeters: number
  radius: number
  width: number
  height: number
  /** Limits in degrees, which may lie beyond the map. */
  west: number
  east: number
  south: number
  north: number
  /** Of the center, and how far is too far; see `prepare`. */
  private radiansLongitude: number
  private radiansLatitude: number
  private cosineLatitude: number
  private radiusMeters: number
  private haversineMax: number

  constructor() {
    this.isBox = false
    this.longitude = 0
    this.latitude = 0
    this.unitMeters = 1
    this.radius = 0
    this.width = 0
    this.height = 0
    this.west = 0
    this.east = 0
    this.south = 0
    this.north = 0
    this.radiansLongitude = 0
    this.radiansLatitude = 0
    this.cosineLatitude = 1
    this.radiusMeters = 0
    this.haversineMax = 0
  }

  reset(): void {
    this.isBox = false
    this.longitude = 0
    this.latitude = 0
    this.unitMeters = 1
    this.radius = 0
    this.width = 0
    this.height = 0
  }

  /** Computes what `distanceWithin` needs of the center and the radius. */
  prepare(): void {
    this.radiansLongitude = radians(this.longitude)
    this.radiansLatitude = radians(this.latitude)
    this.cosineLatitude = Math.cos(this.radiansLatitude)
    this.radiusMeters = this.radius * this.unitMeters
    const half = arc(this.radiusMeters) / 2
    this.haversineMax = half < Math.PI / 2 ? Math.sin(half) * Math.sin(half) * CERTAINLY : Infinity
  }

  /** Meters from the center to a position, or -1 when that is outside. NaN when nobody can tell, which is inside. */
  distanceWithin(longitude: number, latitude: number): number {
    if (this.isBox) return this.distanceInBox(longitude, latitude)
    const { radiansLatitude, radiusMeters } = this
    const v = Math.sin((radians(longitude) - this.radiansLongitude) / 2)
    const latitude2 = radians(latitude)
    let meters = 0
    if (v === 0) meters = EARTH_RADIUS_METERS * Math.abs(latitude2 - radiansLatitude)
    else {
      const u = Math.sin((latitude2 - radiansLatitude) / 2)
      const haversine = u * u + this.cosineLatitude * Math.cos(latitude2) * v * v
      if (haversine > this.haversineMax) return -1
      meters = 2 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(haversine))
    }
    if (meters < radiusMeters * NEARLY || meters > radiusMeters * CERTAINLY) return meters > radiusMeters ? -1 : meters
    return this.exactDistance(longitude, latitude) > radiusMeters ? -1 : meters
  }

  /** Meters from the center to a position, to the last digit. */
  exactDistance(longitude: number, latitude: number): number {
    return exactDistance(this.longitude, this.latitude, longitude, latitude)
  }

  private distanceInBox(longitude: number, latitude: number): number {
    if (latitudeDistance(latitude, this.latitude) > (this.height * this.unitMeters) / 2) return -1
    const halfWidth = (this.width * this.unitMeters) / 2
    let across = distance(longitude, latitude, this.longitude, latitude)
    if (across >= halfWidth * NEARLY && across <= halfWidth * CERTAINLY) {
      across = exactDistance(longitude, latitude, this.longitude, latitude)
    }
    if (across > halfWidth) return -1
    return distance(this.longitude, this.latitude, longitude, latitude)
  }

  /** Computes the limits, at the latitude where the shape reaches over most meridians. */
  computeLimits(): void {
    const { latitude, longitude } = this
    const latitudeDelta = degrees(arc(this.halfHeightMeters))
    const widest = latitude < 0 ? latitude - latitudeDelta : latitude + latitudeDelta
    const longitudeDelta = degrees(arc(this.halfWidthMeters) / Math.cos(radians(widest)))
    this.west = longitude - longitudeDelta
    this.east = longitude + longitudeDelta
    this.south = latitude - latitudeDelta
    this.north = latitude + latitudeDelta
  }

  get halfHeightMeters(): number {
    return this.unitMeters * (this.isBox ? this.height / 2 : this.radius)
  }

  get halfWidthMeters(): number {
    return this.unitMeters * (this.isBox ? this.width / 2 : this.radius)
  }

  /** Meters from the center to where the shape ends. */
  get reachMeters(): number {
    const { height, isBox, radius, unitMeters, width } = this
    if (!isBox) return radius * unitMeters
    return Math.sqrt((width / 2) * (width / 2) + (height / 2) * (height / 2)) * unitMeters
  }
}

/** Ranges of scores to search, in order: from `min[i]` up to but not including `max[i]`. Instances are reused. */
export class Areas {
  count: number
  readonly min: Float64Array
  readonly max: Float64Array
  /** Grid of 2^steps columns and rows, and the cell of the center in it. */
  private steps: number
  private x: number
  private y: number

  constructor() {
    this.count = 0
    this.min = new Float64Array(CELLS)
    this.max = new Float64Array(CELLS)
    this.steps = 0
    this.x = 0
    this.y = 0
  }

  cover(shape: Shape): void {
    shape.computeLimits()
    this.choose(shape, stepsFor(shape.reachMeters, shape.latitude))
    if (this.steps > 1 && !this.covers(shape)) this.choose(shape, this.steps - 1)
    this.list(shape)
  }

  private choose(shape: Shape, steps: number): void {
    this.steps = steps
    this.x = longitudeCell(shape.longitude, steps)
    this.y = latitudeCell(shape.latitude, steps)
  }

  /** Whether the shape ends within the neighbours. */
  private covers(shape: Shape): boolean {
    const { steps, x, y } = this
    const mask = (1 << steps) - 1
    return !(
      latitudeOf(((y + 1) & mask) + 1, steps) < shape.north ||
      latitudeOf((y - 1) & mask, steps) > shape.south ||
      longitudeOf(((x + 1) & mask) + 1, steps) < shape.east ||
      longitudeOf((x - 1) & mask, steps) > shape.west
    )
  }

  /** Lists the cells, without those that the shape does not reach, and those listed just before: in a coarse grid some meet again. */
  private list(shape: Shape): void {
    const { steps, x, y } = this
    const mask = (1 << steps) - 1
    const skipsSouth = steps >= 2 && latitudeOf(y, steps) < shape.south
    const skipsNorth = steps >= 2 && latitudeOf(y + 1, steps) > shape.north
    const skipsWest = steps >= 2 && longitudeOf(x, steps) < shape.west
    const skipsEast = steps >= 2 && longitudeOf(x + 1, steps) > shape.east
    const size = CELL_SIZES[steps]
    let last = 0
    let lastX = 0
    let lastY = 0
    this.count = 0
    for (let i = 0; i < CELLS; i++) {
      const east = EAST[i]
      const north = NORTH[i]
      if ((north < 0 && skipsSouth) || (north > 0 && skipsNorth) || (east < 0 && skipsWest) || (east > 0 && skipsEast))
        continue
      const column = east === 0 ? x : (x + east) & mask
      const row = north === 0 ? y : (y + north) & mask
      // The cell of the center itself is no reason to leave another out.
      if (last !== 0 && column === lastX && row === lastY) continue
      last = i
      lastX = column
      lastY = row
      const start = cellStart(column, row, steps)
      this.min[this.count] = start
      this.max[this.count++] = start < GRID_END ? start + size : cellEnd(column, row, steps)
    }
  }
}

/** How fine a grid can be so that three cells reach over a shape in most cases. */
function stepsFor(reachMeters: number, latitude: number): number {
  if (reachMeters === 0) return STEPS_MAX
  let steps = -1
  for (let reach = reachMeters; reach < MERCATOR_MAX; reach *= 2) steps++
  if (latitude > FAR_LATITUDE || latitude < -FAR_LATITUDE) {
    steps--
    if (latitude > VERY_FAR_LATITUDE || latitude < -VERY_FAR_LATITUDE) steps--
  }
  return Math.min(Math.max(steps, 1), STEPS_MAX)
}
