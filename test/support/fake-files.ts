/**
 * Files in memory that can go wrong: the n-th change fails, the process dies at it, the disk is full. After a death what had not been
 * synced is lost, in whole or in part, and so are names that no sync of their directory has made durable.
 */

import type { FileDone, Files, OpenFile, OpenMode, Random } from '../../src/base/environment.js'
import { OperationalError } from '../../src/base/operational-error.js'

/** The process is gone: whatever was to come does not happen. */
export class ProcessDeath extends Error {}

export interface Trouble {
  /** The change that goes wrong, counted from 1. */
  readonly at: number
  readonly kind: 'fails' | 'dies'
  /** Changes that fail from there on. */
  readonly count?: number
  readonly code?: string
}

class Inode {
  /** What a reader sees, and what is sure to be there after a death. */
  bytes = new Uint8Array(0)
  synced = new Uint8Array(0)
}

export class FakeFiles implements Files {
  /** Changes so far. */
  changes = 0
  syncs = 0
  trouble: Trouble | undefined
  /** Bytes that all files together may have. */
  capacity = Infinity
  /** Work for other threads; run by `runSoon`, or by the timers given. */
  readonly later: (() => void)[] = []
  private names = new Map<string, Inode>()
  private durableNames = new Map<string, Inode>()
  private readonly directories = new Set<string>(['.'])
  private readonly soon: (run: () => void) => void
  private isDead = false

  constructor(soon?: (run: () => void) => void) {
    this.soon = soon ?? ((run) => void this.later.push(run))
  }

  /** Runs what waits for other threads, and what that asks for in turn. */
  runSoon(): void {
    for (let run = this.later.shift(); run !== undefined; run = this.later.shift()) run()
  }

  /**
   * The disk as the next process finds it.
   *
   * @param chance  how much of what was not synced is there all the same; without it, nothing
   */
  afterDeath(chance?: Random): FakeFiles {
    const next = new FakeFiles()
    for (const directory of this.directories) next.directories.add(directory)
    const names = chance !== undefined && chance.next32() % 2 === 0 ? this.names : this.durableNames
    const copies = new Map<Inode, Inode>()
    for (const [path, inode] of names) {
      const copy = copies.get(inode) ?? survivor(inode, chance)
      copies.set(inode, copy)
      next.names.set(path, copy)
      next.durableNames.set(path, copy)
    }
    return next
  }

  /** The bytes of a file as a reader sees them. */
  contents(path: string): Uint8Array {
    return this.inode(path).bytes
  }

  write(path: string, bytes: Uint8Array): void {
    const inode = new Inode()
    inode.bytes = bytes.slice()
    inode.synced = inode.bytes
    this.names.set(tidy(path), inode)
    this.durableNames.set(tidy(path), inode)
  }

  get usedBytes(): number {
    let total = 0
    for (const inode of new Set(this.names.values())) total += inode.bytes.length
    return total
  }

  open(path: string, mode: OpenMode): OpenFile {
    let inode = this.names.get(tidy(path))
    if (inode === undefined) {
      if (mode === 'read' || mode === 'update') throw failure('ENOENT', path)
      this.change(path)
      inode = new Inode()
      this.names.set(tidy(path), inode)
    } else if (mode === 'replace') {
      this.change(path)
      inode.bytes = new Uint8Array(0)
    }
    return new FakeFile(this, path, inode)
  }

  size(path: string): number {
    return this.inode(path).bytes.length
  }

  exists(path: string): boolean {
    return this.names.has(tidy(path)) || this.isDirectory(path)
  }

  isDirectory(path: string): boolean {
    return this.directories.has(tidy(path))
  }

  rename(from: string, to: string): void {
    const inode = this.inode(from)
    this.change(from)
    this.names.delete(tidy(from))
    this.names.set(tidy(to), inode)
  }

  renameSoon(from: string, to: string, done: FileDone): void {
    this.background(done, () => this.rename(from, to))
  }

  remove(path: string): void {
    this.change(path)
    this.names.delete(tidy(path))
  }

  removeSoon(path: string): void {
    this.background(() => {}, () => this.remove(path)) // prettier-ignore
  }

  makeDirectory(path: string): void {
    if (this.isDirectory(path)) return
    this.change(path)
    this.directories.add(tidy(path))
  }

