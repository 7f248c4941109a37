/**
 * COMMAND DOCS and COMMAND INFO: what the objects of commands say about them, in the shapes clients know. The arguments,
 * which commands write down as short texts, are read each time they are asked for.
 */

import {
  accessNames,
  type CommandCategory,
  type CommandSpec,
  Flag,
  flagNames,
  type KeySpec,
} from '../engine/command.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import { type CommandArgument, readArguments } from './command-docs-arguments.js'
import { keyRange } from './key-extraction.js'

// ---- COMMAND INFO ----

/** An array of ten about one command, with those of its subcommands inside. */
export function replyCommandInfo(command: CommandSpec, reply: ReplyWriter): void {
  const range = keyRange(command)
  reply.array(10)
  reply.bulkText(command.fullName)
  reply.integer(command.arity)
  replyNames(command.flags, flagNames, reply)
  reply.integer(range.first)
  reply.integer(range.last)
  reply.integer(range.step)
  const categories = categoriesOf(command)
  reply.set(categories.length)
  for (const category of categories) reply.simple(`@${category}`)
  const tips = command.tips ?? []
  reply.set(tips.length)
  for (const tip of tips) reply.bulkText(tip)
  const keys = command.keys ?? []
  reply.set(keys.length)
  for (const spec of keys) replyKeySpec(spec, reply)
  const subcommands = command.subcommands
  if (subcommands === undefined) return reply.set(0)
  reply.array(subcommands.length)
  for (const subcommand of subcommands) replyCommandInfo(subcommand, reply)
}

/** What COMMAND GETKEYSANDFLAGS says about a key. */
export function replyAccess(access: number, reply: ReplyWriter): void {
  replyNames(access, accessNames, reply)
}

function replyNames(bits: number, names: readonly (readonly [number, string])[], reply: ReplyWriter): void {
  const set = names.filter(([bit]) => (bits & bit) !== 0)
  reply.set(set.length)
  for (const [, name] of set) reply.simple(name)
}

function replyKeySpec(spec: KeySpec, reply: ReplyWriter): void {
  reply.map(spec.notes === undefined ? 3 : 4)
  if (spec.notes !== undefined) replyField('notes', spec.notes, reply)
  reply.bulkText('flags')
  replyAccess(spec.access, reply)
  reply.bulkText('begin_search')
  if (spec.keyword !== undefined) {
    replyTyped('keyword', 2, reply)
    replyField('keyword', spec.keyword, reply)
    replyNumber('startfrom', spec.from!, reply)
  } else if (spec.at !== undefined) {
    replyTyped('index', 1, reply)
    replyNumber('index', spec.at, reply)
  } else replyTyped('unknown', 0, reply)
  reply.bulkText('find_keys')
  if (spec.isUnknown === true) replyTyped('unknown', 0, reply)
  else if (spec.count === undefined) {
    replyTyped('range', 3, reply)
    replyNumber('lastkey', spec.last ?? 0, reply)
    replyNumber('keystep', spec.step ?? 1, reply)
    replyNumber('limit', spec.limit ?? 0, reply)
  } else {
    replyTyped('keynum', 3, reply)
    replyNumber('keynumidx', spec.count.index, reply)
    replyNumber('firstkey', spec.count.first, reply)
    replyNumber('keystep', spec.count.step, reply)
  }
}

/** The head of `{type, spec}`; the spec's pairs follow. */
function replyTyped(type: string, pairs: number, reply: ReplyWriter): void {
  reply.map(2)
  replyField('type', type, reply)
  reply.bulkText('spec')
  reply.map(pairs)
}

function replyField(name: string, value: string, reply: ReplyWriter): void {
  reply.bulkText(name)
  reply.bulkText(value)
}

function replyNumber(name: string, value: number, reply: ReplyWriter): void {
  reply.bulkText(name)
  reply.integer(value)
}

// ---- Categories ----

/** All categories of access control, in the order in which they are listed. */
export const CATEGORIES: readonly CommandCategory[] = [
  'keyspace', 'read', 'write', 'set', 'sortedset', 'list', 'hash', 'string', 'bitmap', 'hyperloglog', 'geo', 'stream', 'pubsub',
  'admin', 'fast', 'slow', 'blocking', 'dangerous', 'connection', 'transaction', 'scripting',
] // prettier-ignore

