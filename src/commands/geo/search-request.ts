/** What a search was asked for: the arguments of GEORADIUS, GEOSEARCH and their kin. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import type { ArgumentSpec } from '../../engine/command.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { ErrorReply } from '../../protocol/errors.js'
import { Position } from '../../structures/geohash.js'
import { Shape } from '../../structures/geohash-areas.js'
import { readPosition, unitArgument, unitMeters } from './arguments.js'
import { Order } from './matches.js'
import { findPosition } from './members.js'

/** Which command asks. */
export const Search = {
  /** GEORADIUS: a position and a radius at fixed places. */
  aroundPosition: 1,
  /** GEORADIUSBYMEMBER: a member and a radius. */
  aroundMember: 2,
  /** GEOSEARCH: center and shape among the options. */
  free: 4,
  /** GEOSEARCHSTORE. */
  stores: 8,
  /** The _RO variants, which refuse STORE. */
  readsOnly: 16,
} as const

const WITHDIST = latin1Bytes('withdist')
const WITHHASH = latin1Bytes('withhash')
const WITHCOORD = latin1Bytes('withcoord')
const ANY = latin1Bytes('any')
const ASC = latin1Bytes('asc')
const DESC = latin1Bytes('desc')
const COUNT = latin1Bytes('count')
const STORE = latin1Bytes('store')
const STOREDIST = latin1Bytes('storedist')
const FROMMEMBER = latin1Bytes('frommember')
const FROMLONLAT = latin1Bytes('fromlonlat')
const BYRADIUS = latin1Bytes('byradius')
const BYBOX = latin1Bytes('bybox')

const INITIAL_B = 0x62
const INITIAL_F = 0x66

/** Instances are reused. */
export class SearchRequest {
  readonly shape: Shape
  order: Order
  /** 0 is no limit. */
  count: number
  /** Enough is enough: the first that are found, not the nearest. */
  isAny: boolean
  withDistances: boolean
  withHashes: boolean
  withPositions: boolean
  /** Argument that names the destination, 0 for none. */
  storeIndex: number
  storesDistances: boolean
  private kind: number
  private hasMember: boolean
  private hasPosition: boolean
  private hasRadius: boolean
  private hasBox: boolean
  private readonly center: Position

  constructor() {
    this.shape = new Shape()
    this.order = Order.none
    this.count = 0
    this.isAny = false
    this.withDistances = false
    this.withHashes = false
    this.withPositions = false
    this.storeIndex = 0
    this.storesDistances = false
    this.kind = 0
    this.hasMember = false
    this.hasPosition = false
    this.hasRadius = false
    this.hasBox = false
    this.center = new Position()
  }

  /**
   * Reads the arguments of a call.
   *
   * @param kind  bits of `Search`
   * @param view  open on the sorted set; undefined when the key is missing, and then members are not looked for
   * @returns false with the error replied
   */
  read(call: Call, kind: number, view: ZsetView | undefined): boolean {
    this.reset(kind)
    const first = this.readFixed(call, view)
    return first > 0 && this.readOptions(call, first, view) && this.check(call)
  }

  private reset(kind: number): void {
    this.shape.reset()
    this.order = Order.none
    this.count = 0
    this.isAny = false
    this.withDistances = false
    this.withHashes = false
    this.withPositions = false
    this.storeIndex = (kind & Search.stores) !== 0 ? 1 : 0
    this.storesDistances = false
    this.kind = kind
    this.hasMember = false
    this.hasPosition = false
    this.hasRadius = false
    this.hasBox = false
  }

  /** Reads what stands at fixed places; returns the argument behind it, or 0 with the error replied. */
  private readFixed(call: Call, view: ZsetView | undefined): number {
    switch (this.kind & (Search.aroundPosition | Search.aroundMember | Search.free)) {
      case Search.aroundPosition:
        return this.readCenter(call, 2) && this.readRadius(call, 4) ? 6 : 0
      case Search.aroundMember:
        // Without the key not even the radius is looked at.
        return view === undefined || (this.findCenter(call, view, 2) && this.readRadius(call, 3)) ? 5 : 0
      default:
        return (this.kind & Search.stores) !== 0 ? 3 : 2
    }
  }

  private readOptions(call: Call, first: number, view: ZsetView | undefined): boolean {
    for (let at = first; at < call.argc;) {
      // Center and shape come first, mostly, and no other option begins like them.
      const initial = call.bytes[call.starts[at]!]! | 0x20
      const isShape = initial === INITIAL_B || initial === INITIAL_F
      const words = isShape ? this.readShape(call, at, view) : this.readFlag(call, at) || this.readCommon(call, at)
      if (words < 0) return false
      if (words === 0) {
        call.fail(ErrorReply.syntax)
        return false
      }
      at += words
    }
    return true
  }

  // These return how many arguments an option takes, 0 when it is another, -1 with the error replied.

  private readFlag(call: Call, at: number): number {
    if (call.is(at, WITHDIST)) this.withDistances = true
    else if (call.is(at, WITHHASH)) this.withHashes = true
    else if (call.is(at, WITHCOORD)) this.withPositions = true
    else if (call.is(at, ANY)) this.isAny = true
    else if (call.is(at, ASC)) this.order = Order.ascending
    else if (call.is(at, DESC)) this.order = Order.descending
    else return 0
    return 1
  }

  private readCommon(call: Call, at: number): number {
    const hasNext = at + 1 < call.argc
    if (hasNext && call.is(at, COUNT)) return this.readCount(call, at + 1) ? 2 : -1
    if ((this.kind & Search.free) !== 0) {
      if ((this.kind & Search.stores) === 0 || !call.is(at, STOREDIST)) return 0
      this.storesDistances = true
      return 1
    }
    if ((this.kind & Search.readsOnly) !== 0 || !hasNext) return 0
    const storesDistances = call.is(at, STOREDIST)
    if (!storesDistances && !call.is(at, STORE)) return 0
    this.storeIndex = at + 1
    this.storesDistances = storesDistances
    return 2
  }

