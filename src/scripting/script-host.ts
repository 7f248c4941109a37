/** What a running script may ask of the store around it. */

import type { LogLevel } from '../base/environment.js'
import type { ErrorReply } from '../protocol/errors.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import type { ScriptRequest } from './script-request.js'

/** What the hook, which runs every so many instructions, is told to do. */
export const Pulse = {
  goOn: 0,
  /** Suspend the script if it stands where that is possible. */
  pause: 1,
  /** Raise an error that nothing can catch. */
  end: 2,
} as const

export interface ScriptHost {
  /** The command that a script wants to run; it fills this in and calls `run`. */
  readonly request: ScriptRequest
  /** The protocol that replies to the script's commands are written in. */
  protocol: 2 | 3
  /** Runs `request`; the reply is then in `output`. Returns why the command was refused, if it was. */
  run(): ErrorReply | undefined
  readonly output: ReplyWriter
  /** Whether the caller may run `request`; undefined when there is no such command. */
  mayRun(): boolean | undefined
  /** Which effects go out from now on: 1 to the append-only file, 2 to replicas, 3 both, 0 none. */
  setPropagation(targets: number): void
  logs(level: LogLevel): boolean
  log(level: LogLevel, text: string): void
  pulse(): number
  /** Milliseconds of a clock that never runs backwards. */
  steadyMs(): number
  /** Why the script is being ended. */
  readonly endReason: string
}
