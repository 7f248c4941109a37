/** Facts about this process and machine. */

import { readFileSync } from 'node:fs'
import { arch, release, totalmem, type } from 'node:os'
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { argv, cpuUsage, execPath, kill, memoryUsage, pid, resourceUsage, version } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Host } from '../base/environment.js'
import { byteString } from './byte-string.js'

/** What Node 20.18 and 22.8 brought; the type declarations lag behind. */
interface LoopMetrics {
  readonly uvMetricsInfo?: { readonly loopCount: number }
}

export class NodeHost implements Host {
  readonly processId: number
  readonly executable: string
  readonly operatingSystem: string
  readonly pointerBits: 32 | 64
  readonly runtime: string

  /** V8's collector, made available when it is first wanted. */
  private collect: (() => void) | undefined

  constructor() {
    this.collect = undefined
    this.processId = pid
    this.executable = byteString(resolve(argv[1] ?? execPath))
    this.operatingSystem = `${type()} ${release()} ${machine()}`
    this.pointerBits = arch() === 'ia32' || arch() === 'arm' ? 32 : 64
    this.runtime = `node ${version}`
  }

  isRunning(processId: number): boolean {
    try {
      return kill(processId, 0)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM'
    }
  }

  residentBytes(): number {
    return memoryUsage.rss()
  }

  heapUsedBytes(): number {
    return memoryUsage().heapUsed
  }

  heapTotalBytes(): number {
    return memoryUsage().heapTotal
  }

  totalMemoryBytes(): number {
    return totalmem()
  }

  cpuSeconds(): { readonly user: number; readonly system: number } {
    const { user, system } = cpuUsage()
    return { user: user / 1e6, system: system / 1e6 }
  }

  threadCpuSeconds(): { readonly user: number; readonly system: number } {
    return threadCpu() ?? this.cpuSeconds()
  }

  peakResidentBytes(): number {
    return resourceUsage().maxRSS * 1024
  }

  eventLoop(): { readonly turns: number; readonly activeUs: number } {
    const { uvMetricsInfo } = performance.nodeTiming as LoopMetrics
    return { turns: uvMetricsInfo?.loopCount ?? 0, activeUs: performance.eventLoopUtilization().active * 1000 }
  }

  releaseMemory(): void {
    this.collect ??= collector()
    this.collect()
  }

  blockMs(milliseconds: number): void {
    if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
  }
}

/** `uname -m`, which os.arch() does not give. */
function machine(): string {
  const names: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686' }
  return names[arch()] ?? arch()
}

/** CPU time of the main thread, from Linux's /proc; undefined elsewhere. */
function threadCpu(): { user: number; system: number } | undefined {
  try {
    const fields = readFileSync(`/proc/self/task/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
    return { user: Number(fields[11]) / CLOCK_TICKS, system: Number(fields[12]) / CLOCK_TICKS }
  } catch {
    return undefined
  }
}

/** Ticks a second in /proc; fixed at 100 in Linux's user interface. */
const CLOCK_TICKS = 100

/** `gc()`, without the flag on the command line that would put it everywhere. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('typeof gc === "function" ? gc : undefined')
  setFlagsFromString('--no-expose-gc')
  return typeof collect === 'function' ? () => void collect() : () => {}
}
