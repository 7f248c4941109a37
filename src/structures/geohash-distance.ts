/**
 * Distances on the sphere, in meters, by the haversine formula. The order of operations is a real server's, so that the same
 * doubles come out as far as sines and cosines agree: those of trigonometry.ts do, V8's are one unit in the last place off in some
 * percent. That takes three times as long; it is done where all digits are seen, or where the last ones decide.
 */

import { arcSine, cosine, sine } from './trigonometry.js'

export const EARTH_RADIUS_METERS = 6372797.560856
const RADIANS = Math.PI / 180

export function radians(degrees: number): number {
  return degrees * RADIANS
}

export function degrees(angle: number): number {
  return angle / RADIANS
}

/** The angle that a distance makes at the center of the earth. */
export function arc(meters: number): number {
  return meters / EARTH_RADIUS_METERS
}

/** For replies of a few decimals. */
export function distance(longitude1: number, latitude1: number, longitude2: number, latitude2: number): number {
  const v = Math.sin((radians(longitude2) - radians(longitude1)) / 2)
  if (v === 0) return latitudeDistance(latitude1, latitude2)
  const radians1 = radians(latitude1)
  const radians2 = radians(latitude2)
  const u = Math.sin((radians2 - radians1) / 2)
  const a = u * u + Math.cos(radians1) * Math.cos(radians2) * v * v
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(a))
}

/** To the last digit. */
export function exactDistance(longitude1: number, latitude1: number, longitude2: number, latitude2: number): number {
  const v = sine((radians(longitude2) - radians(longitude1)) / 2)
  if (v === 0) return latitudeDistance(latitude1, latitude2)
  const radians1 = radians(latitude1)
  const radians2 = radians(latitude2)
  const u = sine((radians2 - radians1) / 2)
  const a = u * u + cosine(radians1) * cosine(radians2) * v * v
  return 2 * EARTH_RADIUS_METERS * arcSine(Math.sqrt(a))
}

/** Along a meridian. */
export function latitudeDistance(latitude1: number, latitude2: number): number {
  return EARTH_RADIUS_METERS * Math.abs(radians(latitude2) - radians(latitude1))
}
