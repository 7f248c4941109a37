/**
 * Sockets of Node as links.
 *
 * Reading: all sockets of a network share one buffer, by the `onread` machinery of `net.Socket`, so that input costs no
 * allocation. `net.Server` does not offer it for accepted sockets: the accepted handle is taken from the server's socket and
 * given to a socket made with `onread`. Where that is not possible (another runtime), `data` events serve.
 *
 * Writing: one `write` hands over a view of the reply buffer; when the kernel took all of it (`writableLength === 0`), the
 * buffer may be used again at once.
 */

import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs'
import { createServer, Server, Socket } from 'node:net'
import type {
  Link,
  LinkReceiver,
  Listener,
  Network,
  TcpListenOptions,
  UnixListenOptions,
} from '../base/environment.js'
import { OperationalError } from '../base/operational-error.js'

/** Bytes read from a socket in one go, shared by all connections. */
const READ_BUFFER_BYTES = 65536

export interface NodeNetworkOptions {
  /** Uses `data` events even where the shared buffer would work; for tests. */
  readonly sharesReadBuffer?: boolean
}

export class NodeNetwork implements Network {
  private readonly readBuffer: Uint8Array | undefined

  constructor(options: NodeNetworkOptions = {}) {
    this.readBuffer = options.sharesReadBuffer === false ? undefined : new Uint8Array(READ_BUFFER_BYTES)
  }

  async listenTcp(options: TcpListenOptions, accept: (link: Link) => void): Promise<Listener> {
    const { host, port, backlog } = options
    const server = this.createServer((socket) => {
      socket.setNoDelay(true)
      const seconds = options.keepAliveSeconds()
      if (seconds > 0) socket.setKeepAlive(true, seconds * 1000)
    }, accept)
    await listening(server, { host, port, backlog, ipv6Only: true }, `${host}:${port}`)
    return { address: `${host}:${port}`, close: () => server.close() }
  }

  async listenUnix(options: UnixListenOptions, accept: (link: Link) => void): Promise<Listener> {
    const { path, mode, backlog } = options
    removeStaleSocket(path)
    const server = this.createServer(() => {}, accept, path)
    await listening(server, { path, backlog }, path)
    if (mode !== 0) chmodSync(path, mode)
    return { address: path, close: () => server.close() }
  }

  private createServer(prepare: (socket: Socket) => void, accept: (link: Link) => void, path?: string): Server {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
    server.on('connection', (accepted: Socket) => {
      const link = this.takeOver(accepted, path)
      prepare(link.socket)
      accept(link)
    })
    // Running out of descriptors must not end the process; the listener goes on when some are free again.
    server.on('error', () => {})
    return server
  }

  private takeOver(accepted: Socket, path: string | undefined): SocketLink {
    const link = new SocketLink(path)
    const handle = this.readBuffer === undefined ? undefined : detachHandle(accepted)
    if (handle === undefined) link.attach(accepted, true)
    else link.attach(socketWithBuffer(handle, this.readBuffer!, link), false)
    return link
  }
}

/** Fields of a socket that Node documents nowhere but has kept since its version 12. */
interface SocketInternals {
  _handle: { useUserBuffer?: unknown; fd?: number; writeQueueSize?: number } | null
}

/** Takes the handle out of an accepted socket, which is then an empty shell; undefined when this runtime has no such thing. */
function detachHandle(accepted: Socket): object | undefined {
  const internals = accepted as unknown as SocketInternals
  const handle = internals._handle
  if (handle === null || handle === undefined || typeof handle.useUserBuffer !== 'function') return undefined
  internals._handle = null
  return handle
}

function socketWithBuffer(handle: object, buffer: Uint8Array, link: SocketLink): Socket {
  const callback = (count: number): boolean => link.read(buffer, count)
  const options = { handle, onread: { buffer, callback }, allowHalfOpen: true, manualStart: true, readable: true, writable: true }
  return new Socket(options as unknown as ConstructorParameters<typeof Socket>[0])
}

class SocketLink implements Link {
  readonly kind: 'tcp' | 'unix'
  socket!: Socket
  remoteAddress: string
  localAddress: string
  remoteHost: string
  descriptor: number
  private readonly path: string | undefined
  private receiver: LinkReceiver | undefined
  private isPaused: boolean
  private hasEnded: boolean
  private usesEvents: boolean

  constructor(path: string | undefined) {
    this.kind = path === undefined ? 'tcp' : 'unix'
    this.path = path
    this.remoteAddress = ''
    this.localAddress = ''
    this.remoteHost = ''
    this.descriptor = -1
    this.receiver = undefined
    this.isPaused = false
    this.hasEnded = false
    this.usesEvents = false
  }

  attach(socket: Socket, usesEvents: boolean): void {
    this.socket = socket
    this.usesEvents = usesEvents
    this.descriptor = (socket as unknown as SocketInternals)._handle?.fd ?? -1
    if (this.path !== undefined) {
      this.remoteAddress = `${this.path}:0`
      this.localAddress = `${this.path}:0`
    } else {
      this.remoteHost = plainHost(socket.remoteAddress)
      this.remoteAddress = endpoint(this.remoteHost, socket.remotePort)
      this.localAddress = endpoint(plainHost(socket.localAddress), socket.localPort)
    }
  }

  start(receiver: LinkReceiver): void {
    this.receiver = receiver
    const { socket } = this
    socket.on('end', () => this.receiver?.ended())
    socket.on('drain', () => this.receiver?.drained())
    socket.on('error', (error) => this.closed(error.message))
    socket.on('close', () => this.closed(''))
    if (this.usesEvents) socket.on('data', (data: Uint8Array) => this.receiver?.received(data, 0, data.length))
    socket.resume()
  }

  /** Called by Node with new input in the shared buffer; false stops the flow. */
  read(buffer: Uint8Array, count: number): boolean {
    this.receiver?.received(buffer, 0, count)
    return !this.isPaused
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.hasEnded || this.socket.destroyed) return true
    this.socket.write(bytes.subarray(start, end))
    return this.socket.writableLength === 0
  }

  pauseReading(): void {
    this.isPaused = true
    this.socket.pause()
  }

  resumeReading(): void {
    if (!this.isPaused) return
    this.isPaused = false
    this.socket.resume()
    if (!this.usesEvents) this.socket.read(0)
  }

  end(): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.socket.destroySoon()
  }

  destroy(): void {
    this.hasEnded = true
    this.socket.destroy()
  }

  private closed(reason: string): void {
    const receiver = this.receiver
    this.receiver = undefined
    this.hasEnded = true
    receiver?.closed(reason)
  }
}

function listening(server: Server, options: object, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(new OperationalError(error.code ?? 'ELISTEN', address, error.message, error))
    }
    server.once('error', fail)
    server.listen(options, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

/** A socket file left over from a server that is gone would make the address look taken. */
function removeStaleSocket(path: string): void {
  if (existsSync(path) && lstatSync(path).isSocket()) unlinkSync(path)
}

/** IPv4 addresses that came in over an IPv6 socket, as IPv4. */
function plainHost(address: string | undefined): string {
  if (address === undefined) return '?'
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

function endpoint(host: string, port: number | undefined): string {
  return host.includes(':') ? `[${host}]:${port ?? 0}` : `${host}:${port ?? 0}`
}
