/**
 * CPU time and memory of another process with all of its threads.
 *
 * On Linux both come from /proc: the fields utime and stime of /proc/PID/stat count the whole process, in ticks of 10 ms
 * (USER_HZ is 100 on every architecture that Node runs on), and VmRSS of /proc/PID/status is its resident memory. Other
 * systems are asked by `ps`, whose CPU time has the same resolution.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const TICKS_A_SECOND = 100
/** Counted from the first field behind the name of the program, which may hold blanks. */
const UTIME = 11
const STIME = 12

export interface CpuSeconds {
  readonly user: number
  readonly system: number
}

export function cpuSeconds(pid: number): CpuSeconds {
  if (process.platform !== 'linux') return cpuSecondsOfPs(pid)
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { user: Number(fields[UTIME]) / TICKS_A_SECOND, system: Number(fields[STIME]) / TICKS_A_SECOND }
}

export function residentBytes(pid: number): number {
  if (process.platform !== 'linux') return Number(ps(pid, 'rss=')) * 1024
  const line = readFileSync(`/proc/${pid}/status`, 'latin1').match(/^VmRSS:\s+(\d+) kB$/m)
  return Number(line![1]) * 1024
}

/** User and system time in one, as all that every `ps` tells. */
function cpuSecondsOfPs(pid: number): CpuSeconds {
  // [[days-]hours:]minutes:seconds[.hundredths]
  const [clock = '', days = '0'] = ps(pid, 'time=').split('-').reverse()
  const seconds = clock.split(':').reduce((total, part) => total * 60 + Number(part), 0)
  return { user: seconds + Number(days) * 86_400, system: 0 }
}

function ps(pid: number, column: string): string {
  return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'latin1' }).trim()
}
