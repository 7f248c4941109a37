/**
 * Loads one file of the append-only file in slices: a base that is a snapshot, commands, or (of older servers) the one followed by
 * the other. A file may end in the middle of a command, or of a transaction; what is there of that is not run.
 */

import { latin1 } from '../../base/bytes.js'
import type { LogLevel, OpenFile } from '../../base/environment.js'
import type { Client } from '../../engine/client.js'
import type { CommandSpec } from '../../engine/command.js'
import { Stat } from '../../engine/statistics.js'
import type { Store } from '../../engine/store.js'
import { closeReplayClient, openReplayClient, replyText } from './replay-client.js'
import { RecordReader, RecordStatus } from './record-reader.js'
import { SnapshotPart } from './snapshot-part.js'

export type PartStatus =
  /** Time was up; call again. */
  | 'more'
  | 'loaded'
  /** The file ends within a command or a transaction; what stands before is loaded. See `validBytes`. */
  | 'truncated'
  /** With the reason logged. */
  | 'failed'

/** Commands run between two looks at the clock. */
const BATCH = 16
const SIGNATURE = 'REDIS'

export class PartLoader {
  /** Up to here the file holds whole commands and transactions. */
  validBytes: number
  private readonly store: Store
  private readonly file: OpenFile
  private readonly name: string
  private readonly isOldStyle: boolean
  private readonly client: Client
  private snapshot: SnapshotPart | undefined
  private records: RecordReader | undefined

  /** @param isOldStyle  the single file of an older server */
  constructor(store: Store, file: OpenFile, name: string, isOldStyle: boolean) {
    this.store = store
    this.file = file
    this.name = name
    this.isOldStyle = isOldStyle
    this.validBytes = 0
    this.client = openReplayClient(store)
    this.snapshot = undefined
    this.records = undefined
    if (startsWithSnapshot(file)) this.beginSnapshot()
    else this.records = new RecordReader(file, 0)
  }

  /** Bytes of the file that have been dealt with. */
  get offset(): number {
    return this.records?.offset ?? this.snapshot!.offset
  }

  close(): void {
    if (this.records === undefined) this.snapshot?.abandon()
    closeReplayClient(this.store, this.client)
    this.file.close()
  }

  /** @throws OperationalError when the file cannot be read */
  step(deadlineUs: number): PartStatus {
    if (this.records === undefined) {
      const status = this.stepSnapshot(deadlineUs)
      if (status !== 'loaded') return status
    }
    const { clock } = this.store.environment
    this.store.executor.beginBatch()
    for (;;) {
      for (let i = 0; i < BATCH; i++) {
        const status = this.stepRecord(this.records!)
        if (status !== 'more') return status
      }
      if (clock.monotonicUs() >= deadlineUs) return 'more'
    }
  }

  private beginSnapshot(): void {
    this.log(
      'notice',
      this.isOldStyle ? 'Reading RDB preamble from AOF file...' : 'Reading RDB base file on AOF loading...',
    )
    this.snapshot = new SnapshotPart(this.store, this.file)
  }

  private stepSnapshot(deadlineUs: number): PartStatus {
    const snapshot = this.snapshot!
    const status = snapshot.step(deadlineUs)
    if (status === 'more') return 'more'
    if (status === 'failed') {
      this.log('warning', snapshot.problem)
      const what = this.isOldStyle ? `preamble of the AOF file ${this.name}` : `base file ${this.name}`
      this.log('warning', `Error reading the RDB ${what}, AOF loading aborted`)
      return 'failed'
    }
    this.validBytes = snapshot.offset
    this.records = new RecordReader(this.file, snapshot.offset)
    if (this.isOldStyle) this.log('notice', 'Reading the remaining AOF tail...')
    return 'loaded'
  }

  private stepRecord(records: RecordReader): PartStatus {
    switch (records.read()) {
      case RecordStatus.command:
        return this.run(records)
      case RecordStatus.annotation:
        if (this.client.transaction === undefined) this.validBytes = records.offset
        return 'more'
      case RecordStatus.end:
        return this.endsWhole() ? 'loaded' : 'truncated'
      case RecordStatus.truncated:
        this.endsWhole()
        return 'truncated'
      default:
        return this.refuseFormat(records)
    }
  }

  private run(records: RecordReader): PartStatus {
    const { client, store } = this
    const { argc, bytes, ends, starts } = records
    const command = this.find(records)
    if (command === undefined) return 'failed'
    if (client.transaction !== undefined && command.name !== 'EXEC') {
      client.transaction.queue(command, bytes, starts, ends, argc)
    } else if (!store.executor.replay(client, command, bytes, starts, ends, argc)) this.noteError(command)
    client.reply.rewind()
    if (client.transaction === undefined) this.validBytes = records.offset
    const delayUs = store.config.values['key-load-delay']
    if (delayUs !== 0) this.delay(delayUs)
    return 'more'
  }

  /** The command to which a record's words belong; undefined, with the reason logged, when there is none. */
  private find({ argc, bytes, ends, starts }: RecordReader): CommandSpec | undefined {
    const { registry } = this.store
    let command = registry.find(bytes, starts[0]!, ends[0]!)
    if (command?.subcommands !== undefined && argc > 1) {
      command = registry.findSubcommand(command, bytes, starts[1]!, ends[1]!)
    }
    const word = latin1(bytes, starts[0]!, ends[0]!)
    if (command === undefined) {
      this.log('warning', `Unknown command '${word}' reading the append only file ${this.name}`)
    } else if (command.arity > 0 ? argc !== command.arity : argc < -command.arity) {
      this.log('warning', `Wrong number of arguments for '${word}' reading the append only file ${this.name}`)
      return undefined
    }
    return command
  }

  /** False when a transaction is open. */
  private endsWhole(): boolean {
    if (this.client.transaction === undefined) return true
    this.log('warning', `Revert incomplete MULTI/EXEC transaction in AOF file ${this.name}`)
    return false
  }

  private refuseFormat(records: RecordReader): PartStatus {
    this.log('warning', `What cannot be read begins at offset ${records.offset} (found at ${records.troubleOffset}).`)
    this.log(
      'warning',
      `Bad file format reading the append only file ${this.name}: make a backup of your AOF file, then use ` +
        './redis-check-aof --fix <filename.manifest>',
    )
    return 'failed'
  }

  private noteError(command: CommandSpec): void {
    this.store.statistics[Stat.unexpectedErrorReplies]!++
    this.log(
      'warning',
      `== CRITICAL == This server is sending an error to its AOF-loading-client: '${replyText(this.client)}' after ` +
        `processing the command '${command.fullName}'`,
    )
  }

  /** Makes loading slow, for tests: negative, once in so many commands. */
  private delay(delayUs: number): void {
    const { host, random } = this.store.environment
    if (delayUs > 0) host.blockMs(delayUs / 1000)
    else if (random.next32() % -delayUs === 0) host.blockMs(0.001)
  }

  private log(level: LogLevel, message: string): void {
    this.store.environment.log.write(level, message)
  }
}

function startsWithSnapshot(file: OpenFile): boolean {
  const bytes = new Uint8Array(SIGNATURE.length)
  return file.read(bytes, 0, bytes.length, 0) === bytes.length && latin1(bytes, 0, bytes.length) === SIGNATURE
}