/** The categories a command names, and those that follow from its flags. */
export function categoriesOf(command: CommandSpec): CommandCategory[] {
  return CATEGORIES.filter((category) => isInCategory(command, category))
}

export function isInCategory(command: CommandSpec, category: CommandCategory): boolean {
  const { acl = [], flags } = command
  if (acl.includes(category)) return true
  switch (category) {
    case 'write':
      return (flags & Flag.write) !== 0
    case 'read':
      return (flags & Flag.readOnly) !== 0 && !acl.includes('scripting')
    case 'admin':
    case 'dangerous':
      return (flags & Flag.admin) !== 0
    case 'pubsub':
      return (flags & Flag.pubsub) !== 0
    case 'fast':
      return (flags & Flag.fast) !== 0
    case 'slow':
      return (flags & Flag.fast) === 0 && !acl.includes('fast')
    case 'blocking':
      return (flags & Flag.blocking) !== 0
    default:
      return false
  }
}

// ---- COMMAND DOCS ----

/** A map about one command, with those of its subcommands inside. */
export function replyCommandDocs(command: CommandSpec, reply: ReplyWriter): void {
  const args = readArguments(command)
  const texts = [
    ['summary', command.summary],
    ['since', command.since],
    ['group', command.group],
    ['complexity', command.complexity],
  ] as const
  const replacements = [
    ['deprecated_since', command.deprecatedSince],
    ['replaced_by', command.replacedBy],
  ] as const
  const { docFlags = [], history = [], subcommands } = command
  const fields = [...texts, ...replacements].filter(([, text]) => text !== undefined).length
  const lists = [docFlags, history, args, subcommands ?? []].filter((list) => list.length > 0).length
  reply.map(fields + lists)
  replyTexts(texts, reply)
  if (docFlags.length > 0) {
    reply.bulkText('doc_flags')
    reply.set(docFlags.length)
    for (const flag of docFlags) reply.simple(flag)
  }
  replyTexts(replacements, reply)
  if (history.length > 0) replyHistory(history, reply)
  if (args.length > 0) replyArguments(args, reply)
  if (subcommands !== undefined && subcommands.length > 0) {
    reply.bulkText('subcommands')
    reply.map(subcommands.length)
    for (const subcommand of subcommands) {
      reply.bulkText(subcommand.fullName)
      replyCommandDocs(subcommand, reply)
    }
  }
}

function replyTexts(texts: readonly (readonly [string, string | undefined])[], reply: ReplyWriter): void {
  for (const [name, text] of texts) if (text !== undefined) replyField(name, text, reply)
}

function replyHistory(history: readonly (readonly [string, string])[], reply: ReplyWriter): void {
  reply.bulkText('history')
  reply.set(history.length)
  for (const [version, change] of history) {
    reply.array(2)
    reply.bulkText(version)
    reply.bulkText(change)
  }
}

function replyArguments(args: readonly CommandArgument[], reply: ReplyWriter): void {
  reply.bulkText('arguments')
  reply.array(args.length)
  for (const argument of args) replyArgument(argument, reply)
}

function replyArgument(argument: CommandArgument, reply: ReplyWriter): void {
  const { keySpec, name, type } = argument
  const isNested = type === 'oneof' || type === 'block'
  const texts = [
    ['token', argument.token],
    ['summary', argument.summary],
    ['since', argument.since],
    ['deprecated_since', argument.deprecatedSince],
  ] as const
  const flags = argumentFlags(argument)
  const optional = texts.filter(([, text]) => text !== undefined).length
  reply.map(3 + optional + (keySpec === undefined ? 0 : 1) + (flags.length === 0 ? 0 : 1))
  replyField('name', name, reply)
  replyField('type', type, reply)
  if (!isNested) replyField('display_text', argument.display ?? name, reply)
  if (keySpec !== undefined) replyNumber('key_spec_index', keySpec, reply)
  replyTexts(texts, reply)
  if (flags.length > 0) {
    reply.bulkText('flags')
    reply.set(flags.length)
    for (const flag of flags) reply.simple(flag)
  }
  if (isNested) replyArguments(argument.args, reply)
}

function argumentFlags(argument: CommandArgument): string[] {
  const flags: string[] = []
  if (argument.isOptional) flags.push('optional')
  if (argument.isMultiple) flags.push('multiple')
  if (argument.isMultipleToken) flags.push('multiple_token')
  return flags
}
