/**
 * LOLWUT: a cut stone, seen from above, in braille dots. No two are alike: the number of facets, the proportions and the
 * angle are drawn by lot.
 */

import type { Random } from '../../base/environment.js'
import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { REFERENCE_VERSION, SPINEL_VERSION } from '../../introspection/version.js'
import { BrailleCanvas } from './braille-canvas.js'

const VERSION = latin1Bytes('version')
const COLUMNS_DEFAULT = 40
const COLUMNS_MAX = 200
const COLUMNS_MIN = 8

/**
 * LOLWUT [VERSION version] [columns]: the version is taken, and every version shows a stone.
 *
 * Errors: not an integer (version).
 */
export const lolwut = defineCommand({
  name: 'LOLWUT',
  summary: 'Draws something and tells the version.',
  since: '5.0.0',
  group: 'server',
  arity: -1,
  flags: Flag.readOnly | Flag.fast,
  args: ['version:integer token=VERSION optional'],
  reply: 'verbatim',

  run(call) {
    const columns = readColumns(call)
    if (Number.isNaN(columns)) return
    const drawing = drawStone(columns, call.keyspace.random)
    const versions = `Redis ver. ${REFERENCE_VERSION}\nSpinel ver. ${SPINEL_VERSION}\n`
    call.reply.verbatim('txt', `${drawing}\n${versions}`)
  },
})

/** NaN when the error has been replied. */
function readColumns(call: Call): number {
  let at = 1
  if (call.argc > 2 && call.is(1, VERSION)) {
    if (Number.isNaN(call.integer(2))) return NaN
    at = 3
  }
  if (call.argc <= at) return COLUMNS_DEFAULT
  const columns = call.parseInteger(at)
  if (Number.isNaN(columns)) return COLUMNS_DEFAULT // like the reference, which looks at nothing behind the version
  return Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, columns))
}

/** Corners of the rings, from the table outwards: how far from the centre, and by how many half steps turned. */
const RINGS = [
  { radius: 0.42, turned: 0 },
  { radius: 0.62, turned: 1 },
  { radius: 0.98, turned: 0 },
] as const

function drawStone(columns: number, random: Random): string {
  const canvas = new BrailleCanvas(columns, Math.round(columns / 2))
  const facets = 6 + (random.next32() % 4) * 2
  const angle = fraction(random) * Math.PI * 2
  const spread = 0.9 + fraction(random) * 0.2
  const corner = (ring: number, index: number): readonly [number, number] => {
    const { radius, turned } = RINGS[ring]!
    const stretched = ring === 1 ? radius * spread : radius
    const direction = angle + ((index * 2 + turned) * Math.PI) / facets
    return [Math.cos(direction) * stretched, Math.sin(direction) * stretched]
  }
  for (let i = 0; i < facets; i++) {
    canvas.line(corner(0, i), corner(0, i + 1)) // the table
    canvas.line(corner(0, i), corner(1, i)) // stars
    canvas.line(corner(1, i), corner(0, i + 1))
    canvas.line(corner(1, i), corner(2, i)) // kites
    canvas.line(corner(1, i), corner(2, i + 1))
    canvas.line(corner(2, i), corner(2, i + 1)) // the girdle
  }
  return canvas.text()
}

function fraction(random: Random): number {
  return random.next32() / 0x100000000
}
