/**
 * The 24-bit access field of an entry: seconds of the last access (LRU policies), or minutes of the last decay and a logarithmic
 * counter (LFU policies). Same arithmetic as the reference, so OBJECT IDLETIME and OBJECT FREQ agree.
 *
 *     LFU:  bits 8-23 minutes since the epoch modulo 2^16,  bits 0-7 counter
 */

import type { Random } from '../base/environment.js'

const LRU_RANGE = 0x1000000
const LFU_MINUTES_MASK = 0xffff
const LFU_COUNTER_MAX = 255
/** Counter of a new key: hot enough not to be evicted at once. */
export const LFU_INITIAL = 5

export function lruClock(nowMs: number): number {
  return Math.floor(nowMs / 1000) % LRU_RANGE
}

/** Seconds since the access recorded in `clock`. */
export function lruIdleSeconds(clock: number, nowMs: number): number {
  const now = lruClock(nowMs)
  return now >= clock ? now - clock : now + (LRU_RANGE - 1 - clock)
}

/** The clock of a key that was last used so many seconds ago. */
export function lruBefore(nowMs: number, idleSeconds: number): number {
  const now = lruClock(nowMs)
  const clock = now - idleSeconds
  // Further back than the clock goes counts as half its range, as in the reference.
  return clock >= 0 ? clock : (now + ((LRU_RANGE - 1) >>> 1)) % (LRU_RANGE - 1)
}

function lfuMinutes(nowMs: number): number {
  return Math.floor(nowMs / 60000) & LFU_MINUTES_MASK
}

export function lfuFresh(nowMs: number): number {
  return (lfuMinutes(nowMs) << 8) | LFU_INITIAL
}

/** The access field of a key with a known counter. */
export function lfuWith(counter: number, nowMs: number): number {
  return (lfuMinutes(nowMs) << 8) | counter
}

/** The counter after the decay that elapsed time asks for. */
export function lfuDecayed(clock: number, nowMs: number, decayMinutes: number): number {
  const counter = clock & 255
  if (decayMinutes === 0) return counter
  const last = clock >>> 8
  const now = lfuMinutes(nowMs)
  const elapsed = now >= last ? now - last : LFU_MINUTES_MASK - last + now
  const periods = Math.floor(elapsed / decayMinutes)
  return periods >= counter ? 0 : counter - periods
}

/** The access field after one more access: decay, then a logarithmic, random increment. */
export function lfuTouched(
  clock: number,
  nowMs: number,
  decayMinutes: number,
  logFactor: number,
  random: Random,
): number {
  let counter = lfuDecayed(clock, nowMs, decayMinutes)
  if (counter < LFU_COUNTER_MAX) {
    const base = counter > LFU_INITIAL ? counter - LFU_INITIAL : 0
    if (random.next32() / 0x100000000 < 1 / (base * logFactor + 1)) counter++
  }
  return (lfuMinutes(nowMs) << 8) | counter
}
