import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1 } from '../../../src/base/bytes.js'
import { Areas, Shape } from '../../../src/structures/geohash-areas.js'
import { arc, distance } from '../../../src/structures/geohash-distance.js'
import { Fence } from '../../../src/structures/geohash-fence.js'
import {
  cellEnd,
  cellStart,
  decode,
  encode,
  Position,
  TEXT_LENGTH,
  writeText,
} from '../../../src/structures/geohash.js'

const longitude = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, 180, 0, -1e-9, 179.999999),
)
const latitude = fc.oneof(
  fc.double({ min: -85.05112878, max: 85.05112878, noNaN: true }),
  fc.constantFrom(-85.05112878, 85.05112878, 0, 1e-9),
)

/** The bits one by one. */
function modelOf(score: bigint, steps = 26): { x: number; y: number } {
  let x = 0
  let y = 0
  for (let i = 0; i < 32; i++) {
    y += Number((score >> BigInt(2 * i)) & 1n) * 2 ** i
    x += Number((score >> BigInt(2 * i + 1)) & 1n) * 2 ** i
  }
  return { x: x / 2 ** steps, y: y / 2 ** steps }
}

test('a position comes back as the middle of its cell', () => {
  fc.assert(
    fc.property(longitude, latitude, (east, north) => {
      const score = encode(east, north)
      const back = new Position()
      decode(score, back)
      assert.ok(Math.abs(back.longitude - east) <= 360 / 2 ** 26)
      assert.ok(Math.abs(back.latitude - north) <= 360 / 2 ** 26)
      if (score >= 2 ** 52) return
      decode(encode(back.longitude, back.latitude), back)
      assert.equal(encode(back.longitude, back.latitude), score)
      const model = modelOf(BigInt(score))
      assert.ok(Math.abs((east + 180) / 360 - model.x) <= 2 ** -26)
    }),
  )
})

test('numbers that are no geohashes decode to the bits of 64-bit integers, at the edge of the map', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.bigInt(0n, 2n ** 64n - 1n).map(Number)),
      (score) => {
        const back = new Position()
        decode(score, back)
        const clamped = (fraction: number, min: number, max: number): number =>
          Math.min(max, Math.max(min, min + fraction * (max - min)))
        let whole = 0n
        if (score < -(2 ** 63)) whole = 2n ** 63n
        else if (score < 2 ** 64) whole = BigInt.asUintN(64, BigInt(Math.trunc(score)))
        const { x, y } = modelOf(whole)
        // The end of the last cell of all is the beginning of the first.
        if (x < 63.9) assert.ok(Math.abs(back.longitude - clamped(x, -180, 180)) < 1e-5)
        if (y < 63.9) assert.ok(Math.abs(back.latitude - clamped(y, -85.05112878, 85.05112878)) < 1e-5)
      },
    ),
  )
})

test('scores and texts as a real server has them', () => {
  const text = new Uint8Array(TEXT_LENGTH)
  const back = new Position()
  for (const [east, north, score, expected] of [
    [13.361389, 38.115556, 3479099956230698, 'sqc8b49rny0'],
    [15.087269, 37.502669, 3479447370796909, 'sqdtr74hyu0'],
  ] as const) {
    assert.equal(encode(east, north), score)
    decode(score, back)
    writeText(back.longitude, back.latitude, text, 0)
    assert.equal(latin1(text, 0, TEXT_LENGTH), expected)
  }
  // The easternmost meridian is beyond the grid, and the sum is rounded to even.
  assert.equal(encode(180, 0), 2 ** 53 + 2 ** 50)
})

test('cells hold the scores of the positions in them, and meet each other', () => {
  fc.assert(
    fc.property(longitude, latitude, fc.integer({ min: 1, max: 26 }), (east, north, steps) => {
      const score = encode(east, north)
      if (score >= 2 ** 52) return
      const { x, y } = modelOf(BigInt(score))
      const [column, row] = [Math.floor(x * 2 ** steps), Math.floor(y * 2 ** steps)]
      assert.ok(cellStart(column, row, steps) <= score && score < cellEnd(column, row, steps))
      assert.equal(cellEnd(column, row, steps) - cellStart(column, row, steps), 4 ** (26 - steps))
    }),
  )
})

