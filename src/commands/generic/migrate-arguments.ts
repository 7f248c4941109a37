/** The arguments of MIGRATE: what it is asked for, which are keys, which are secret. */

import { equalsIgnoreCase, latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import type { KeyFinderCall } from '../../engine/command.js'
import type { MigratedKey, MigrationRequest } from '../../persistence/migrate/request.js'
import { ErrorReply } from '../../protocol/errors.js'

const COPY = latin1Bytes('copy')
const REPLACE = latin1Bytes('replace')
const AUTH = latin1Bytes('auth')
const AUTH2 = latin1Bytes('auth2')
const KEYS = latin1Bytes('keys')

const KEY_AT = 3
const DATABASE_AT = 4
const TIMEOUT_AT = 5
const OPTIONS_AT = 6
const TIMEOUT_MS = 1000
/** Timers of the platform take no more. */
const TIMEOUT_MS_MAX = 0x7fffffff

/** Where the options stand; indexes of arguments, 0 for what is not there. */
interface Options {
  copies: boolean
  replaces: boolean
  user: number
  password: number
  firstKey: number
}

/** Reads the arguments and looks the keys up; undefined, with the reply written, when there is nothing to be done. */
export function parseMigration(call: Call): MigrationRequest | undefined {
  const options = parseOptions(call)
  if (options === undefined) return undefined
  const timeoutMs = call.integer(TIMEOUT_AT)
  if (Number.isNaN(timeoutMs)) return undefined
  const targetDatabase = call.integer(DATABASE_AT)
  if (Number.isNaN(targetDatabase)) return undefined
  const keys = existingKeys(call, options.firstKey)
  if (keys.length === 0) {
    call.reply.simple('NOKEY')
    return undefined
  }
  return {
    host: call.text(1),
    port: call.text(2),
    database: call.database,
    targetDatabase,
    timeoutMs: timeoutMs <= 0 ? TIMEOUT_MS : Math.min(timeoutMs, TIMEOUT_MS_MAX),
    copies: options.copies,
    replaces: options.replaces,
    user: options.user === 0 ? undefined : call.text(options.user),
    password: options.password === 0 ? undefined : call.text(options.password),
    keys,
  }
}

function parseOptions(call: Call): Options | undefined {
  const options: Options = { copies: false, replaces: false, user: 0, password: 0, firstKey: KEY_AT }
  for (let i = OPTIONS_AT; i < call.argc; i++) {
    const more = call.argc - 1 - i
    if (call.is(i, COPY)) options.copies = true
    else if (call.is(i, REPLACE)) options.replaces = true
    else if (call.is(i, AUTH) && more >= 1) options.password = ++i
    else if (call.is(i, AUTH2) && more >= 2) {
      options.user = ++i
      options.password = ++i
    } else if (call.is(i, KEYS)) {
      if (call.length(KEY_AT) !== 0) return refuse(call, ErrorReply.migrateKeysClash)
      options.firstKey = i + 1
      break
    } else return refuse(call, ErrorReply.syntax)
  }
  return options
}

function refuse(call: Call, error: ErrorReply): undefined {
  call.fail(error)
  return undefined
}

function existingKeys(call: Call, first: number): MigratedKey[] {
  const end = first === KEY_AT ? KEY_AT + 1 : call.argc
  const keys: MigratedKey[] = []
  for (let index = first; index < end; index++) {
    if (call.findRead(index) !== 0) keys.push({ name: call.copyBytes(index), index })
  }
  return keys
}

/** For COMMAND GETKEYS, access control and cluster routing: keys behind KEYS count only where the other key is empty. */
export function findMigrateKeys(call: KeyFinderCall, into: number[]): boolean {
  let first = KEY_AT
  for (let i = OPTIONS_AT; i < call.argc && first === KEY_AT; i++) {
    if (isWord(call, i, KEYS)) {
      if (call.starts[KEY_AT] !== call.ends[KEY_AT]) return true
      first = i + 1
    } else if (isWord(call, i, AUTH)) i++
    else if (isWord(call, i, AUTH2)) i += 2
  }
  const end = first === KEY_AT ? KEY_AT + 1 : call.argc
  for (let index = first; index < end; index++) into.push(index)
  return true
}

function isWord({ bytes, ends, starts }: KeyFinderCall, index: number, word: Uint8Array): boolean {
  return equalsIgnoreCase(bytes, starts[index]!, ends[index]!, word)
}

/** Passwords, and the users they belong to. */
export function findMigrateSecrets(call: Call, into: number[]): void {
  for (let i = OPTIONS_AT; i < call.argc; i++) {
    if (call.is(i, KEYS)) return
    const secrets = call.is(i, AUTH) ? 1 : call.is(i, AUTH2) ? 2 : 0
    for (let left = secrets; left > 0 && i + 1 < call.argc; left--) into.push(++i)
  }
}
