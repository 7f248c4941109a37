/** The service manager that started the server, if it wants to be told when the server is ready and when it ends. */

import type { Log } from '../base/environment.js'
import type { Config } from '../config/config.js'
import type { ServerControl } from '../engine/server-control.js'
import { environmentVariable, notifySystemd, stopForSupervisor } from '../platform/node-process.js'

export class Supervision {
  readonly supervisor: ServerControl['supervisor']
  private readonly log: Log

  /** Finds out who supervises. Upstart wants the process to stop for a moment, which happens here. */
  constructor(config: Config, log: Log) {
    this.log = log
    this.supervisor = this.find(config.values.supervised)
    if (this.supervisor !== 'upstart') return
    log.write('notice', 'Supervised by upstart, stopping until it has taken note.')
    stopForSupervisor()
  }

  get isPresent(): boolean {
    return this.supervisor !== 'no'
  }

  ready(): void {
    this.tell('--ready')
  }

  stopping(): void {
    this.tell('STOPPING=1')
  }

  private find(wanted: Config['values']['supervised']): ServerControl['supervisor'] {
    const hasUpstart = environmentVariable('UPSTART_JOB') !== undefined
    const hasSystemd = environmentVariable('NOTIFY_SOCKET') !== undefined
    if (wanted === 'auto') return hasUpstart ? 'upstart' : hasSystemd ? 'systemd' : 'no'
    if (wanted === 'upstart' && !hasUpstart) return this.missing('Upstart', 'UPSTART_JOB')
    if (wanted === 'systemd' && !hasSystemd) return this.missing('Systemd', 'NOTIFY_SOCKET')
    return wanted
  }

  private missing(name: string, variable: string): 'no' {
    this.log.write('warning', `${name} supervision requested, but ${variable} not found!`)
    return 'no'
  }

  private tell(message: string): void {
    if (this.supervisor !== 'systemd') return
    notifySystemd(message, (reason) => this.log.write('warning', `Telling systemd "${message}" failed: ${reason}`))
  }
}
