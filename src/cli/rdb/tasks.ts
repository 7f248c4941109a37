/** Carries out what spinel-rdb is asked for. */

import type { Clock, OpenFile, Random } from '../../base/environment.js'
import { OperationalError } from '../../base/operational-error.js'
import { Type } from '../../keyspace/entry.js'
import { Keyspace } from '../../keyspace/keyspace.js'
import { ListOwner } from '../../keyspace/types/list.js'
import { Arena } from '../../memory/arena.js'
import { ByteSource } from '../../persistence/byte-source.js'
import { type RdbField, RdbExplainer } from '../../persistence/rdb/explain.js'
import { type RdbKey, RdbReader, type RdbVisitor } from '../../persistence/rdb/reader.js'
import type { RdbArguments } from './arguments.js'
import { CommandExport, CommandLines } from './commands.js'
import { passes } from './filter.js'
import { jsonLine } from './json-lines.js'
import type { Output } from './output.js'
import { Summary } from './summary.js'

export interface TaskWorld {
  readonly clock: Clock
  /** See `scratchKeyspace`. */
  readonly keyspace: Keyspace
  readonly output: Output
  readonly progress: (offset: number) => void
  readonly warn: (text: string) => void
}

/** Throws an OperationalError when the file is broken; what was read before that has been put out. */
export function runTask(args: RdbArguments, file: OpenFile, world: TaskWorld): void {
  const source = sourceOf(file)
  try {
    if (args.task === 'explain') explain(args, source, world)
    else if (args.task === 'json') exportJson(args, source, world)
    else if (args.task === 'commands') exportCommands(args, source, world)
    else summarize(args, source, world)
  } finally {
    world.output.flush()
  }
}

/** A key space that holds one key at a time; for `TaskWorld`. */
export function scratchKeyspace(random: Random): Keyspace {
  const keyspace = new Keyspace(new Arena(), random, 1)
  keyspace.registerOwner(Type.list, new ListOwner(keyspace.arena))
  return keyspace
}

function sourceOf(file: OpenFile): ByteSource {
  const source = new ByteSource()
  let position = 0
  source.totalBytes = file.size()
  source.pull = (into, start, end) => {
    const length = file.read(into, start, end, position)
    position += length
    return length
  }
  return source
}

function summarize(args: RdbArguments, source: ByteSource, { clock, keyspace, output, progress }: TaskWorld): void {
  const summary = new Summary(keyspace, { ...args, nowMs: clock.nowMs() }, progress)
  const reader = new RdbReader(keyspace, source, summary)
  let problem: unknown
  try {
    reader.read()
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error
    problem = error
  }
  // Of a broken file, too, it is worth knowing what is in front of the break.
  if (args.asJson) output.line(summary.json(source.totalBytes, reader.version))
  else if (args.task === 'largest') for (const line of summary.largestLines()) output.line(line)
  else for (const line of summary.lines(args.path, source.totalBytes, reader.version)) output.line(line)
  if (problem !== undefined) throw problem
}

function exportJson(args: RdbArguments, source: ByteSource, { keyspace, output, progress }: TaskWorld): void {
  const visitor: RdbVisitor = {
    progress,
    key: (key) => {
      if (passes(args, key)) output.line(jsonLine(keyspace, key))
    },
  }
  new RdbReader(keyspace, source, visitor).read()
}

function exportCommands(args: RdbArguments, source: ByteSource, world: TaskWorld): void {
  const { keyspace, output, progress, warn } = world
  const target = new CommandExport(keyspace, args.asRequests ? output : new CommandLines(output))
  const isPartial = args.database !== undefined || args.type !== undefined || args.pattern !== undefined
  const visitor: RdbVisitor = {
    progress,
    library: (code) => {
      if (!isPartial) target.library(keyspace, code)
    },
    key: (key: RdbKey) => {
      if (passes(args, key)) target.key(key)
    },
  }
  try {
    new RdbReader(keyspace, source, visitor).read()
  } finally {
    target.end()
  }
  if (target.skipped !== 0) warn(`${target.skipped} keys hold data of modules and were left out`)
}

function explain({ from, to }: RdbArguments, source: ByteSource, { output, progress }: TaskWorld): void {
  if (from >= source.totalBytes) {
    throw new OperationalError('RDB_RANGE', `offset ${from}`, `the file has ${source.totalBytes} bytes`)
  }
  new RdbExplainer(source, from, to, (field) => output.line(fieldLine(field)), progress).run()
}

/** `000001f0     5  type                0: string` */
function fieldLine({ bytes, depth, meaning, offset, value }: RdbField): string {
  const place = `${String(offset).padStart(10)} 0x${offset.toString(16).padStart(8, '0')} ${String(bytes).padStart(7)}`
  const name = `${'  '.repeat(depth)}${meaning}`
  return value === '' ? `${place}  ${name}` : `${place}  ${name}: ${value}`
}
