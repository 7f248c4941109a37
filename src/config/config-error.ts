/** A configuration that cannot be used. The server prints `report()` and exits with status 1. */

/** The release whose wording the report imitates; tools recognise it. */
const REFERENCE_VERSION = '7.2.4'

export interface ConfigLine {
  /** Counted from 1, through the file, standard input and the command line, in this order. */
  readonly number: number
  readonly text: string
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** Undefined when the fault is in no single line. */
  readonly line: ConfigLine | undefined

  constructor(reason: string, line?: ConfigLine) {
    super(reason)
    this.line = line
  }

  /** What goes to standard error, byte for byte as the reference prints it. */
  report(): string {
    const where =
      this.line === undefined
        ? ''
        : `Reading the configuration file, at line ${this.line.number}\n>>> '${this.line.text}'\n`
    return `\n*** FATAL CONFIG FILE ERROR (Redis ${REFERENCE_VERSION}) ***\n${where}${this.message}\n`
  }
}

/** A file that could not be read. Its report is a plain sentence, which the reference logs as a warning. */
export class ConfigFileError extends ConfigError {
  constructor(path: string, reason: string) {
    super(`Fatal error, can't open config file '${path}': ${reason}`)
  }

  override report(): string {
    return this.message
  }
}
