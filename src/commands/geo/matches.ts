/** What a search has found, in columns, and in which order it is told. */

import { Encoding } from '../../keyspace/entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { ScoreRange } from '../../keyspace/types/score-range.js'
import { decode, Position } from '../../structures/geohash.js'
import type { Areas, Shape } from '../../structures/geohash-areas.js'
import { Fence } from '../../structures/geohash-fence.js'
import { sortFirst, sortStable } from './sort-matches.js'

const INITIAL_COUNT = 64
/** Columns that have grown beyond this are let go. */
const KEPT_COUNT = 1 << 16

export const Order = { none: 0, ascending: 1, descending: 2 } as const
export type Order = (typeof Order)[keyof typeof Order]

/** Instances are reused. */
export class Matches {
  count: number
  /** Meters from the center. */
  distances: Float64Array
  scores: Float64Array
  /** Places of the members in the view. */
  places: Int32Array
  /** Indexes of the columns, in order. */
  order: Int32Array
  private aside: Int32Array
  private seenScores: Float64Array
  private seenPlaces: Int32Array
  private readonly fence: Fence
  private readonly range: ScoreRange
  private readonly position: Position

  constructor() {
    this.count = 0
    this.distances = new Float64Array(INITIAL_COUNT)
    this.scores = new Float64Array(INITIAL_COUNT)
    this.places = new Int32Array(INITIAL_COUNT)
    this.order = new Int32Array(INITIAL_COUNT)
    this.aside = new Int32Array(INITIAL_COUNT)
    this.seenScores = new Float64Array(INITIAL_COUNT)
    this.seenPlaces = new Int32Array(INITIAL_COUNT)
    this.fence = new Fence()
    this.range = new ScoreRange()
    this.position = new Position()
    this.range.excludesMax = true
  }

  /** Finds the members within a shape; no more than `limit`, if that is not 0. */
  collect(view: ZsetView, shape: Shape, areas: Areas, limit: number): void {
    shape.prepare()
    this.fence.surround(shape)
    this.count = 0
    if (view.encoding === Encoding.listpack) this.collectListpack(view, shape, areas, limit)
    else this.collectSkiplist(view, shape, areas, limit)
    for (let i = 0; i < this.count; i++) this.order[i] = i
  }

  /** Sorts the first `wanted` by distance; the others have no order then. */
  sort(order: Order, wanted: number): void {
    if (order === Order.none || this.count < 2) return
    const isDescending = order === Order.descending
    if (wanted >= this.count) sortStable(this.order, this.count, this.distances, isDescending, this.aside)
    else sortFirst(this.order, this.count, this.distances, isDescending, wanted)
  }

  /** Lets go of much memory. */
  release(): void {
    if (this.order.length <= KEPT_COUNT) return
    this.distances = new Float64Array(INITIAL_COUNT)
    this.scores = new Float64Array(INITIAL_COUNT)
    this.places = new Int32Array(INITIAL_COUNT)
    this.order = new Int32Array(INITIAL_COUNT)
    this.aside = new Int32Array(INITIAL_COUNT)
  }

  private collectSkiplist(view: ZsetView, shape: Shape, areas: Areas, limit: number): void {
    const { range } = this
    for (let i = 0; i < areas.count; i++) {
      const end = areas.max[i]!
      range.min = areas.min[i]!
      range.max = end
      for (let isIn = view.toFirstInScores(range); isIn; isIn = view.passForward()) {
        const { score } = view
        if (score >= end) break
        this.look(shape, score, view.place)
        if (limit !== 0 && this.count >= limit) return
      }
    }
  }

  /** A listpack would be read from its beginning for each area; so it is read once, and the scores are looked through. */
  private collectListpack(view: ZsetView, shape: Shape, areas: Areas, limit: number): void {
    const size = this.loadScores(view)
    const { seenPlaces, seenScores } = this
    for (let i = 0; i < areas.count; i++) {
      const start = areas.min[i]!
      const end = areas.max[i]!
      for (let at = 0; at < size && seenScores[at]! < end; at++) {
        if (seenScores[at]! < start) continue
        this.look(shape, seenScores[at]!, seenPlaces[at]!)
        if (limit !== 0 && this.count >= limit) return
      }
    }
  }

  /** Reads all scores; returns how many. */
  private loadScores(view: ZsetView): number {
    const { size } = view
    if (size > this.seenScores.length) {
      this.seenScores = new Float64Array(size)
      this.seenPlaces = new Int32Array(size)
    }
    return view.readScores(this.seenScores, this.seenPlaces)
  }

  /** Notes a member if it is within the shape. */
  private look(shape: Shape, score: number, place: number): void {
    if (this.fence.excludes(score)) return
    const { position } = this
    decode(score, position)
    const distance = shape.distanceWithin(position.longitude, position.latitude)
    if (!(distance < 0)) this.add(distance, score, place)
  }

  private add(distance: number, score: number, place: number): void {
    const at = this.count
    if (at === this.order.length) this.grow()
    this.distances[at] = distance
    this.scores[at] = score
    this.places[at] = place
    this.count++
  }

  private grow(): void {
    const count = this.order.length * 2
    const { distances, places, scores } = this
    this.distances = new Float64Array(count)
    this.scores = new Float64Array(count)
    this.places = new Int32Array(count)
    this.order = new Int32Array(count)
    this.aside = new Int32Array(count)
    this.distances.set(distances)
    this.scores.set(scores)
    this.places.set(places)
  }
}
