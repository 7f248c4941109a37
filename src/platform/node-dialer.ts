/** Opens sockets to other servers as links. */

import { connect } from 'node:net'
import type { Dialer, LinkOpened } from '../base/environment.js'
import { OperationalError } from '../base/operational-error.js'
import { tcpNames } from './link-names.js'
import { SocketLink } from './socket-link.js'

export class NodeDialer implements Dialer {
  connect(host: string, port: number, timeoutMs: number, done: LinkOpened): void {
    const subject = `${host}:${port}`
    if (port < 1 || port > 65535 || host === '') {
      const error = new OperationalError('EADDRNOTAVAIL', subject, 'not an address')
      return void setImmediate(() => done(undefined, error))
    }
    const socket = connect({ host, port, noDelay: true })
    const fail = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer)
      socket.destroy()
      done(undefined, new OperationalError(error.code ?? 'ECONNECT', subject, error.message, error))
    }
    const timer = setTimeout(() => {
      // What the socket has to say from now on interests nobody.
      socket.off('error', fail).on('error', () => {})
      fail(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }))
    }, timeoutMs)
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', fail).pause()
      const remote = { address: socket.remoteAddress, port: socket.remotePort }
      const local = { address: socket.localAddress, port: socket.localPort }
      done(new SocketLink(socket, tcpNames(remote, local)), undefined)
    })
  }
}
