/**
 * What a store needs of the world around it: time, randomness, timers, links, files, a log, facts about the host.
 *
 * Nothing outside `src/platform` asks Node for any of these. A test, a simulation or an embedding host hands in its own
 * and thereby decides what time it is, what is random, and which write fails.
 */

import type { OperationalError } from './operational-error.js'

export interface Clock {
  /** Wall-clock time in whole milliseconds since 1970-01-01 UTC. */
  nowMs(): number
  /** Microseconds since an arbitrary moment; never runs backwards. Fractions allowed. */
  monotonicUs(): number
}

export interface Random {
  /** An integer, evenly distributed over 0 … 2^32 − 1. */
  next32(): number
  /** Overwrites all of `bytes`; fit for secrets when the platform has such a source. */
  fill(bytes: Uint8Array): void
}

export interface TimerHandle {
  cancel(): void
}

export interface Timers {
  /** Runs once, not before `delayMs` have passed. */
  after(delayMs: number, run: () => void): TimerHandle
  /** Runs once when what is readable in this loop turn has been read. */
  atTurnEnd(run: () => void): void
  /** Runs once at the start of the next loop turn, after pending input has been read. */
  soon(run: () => void): void
}

/** Where a link's events go. All calls come from the event loop, never from within a call into the link. */
export interface LinkReceiver {
  /** `bytes[start, end)` arrived; the view is reused as soon as this returns. */
  received(bytes: Uint8Array, start: number, end: number): void
  /** Everything that `write` had to keep has been handed to the peer. */
  drained(): void
  /** The peer will send no more. */
  ended(): void
  /** The link is gone; nothing follows. */
  closed(reason: string): void
}

export type LinkKind = 'tcp' | 'unix' | 'stream' | 'direct'

/** A byte stream between a client and the store. */
export interface Link {
  readonly kind: LinkKind
  /** `ip:port`, `[ip6]:port`, `path:0`; empty when unknown. */
  readonly remoteAddress: string
  readonly localAddress: string
  /** The peer's address alone, to tell loopback from the rest of the world. */
  readonly remoteHost: string
  /** The descriptor shown as `fd=`; -1 when there is none. */
  readonly descriptor: number
  start(receiver: LinkReceiver): void
  /**
   * Sends `bytes[start, end)`.
   *
   * @returns true when the bytes have been taken and the buffer may be reused at once; false when the link still refers
   *          to the buffer, until `drained`.
   */
  write(bytes: Uint8Array, start: number, end: number): boolean
  /** Stops and restarts delivery of input (back-pressure). */
  pauseReading(): void
  resumeReading(): void
  /** Sends what is pending, then closes. */
  end(): void
  /** Closes at once. */
  destroy(): void
}

export interface Listener {
  readonly address: string
  close(): void
}

export interface TcpListenOptions {
  readonly host: string
  readonly port: number
  readonly backlog: number
  /** Seconds of idleness before TCP probes the peer; 0 leaves probing off. */
  readonly keepAliveSeconds: () => number
}

export interface UnixListenOptions {
  readonly path: string
  /** Permission bits of the socket file; 0 leaves the umask's. */
  readonly mode: number
  readonly backlog: number
}

export interface Network {
  listenTcp(options: TcpListenOptions, accept: (link: Link) => void): Promise<Listener>
  listenUnix(options: UnixListenOptions, accept: (link: Link) => void): Promise<Listener>
}

/** Opens links to other servers. */
export interface Dialer {
  /** Calls `done` once, never from within: with a link that has not been started, or with what stood in the way. */
  connect(host: string, port: number, timeoutMs: number, done: LinkOpened): void
}

export type LinkOpened = (link: Link | undefined, error: OperationalError | undefined) => void

