/** A whole store within the process: data, commands, time, and doors to it. */

import type { Listener } from '../base/environment.js'
import { Gate } from '../engine/client.js'
import { type KeyspaceSnapshot, restoreKeyspace, takeKeyspaceSnapshot } from '../keyspace/snapshot.js'
import { NodeNetwork } from '../platform/node-network.js'
import { StreamLink, type StoreStream } from '../platform/node-stream.js'
import { Server } from '../server/server.js'
import { DirectClient, type SessionOptions } from './direct-client.js'
import { GuardedNetwork, guardLink, StoreError } from './failure.js'
import { Host } from './host.js'
import { Session } from './session.js'
import { World } from './world.js'

/** The clock of a store. */
export interface StoreTime {
  readonly isVirtual: boolean
  /** Milliseconds since 1970, as commands see them. */
  now(): number
  /**
   * Lets time pass on a virtual clock, and runs what falls due: keys expire, waits end. In one long advance (beyond a quarter
   * of an hour) such work may run late, as after a sleep of the machine; keys never outlive their time for that.
   *
   * @param milliseconds  whole, 0 or more
   */
  advance(milliseconds: number): void
}

/** All data as it was at a moment. It belongs to the store it was taken from, and to that store's forks. */
export interface Checkpoint {
  /** Memory that keeping it takes. */
  readonly bytes: number
}

export interface TcpOptions {
  /** 0 takes any port that is free. */
  readonly port: number
  /** An address of this machine: 127.0.0.1 unless another is given. */
  readonly host?: string
}

export interface UnixOptions {
  /** Path of the socket file, which is made. */
  readonly path: string
  /** Its permission bits; those of the umask unless given. */
  readonly mode?: number
}

/** A door that is open; closing it leaves connections as they are. */
export interface TcpListening {
  readonly host: string
  /** The port that clients can connect to. */
  readonly port: number
  close(): void
}

export interface UnixListening {
  readonly path: string
  close(): void
}

const LOOPBACK = '127.0.0.1'

/**
 * A store, which is also its own first session: `store.call(…)` needs no `connect`.
 *
 * That session stays: a command that ends it (QUIT, CLIENT KILL) gives it a new one. The store is a guest in the process: it
 * does not keep it from ending (listeners do, until they are closed), and when its code fails, it alone becomes unusable.
 */
export class EmbeddedStore extends Session {
  readonly time: StoreTime
  private readonly world: World
  private readonly host: Host
  private server: Server | undefined

  /** @internal Use `createStore`. */
  constructor(world: World) {
    const { options, engine, failure } = world
    const host = new Host(engine, failure, options.errors !== 'return', () => world.hold())
    super(new DirectClient(host, options, true))
    this.world = world
    this.host = host
    this.server = undefined
    this.time = new WorldTime(world, host)
    failure.onFailure = () => this.stop()
  }

  /** Opens a further session, with its own database, transaction and protocol; those of the store unless given. */
  connect(options: SessionOptions = {}): Session {
    this.host.checkUsable()
    return new Session(new DirectClient(this.host, { ...this.world.options, ...options }))
  }

  /**
   * A stream that speaks the wire protocol with this store, without a socket: for client libraries that take a stream (ioredis
   * by a `Connector`). Ending or destroying it closes the connection.
   */
  duplex(): StoreStream {
    const link = new StreamLink()
    this.openServer().connections.accept(guardLink(link, this.world.failure), true)
    return link.stream
  }

  /**
   * Lets clients in over TCP or a Unix socket. May be called several times.
   *
   * @returns where they can connect to
   * @throws OperationalError  with the system's code: EADDRINUSE, EACCES …
   */
  listen(options: TcpOptions): Promise<TcpListening>
  listen(options: UnixOptions): Promise<UnixListening>
  async listen(options: TcpOptions | UnixOptions): Promise<TcpListening | UnixListening> {
    const server = this.openServer()
    if ('path' in options) {
      const listener = await server.listenUnix(options.path, options.mode ?? 0)
      return { path: options.path, close: () => listener.close() }
    }
    const host = options.host ?? LOOPBACK
    const listener = await server.listenTcp(host, options.port)
    return { host, port: portOf(listener), close: () => listener.close() }
  }

  /**
   * An independent store with a copy of all data and of the configuration, and with a clock (if virtual) and chance (if
   * seeded) that go on from here. Sessions, subscriptions and listeners are not copied. Costs about a copy of the memory in
   * use, whatever the number of keys.
   */
  fork(): EmbeddedStore {
    this.host.checkUsable()
    const snapshot = takeKeyspaceSnapshot(this.host.engine.keyspace)
    const world = new World(this.world.options, this.world)
    if (!restoreKeyspace(world.engine.keyspace, snapshot))
      throw new StoreError('There is no memory for a copy of the store')
    world.engine.memoryLimit.check()
    return new EmbeddedStore(world)
  }

