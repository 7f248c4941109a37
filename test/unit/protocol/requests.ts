/** Helpers for tests of the request side: commands as byte strings, and a transport as the server has one. */

import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { ParseStatus, type RequestState } from '../../../src/protocol/request-parser.js'
import type { RequestReader } from '../../../src/protocol/request-reader.js'

/** A command as a client library sends it; words are byte strings. */
export function multibulk(...words: string[]): string {
  return `*${words.length}\r\n` + words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')
}

export function argsOf(state: RequestState): string[] {
  const args: string[] = []
  for (let i = 0; i < state.argc; i++) args.push(latin1(state.bytes, state.starts[i]!, state.ends[i]!))
  return args
}

/** Words of any bytes, mostly short, and what the stream says for each command. */
const word = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 90, max: 1200 }).map((length) => 'w'.repeat(length)) },
)

export type Sent = { readonly wire: string; readonly args: readonly string[] }

export const sentCommand: fc.Arbitrary<Sent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(word, { minLength: 1, maxLength: 14 }).map((args) => ({ wire: multibulk(...args), args })),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.stringMatching(/^[a-z0-9:]{1,9}$/), { minLength: 1, maxLength: 5 })
      .map((args) => ({ wire: args.map((text) => `"${text}"`).join('  ') + '\r\n', args })),
  },
  { weight: 1, arbitrary: fc.constantFrom('\r\n', '\n', '*0\r\n', '*-1\r\n').map((wire) => ({ wire, args: [] })) },
)

export function commandsOf(sent: readonly Sent[]): string[][] {
  return sent.filter(({ args }) => args.length > 0).map(({ args }) => [...args])
}

export function pieces(text: string, cuts: readonly number[]): string[] {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [...at, text.length].map((cut, i) => text.slice(i === 0 ? 0 : at[i - 1], cut))
}

/** Reads into one shared buffer and scribbles over it afterwards, as the next connection's read would. */
export class Transport {
  readonly shared = new Uint8Array(64 * 1024)
  readonly reader: RequestReader
  readonly commands: string[][] = []
  last: ParseStatus = ParseStatus.Incomplete
  /** Decides, before each command, whether the client goes on. */
  goesOn: () => boolean = () => true

  constructor(reader: RequestReader) {
    this.reader = reader
  }

  receive(text: string, offset = 0): void {
    const bytes = latin1Bytes(text)
    for (let at = 0; at === 0 || at < bytes.length; at += this.shared.length - offset) {
      const part = bytes.subarray(at, at + this.shared.length - offset)
      this.shared.set(part, offset)
      this.reader.begin(this.shared, offset, offset + part.length)
      this.run()
      this.shared.fill(0xee)
    }
  }

  resume(): void {
    this.reader.resume()
    this.run()
  }

  run(): void {
    this.runCommands()
    this.reader.finish()
  }

  runCommands(): void {
    while (this.goesOn()) {
      this.last = this.reader.next()
      if (this.last === ParseStatus.Complete) this.commands.push(argsOf(this.reader.args))
      else if (this.last !== ParseStatus.Empty) return
    }
  }
}
