/** A store behind listeners: TCP on the addresses of `bind`, and a Unix socket. */

import type { Link, Listener, Network } from '../base/environment.js'
import { systemErrorText } from '../config/config-files.js'
import type { Store } from '../engine/store.js'
import { Connections } from './connections.js'

export class Server {
  readonly store: Store
  readonly connections: Connections
  private readonly network: Network
  private tcpListeners: Listener[]
  private unixListener: Listener | undefined

  constructor(store: Store, network: Network) {
    this.store = store
    this.network = network
    this.connections = new Connections(store)
    this.tcpListeners = []
    this.unixListener = undefined
  }

  /** Opens all listeners; throws an OperationalError when an address cannot be had. */
  async listen(): Promise<void> {
    this.tcpListeners = await this.openTcp()
    await this.openUnix()
  }

  /** Moves TCP listening to what `bind` and `port` say now; the old listeners stay when the new cannot be opened. */
  async relisten(): Promise<string | undefined> {
    const old = this.tcpListeners
    for (const listener of old) listener.close()
    try {
      this.tcpListeners = await this.openTcp()
      return undefined
    } catch (error) {
      return systemErrorText(error)
    }
  }

  close(): void {
    for (const listener of this.tcpListeners) listener.close()
    this.unixListener?.close()
    this.connections.closeAll()
  }

  private async openTcp(): Promise<Listener[]> {
    const { values } = this.store.config
    const listeners: Listener[] = []
    if (values.port === 0) return listeners
    for (const address of values.bind.length === 0 ? ['*', '-::*'] : values.bind) {
      const isOptional = address.startsWith('-')
      const name = isOptional ? address.slice(1) : address
      const host = name === '*' ? '0.0.0.0' : name === '::*' ? '::' : name
      const options = {
        host,
        port: values.port,
        backlog: values['tcp-backlog'],
        keepAliveSeconds: () => values['tcp-keepalive'],
      }
      try {
        listeners.push(await this.network.listenTcp(options, (link) => this.accept(link)))
      } catch (error) {
        if (isOptional && isUnavailable(error)) continue
        for (const listener of listeners) listener.close()
        throw error
      }
    }
    return listeners
  }

  private async openUnix(): Promise<void> {
    const { values } = this.store.config
    if (values.unixsocket === '') return
    const options = { path: values.unixsocket, mode: values.unixsocketperm, backlog: values['tcp-backlog'] }
    this.unixListener = await this.network.listenUnix(options, (link) => this.accept(link))
  }

  private accept(link: Link): void {
    this.connections.accept(link, link.kind !== 'tcp' || isLoopback(link.remoteHost))
  }
}

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.')
}

/** The address does not exist on this machine: no reason to fail when it was optional. */
function isUnavailable(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL'
}