  private readShape(call: Call, at: number, view: ZsetView | undefined): number {
    if ((this.kind & Search.free) === 0) return 0
    const words = call.argc - at
    if (words > 1 && !this.hasPosition && call.is(at, FROMMEMBER)) {
      this.hasMember = true
      return view === undefined || this.findCenter(call, view, at + 1) ? 2 : -1
    }
    if (words > 2 && !this.hasMember && call.is(at, FROMLONLAT)) {
      this.hasPosition = true
      return this.readCenter(call, at + 1) ? 3 : -1
    }
    if (words > 2 && !this.hasBox && call.is(at, BYRADIUS)) {
      this.hasRadius = true
      return this.readRadius(call, at + 1) ? 3 : -1
    }
    if (words > 3 && !this.hasRadius && call.is(at, BYBOX)) {
      this.hasBox = true
      return this.readBox(call, at + 1) ? 4 : -1
    }
    return 0
  }

  private readCount(call: Call, index: number): boolean {
    const count = call.integer(index)
    if (Number.isNaN(count)) return false
    this.count = count
    if (count > 0) return true
    call.fail(ErrorReply.countMustBePositive)
    return false
  }

  private readCenter(call: Call, index: number): boolean {
    if (!readPosition(call, index, this.center)) return false
    this.takeCenter()
    return true
  }

  private findCenter(call: Call, view: ZsetView, index: number): boolean {
    if (!findPosition(call, view, index, this.center)) {
      call.fail(ErrorReply.geoMemberMissing)
      return false
    }
    this.takeCenter()
    return true
  }

  private takeCenter(): void {
    this.shape.longitude = this.center.longitude
    this.shape.latitude = this.center.latitude
  }

  private readRadius(call: Call, index: number): boolean {
    const radius = call.float(index)
    if (Number.isNaN(radius)) return failed(call, ErrorReply.geoRadiusNotNumeric)
    if (radius < 0) return failed(call, ErrorReply.geoRadiusNegative)
    this.shape.isBox = false
    this.shape.radius = radius
    return this.readUnit(call, index + 1)
  }

  private readBox(call: Call, index: number): boolean {
    const width = call.float(index)
    if (Number.isNaN(width)) return failed(call, ErrorReply.geoWidthNotNumeric)
    const height = call.float(index + 1)
    if (Number.isNaN(height)) return failed(call, ErrorReply.geoHeightNotNumeric)
    if (width < 0 || height < 0) return failed(call, ErrorReply.geoBoxNegative)
    this.shape.isBox = true
    this.shape.width = width
    this.shape.height = height
    return this.readUnit(call, index + 2)
  }

  private readUnit(call: Call, index: number): boolean {
    const meters = unitMeters(call, index)
    this.shape.unitMeters = meters
    return meters > 0
  }

  /** Whether the options fit each other. */
  private check(call: Call): boolean {
    const { kind } = this
    if (this.storeIndex !== 0 && (this.withDistances || this.withHashes || this.withPositions)) {
      const isSearch = (kind & Search.stores) !== 0
      return failed(call, ErrorReply.geoStoreClash(isSearch ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS'))
    }
    if ((kind & Search.free) !== 0) {
      if (!this.hasMember && !this.hasPosition) return failed(call, ErrorReply.geoFromNeeded(call.text(0)))
      if (!this.hasRadius && !this.hasBox) return failed(call, ErrorReply.geoByNeeded(call.text(0)))
    }
    if (this.isAny && this.count === 0) return failed(call, ErrorReply.geoAnyWithoutCount)
    // Some of many, without an order, are the nearest.
    if (this.count !== 0 && this.order === Order.none && !this.isAny) this.order = Order.ascending
    return true
  }
}

function failed(call: Call, error: ErrorReply): false {
  call.fail(error)
  return false
}

export const orderArgument: ArgumentSpec = {
  name: 'order',
  type: 'oneof',
  isOptional: true,
  args: ['asc:pure-token token=ASC', 'desc:pure-token token=DESC'],
}

/** @param since  of ANY, where that is told */
export function countArgument(since?: string): ArgumentSpec {
  const any = `any:pure-token token=ANY optional${since === undefined ? '' : ` since=${since}`}`
  return { name: 'count-block', type: 'block', isOptional: true, args: ['count:integer token=COUNT', any] }
}

export const withArguments: readonly string[] = [
  'withcoord:pure-token token=WITHCOORD optional',
  'withdist:pure-token token=WITHDIST optional',
  'withhash:pure-token token=WITHHASH optional',
]

/** STORE and STOREDIST of GEORADIUS, whose keys are of the second and third key spec. */
export const storeArgument: ArgumentSpec = {
  name: 'store',
  type: 'oneof',
  isOptional: true,
  args: ['storekey:key token=STORE display=key key=1', 'storedistkey:key token=STOREDIST display=key key=2'],
}

export const fromArgument: ArgumentSpec = {
  name: 'from',
  type: 'oneof',
  args: [
    'member:string token=FROMMEMBER',
    { name: 'fromlonlat', type: 'block', token: 'FROMLONLAT', args: ['longitude:double', 'latitude:double'] },
  ],
}

export const byArgument: ArgumentSpec = {
  name: 'by',
  type: 'oneof',
  args: [
    { name: 'circle', type: 'block', args: ['radius:double token=BYRADIUS', unitArgument] },
    { name: 'box', type: 'block', args: ['width:double token=BYBOX', 'height:double', unitArgument] },
  ],
}
