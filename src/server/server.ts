/** A store behind listeners: TCP on the addresses of `bind`, and a Unix socket. */

import type { Link, Listener, Network } from '../base/environment.js'
import { systemErrorText } from '../config/config-files.js'
import type { ListenerFacts } from '../engine/server-control.js'
import type { Store } from '../engine/store.js'
import { Connections } from './connections.js'

const PORT_REFUSED = 'Unable to listen on this port. Check server logs.'
const BIND_REFUSED = 'Failed to bind to specified addresses.'

export class Server {
  readonly store: Store
  readonly connections: Connections
  private readonly network: Network
  private tcpListeners: Listener[]
  private unixListener: Listener | undefined
  /** Doors that the configuration does not name. */
  private readonly furtherListeners: Listener[]
  private listenedPort: number

  constructor(store: Store, network: Network) {
    this.store = store
    this.network = network
    this.connections = new Connections(store)
    this.tcpListeners = []
    this.unixListener = undefined
    this.furtherListeners = []
    this.listenedPort = 0
    store.config.onChange(['port', 'bind'], () => this.relisten())
  }

  /** Where clients can reach the server. */
  get listeners(): readonly ListenerFacts[] {
    const { values } = this.store.config
    const facts: ListenerFacts[] = []
    if (this.listenedPort !== 0) facts.push({ name: 'tcp', addresses: values.bind, port: this.listenedPort })
    if (this.unixListener !== undefined) facts.push({ name: 'unix', addresses: [values.unixsocket], port: 0 })
    return facts
  }

  /** Opens all listeners; returns what could not be had, with the details logged. */
  async listen(): Promise<string | undefined> {
    const { port, unixsocket } = this.store.config.values
    if (!(await this.openTcp())) return `Failed listening on port ${port} (tcp), aborting.`
    if (!(await this.openUnix())) return `Failed listening on port 0 (unix), aborting.`
    if (this.tcpListeners.length === 0 && unixsocket === '') return 'Configured to not listen anywhere, exiting.'
    return undefined
  }

  /**
   * Listens on one more address than the configuration names, on behalf of a program that hosts the store.
   *
   * @param port  0 for any that is free; the listener's address says which
   * @throws OperationalError
   */
  async listenTcp(host: string, port: number): Promise<Listener> {
    const { values } = this.store.config
    const options = { host, port, backlog: values['tcp-backlog'], keepAliveSeconds: () => values['tcp-keepalive'] }
    return this.keep(await this.network.listenTcp(options, (link) => this.accept(link)))
  }

  /** The same on a Unix socket. */
  async listenUnix(path: string, mode: number): Promise<Listener> {
    const options = { path, mode, backlog: this.store.config.values['tcp-backlog'] }
    return this.keep(await this.network.listenUnix(options, (link) => this.accept(link)))
  }

  /** No new connections; those there are stay. */
  stopListening(): void {
    this.closeTcp()
    for (const listener of this.furtherListeners.splice(0)) listener.close()
    this.unixListener?.close()
    this.unixListener = undefined
  }

  close(): void {
    this.stopListening()
    this.connections.closeAll()
  }

  /** Moves TCP listening to what `bind` and `port` say now. On a refusal the old values come back, and with them this call. */
  private async relisten(): Promise<string | undefined> {
    const isPortNew = this.store.config.values.port !== this.listenedPort
    this.closeTcp()
    if (await this.openTcp()) return undefined
    return isPortNew ? PORT_REFUSED : BIND_REFUSED
  }

  private keep(listener: Listener): Listener {
    this.furtherListeners.push(listener)
    return listener
  }

  private closeTcp(): void {
    for (const listener of this.tcpListeners) listener.close()
    this.tcpListeners = []
    this.listenedPort = 0
  }

  /** Listens on all addresses, or on none and returns false. */
  private async openTcp(): Promise<boolean> {
    const { values } = this.store.config
    if (values.port === 0) return true
    for (const address of values.bind) {
      if (await this.openAddress(address, values.port)) continue
      this.closeTcp()
      return false
    }
    this.listenedPort = this.tcpListeners.length === 0 ? 0 : values.port
    return true
  }

  /** @param address  as `bind` has it: with a leading `-` it need not exist here */
  private async openAddress(address: string, port: number): Promise<boolean> {
    const { values } = this.store.config
    const isOptional = address.startsWith('-')
    const name = isOptional ? address.slice(1) : address
    const host = name === '*' ? '0.0.0.0' : name === '::*' ? '::' : name
    const options = { host, port, backlog: values['tcp-backlog'], keepAliveSeconds: () => values['tcp-keepalive'] }
    try {
      this.tcpListeners.push(await this.network.listenTcp(options, (link) => this.accept(link)))
      return true
    } catch (error) {
      this.warn(`Warning: Could not create server TCP listening socket ${name}:${port}: ${bindErrorText(error)}`)
      return isUnsupported(error) || (isOptional && isMissing(error))
    }
  }

  private async openUnix(): Promise<boolean> {
    const { unixsocket, unixsocketperm, 'tcp-backlog': backlog } = this.store.config.values
    if (unixsocket === '') return true
    const options = { path: unixsocket, mode: unixsocketperm, backlog }
    try {
      this.unixListener = await this.network.listenUnix(options, (link) => this.accept(link))
      return true
    } catch (error) {
      this.warn(`Failed opening Unix socket: ${bindErrorText(error)}`)
      return false
    }
  }

  private accept(link: Link): void {
    this.connections.accept(link, link.kind !== 'tcp' || isLoopback(link.remoteHost))
  }

  private warn(message: string): void {
    this.store.environment.log.write('warning', message)
  }
}

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.')
}

/** The texts of C, which tools look for. */
function bindErrorText(error: unknown): string {
  const code = codeOf(error)
  if (code === 'EADDRINUSE') return 'bind: Address already in use'
  if (code === 'EADDRNOTAVAIL') return 'bind: Cannot assign requested address'
  return `bind: ${systemErrorText(error)}`
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code
}

/** The address does not exist on this machine. */
function isMissing(error: unknown): boolean {
  return codeOf(error) === 'EADDRNOTAVAIL' || codeOf(error) === 'EINVAL'
}

/** This machine does not speak that protocol at all. */
function isUnsupported(error: unknown): boolean {
  return ['EAFNOSUPPORT', 'EPFNOSUPPORT', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT', 'ENOPROTOOPT'].includes(
    codeOf(error) ?? '',
  )
}
