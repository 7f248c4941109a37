/**
 * oom-score-adj: how readily Linux ends this process when memory runs out. `relative` adds to the score the process was
 * started with, `absolute` replaces it, `no` leaves it, or puts it back.
 */

import { latin1 } from '../base/bytes.js'
import type { ConfigValues } from '../config/parameters.js'
import { systemErrorText } from '../config/config-files.js'
import type { Log } from '../base/environment.js'

const FILE = '/proc/self/oom_score_adj'
const SCORE_MAX = 1000

/** The files it takes; a part of the platform's disk. */
export interface ScoreFiles {
  read(path: string): Uint8Array
  writePlainly(path: string, text: string): void
}

export class OomScore {
  private readonly files: ScoreFiles
  private readonly log: Log
  /** The score before it was first changed; undefined while it is as it was. */
  private original: number | undefined

  constructor(files: ScoreFiles, log: Log) {
    this.files = files
    this.log = log
    this.original = undefined
  }

  /** False, with the reason logged, when the system does not let it be changed. */
  apply(values: ConfigValues, isReplica: boolean): boolean {
    const mode = values['oom-score-adj']
    if (mode === 'no' && this.original === undefined) return true
    try {
      this.original ??= this.read()
      const [primaryScore = 0, replicaScore = 0] = values['oom-score-adj-values']
      const wanted = (isReplica ? replicaScore : primaryScore) + (mode === 'absolute' ? 0 : this.original)
      this.write(mode === 'no' ? this.original : wanted)
      if (mode === 'no') this.original = undefined
      return true
    } catch (error) {
      this.log.write('warning', `Unable to write oom_score_adj: ${systemErrorText(error)}`)
      return false
    }
  }

  private read(): number {
    const bytes = this.files.read(FILE)
    return Number.parseInt(latin1(bytes, 0, bytes.length), 10)
  }

  private write(score: number): void {
    this.files.writePlainly(FILE, String(Math.max(-SCORE_MAX, Math.min(SCORE_MAX, score))))
  }
}
