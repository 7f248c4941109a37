/** Arguments that the commands of this group share, and how they are declared. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import type { ArgumentSpec } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { LATITUDE_MAX, LATITUDE_MIN, LONGITUDE_MAX, LONGITUDE_MIN, type Position } from '../../structures/geohash.js'

const UNITS: readonly (readonly [name: Uint8Array, meters: number])[] = [
  [latin1Bytes('m'), 1],
  [latin1Bytes('km'), 1000],
  [latin1Bytes('ft'), 0.3048],
  [latin1Bytes('mi'), 1609.34],
]

export const unitArgument: ArgumentSpec = {
  name: 'unit',
  type: 'oneof',
  args: ['m:pure-token token=m', 'km:pure-token token=km', 'ft:pure-token token=ft', 'mi:pure-token token=mi'],
}

/** Meters of a unit, or -1 with the error replied. */
export function unitMeters(call: Call, index: number): number {
  for (let i = 0; i < UNITS.length; i++) if (call.is(index, UNITS[i]![0])) return UNITS[i]![1]
  call.fail(ErrorReply.geoUnit)
  return -1
}

/** Reads the longitude at an argument and the latitude behind it; false with the error replied. */
export function readPosition(call: Call, index: number, into: Position): boolean {
  const longitude = call.float(index)
  const latitude = Number.isNaN(longitude) ? NaN : call.float(index + 1)
  if (Number.isNaN(latitude)) {
    call.fail(ErrorReply.notAFloat)
    return false
  }
  if (longitude < LONGITUDE_MIN || longitude > LONGITUDE_MAX || latitude < LATITUDE_MIN || latitude > LATITUDE_MAX) {
    call.fail(ErrorReply.invalidPosition(longitude, latitude))
    return false
  }
  into.longitude = longitude
  into.latitude = latitude
  return true
}
