/**
 * CONFIG SET: several parameters at once, all or nothing.
 *
 * A change goes in two steps, as in the reference: first all new values are read and stored, then the subsystems concerned
 * apply them. If either fails, all old values come back, and those subsystems that had started on the new ones apply the
 * old again. Unlike there, a subsystem may need time (opening a port does); changes that come in meanwhile queue up.
 */

import { ErrorReply } from '../protocol/errors.js'
import { ParameterFlag } from './parameter.js'
import { type ConfigValues, findParameter, type NamedParameter, type ParameterName } from './parameters.js'
import type { ConfigState, Held } from './state.js'

/** Takes a change into effect. A text that is returned refuses it and is shown to the client. */
export type Apply = (values: ConfigValues) => string | undefined | Promise<string | undefined>

export type Pair = readonly [name: string, value: string]

/** What CONFIG SET depends on besides its arguments. */
export interface SetCircumstances {
  /** The data set is being loaded. */
  readonly isLoading: boolean
  /** The client is connected from this host. */
  readonly isLocal: boolean
}

/** The error to reply with, undefined on success. */
export type SetOutcome = ErrorReply | undefined

interface Listener {
  readonly names: ReadonlySet<ParameterName>
  readonly apply: Apply
}

interface Wanted {
  readonly named: NamedParameter
  readonly value: string
}

/** A listener concerned by a change, and the parameter that is blamed when it refuses. */
interface Step {
  readonly listener: Listener
  readonly blamed: string
}

interface Change {
  readonly before: ReadonlyMap<ParameterName, Held>
  readonly steps: readonly Step[]
}

export class Setter {
  private readonly state: ConfigState
  private readonly listeners: Listener[] = []
  /** The end of the last change still under way; the next one waits for it. */
  private pending: Promise<unknown> | undefined = undefined

  constructor(state: ConfigState) {
    this.state = state
  }

  /** A change is under way; the next one waits for its end. */
  get isChanging(): boolean {
    return this.pending !== undefined
  }

  listen(names: readonly ParameterName[], apply: Apply): void {
    this.listeners.push({ names: new Set(names), apply })
  }

  set(pairs: readonly Pair[], circumstances: SetCircumstances): SetOutcome | Promise<SetOutcome> {
    if (this.pending !== undefined) return this.queue(this.pending.then(() => this.setNow(pairs, circumstances)))
    const outcome = this.setNow(pairs, circumstances)
    return outcome instanceof Promise ? this.queue(outcome) : outcome
  }

  /** Lets changes follow each other: until `outcome` is there, the next one waits. */
  private queue(outcome: Promise<SetOutcome>): Promise<SetOutcome> {
    const release = (): void => {
      if (this.pending === settled) this.pending = undefined
    }
    const settled: Promise<unknown> = outcome.then(release, release)
    this.pending = settled
    return outcome
  }

  private setNow(pairs: readonly Pair[], circumstances: SetCircumstances): SetOutcome | Promise<SetOutcome> {
    const wanted = this.admit(pairs, circumstances)
    return Array.isArray(wanted) ? this.change(wanted) : wanted
  }

  /** Looks the names up and checks whether they may be set; the first that may not decides the error. */
  private admit(pairs: readonly Pair[], circumstances: SetCircumstances): Wanted[] | ErrorReply {
    const wanted: Wanted[] = []
    for (const [name, value] of pairs) {
      const named = findParameter(name)
      if (named === undefined) return ErrorReply.configUnknown(name)
      const { flags } = named.parameter
      if (flags & ParameterFlag.immutable) return ErrorReply.configSetFailed(name, "can't set immutable config")
      if (flags & ParameterFlag.protected && !this.allowsProtected(circumstances)) {
        return ErrorReply.configSetFailed(name, "can't set protected config")
      }
      if (flags & ParameterFlag.denyLoading && circumstances.isLoading) return ErrorReply.loading
      if (wanted.some((other) => other.named === named)) return ErrorReply.configSetFailed(name, 'duplicate parameter')
      wanted.push({ named, value })
    }
    return wanted
  }

  private allowsProtected(circumstances: SetCircumstances): boolean {
    const allowed = this.state.values['enable-protected-configs']
    return allowed === 'yes' || (allowed === 'local' && circumstances.isLocal)
  }

  private change(wanted: readonly Wanted[]): SetOutcome | Promise<SetOutcome> {
    const { state } = this
    const before = new Map(wanted.map(({ named }) => [named.name, state.get(named.name)]))
    const steps: Step[] = []
    for (const { named, value } of wanted) {
      const old = state.text(named.name)
      const reason = state.read(named, splitValue(named, value), 'runtime')
      if (reason !== undefined) {
        state.restore(before)
        return ErrorReply.configSetFailed(named.shown, reason)
      }
      const isChanged = state.text(named.name) !== old || (named.parameter.flags & ParameterFlag.volatile) !== 0
      if (isChanged) this.addSteps(named, steps)
    }
    return this.applyFrom({ before, steps }, 0)
  }

  private addSteps(named: NamedParameter, steps: Step[]): void {
    for (const listener of this.listeners) {
      if (!listener.names.has(named.name) || steps.some((step) => step.listener === listener)) continue
      steps.push({ listener, blamed: named.shown })
    }
  }

  private applyFrom(change: Change, from: number): SetOutcome | Promise<SetOutcome> {
    for (let at = from; at < change.steps.length; at++) {
      const outcome = change.steps[at]!.listener.apply(this.state.values)
      if (outcome instanceof Promise) {
        return outcome.then((reason) =>
          reason === undefined ? this.applyFrom(change, at + 1) : this.rollBack(change, at, reason),
        )
      }
      if (outcome !== undefined) return this.rollBack(change, at, outcome)
    }
    return undefined
  }

  /** Undoes a change whose step `failed` was refused; that step and those before it apply the old values. */
  private rollBack(change: Change, failed: number, reason: string): SetOutcome | Promise<SetOutcome> {
    const { blamed } = change.steps[failed]!
    this.state.warn(
      `Failed applying new configuration. Possibly related to new ${blamed} setting. Restoring previous settings.`,
    )
    this.state.restore(change.before)
    const error = ErrorReply.configSetFailed(blamed, reason)
    const redone = this.redo(change.steps.slice(0, failed + 1), 0)
    return redone === undefined ? error : redone.then(() => error)
  }

  /** Applies the old values, one subsystem after the other; there is nothing left to do about one that refuses them. */
  private redo(steps: readonly Step[], from: number): Promise<void> | undefined {
    for (let at = from; at < steps.length; at++) {
      const outcome = steps[at]!.listener.apply(this.state.values)
      if (outcome instanceof Promise) {
        return outcome.then((reason) => {
          this.noteFailedRestore(reason)
          return this.redo(steps, at + 1)
        })
      }
      this.noteFailedRestore(outcome)
    }
    return undefined
  }

  private noteFailedRestore(reason: string | undefined): void {
    if (reason !== undefined) this.state.warn(`Failed applying restored failed CONFIG SET command: ${reason}`)
  }
}

/** Here words are separated by single blanks, without quotes: other rules than in a file. */
function splitValue({ parameter }: NamedParameter, value: string): string[] {
  if (!parameter.type.takesMany) return [value]
  return value === '' ? [] : value.split(' ')
}
