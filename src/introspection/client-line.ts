/** A client as one line of `name=value` fields, for CLIENT LIST, CLIENT INFO and the log. */

import { type Client, ClientFlag, Gate } from '../engine/client.js'
import { clientBytes } from './memory.js'

/** @returns the fields in Redis's order, without a line end; text of one character a byte */
export function clientLine(client: Client, nowMs: number): string {
  const { port, reply, transaction } = client
  const figures = port.figures
  const events = `${(figures?.isReading ?? true) ? 'r' : ''}${(figures?.isWriting ?? false) ? 'w' : ''}`
  return [
    `id=${client.id}`,
    `addr=${port.address}`,
    `laddr=${port.localAddress}`,
    `fd=${port.descriptor}`,
    `name=${client.name}`,
    `age=${secondsBetween(client.createdMs, nowMs)}`,
    `idle=${secondsBetween(client.lastInteractionMs, nowMs)}`,
    `flags=${flagLetters(client)}`,
    `db=${client.database.index}`,
    `sub=${client.channelCount}`,
    `psub=${client.patternCount}`,
    `ssub=${client.shardChannelCount}`,
    `multi=${transaction === undefined ? -1 : transaction.commands.length}`,
    `qbuf=${port.queryBytes}`,
    `qbuf-free=${port.queryFreeBytes}`,
    `argv-mem=${port.argumentBytes}`,
    `multi-mem=${queuedBytes(client)}`,
    `rbs=${figures?.replyBufferBytes ?? 0}`,
    `rbp=${figures?.replyPeakBytes ?? 0}`,
    `obl=${reply.firstChunkBytes}`,
    `oll=${reply.listLength}`,
    `omem=${reply.listBytes}`,
    `tot-mem=${clientBytes(client)}`,
    `events=${events}`,
    `cmd=${client.lastCommand?.fullName ?? 'NULL'}`,
    `user=${client.user === '' ? '(superuser)' : client.user}`,
    `redir=${client.redirectId}`,
    `resp=${reply.protocol}`,
    `lib-name=${client.libraryName}`,
    `lib-ver=${client.libraryVersion}`,
  ].join(' ')
}

/** Whole seconds, as two clocks that show no fractions differ. */
function secondsBetween(fromMs: number, toMs: number): number {
  return Math.floor(toMs / 1000) - Math.floor(fromMs / 1000)
}

/** What Redis counts for one argument besides its bytes. */
const ARGUMENT_BYTES = 8

/** Bytes of the arguments of commands that wait for EXEC. */
function queuedBytes({ transaction }: Client): number {
  let total = 0
  for (const { argc, bytes } of transaction?.commands ?? []) total += bytes.length + argc * ARGUMENT_BYTES
  return total
}

const GATE_LETTERS: readonly (readonly [number, string])[] = [
  [Gate.subscribed, 'P'],
  [Gate.inTransaction, 'x'],
  [Gate.blocked | Gate.postponed, 'b'],
]

const TRACKING_LETTERS: readonly (readonly [number, string])[] = [
  [ClientFlag.tracking, 't'],
  [ClientFlag.trackingBroken, 'R'],
  [ClientFlag.trackingBroadcast, 'B'],
]

const FLAG_LETTERS: readonly (readonly [number, string])[] = [
  [ClientFlag.readOnly, 'r'],
  [ClientFlag.noEvict, 'e'],
  [ClientFlag.noTouch, 'T'],
]

function flagLetters(client: Client): string {
  const { flags, gate, port } = client
  let letters = ''
  if ((gate & Gate.monitor) !== 0) letters += 'O'
  else if ((gate & Gate.replica) !== 0) letters += 'S'
  if ((flags & ClientFlag.isPrimary) !== 0) letters += 'M'
  letters += lettersOf(gate, GATE_LETTERS) + lettersOf(flags, TRACKING_LETTERS)
  if ((gate & Gate.watchedChanged) !== 0) letters += 'd'
  if ((gate & Gate.closing) !== 0) letters += (flags & ClientFlag.killed) !== 0 ? 'A' : 'c'
  if (port.kind === 'unix') letters += 'U'
  letters += lettersOf(flags, FLAG_LETTERS)
  return letters === '' ? 'N' : letters
}

function lettersOf(bits: number, table: readonly (readonly [number, string])[]): string {
  let letters = ''
  for (const [bit, letter] of table) if ((bits & bit) !== 0) letters += letter
  return letters
}
