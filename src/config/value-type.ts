/**
 * What a kind of value is to the configuration: how its text is read, shown, rewritten, and what TypeScript makes of it.
 *
 * The state of a parameter is its canonical text, exactly what CONFIG GET replies; the typed value is derived from it. So
 * 64-bit figures stay exact, a roll-back is putting the old text back, and "changed" means that the texts differ.
 */

/** A value was not accepted; `reason` is the wording of the reference, shown by CONFIG SET and on start-up. */
export class Refusal {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/** What reading or writing a value may depend on besides its text. */
export interface ValueContext {
  /** Canonical text of another parameter. */
  textOf(name: string): string
  readonly isSentinel: boolean
  /** While a file is read, every `save` line after the first adds to those before. */
  readonly saveAdds: boolean
  /** Save points are to be written on one line. */
  readonly mergesSaves: boolean
  /** Makes `path` the working directory and returns its absolute path. */
  enterDirectory(path: string): string | Refusal
  warn(message: string): void
}

/** A line CONFIG REWRITE may write; one that is not forced is written only where the file has such a line already. */
export interface RewriteLine {
  readonly line: string
  readonly isForced: boolean
}

export type Kind =
  'bool' | 'string' | 'secret' | 'enum' | 'flags' | 'integer' | 'memory' | 'memory or percent' | 'octal' | 'special'

export interface ValueType<Value> {
  readonly kind: Kind
  /** What may be written, for documentation: `yes | no`, `0 to 65535`. */
  readonly syntax: string
  /** Takes any number of words; all others take one. */
  readonly takesMany: boolean
  /** Turns words into canonical text. `before` is the text so far. */
  read(words: readonly string[], before: string, context: ValueContext): string | Refusal
  /** Derives the value from canonical text. */
  value(text: string): Value
  /** The canonical text of a value. */
  format(value: Value): string
  /** The lines that restore `text`; none when the absence of a line does. */
  rewrite(name: string, text: string, initial: string, context: ValueContext): readonly RewriteLine[]
}

/** The common case: one line, forced when the value is not the default. */
export function rewriteAs(name: string, shown: string, isForced: boolean): readonly RewriteLine[] {
  return [{ line: `${name} ${shown}`, isForced }]
}
