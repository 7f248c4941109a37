/**
 * math.random and math.randomseed: a 48-bit linear congruential generator (that of POSIX's lrand48), so that a seed gives the
 * same numbers on every machine.
 */

import type { LuaFunction, LuaMachine } from '../lua/machine.js'

/** 0x5DEECE66D, in three words of 16 bits from the lowest. */
const MULTIPLIER = [0xe66d, 0xdeec, 0x5] as const
const INCREMENT = 0xb
const LOW_SEED = 0x330e
const INITIAL = [LOW_SEED, 0xabcd, 0x1234] as const
const RANDOM_MAX = 0x7fffffff

export class ScriptRandom {
  private low: number
  private middle: number
  private high: number

  constructor() {
    ;[this.low, this.middle, this.high] = INITIAL
  }

  seed(value: number): void {
    this.low = LOW_SEED
    this.middle = value & 0xffff
    this.high = (value >>> 16) & 0xffff
  }

  /** 31 bits. */
  next(): number {
    const { low, middle, high } = this
    const first = low * MULTIPLIER[0] + INCREMENT
    const second = low * MULTIPLIER[1] + middle * MULTIPLIER[0] + Math.floor(first / 65536)
    const third = low * MULTIPLIER[2] + middle * MULTIPLIER[1] + high * MULTIPLIER[0] + Math.floor(second / 65536)
    this.low = first & 0xffff
    this.middle = second % 65536
    this.high = third % 65536
    return this.high * 32768 + (this.middle >>> 1)
  }
}

export function randomFunctions(machine: LuaMachine, random: ScriptRandom): Record<string, LuaFunction> {
  return {
    random(L) {
      const part = (random.next() % RANDOM_MAX) / RANDOM_MAX
      machine.pushNumber(L, inRange(machine, L, part))
      return 1
    },
    randomseed(L) {
      random.seed(machine.api.luaL_checkinteger(L, 1))
      return 0
    },
  }
}

function inRange(machine: LuaMachine, L: number, part: number): number {
  const { api } = machine
  const count = machine.argCount(L)
  if (count === 0) return part
  if (count > 2) machine.error(L, 'wrong number of arguments')
  const first = api.luaL_checkinteger(L, 1)
  if (count === 1) {
    if (first < 1) machine.argumentError(L, 1, 'interval is empty')
    return Math.floor(part * first) + 1
  }
  const last = api.luaL_checkinteger(L, 2)
  if (first > last) machine.argumentError(L, 2, 'interval is empty')
  return Math.floor(part * (last - first + 1)) + first
}
