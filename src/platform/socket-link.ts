/** A link on a `net.Socket` with `data` events: where the handles underneath are not to be had. */

import type { Socket } from 'node:net'
import type { Link, LinkReceiver } from '../base/environment.js'
import type { LinkNames } from './link-names.js'

export class SocketLink implements Link {
  readonly kind: 'tcp' | 'unix'
  readonly remoteAddress: string
  readonly localAddress: string
  readonly remoteHost: string
  readonly descriptor: number
  private readonly socket: Socket
  private receiver: LinkReceiver | undefined
  private isPaused: boolean
  private hasEnded: boolean
  /** A write was not taken at once. */
  private isWaiting: boolean
  private readonly written: () => void

  constructor(socket: Socket, names: LinkNames) {
    this.kind = names.kind
    this.remoteAddress = names.remote
    this.localAddress = names.local
    this.remoteHost = names.host
    this.descriptor = -1
    this.socket = socket
    this.receiver = undefined
    this.isPaused = false
    this.hasEnded = false
    this.isWaiting = false
    this.written = () => this.checkDrained()
  }

  start(receiver: LinkReceiver): void {
    this.receiver = receiver
    const { socket } = this
    socket.on('data', (data: Uint8Array) => this.receiver?.received(data, 0, data.length))
    socket.on('end', () => this.receiver?.ended())
    socket.on('error', (error) => this.closed(error.message))
    socket.on('close', () => this.closed(''))
    socket.resume()
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.hasEnded || this.socket.destroyed) return true
    this.socket.write(bytes.subarray(start, end), this.written)
    if (this.socket.writableLength === 0) return true
    this.isWaiting = true
    return false
  }

  pauseReading(): void {
    this.isPaused = true
    this.socket.pause()
  }

  resumeReading(): void {
    if (!this.isPaused) return
    this.isPaused = false
    this.socket.resume()
  }

  end(): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.socket.destroySoon()
  }

  destroy(): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.socket.destroy()
  }

  private checkDrained(): void {
    if (!this.isWaiting || this.socket.writableLength !== 0) return
    this.isWaiting = false
    this.receiver?.drained()
  }

  private closed(reason: string): void {
    const { receiver } = this
    this.receiver = undefined
    this.hasEnded = true
    receiver?.closed(reason)
  }
}
