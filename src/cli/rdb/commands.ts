/** Keys as the commands that rebuild them: as a server takes them (`redis-cli --pipe`), or as lines of text. */

import { ByteSink, type ByteTaker } from '../../persistence/byte-sink.js'
import { CommandWriter } from '../../persistence/aof/command-writer.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import type { RdbKey } from '../../persistence/rdb/reader.js'
import { DecodeStatus, plainMapping, ReplyDecoder } from '../../protocol/reply-decoder.js'
import type { Output } from './output.js'
import { quotedText } from './text.js'

export class CommandExport {
  /** Keys whose value is a module's, which no command rebuilds. */
  skipped: number
  private readonly sink: ByteSink
  private readonly writer: CommandWriter
  private database: number

  constructor(keyspace: Keyspace, taker: ByteTaker) {
    this.skipped = 0
    this.sink = new ByteSink(taker, undefined, false)
    this.writer = new CommandWriter(keyspace, this.sink, { noteMs: undefined, libraries: [] })
    this.database = 0
  }

  library(keyspace: Keyspace, code: Uint8Array): void {
    new CommandWriter(keyspace, this.sink, { noteMs: undefined, libraries: [code] }).start()
  }

  key({ database, entry }: RdbKey): void {
    if (entry === 0) {
      this.skipped++
      return
    }
    if (database !== this.database) this.writer.selectDatabase(database)
    this.database = database
    this.writer.key(entry)
  }

  end(): void {
    this.sink.flush()
  }
}

/** Turns requests into lines, one a command, words quoted as redis-cli reads them. */
export class CommandLines implements ByteTaker {
  private readonly output: Output
  private readonly decoder: ReplyDecoder

  constructor(output: Output) {
    this.output = output
    this.decoder = new ReplyDecoder(plainMapping({ strings: 'latin1' }))
  }

  take(bytes: Uint8Array, end: number): Uint8Array {
    this.decoder.feed(bytes, 0, end)
    while (this.decoder.next() !== DecodeStatus.Incomplete) {
      const [name, ...words] = this.decoder.value as string[]
      this.output.line([name, ...words.map((word) => (/^[\w:.-]+$/.test(word) ? word : quotedText(word)))].join(' '))
    }
    return bytes
  }
}
