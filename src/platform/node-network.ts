/**
 * Sockets of Node as links.
 *
 * Where the runtime lets us (see raw-link.ts), a listener's handles are used directly, all reading into one buffer: a request
 * then costs neither allocation nor the machinery of `net.Socket`. Otherwise links run on `net.Socket` with `data` events.
 */

import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { Link, Listener, Network, TcpListenOptions, UnixListenOptions } from '../base/environment.js'
import { OperationalError } from '../base/operational-error.js'
import { tcpNames, unixNames } from './link-names.js'
import { acceptRaw, type RawHandle, RawSharing, rawStreams } from './raw-link.js'
import { SocketLink } from './socket-link.js'

/** Bytes read from a socket in one go, shared by all connections. */
const READ_BUFFER_BYTES = 65536

export interface NodeNetworkOptions {
  /** False: `net.Socket` even where handles can be had; for tests. */
  readonly usesHandles?: boolean
}

/** What differs between kinds of listeners. */
interface Accepting {
  readonly path: string | undefined
  readonly keepAliveSeconds: () => number
  readonly accept: (link: Link) => void
}

export class NodeNetwork implements Network {
  private readonly sharing: RawSharing | undefined

  constructor(options: NodeNetworkOptions = {}) {
    const streams = options.usesHandles === false ? undefined : rawStreams()
    this.sharing = streams === undefined ? undefined : new RawSharing(streams, new Uint8Array(READ_BUFFER_BYTES))
  }

  /** True when links run on bare handles. */
  get usesHandles(): boolean {
    return this.sharing !== undefined
  }

  async listenTcp(options: TcpListenOptions, accept: (link: Link) => void): Promise<Listener> {
    const { host, port, backlog, keepAliveSeconds } = options
    const where = { host, port, backlog, ipv6Only: host.includes(':') }
    const server = await this.listen({ path: undefined, keepAliveSeconds, accept }, where, `${host}:${port}`)
    const bound = server.address()
    const boundPort = bound !== null && typeof bound === 'object' ? bound.port : port
    return { address: `${host}:${boundPort}`, close: () => server.close() }
  }

  async listenUnix(options: UnixListenOptions, accept: (link: Link) => void): Promise<Listener> {
    const { path, mode, backlog } = options
    removeStaleSocket(path)
    const server = await this.listen({ path, keepAliveSeconds: () => 0, accept }, { path, backlog }, path)
    if (mode !== 0) chmodSync(path, mode)
    return { address: path, close: () => server.close() }
  }

  private async listen(accepting: Accepting, where: object, name: string): Promise<Server> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
    server.on('connection', (socket: Socket) => acceptSocket(socket, accepting))
    await listening(server, where, name)
    // Running out of descriptors must not end the process; the listener goes on when some are free again.
    server.on('error', () => {})
    if (this.sharing !== undefined) takeHandles(server, this.sharing, accepting)
    return server
  }
}

/** The part of a server that `net` keeps for itself. */
interface ServerInternals {
  _handle: { onconnection: ((status: number, handle: RawHandle | undefined) => void) | undefined } | null
}

/** Has a listener hand its accepted handles to us instead of making sockets of them. */
function takeHandles(server: Server, sharing: RawSharing, accepting: Accepting): void {
  const listener = (server as unknown as ServerInternals)._handle
  if (listener === null || typeof listener?.onconnection !== 'function') return
  listener.onconnection = (status, handle) => {
    if (status !== 0 || handle === undefined) return
    accepting.accept(acceptRaw(handle, sharing, accepting.path, accepting.keepAliveSeconds()))
  }
}

function acceptSocket(socket: Socket, { path, keepAliveSeconds, accept }: Accepting): void {
  if (path !== undefined) return accept(new SocketLink(socket, unixNames(path)))
  socket.setNoDelay(true)
  const seconds = keepAliveSeconds()
  if (seconds > 0) socket.setKeepAlive(true, seconds * 1000)
  const remote = { address: socket.remoteAddress, port: socket.remotePort }
  const local = { address: socket.localAddress, port: socket.localPort }
  accept(new SocketLink(socket, tcpNames(remote, local)))
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
