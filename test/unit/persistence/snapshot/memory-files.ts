/**
 * Files in memory, of which the n-th call fails. What happens on other threads is done when the test says so. For each file it is
 * known how much of it has been synced.
 */
import type { FileDone, Files, OpenFile, OpenMode } from '../../../../src/base/environment.js'
import { OperationalError } from '../../../../src/base/operational-error.js'

class Content {
  bytes = new Uint8Array(0)
  syncedBytes = 0
}

export class MemoryFiles implements Files {
  readonly contents = new Map<string, Content>()
  /** The call that fails, counted from 1; 0 for none. */
  failing = 0
  calls = 0
  isDirectorySynced = true
  private readonly waiting: (() => void)[] = []

  /** Lets other threads do what they have to, and what follows from it. */
  settle(): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) next()
  }

  get hasWaiting(): boolean {
    return this.waiting.length !== 0
  }

  open(path: string, mode: OpenMode): OpenFile {
    this.call(path)
    if (mode === 'replace' || !this.contents.has(path)) this.contents.set(path, new Content())
    return new MemoryFile(this, path, this.contents.get(path)!)
  }

  size(path: string): number {
    return this.contents.get(path)?.bytes.length ?? 0
  }

  exists(path: string): boolean {
    return this.contents.has(path)
  }

  isDirectory(): boolean {
    return false
  }

  rename(from: string, to: string): void {
    this.call(from)
    this.contents.set(to, this.contents.get(from)!)
    this.contents.delete(from)
    this.isDirectorySynced = false
  }

  remove(path: string): void {
    this.contents.delete(path)
  }

  removeSoon(path: string): void {
    this.waiting.push(() => this.contents.delete(path))
  }

  makeDirectory(): void {}

  list(): string[] {
    return [...this.contents.keys()].sort()
  }

  syncDirectory(path: string): void {
    this.call(path)
    this.isDirectorySynced = true
  }

  syncDirectorySoon(path: string, done: FileDone): void {
    this.later(() => this.syncDirectory(path), done)
  }

  call(path: string): void {
    if (++this.calls === this.failing) throw new OperationalError('ENOSPC', path, 'no space left')
  }

  later(run: () => void, done: FileDone): void {
    this.waiting.push(() => {
      try {
        run()
      } catch (error) {
        return done(error as OperationalError)
      }
      done(undefined)
    })
  }
}

class MemoryFile implements OpenFile {
  readonly path: string
  private readonly owner: MemoryFiles
  private readonly content: Content

  constructor(owner: MemoryFiles, path: string, content: Content) {
    this.owner = owner
    this.path = path
    this.content = content
  }

  size(): number {
    return this.content.bytes.length
  }

  read(into: Uint8Array, start: number, end: number, position: number): number {
    this.owner.call(this.path)
    const part = this.content.bytes.subarray(position, position + end - start)
    into.set(part, start)
    return part.length
  }

  /** Takes a part only, as a system may. */
  write(bytes: Uint8Array, start: number, end: number): number {
    this.owner.call(this.path)
    const taken = Math.min(end - start, 1000)
    this.append(bytes, start, start + taken)
    return taken
  }

  writeSoon(bytes: Uint8Array, start: number, end: number, done: FileDone): void {
    this.owner.later(() => {
      this.owner.call(this.path)
      this.append(bytes, start, end)
    }, done)
  }

  sync(): void {
    this.owner.call(this.path)
    this.content.syncedBytes = this.content.bytes.length
  }

  syncSoon(done: FileDone): void {
    this.owner.later(() => this.sync(), done)
  }

  truncate(bytes: number): void {
    this.content.bytes = this.content.bytes.slice(0, bytes)
  }

  close(): void {}

  private append(bytes: Uint8Array, start: number, end: number): void {
    const longer = new Uint8Array(this.content.bytes.length + end - start)
    longer.set(this.content.bytes)
    longer.set(bytes.subarray(start, end), this.content.bytes.length)
    this.content.bytes = longer
  }
}