test('distances', () => {
  assert.equal(
    distance(13.36138933897018433, 38.11555639549629859, 15.08726745843887329, 37.50266842333162032).toFixed(4),
    '166274.1516',
  )
  assert.equal(distance(10, 20, 10, 20), 0)
  assert.ok(Math.abs(arc(distance(0, -80, 180, 80)) - Math.PI) < 1e-7)
})

const shape = fc
  .record({
    isBox: fc.boolean(),
    east: longitude,
    north: latitude,
    a: fc.oneof(fc.double({ min: 0, max: 3e7, noNaN: true }), fc.double({ min: 0, max: 1000, noNaN: true })),
    b: fc.double({ min: 0, max: 2e7, noNaN: true }),
  })
  .map(({ a, b, east, isBox, north }) => {
    const made = new Shape()
    made.isBox = isBox
    made.longitude = east
    made.latitude = north
    made.radius = a
    made.width = a
    made.height = b
    made.prepare()
    return made
  })

/** As the definition has it. */
function isWithin(made: Shape, east: number, north: number): boolean {
  if (!made.isBox) return !(distance(made.longitude, made.latitude, east, north) > made.radius)
  const isTooFarNorth = distance(0, north, 0, made.latitude) > made.height / 2
  return !isTooFarNorth && !(distance(east, north, made.longitude, north) > made.width / 2)
}

test('a shape tells what is in it, and the fence excludes nothing of that', () => {
  const fence = new Fence()
  fc.assert(
    fc.property(shape, longitude, latitude, fc.double({ min: -1, max: 1 }), (made, east, north, near) => {
      fence.surround(made)
      // One position anywhere, one at about the edge.
      const across = Number.isNaN(near) ? 0 : (near * made.radius) / 100_000
      for (const [e, n] of [[east, north], [made.longitude + across, made.latitude + across / 2]] as const) {
        const score = encode(Math.min(180, Math.max(-180, e)), Math.min(85, Math.max(-85, n)))
        const position = new Position()
        decode(score, position)
        const isIn = isWithin(made, position.longitude, position.latitude)
        assert.equal(!(made.distanceWithin(position.longitude, position.latitude) < 0), isIn)
        if (isIn) assert.equal(fence.excludes(score), false)
      }
    }),
    { numRuns: 1000 },
  ) // prettier-ignore
})

test('away from the edges of the map the areas cover the shape, each score once', () => {
  const areas = new Areas()
  fc.assert(
    fc.property(
      fc.double({ min: -150, max: 150, noNaN: true }),
      fc.double({ min: -60, max: 60, noNaN: true }),
      fc.double({ min: 0, max: 1_000_000, noNaN: true }),
      fc.array(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }))),
      (east, north, radius, points) => {
        const made = new Shape()
        made.longitude = east
        made.latitude = north
        made.radius = radius
        made.prepare()
        areas.cover(made)
        for (const [dx, dy] of points) {
          const e = east + (dx * radius) / 50_000
          const n = Math.min(85, Math.max(-85, north + (dy * radius) / 100_000))
          const score = encode(Math.min(179.9, Math.max(-179.9, e)), n)
          const position = new Position()
          decode(score, position)
          let found = 0
          for (let i = 0; i < areas.count; i++) if (areas.min[i]! <= score && score < areas.max[i]!) found++
          assert.ok(found <= 1)
          if (!(made.distanceWithin(position.longitude, position.latitude) < 0)) assert.equal(found, 1)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('the neighbours that a shape does not reach are left out', () => {
  const areas = new Areas()
  const made = new Shape()
  made.longitude = 10
  made.latitude = 50
  made.radius = 0
  areas.cover(made)
  assert.equal(areas.count <= 4, true)
  made.radius = Infinity
  areas.cover(made)
  assert.equal(areas.count, 4) // the whole map in a grid of two by two
})
