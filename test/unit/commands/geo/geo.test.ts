/** The geo group: tables of requests and replies; what is sorted how; numbers in decimal. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatHumanDouble } from '../../../../src/base/double.js'
import { latin1 } from '../../../../src/base/bytes.js'
import { writeCoordinate } from '../../../../src/commands/geo/coordinate-text.js'
import { sortFirst, sortStable } from '../../../../src/commands/geo/sort-matches.js'
import { TestStore } from '../../../support/test-store.js'
import {
  addForeign,
  NOT_AN_INTEGER,
  type Row,
  runTable,
  send,
  SYNTAX,
  WRONG_TYPE,
  wrongArity,
} from '../string/table.js'

const NOT_A_FLOAT = 'ERR value is not a valid float'
const UNIT = 'ERR unsupported unit provided. please use M, KM, FT, MI'
const NO_MEMBER = 'ERR could not decode requested zset member'
const SICILY = '13.361389 38.115556 Palermo 15.087269 37.502669 Catania'
/** 1000 members, so that the sorted set is a skiplist; the two of Sicily among them. */
const FAR_MEMBERS = 998

/** Runs a table with Sicily at `s`, alone (a listpack) and among many (a skiplist). */
function runGeoTable(rows: readonly Row[]): void {
  const prepare = (store: TestStore): void => {
    addForeign(store, 'list')
    send(store, 'GEOADD', 's', ...SICILY.split(' '))
  }
  runTable(rows, prepare)
  runTable(rows, (store) => {
    prepare(store)
    for (let i = 0; i < FAR_MEMBERS; i++) send(store, 'GEOADD', 's', String(-100 - i / 100), '-40', `far${i}`)
  })
}

