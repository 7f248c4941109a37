/**
 * LATENCY GRAPH: a series of samples as a picture of characters, four rows high, with the age of each sample below it.
 *
 *     command - high 500 ms, low 300 ms (all time high 500 ms)
 *     --------------------------------------------------------------------------------
 *       #
 *      _|
 *      ||
 *     _||
 *
 *     321
 *     sss
 */

import type { LatencySample, LatencySeries } from './latency-monitor.js'

const COLUMNS = 80
const ROWS = 4
/** Fill levels of one cell, from low to high; a cell below the top of its column is FULL. */
const LEVELS = '_o#'
const FULL = '|'
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function latencyGraph(event: string, series: LatencySeries, nowSeconds: number): string {
  const { samples, worstMs } = series
  const latencies = samples.map((sample) => sample.milliseconds)
  const high = Math.max(...latencies)
  const low = Math.min(...latencies)
  const lines = [`${event} - high ${high} ms, low ${low} ms (all time high ${worstMs} ms)`, '-'.repeat(COLUMNS)]
  for (let from = 0; from < samples.length; from += COLUMNS) {
    if (from > 0) lines.push('')
    lines.push(...panel(samples.slice(from, from + COLUMNS), low, high, nowSeconds))
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** The lines of as many samples as stand side by side. */
function panel(samples: readonly LatencySample[], low: number, high: number, nowSeconds: number): string[] {
  const steps = samples.map(({ milliseconds }) => stepOf(milliseconds, low, high))
  const labels = samples.map(({ timeSeconds }) => age(nowSeconds - timeSeconds))
  const lines: string[] = []
  for (let row = ROWS - 1; row >= 0; row--) lines.push(steps.map((step) => cell(step - row * LEVELS.length)).join(''))
  lines.push(' '.repeat(samples.length))
  const labelRows = Math.max(...labels.map((label) => label.length))
  for (let row = 0; row < labelRows; row++) lines.push(labels.map((label) => label[row] ?? ' ').join(''))
  return lines
}

/** Height of a column in levels, from 0. */
function stepOf(milliseconds: number, low: number, high: number): number {
  const steps = LEVELS.length * ROWS
  const range = high === low ? 1 : high - low
  return Math.min(steps - 1, Math.floor(Math.trunc((milliseconds - low) * steps) / range))
}

function cell(level: number): string {
  if (level < 0) return ' '
  return LEVELS[level] ?? FULL
}

function age(seconds: number): string {
  if (seconds < MINUTE) return `${seconds}s`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m`
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)}h`
  return `${Math.floor(seconds / DAY)}d`
}