  list(directory: string): string[] {
    const prefix = directory === '.' ? '' : `${tidy(directory)}/`
    return [...this.names.keys()]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
      .map((path) => path.slice(prefix.length))
      .sort()
  }

  syncDirectory(path: string): void {
    this.change(path)
    const directory = tidy(path)
    for (const name of new Set([...this.names.keys(), ...this.durableNames.keys()])) {
      if (directoryOf(name) !== directory) continue
      const inode = this.names.get(name)
      if (inode === undefined) this.durableNames.delete(name)
      else this.durableNames.set(name, inode)
    }
  }

  syncDirectorySoon(path: string, done: FileDone): void {
    this.background(done, () => this.syncDirectory(path))
  }

  background(done: FileDone, run: () => void): void {
    this.soon(() => {
      if (this.isDead) return
      let error: OperationalError | undefined
      try {
        run()
      } catch (thrown) {
        if (!(thrown instanceof OperationalError)) throw thrown
        error = thrown
      }
      done(error)
    })
  }

  /** Notes a change; throws when it is the one that goes wrong. */
  change(path: string): void {
    this.changes++
    if (this.isDead) throw new ProcessDeath('dead already')
    const { trouble } = this
    if (trouble === undefined || this.changes < trouble.at) return
    if (trouble.kind === 'dies') {
      this.isDead = true
      throw new ProcessDeath(`died at change ${this.changes}`)
    }
    if (this.changes < trouble.at + (trouble.count ?? 1)) throw failure(trouble.code ?? 'EIO', path)
  }

  private inode(path: string): Inode {
    const inode = this.names.get(tidy(path))
    if (inode === undefined) throw failure('ENOENT', path)
    return inode
  }
}

class FakeFile implements OpenFile {
  readonly path: string
  private readonly owner: FakeFiles
  private readonly inode: Inode

  constructor(owner: FakeFiles, path: string, inode: Inode) {
    this.owner = owner
    this.path = path
    this.inode = inode
  }

  size(): number {
    return this.inode.bytes.length
  }

  read(into: Uint8Array, start: number, end: number, position: number): number {
    const part = this.inode.bytes.subarray(position, position + end - start)
    into.set(part, start)
    return part.length
  }

  write(bytes: Uint8Array, start: number, end: number): number {
    try {
      this.owner.change(this.path)
    } catch (error) {
      // What was being written is there in part.
      if (error instanceof ProcessDeath) this.append(bytes, start, start + ((end - start) >>> 1))
      throw error
    }
    const room = this.owner.capacity - this.owner.usedBytes
    if (room <= 0) throw failure('ENOSPC', this.path)
    const taken = Math.min(end - start, room)
    this.append(bytes, start, start + taken)
    return taken
  }

  writeSoon(bytes: Uint8Array, start: number, end: number, done: FileDone): void {
    this.owner.background(done, () => {
      for (let at = start; at < end;) at += this.write(bytes, at, end)
    })
  }

  sync(): void {
    this.owner.change(this.path)
    this.owner.syncs++
    this.inode.synced = this.inode.bytes
  }

  syncSoon(done: FileDone): void {
    this.owner.background(done, () => this.sync())
  }

  truncate(bytes: number): void {
    this.owner.change(this.path)
    this.inode.bytes = this.inode.bytes.slice(0, bytes)
  }

  close(): void {}

  private append(bytes: Uint8Array, start: number, end: number): void {
    const before = this.inode.bytes
    const after = new Uint8Array(before.length + end - start)
    after.set(before)
    after.set(bytes.subarray(start, end), before.length)
    this.inode.bytes = after
  }
}

/** A file after a death: what was synced, and of the rest that followed as much as chance leaves. */
function survivor({ bytes, synced }: Inode, chance: Random | undefined): Inode {
  const inode = new Inode()
  const isLonger = synced.every((byte, i) => bytes[i] === byte) && bytes.length > synced.length
  const kept = isLonger && chance !== undefined ? chance.next32() % (bytes.length - synced.length + 1) : 0
  inode.bytes = isLonger ? bytes.slice(0, synced.length + kept) : synced.slice()
  inode.synced = inode.bytes
  return inode
}

function failure(code: string, path: string): OperationalError {
  return new OperationalError(code, path, `${code}: ${path}`)
}

function tidy(path: string): string {
  return path.replace(/^\.\//, '')
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '.' : path.slice(0, slash)
}
