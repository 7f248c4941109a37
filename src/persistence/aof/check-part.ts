/**
 * Checks one file of commands as redis-check-aof does: how far it is whole, and what is wrong there. A file is whole up to the last
 * command that does not stand within an open transaction.
 */

import type { FileCursor } from './file-cursor.js'

export type PartVerdict = 'whole' | 'broken' | 'later'

/** Longer lines are no lines of a command, or of an annotation. */
const LINE_BYTES_MAX = 127
const ANNOTATION_BYTES_MAX = 1023
const LINE_END = '\r\n'
/** Names longer than this are neither MULTI nor EXEC. */
const NAME_BYTES_MAX = 5

/** What the checker says about annotations; see `CommandCheck.isLater`. */
export interface TimeLimit {
  /** Seconds since 1970; what was written later is to go. Undefined for no limit. */
  readonly seconds: number | undefined
  /** An annotation that says no time: the check cannot go on. */
  refuse(): never
}

export class CommandCheck {
  /** Up to here the file is whole. */
  validBytes: number
  /** Lines that have been read, and one. */
  lineNumber: number
  /** What is wrong, with the place, as redis-check-aof prints it; empty when the file just ends. */
  problem: string
  /** The file holds what is no beginning of a command at all. */
  isForeign: boolean
  private readonly cursor: FileCursor
  private readonly path: string
  private readonly limit: TimeLimit
  private openTransactions: number
  /** Where the last thing that was looked at begins. */
  private place: number

  /** @param path  as messages name the file */
  constructor(cursor: FileCursor, path: string, limit: TimeLimit) {
    this.validBytes = 0
    this.lineNumber = 1
    this.problem = ''
    this.isForeign = false
    this.cursor = cursor
    this.path = path
    this.limit = limit
    this.openTransactions = 0
    this.place = 0
  }

  /** `later`: the rest was written after the time limit, and `validBytes` says where it begins. */
  run(): PartVerdict {
    for (;;) {
      if (this.openTransactions === 0) this.validBytes = this.cursor.position
      const sign = this.cursor.peek()
      if (sign < 0) return this.ended()
      if (sign === 0x23) {
        if (this.isLater()) return 'later'
      } else if (sign !== 0x2a) {
        this.isForeign = true
        return 'broken'
      } else if (!this.command()) return 'broken'
    }
  }

  private ended(): PartVerdict {
    if (this.openTransactions === 0) return 'whole'
    this.note('Reached EOF before reading EXEC for MULTI')
    return 'broken'
  }

  /** Reads an annotation; true when it says that what follows is too late. */
  private isLater(): boolean {
    const { limit } = this
    this.place = this.cursor.position
    const line = this.cursor.line(ANNOTATION_BYTES_MAX)!
    if (limit.seconds === undefined || !line.startsWith('#TS:')) return false
    const number = /^#TS:\s*([+-]?\d+)\r/.exec(line)?.[1]
    if (number === undefined) return limit.refuse()
    if (Number(number) <= limit.seconds) return false
    this.validBytes = this.place
    return true
  }

  private command(): boolean {
    const argc = this.number('*')
    if (argc === undefined) return false
    for (let i = 0; i < argc; i++) if (!this.word(i === 0)) return false
    return true
  }

  private word(isFirst: boolean): boolean {
    const length = this.number('$')
    if (length === undefined) return false
    if (length < 0 || length > Number.MAX_SAFE_INTEGER) {
      return this.note(`Expected to read string of ${length} bytes, which is not in the suitable range`)
    }
    this.place = this.cursor.position
    const name = isFirst && length <= NAME_BYTES_MAX ? this.cursor.text(length) : ''
    const got = name.length + this.cursor.skip(length - name.length)
    const end = this.cursor.text(LINE_END.length)
    if (got + end.length !== length + LINE_END.length) {
      return this.note(`Expected to read ${length + LINE_END.length} bytes, got ${got + end.length} bytes`)
    }
    return this.endsLine(end) && this.transaction(name.toLowerCase())
  }

  private transaction(name: string): boolean {
    if (name === 'multi' && this.openTransactions++ !== 0) return this.note(`Unexpected MULTI in AOF ${this.path}`)
    if (name === 'exec' && --this.openTransactions !== 0) return this.note(`Unexpected EXEC in AOF ${this.path}`)
    return true
  }

  /** The number of a line that begins with a sign; undefined when there is none, with the reason noted unless the file ends. */
  private number(sign: string): number | undefined {
    this.place = this.cursor.position
    const line = this.cursor.line(LINE_BYTES_MAX)
    if (line === undefined) return undefined
    if (line[0] !== sign) {
      this.note(`Expected prefix '${sign}', got: '${line[0]}'`)
      return undefined
    }
    const digits = /^.\s*[+-]?\d+/.exec(line)?.[0] ?? sign
    return this.endsLine(line.slice(digits.length)) ? Number(digits.slice(1)) || 0 : undefined
  }

  private endsLine(text: string): boolean {
    if (!text.startsWith(LINE_END)) return this.note(`Expected \\r\\n, got: ${hex(text, 0)}${hex(text, 1)}`)
    this.lineNumber++
    return true
  }

  private note(problem: string): false {
    this.problem = `0x${this.place.toString(16).padStart(16)}: ${problem}`
    return false
  }
}

function hex(text: string, index: number): string {
  return (text.charCodeAt(index) || 0).toString(16).padStart(2, '0')
}