test('GEOADD', () => {
  runTable(
    [
      [`GEOADD g ${SICILY}`, 2],
      [`GEOADD g ${SICILY}`, 0],
      ['ZRANGE g 0 -1', ['Palermo', 'Catania']],
      ['GEOADD g XX 1 1 new', 0],
      ['GEOADD g NX 1 1 Palermo', 0],
      ['GEOADD g ch 1 1 Palermo 2 2 new', 2],
      ['GEOADD g Nx cH 1 1 Palermo 2 2 newer', 1],
      ['GEOADD g NX XX 1 1 a', SYNTAX],
      ['GEOADD g NX XX CH', SYNTAX],
      ['GEOADD g NX NX NX', SYNTAX],
      ['GEOADD g 1 1 a 2', SYNTAX],
      ['GEOADD g x 1 a', NOT_A_FLOAT],
      ['GEOADD g 1 nan a', NOT_A_FLOAT],
      ['GEOADD g 181 1 a', 'ERR invalid longitude,latitude pair 181.000000,1.000000'],
      ['GEOADD g 1 1 a 0 -85.1 b', 'ERR invalid longitude,latitude pair 0.000000,-85.100000'],
      ['GEOADD g inf 0 b', 'ERR invalid longitude,latitude pair inf,0.000000'],
      ['ZSCORE g a', null],
      ['GEOADD missing XX 1 1 a', 0],
      ['EXISTS missing', 0],
      ['GEOADD list 1 1 a', WRONG_TYPE],
      ['GEOADD list 1 x a', NOT_A_FLOAT],
      ['GEOADD g 1 1', wrongArity('geoadd')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('GEODIST, GEOHASH, GEOPOS', () => {
  runGeoTable([
    ['GEODIST s Palermo Catania', '166274.1516'],
    ['GEODIST s Palermo Catania KM', '166.2742'],
    ['GEODIST s Palermo Catania mi', '103.3182'],
    ['GEODIST s Palermo Catania ft', '545518.8700'],
    ['GEODIST s Palermo Palermo', '0.0000'],
    ['GEODIST s Palermo nobody', null],
    ['GEODIST missing Palermo nobody', null],
    ['GEODIST s Palermo Catania parsec', UNIT],
    ['GEODIST s Palermo Catania m m', SYNTAX],
    ['GEODIST list a b', WRONG_TYPE],
    ['GEODIST list a b x', UNIT],
    ['GEODIST s a', wrongArity('geodist')],
    ['GEOHASH s Palermo nobody Catania', ['sqc8b49rny0', null, 'sqdtr74hyu0']],
    ['GEOHASH s', []],
    ['GEOHASH missing a', [null]],
    ['GEOHASH list a', WRONG_TYPE],
    ['GEOPOS s nobody', [null]],
    ['GEOPOS s', []],
    ['GEOPOS missing a b', [null, null]],
    ['GEOPOS list a', WRONG_TYPE],
  ])
  const store = new TestStore()
  send(store, 'GEOADD', 's', ...SICILY.split(' '))
  assert.deepEqual(send(store, 'GEOPOS', 's', 'Palermo'), [['13.36138933897018433', '38.11555639549629859']])
})

test('GEORADIUS and GEORADIUSBYMEMBER', () => {
  runGeoTable([
    ['GEORADIUS s 15 37 200 km', ['Palermo', 'Catania']],
    ['GEORADIUS s 15 37 200 km DESC', ['Palermo', 'Catania']],
    ['GEORADIUS s 15 37 200 km WITHDIST ASC', [['Catania', '56.4413'], ['Palermo', '190.4424']]],
    ['GEORADIUS s 15 37 200 km WITHHASH DESC', [['Palermo', 3479099956230698], ['Catania', 3479447370796909]]],
    ['GEORADIUS_RO s 15 37 200 km COUNT 1', ['Catania']],
    ['GEORADIUS s 15 37 200 km COUNT 1 DESC', ['Palermo']],
    ['GEORADIUS s 15 37 100 km', ['Catania']],
    ['GEORADIUS s 15 37 1 m', []],
    ['GEORADIUS missing 15 37 1 m', []],
    ['GEORADIUSBYMEMBER s Palermo 166.2742 km ASC', ['Palermo', 'Catania']],
    ['GEORADIUSBYMEMBER_RO s Palermo 166.2 km', ['Palermo']],
    ['GEORADIUSBYMEMBER s nobody x m', NO_MEMBER],
    ['GEORADIUSBYMEMBER missing nobody x parsec', []],
    ['GEORADIUSBYMEMBER missing nobody x parsec foo', SYNTAX],
    ['GEORADIUS s x 37 200 km', NOT_A_FLOAT],
    ['GEORADIUS s 15 99 x parsec', 'ERR invalid longitude,latitude pair 15.000000,99.000000'],
    ['GEORADIUS s 15 37 x parsec', 'ERR need numeric radius'],
    ['GEORADIUS s 15 37 -1 parsec', 'ERR radius cannot be negative'],
    ['GEORADIUS s 15 37 1 parsec', UNIT],
    ['GEORADIUS s 15 37 1 m COUNT', SYNTAX],
    ['GEORADIUS s 15 37 1 m COUNT x', NOT_AN_INTEGER],
    ['GEORADIUS s 15 37 1 m COUNT 0', 'ERR COUNT must be > 0'],
    ['GEORADIUS s 15 37 1 m ANY', 'ERR the ANY argument requires COUNT argument'],
    ['GEORADIUS s 15 37 1 m STORE', SYNTAX],
    ['GEORADIUS_RO s 15 37 1 m STORE t', SYNTAX],
    ['GEORADIUS s 15 37 1 m STORE t WITHDIST',
      'ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options'],
    ['GEORADIUS list 15 x 1 m', WRONG_TYPE],
    ['GEORADIUS s 15 37 200 km STORE t', 2],
    ['ZRANGE t 0 -1', ['Palermo', 'Catania']],
    ['GEORADIUS s 15 37 200 km STORE x STOREDIST t', 2],
    ['EXISTS x', 0],
    ['ZRANGE t 0 -1', ['Catania', 'Palermo']],
    ['GEORADIUS s 15 37 200 km STORE t COUNT 1', 1],
    ['GEORADIUSBYMEMBER s Palermo 1 m STORE list', 1],
    ['GEORADIUS s 15 37 1 m STORE list', 0],
    ['EXISTS list', 0],
    ['GEORADIUS missing 15 37 1 m STORE t', 0],
    ['EXISTS t', 0],
    ['GEORADIUS s 15 37 200 km STORE s', 2],
    ['ZCARD s', 2],
    ['OBJECT ENCODING s', 'listpack'],
  ]) // prettier-ignore
})

test('GEOSEARCH and GEOSEARCHSTORE', () => {
  runGeoTable([
    ['GEOSEARCH s FROMLONLAT 15 37 BYRADIUS 200 km ASC', ['Catania', 'Palermo']],
    ['GEOSEARCH s BYBOX 400 400 km FROMLONLAT 15 37 DESC', ['Palermo', 'Catania']],
    ['GEOSEARCH s BYBOX 400 200 km FROMLONLAT 15 37 ASC WITHDIST', [['Catania', '56.4413']]],
    ['GEOSEARCH s FROMMEMBER Palermo BYRADIUS 0 m', ['Palermo']],
    ['GEOSEARCH s FROMMEMBER Palermo FROMMEMBER Catania BYRADIUS 0 m', ['Catania']],
    ['GEOSEARCH s FROMLONLAT 15 37 BYRADIUS inf m COUNT 2', ['Catania', 'Palermo']],
    ['GEOSEARCH s FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 ANY', ['Palermo']],
    ['GEOSEARCH missing FROMMEMBER x BYRADIUS 1 m', []],
    ['GEOSEARCH missing FROMMEMBER x BYRADIUS 1 parsec', UNIT],
    ['GEOSEARCH s FROMMEMBER nobody BYRADIUS 1 m', NO_MEMBER],
    ['GEOSEARCH s FROMMEMBER Palermo FROMLONLAT 1 1 BYRADIUS 1 m', SYNTAX],
    ['GEOSEARCH s FROMLONLAT 1 1 FROMMEMBER Palermo BYRADIUS 1 m', SYNTAX],
    ['GEOSEARCH s FROMMEMBER Palermo BYRADIUS 1 m BYBOX 1 1 m', SYNTAX],
    ['GEOSEARCH s FROMMEMBER Palermo BYBOX 1 1 m BYRADIUS 1 m', SYNTAX],
    ['GEOSEARCH s FROMMEMBER Palermo BYBOX x y parsec', 'ERR need numeric width'],
    ['GEOSEARCH s FROMMEMBER Palermo BYBOX 1 y parsec', 'ERR need numeric height'],
    ['GEOSEARCH s FROMMEMBER Palermo BYBOX 1 -1 parsec', 'ERR height or width cannot be negative'],
    ['GEOSEARCH s FROMMEMBER Palermo BYBOX 1 1 parsec', UNIT],
    ['GEOSEARCH s FROMMEMBER Palermo ASC ASC ASC ASC',
      'ERR exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH'],
    ['geosearch s BYRADIUS 1 m ASC ASC', 'ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for geosearch'],
    ['GEOSEARCH s FROMMEMBER Palermo BYRADIUS 1 m STOREDIST', SYNTAX],
    ['GEOSEARCH s FROMMEMBER Palermo BYRADIUS 1 m STORE t', SYNTAX],
    ['GEOSEARCHSTORE t s FROMMEMBER Palermo BYRADIUS 1 m WITHDIST',
      'ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options'],
    ['GEOSEARCH list FROMMEMBER x BYRADIUS x x', WRONG_TYPE],
    ['GEOSEARCHSTORE t s FROMLONLAT 15 37 BYBOX 400 400 km', 2],
    ['ZRANGE t 0 -1', ['Palermo', 'Catania']],
    ['GEOSEARCHSTORE t s FROMLONLAT 15 37 BYBOX 400 400 km STOREDIST COUNT 1 DESC', 1],
    ['ZRANGE t 0 -1', ['Palermo']],
    ['GEOSEARCHSTORE t s FROMLONLAT 0 0 BYBOX 1 1 m', 0],
    ['EXISTS t', 0],
    ['GEOSEARCH s FROMMEMBER Palermo', wrongArity('geosearch')],
  ]) // prettier-ignore
})

test('effects and events', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'GEOADD', 'g', 'CH', '13.361389', '38.115556', 'Palermo')
  send(store, 'GEOADD', 'g', 'CH', '13.361389', '38.115556', 'Palermo')
  send(store, 'GEORADIUS', 'g', '13', '38', '100', 'km', 'STORE', 't')
  send(store, 'GEOSEARCHSTORE', 't', 'g', 'FROMMEMBER', 'Palermo', 'BYRADIUS', '1', 'm')
  send(store, 'GEOSEARCHSTORE', 't', 'g', 'FROMLONLAT', '0', '0', 'BYRADIUS', '1', 'm')
  assert.deepEqual(effects, [
    '0: zadd g CH 3479099956230698 Palermo',
    '0: GEORADIUS g 13 38 100 km STORE t',
    '0: GEOSEARCHSTORE t g FROMMEMBER Palermo BYRADIUS 1 m',
    '0: GEOSEARCHSTORE t g FROMLONLAT 0 0 BYRADIUS 1 m',
  ])
  assert.deepEqual(
    events.filter((event) => !event.startsWith('new ')),
    ['zadd g@0', 'georadiusstore t@0', 'geosearchstore t@0', 'del t@0'],
  )
})

test('members near the date line are found across it', () => {
  const store = new TestStore()
  send(store, 'GEOADD', 'g', '179.99', '10', 'west', '-179.99', '10', 'east', '180', '10', 'on', '-180', '10', 'too')
  const found = send(store, 'GEORADIUS', 'g', '179.999', '10', '10', 'km') as string[]
  assert.deepEqual(found.toSorted(), ['east', 'too', 'west'])
})

test('sorting: all of it stably, and the first of many', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { maxLength: 200 }), fc.boolean(), fc.nat(220), (keys, isDescending, wanted) => {
      const distances = Float64Array.from(keys)
      const order = Int32Array.from(keys, (_, index) => index)
      const model = [...order].toSorted((a, b) => (isDescending ? keys[b]! - keys[a]! : keys[a]! - keys[b]!))
      sortStable(order, keys.length, distances, isDescending, new Int32Array(keys.length))
      assert.deepEqual([...order], model)

      const partly = Int32Array.from(keys, (_, index) => index)
      sortFirst(partly, keys.length, distances, isDescending, Math.min(wanted, keys.length))
      const first = (indexes: Iterable<number>): number[] => [...indexes].slice(0, wanted).map((index) => keys[index]!)
      assert.deepEqual(first(partly), first(model))
      assert.deepEqual([...partly].toSorted((a, b) => a - b), keys.map((_, index) => index))
    }),
  ) // prettier-ignore
})

test('coordinates have up to 17 decimals, rounded to even', () => {
  const out = new Uint8Array(64)
  const value = fc.oneof(
    fc.double({ min: 2 ** -25, max: 180, noNaN: true }),
    fc.integer({ min: 1, max: 2 ** 30 }).map((steps) => steps / 2 ** 18),
    fc.integer({ min: 1, max: 2 ** 20 }).map((steps) => 1 - steps / 2 ** 53),
  )
  fc.assert(
    fc.property(value, fc.boolean(), (magnitude, isNegative) => {
      const number = isNegative ? -magnitude : magnitude
      assert.equal(latin1(out, 0, writeCoordinate(number, out, 0)), formatHumanDouble(number))
    }),
    { numRuns: 2000 },
  )
})
