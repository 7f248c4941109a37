/** What cjson's functions of configuration set; see the library's documentation. */

import { Kind } from '../lua/api.js'
import type { LuaFunction, LuaMachine } from '../lua/machine.js'

export class JsonSettings {
  sparseConvert: boolean
  sparseRatio: number
  sparseSafe: number
  encodeDepthMax: number
  decodeDepthMax: number
  /** `off`, `on`, `null`. */
  encodeInvalid: number
  decodesInvalid: boolean
  precision: number
  keepsBuffer: boolean

  constructor() {
    this.sparseConvert = false
    this.sparseRatio = 2
    this.sparseSafe = 10
    this.encodeDepthMax = 1000
    this.decodeDepthMax = 1000
    this.encodeInvalid = 0
    this.decodesInvalid = true
    this.precision = 14
    this.keepsBuffer = true
  }
}

const INT_MAX = 0x7fffffff
const SWITCH = ['off', 'on']
const INVALID = ['off', 'on', 'null']

/** The functions, which return the setting as it is afterwards. */
export function settingFunctions(
  machine: LuaMachine,
  settingsOf: (L: number) => JsonSettings,
): Record<string, LuaFunction> {
  const options = new Options(machine)
  return {
    encode_sparse_array(L) {
      const settings = settingsOf(L)
      options.expect(L, 3)
      settings.sparseConvert = options.choice(L, 1, Number(settings.sparseConvert), SWITCH) === 1
      settings.sparseRatio = options.integer(L, 2, settings.sparseRatio, 0, INT_MAX)
      settings.sparseSafe = options.integer(L, 3, settings.sparseSafe, 0, INT_MAX)
      return 3
    },
    encode_max_depth(L) {
      const settings = settingsOf(L)
      options.expect(L, 1)
      settings.encodeDepthMax = options.integer(L, 1, settings.encodeDepthMax, 1, INT_MAX)
      return 1
    },
    decode_max_depth(L) {
      const settings = settingsOf(L)
      options.expect(L, 1)
      settings.decodeDepthMax = options.integer(L, 1, settings.decodeDepthMax, 1, INT_MAX)
      return 1
    },
    encode_number_precision(L) {
      const settings = settingsOf(L)
      options.expect(L, 1)
      settings.precision = options.integer(L, 1, settings.precision, 1, 14)
      return 1
    },
    encode_keep_buffer(L) {
      const settings = settingsOf(L)
      options.expect(L, 1)
      settings.keepsBuffer = options.choice(L, 1, Number(settings.keepsBuffer), SWITCH) === 1
      return 1
    },
    encode_invalid_numbers(L) {
      const settings = settingsOf(L)
      options.expect(L, 1)
      settings.encodeInvalid = options.choice(L, 1, settings.encodeInvalid, INVALID)
      return 1
    },
    decode_invalid_numbers(L) {
      const settings = settingsOf(L)
      options.expect(L, 1)
      settings.decodesInvalid = options.choice(L, 1, Number(settings.decodesInvalid), SWITCH) === 1
      return 1
    },
  }
}

class Options {
  private readonly machine: LuaMachine
  /** A list of C strings for luaL_checkoption, by the words in it. */
  private readonly lists: Map<readonly string[], number>

  constructor(machine: LuaMachine) {
    this.machine = machine
    this.lists = new Map()
  }

  /** Refuses more arguments than `count`, and makes up for missing ones with nil. */
  expect(L: number, count: number): void {
    const { machine } = this
    if (machine.argCount(L) > count) machine.argumentError(L, count + 1, 'found too many arguments')
    while (machine.argCount(L) < count) machine.pushNil(L)
  }

  integer(L: number, index: number, current: number, least: number, most: number): number {
    const { machine } = this
    let value = current
    if (machine.kindOf(L, index) !== Kind.nil) {
      value = machine.api.luaL_checkinteger(L, index)
      if (value < least || value > most) {
        machine.argumentError(L, 1, `expected integer between ${least} and ${most}`)
      }
    }
    machine.pushNumber(L, value)
    return value
  }

  /** A word of a list, or a boolean for the first two. */
  choice(L: number, index: number, current: number, words: readonly string[]): number {
    const { machine } = this
    const kind = machine.kindOf(L, index)
    let value = current
    if (kind === Kind.boolean) value = machine.i32[machine.slot(L, index) >> 2]!
    else if (kind !== Kind.nil) value = machine.api.luaL_checkoption(L, index, 0, this.listOf(words))
    if (value <= 1) machine.pushBoolean(L, value === 1)
    else machine.pushText(L, words[value]!)
    return value
  }

  private listOf(words: readonly string[]): number {
    const known = this.lists.get(words)
    if (known !== undefined) return known
    const { machine } = this
    const list = machine.api.malloc((words.length + 1) * 4)
    const texts = words.map((word) => machine.permanentText(word))
    for (const [index, text] of [...texts, 0].entries()) machine.i32[(list >> 2) + index] = text
    this.lists.set(words, list)
    return list
  }
}