  /** Copies all data, to come back to it with `rollback`. */
  checkpoint(): Checkpoint {
    this.host.checkUsable()
    return new DataCheckpoint(takeKeyspaceSnapshot(this.host.engine.keyspace), this.time.now())
  }

  /**
   * Makes the data what it was at a checkpoint, and a virtual clock show the time of that moment. Can be repeated. Sessions
   * stay; a transaction that watches keys will not run, as if they had changed. The configuration stays as it is.
   *
   * @throws StoreError  when the checkpoint is of another store, or when somebody else relies on what has been written
   */
  rollback(checkpoint: Checkpoint): void {
    this.host.checkUsable()
    const { engine } = this.host
    const { keyspace } = engine
    if (!(checkpoint instanceof DataCheckpoint)) throw new TypeError('This is no checkpoint')
    if (!checkpoint.fits(keyspace)) throw new StoreError('The checkpoint was taken from another store')
    if (engine.effects.isActive)
      throw new StoreError('Writes have gone to a file or to replicas, and cannot be taken back')
    for (const client of engine.clients.values()) if (client.watched.length !== 0) client.gate |= Gate.watchedChanged
    for (const database of keyspace.databases) if (database.size !== 0) keyspace.events.flushed(database, undefined)
    const isRestored = restoreKeyspace(keyspace, checkpoint.snapshot)
    engine.dirty++
    engine.memoryLimit.check()
    this.world.virtualTime?.setWall(checkpoint.nowMs)
    for (const database of keyspace.databases) engine.blocking.databaseChanged(database)
    if (!isRestored) throw new StoreError('There is no memory for the data of the checkpoint; the store is empty')
  }

  /** Ends the store: its sessions, connections, listeners and timers; its memory is freed. Closing it again does nothing. */
  override close(): void {
    const { engine, isClosed } = this.host
    const hasFailed = this.world.failure.error !== undefined
    if (isClosed) return
    if (!hasFailed) this.host.checkUsable()
    this.host.isClosed = true
    this.stop()
    if (!hasFailed) engine.keyspace.flush(-1, false)
  }

  /** Ends all that goes on by itself. */
  private stop(): void {
    const { engine } = this.host
    engine.timeEvents.stop()
    this.server?.close()
    for (const { port } of [...engine.clients.values()]) if (port instanceof DirectClient) port.end()
  }

  private openServer(): Server {
    this.host.checkUsable()
    this.server ??= new Server(this.host.engine, new GuardedNetwork(new NodeNetwork(), this.world.failure))
    return this.server
  }
}

class WorldTime implements StoreTime {
  private readonly world: World
  private readonly host: Host

  constructor(world: World, host: Host) {
    this.world = world
    this.host = host
  }

  get isVirtual(): boolean {
    return this.world.virtualTime !== undefined
  }

  now(): number {
    return this.world.nowMs
  }

  advance(milliseconds: number): void {
    this.host.checkUsable()
    const { virtualTime, failure } = this.world
    if (virtualTime === undefined)
      throw new StoreError("The clock of this store is real; create it with clock: 'virtual'")
    if (!Number.isSafeInteger(milliseconds) || milliseconds < 0)
      throw new RangeError('advance takes whole milliseconds, 0 or more')
    virtualTime.advance(milliseconds)
    if (failure.error !== undefined) throw failure.error
  }
}

class DataCheckpoint implements Checkpoint {
  readonly snapshot: KeyspaceSnapshot
  readonly nowMs: number

  constructor(snapshot: KeyspaceSnapshot, nowMs: number) {
    this.snapshot = snapshot
    this.nowMs = nowMs
  }

  get bytes(): number {
    return this.snapshot.bytes
  }

  /** Places in the tables depend on the key of the hash function, which a store shares with its forks only. */
  fits({
    hashKey0,
    hashKey1,
    databases,
  }: {
    hashKey0: number
    hashKey1: number
    databases: readonly unknown[]
  }): boolean {
    const { snapshot } = this
    return (
      hashKey0 === snapshot.hashKey0 && hashKey1 === snapshot.hashKey1 && databases.length === snapshot.databases.length
    )
  }
}

/** `host:port`, `[host]:port` */
function portOf({ address }: Listener): number {
  return Number(address.slice(address.lastIndexOf(':') + 1))
}
