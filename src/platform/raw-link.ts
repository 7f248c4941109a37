/**
 * A link on the bare handle of a socket, below `net.Socket`.
 *
 * A `net.Socket` costs about 0.6 µs of CPU for each small request and reply: stream states, timers, callbacks. The handle
 * underneath (`TCP`, `Pipe`) offers the same operations that `net` itself uses: `readStart` into a buffer of ours, `writeBuffer`,
 * `shutdown`, `close`. They are reached through `process.binding('stream_wrap')`, which Node has kept since its version 12 and
 * may take away; `rawStreams()` is undefined then (and in other runtimes), and links run on `net.Socket`.
 */

import process from 'node:process'
import type { Link, LinkReceiver } from '../base/environment.js'
import { type LinkNames, tcpNames, unixNames } from './link-names.js'

/** What `net` calls a handle; only what is used here. */
export interface RawHandle {
  readonly fd: number
  /** Called with the count in `streamBaseState`; must always be a function. */
  onread: () => void
  readStart(): number
  readStop(): number
  writeBuffer(request: object, bytes: Uint8Array): number
  shutdown(request: object): number
  close(done?: () => void): void
  useUserBuffer(buffer: Uint8Array): void
  setNoDelay?(enable: boolean): number
  setKeepAlive?(enable: boolean, seconds: number): number
  getpeername?(into: SocketName): number
  getsockname?(into: SocketName): number
}

export interface SocketName {
  address?: string
  port?: number
  family?: string
}

interface WriteRequest {
  oncomplete: ((status: number) => void) | undefined
}

export interface RawStreams {
  readonly WriteWrap: new () => WriteRequest
  readonly ShutdownWrap: new () => WriteRequest
  readonly kReadBytesOrError: number
  readonly kLastWriteWasAsync: number
  /** Results of the last read or write, at the two indexes above. */
  readonly streamBaseState: Int32Array
}

/** The operations, or undefined where this runtime does not offer them. */
export function rawStreams(): RawStreams | undefined {
  try {
    const { binding } = process as unknown as { binding?: (name: string) => Partial<RawStreams> }
    const found = binding?.('stream_wrap')
    if (found?.WriteWrap === undefined || found.ShutdownWrap === undefined) return undefined
    if (found.streamBaseState === undefined || found.kReadBytesOrError === undefined) return undefined
    return found.kLastWriteWasAsync === undefined ? undefined : (found as RawStreams)
  } catch {
    return undefined
  }
}

/** libuv's codes for an orderly end, negative as handles report them. */
const UV_EOF = -4095

/** What the links of one network share. */
export class RawSharing {
  readonly streams: RawStreams
  readonly readBuffer: Uint8Array
  /** A request object not in use: one that completed at once was never touched and serves again. */
  spareRequest: WriteRequest
  /** The last view handed to a write; replies of one length from one buffer need no other. */
  lastBytes: Uint8Array | undefined
  lastStart: number
  lastEnd: number
  lastView: Uint8Array

  constructor(streams: RawStreams, readBuffer: Uint8Array) {
    this.streams = streams
    this.readBuffer = readBuffer
    this.spareRequest = new streams.WriteWrap()
    this.lastBytes = undefined
    this.lastStart = 0
    this.lastEnd = 0
    this.lastView = readBuffer
  }

  view(bytes: Uint8Array, start: number, end: number): Uint8Array {
    if (this.lastBytes === bytes && this.lastStart === start && this.lastEnd === end) return this.lastView
    this.lastBytes = bytes
    this.lastStart = start
    this.lastEnd = end
    this.lastView = bytes.subarray(start, end)
    return this.lastView
  }
}

export class RawLink implements Link {
  readonly kind: 'tcp' | 'unix'
  readonly remoteAddress: string
  readonly localAddress: string
  readonly remoteHost: string
  readonly descriptor: number
  private readonly handle: RawHandle
  private readonly sharing: RawSharing
  private receiver: LinkReceiver | undefined
  /** Writes that the kernel has not taken yet. */
  private pendingWrites: number
  private isReading: boolean
  private endsAfterWrites: boolean
  private isClosed: boolean