export interface Disk {
  /** Throws an OperationalError (`ENOENT`, …) when it cannot. */
  read(path: string): Uint8Array
  exists(path: string): boolean
  /** Writes to a temporary name, syncs, renames over `path`, syncs the directory. */
  writeAtomically(path: string, bytes: Uint8Array): void
  append(path: string, bytes: Uint8Array): void
  remove(path: string): void
  /** Paths that match a shell pattern, sorted; the pattern itself when it holds no wildcard. */
  glob(pattern: string): string[]
  changeDirectory(path: string): void
  workingDirectory(): string
  absolutePath(path: string): string
}

/** What is done with a file that is opened: read; appended to (made when missing); replaced (made or emptied); changed in place. */
export type OpenMode = 'read' | 'append' | 'replace' | 'update'

/** Told of the end of work on another thread, from the event loop. */
export type FileDone = (error: OperationalError | undefined) => void

/** A file held open. Whatever fails throws an OperationalError that carries the errno's name. */
export interface OpenFile {
  readonly path: string
  size(): number
  /** Reads into `into[start, end)` from a position of the file; returns how many bytes, 0 at its end. */
  read(into: Uint8Array, start: number, end: number, position: number): number
  /** One write at the end of the file; returns how many bytes were taken, which may be fewer than given. */
  write(bytes: Uint8Array, start: number, end: number): number
  /** Appends all of it on another thread. `bytes` stay untouched until `done`; one such call at a time. */
  writeSoon(bytes: Uint8Array, start: number, end: number, done: FileDone): void
  /** Data, and what is needed to find it again, are on the disk when this returns. */
  sync(): void
  /** The same on another thread. The file may be closed meanwhile. */
  syncSoon(done: FileDone): void
  truncate(bytes: number): void
  close(): void
}

/** Files of a store's data, which persistence writes. Paths are byte strings. Failures throw an OperationalError. */
export interface Files {
  open(path: string, mode: OpenMode): OpenFile
  size(path: string): number
  exists(path: string): boolean
  isDirectory(path: string): boolean
  /** Atomic. That giving back the blocks of a large file which is replaced takes long holds nobody up. */
  rename(from: string, to: string): void
  /** A missing file is fine. */
  remove(path: string): void
  /** The same on another thread: giving back the blocks of a large file takes long. Failures are ignored. */
  removeSoon(path: string): void
  /** One that exists is fine. */
  makeDirectory(path: string): void
  /** Names in a directory, sorted. */
  list(directory: string): string[]
  /** Makes what was created, renamed and removed in a directory durable. */
  syncDirectory(path: string): void
  syncDirectorySoon(path: string, done: FileDone): void
}

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning'

export interface Log {
  write(level: LogLevel, message: string): void
}

/** Figures of the process and its machine; cold, read by INFO, MEMORY and the crash report. */
export interface Host {
  readonly processId: number
  readonly executable: string
  /** As `uname -s -r -m`. */
  readonly operatingSystem: string
  readonly pointerBits: 32 | 64
  readonly runtime: string
  residentBytes(): number
  /** Bytes of the V8 heap in use. */
  heapUsedBytes(): number
  heapTotalBytes(): number
  totalMemoryBytes(): number
  cpuSeconds(): { readonly user: number; readonly system: number }
  threadCpuSeconds(): { readonly user: number; readonly system: number }
  /** Turns of the event loop, and time spent in them rather than waiting, since the process began. */
  eventLoop?(): { readonly turns: number; readonly activeUs: number }
  /** Gives dropped segments of the arena back to the system now, at the cost of one collection of the (small) heap. */
  releaseMemory(): void
  /** Whether a process of that number runs on this machine. */
  isRunning?(processId: number): boolean
  /** Sleeps the whole thread, as DEBUG SLEEP asks. */
  blockMs(milliseconds: number): void
}

export interface Environment {
  readonly clock: Clock
  readonly random: Random
  readonly timers: Timers
  readonly log: Log
  readonly host: Host
  /** Where data is kept; without it a store lives in memory alone. */
  readonly files?: Files
  /** How other servers are reached; without it none is. */
  readonly dialer?: Dialer
}
