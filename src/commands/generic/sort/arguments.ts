/** The options of SORT and SORT_RO. */

import { equalsIgnoreCase, latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { Access, type Argument, type KeyFinderCall, type KeySpec } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { starOf } from './pattern.js'

const ASC = latin1Bytes('asc')
const DESC = latin1Bytes('desc')
const ALPHA = latin1Bytes('alpha')
const LIMIT = latin1Bytes('limit')
const STORE = latin1Bytes('store')
const BY = latin1Bytes('by')
const GET = latin1Bytes('get')

export const sortArguments: readonly Argument[] = [
  'key:key',
  { name: 'by-pattern', type: 'pattern', display: 'pattern', token: 'BY', keySpec: 1, isOptional: true },
  { name: 'limit', type: 'block', token: 'LIMIT', isOptional: true, args: ['offset:integer', 'count:integer'] },
  {
    name: 'get-pattern',
    type: 'pattern',
    display: 'pattern',
    token: 'GET',
    keySpec: 1,
    isOptional: true,
    isMultiple: true,
    isMultipleToken: true,
  },
  { name: 'order', type: 'oneof', isOptional: true, args: ['asc:pure-token token=ASC', 'desc:pure-token token=DESC'] },
  'sorting:pure-token token=ALPHA optional',
]

export const sortedKey: KeySpec = { at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }

export const patternKeys: KeySpec = {
  isUnknown: true,
  access: Access.readOnly | Access.returnsData,
  notes: 'Keys that BY and GET name follow from the elements that are sorted.',
}

/** What a request asks for; argument indexes are 0 where the option is not given. */
export class SortOptions {
  byIndex: number
  storeIndex: number
  readonly getIndexes: number[]
  descends: boolean
  isAlpha: boolean
  /** BY names no key: elements stay in the order they are in. */
  keepsOrder: boolean
  limitStart: number
  limitCount: number

  constructor() {
    this.byIndex = 0
    this.storeIndex = 0
    this.getIndexes = []
    this.descends = false
    this.isAlpha = false
    this.keepsOrder = false
    this.limitStart = 0
    this.limitCount = -1
  }

  /** Reads the options; false with the error replied. */
  parse(call: Call, mayStore: boolean): boolean {
    this.reset()
    for (let i = 2; i < call.argc; i++) {
      const left = call.argc - i - 1
      if (call.is(i, ASC)) this.descends = false
      else if (call.is(i, DESC)) this.descends = true
      else if (call.is(i, ALPHA)) this.isAlpha = true
      else if (left >= 2 && call.is(i, LIMIT)) {
        if (!this.parseLimit(call, i + 1)) return false
        i += 2
      } else if (left === 0) return refuse(call, ErrorReply.syntax)
      else if (mayStore && call.is(i, STORE)) this.storeIndex = ++i
      else if (call.is(i, BY)) {
        if (!this.takeBy(call, ++i)) return false
      } else if (!call.is(i, GET)) return refuse(call, ErrorReply.syntax)
      else if (!this.takeGet(call, ++i)) return false
    }
    return true
  }

  private reset(): void {
    this.byIndex = 0
    this.storeIndex = 0
    this.getIndexes.length = 0
    this.descends = false
    this.isAlpha = false
    this.keepsOrder = false
    this.limitStart = 0
    this.limitCount = -1
  }

  private parseLimit(call: Call, index: number): boolean {
    this.limitStart = call.integer(index)
    if (Number.isNaN(this.limitStart)) return false
    this.limitCount = call.integer(index + 1)
    return !Number.isNaN(this.limitCount)
  }

  /** A BY without a star asks for no order, and another BY behind it does not bring it back. */
  private takeBy(call: Call, index: number): boolean {
    this.byIndex = index
    if (starOf(call.bytes, call.starts[index]!, call.ends[index]!) < 0) this.keepsOrder = true
    else if (isCluster(call)) return refuse(call, ErrorReply.sortByInCluster)
    else if (!readsEveryKey(call)) return refuse(call, ErrorReply.sortByPermission)
    return true
  }

  private takeGet(call: Call, index: number): boolean {
    if (isCluster(call)) return refuse(call, ErrorReply.sortGetInCluster)
    if (!readsEveryKey(call)) return refuse(call, ErrorReply.sortGetPermission)
    this.getIndexes.push(index)
    return true
  }
}

function isCluster(call: Call): boolean {
  return call.store.config.values['cluster-enabled']
}

/** Patterns reach any key: only who may read all of them may use patterns. */
function readsEveryKey({ client, command, store: { access } }: Call): boolean {
  return access.readsEveryKey === undefined || access.readsEveryKey(client, command)
}

function refuse(call: Call, error: ErrorReply): false {
  call.fail(error)
  return false
}

/** The key that is sorted and, of several STORE options, the last one's; options with values of their own are skipped. */
export function findSortKeys(call: KeyFinderCall, into: number[]): boolean {
  into.push(1)
  let store = 0
  for (let i = 2; i < call.argc; i++) {
    if (isWord(call, i, LIMIT)) i += 2
    else if (isWord(call, i, GET) || isWord(call, i, BY)) i++
    else if (i + 1 < call.argc && isWord(call, i, STORE)) store = i + 1
  }
  if (store !== 0) into.push(store)
  return true
}

export function sortKeyAccess(_call: KeyFinderCall, index: number): number {
  return index === 1 ? Access.readOnly | Access.returnsData : Access.overwrite | Access.update
}

function isWord({ bytes, ends, starts }: KeyFinderCall, index: number, word: Uint8Array): boolean {
  return equalsIgnoreCase(bytes, starts[index]!, ends[index]!, word)
}