  constructor(handle: RawHandle, sharing: RawSharing, names: LinkNames) {
    this.kind = names.kind
    this.remoteAddress = names.remote
    this.localAddress = names.local
    this.remoteHost = names.host
    this.descriptor = handle.fd
    this.handle = handle
    this.sharing = sharing
    this.receiver = undefined
    this.pendingWrites = 0
    this.isReading = false
    this.endsAfterWrites = false
    this.isClosed = false
  }

  start(receiver: LinkReceiver): void {
    this.receiver = receiver
    const { streamBaseState, kReadBytesOrError } = this.sharing.streams
    const buffer = this.sharing.readBuffer
    const read = (): void => {
      const count = streamBaseState[kReadBytesOrError]!
      if (count > 0) this.receiver?.received(buffer, 0, count)
      else if (count < 0) this.readEnded(count)
    }
    this.handle.useUserBuffer(buffer)
    this.handle.onread = read
    this.resumeReading()
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.isClosed || this.endsAfterWrites) return true
    const { sharing } = this
    const { streams } = sharing
    const request = sharing.spareRequest
    const status = this.handle.writeBuffer(request, sharing.view(bytes, start, end))
    if (status !== 0) {
      this.fail(status)
      return true
    }
    if (streams.streamBaseState[streams.kLastWriteWasAsync] === 0) return true
    // The request belongs to this write now, and so does the view.
    sharing.spareRequest = new streams.WriteWrap()
    sharing.lastBytes = undefined
    this.pendingWrites++
    request.oncomplete = (result) => this.writeDone(result)
    return false
  }

  pauseReading(): void {
    if (!this.isReading) return
    this.isReading = false
    this.handle.readStop()
  }

  resumeReading(): void {
    if (this.isReading || this.isClosed) return
    this.isReading = true
    this.handle.readStart()
  }

  end(): void {
    if (this.isClosed || this.endsAfterWrites) return
    this.endsAfterWrites = true
    this.pauseReading()
    if (this.pendingWrites === 0) this.shutDown()
  }

  destroy(): void {
    if (this.isClosed || this.endsAfterWrites) return
    this.close('')
  }

  private readEnded(code: number): void {
    this.pauseReading()
    if (code === UV_EOF) this.receiver?.ended()
    else this.fail(code)
  }

  private writeDone(status: number): void {
    this.pendingWrites--
    if (status !== 0) return this.fail(status)
    if (this.pendingWrites !== 0 || this.isClosed) return
    if (this.endsAfterWrites) this.shutDown()
    else this.receiver?.drained()
  }

  /** Says to the peer that nothing follows, then closes. */
  private shutDown(): void {
    const request = new this.sharing.streams.ShutdownWrap()
    request.oncomplete = () => this.close('')
    if (this.handle.shutdown(request) !== 0) this.close('')
  }

  private fail(code: number): void {
    if (!this.isClosed) this.close(`error ${code}`)
  }

  private close(reason: string): void {
    if (this.isClosed) return
    this.isClosed = true
    this.isReading = false
    const { receiver } = this
    this.receiver = undefined
    this.handle.onread = ignoreInput
    // Told in a turn of its own: a link never calls back from within a call into it.
    this.handle.close(() => receiver?.closed(reason))
  }
}

function ignoreInput(): void {}

/** The link of a handle that a listener has just accepted; `path` is that of a Unix socket. */
export function acceptRaw(
  handle: RawHandle,
  sharing: RawSharing,
  path: string | undefined,
  keepAliveSeconds: number,
): RawLink {
  if (path !== undefined) return new RawLink(handle, sharing, unixNames(path))
  const remote: SocketName = {}
  const local: SocketName = {}
  handle.getpeername?.(remote)
  handle.getsockname?.(local)
  handle.setNoDelay?.(true)
  if (keepAliveSeconds > 0) handle.setKeepAlive?.(true, keepAliveSeconds)
  return new RawLink(handle, sharing, tcpNames(remote, local))
}
