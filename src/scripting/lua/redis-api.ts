/** The table `redis`, as scripts see it. */

import type { LogLevel } from '../../base/environment.js'
import { sha1Hex } from '../../base/sha1.js'
import type { ErrorReply } from '../../protocol/errors.js'
import type { Library, LibraryValue } from '../libraries/library.js'
import type { ScriptHost } from '../script-host.js'
import { Kind } from './api.js'
import { stringEnd, stringStart } from './heap.js'
import { type LuaFunction, type LuaMachine, LuaPanic, TYPE, VALUE_BYTES } from './machine.js'
import { type LuaNames, pushName } from './names.js'
import { ReplyToLua } from './to-lua.js'

const LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning']

const CONSTANTS: Readonly<Record<string, LibraryValue>> = {
  LOG_DEBUG: 0,
  LOG_VERBOSE: 1,
  LOG_NOTICE: 2,
  LOG_WARNING: 3,
  REDIS_VERSION: '7.2.4',
  REDIS_VERSION_NUM: 0x00070204,
}

const PROPAGATION: Readonly<Record<string, LibraryValue>> = {
  REPL_NONE: 0,
  REPL_AOF: 1,
  REPL_SLAVE: 2,
  REPL_REPLICA: 2,
  REPL_ALL: 3,
}

export class RedisApi {
  private readonly machine: LuaMachine
  private readonly names: LuaNames
  private readonly host: ScriptHost
  private readonly toLua: ReplyToLua
  /** A script runs, which is more than being loaded. */
  isRunning: boolean

  constructor(machine: LuaMachine, names: LuaNames, host: ScriptHost) {
    this.machine = machine
    this.names = names
    this.host = host
    this.toLua = new ReplyToLua(machine, names)
    this.isRunning = false
  }

  /** @param isEval  scripts of EVAL also have what is for debugging, and what was needed in older versions */
  library(isEval: boolean): Library {
    const debugging: Record<string, LuaFunction> = {
      breakpoint: (L) => this.boolean(L, false),
      debug: () => 0,
      replicate_commands: (L) => this.boolean(L, true),
    }
    return {
      functions: {
        call: (L) => this.call(L, true),
        pcall: (L) => this.call(L, false),
        log: (L) => this.log(L),
        setresp: (L) => this.setProtocol(L),
        sha1hex: (L) => this.sha1(L),
        error_reply: (L) => this.errorReply(L),
        status_reply: (L) => this.statusReply(L),
        set_repl: (L) => this.setPropagation(L),
        acl_check_cmd: (L) => this.checkAccess(L),
        ...(isEval ? debugging : {}),
      },
      values: { ...CONSTANTS, ...PROPAGATION },
    }
  }

  /** What code has while a library is loaded, beside `register_function`. */
  loadingLibrary(register: LuaFunction): Library {
    return { functions: { log: (L) => this.log(L), register_function: register }, values: CONSTANTS }
  }

  /** Pushes the table that stands for an error, `{ err = 'CODE text' }`. */
  pushError(L: number, text: string): void {
    const { machine, names } = this
    machine.api.lua_createtable(L, 0, 2)
    pushName(machine, L, names.err)
    machine.pushText(L, text)
    machine.api.lua_rawset(L, -3)
  }

  /** Raises an error of ours: `ERR text`. */
  raise(L: number, text: string): never {
    this.pushError(L, `ERR ${text}`)
    return this.raiseTop(L)
  }

  private raiseTop(L: number): never {
    this.machine.api.lua_error(L)
    throw new LuaPanic('an error was not raised')
  }

  private boolean(L: number, value: boolean): number {
    this.machine.pushBoolean(L, value)
    return 1
  }

  private call(L: number, raises: boolean): number {
    const { host, machine } = this
    if (!this.isRunning) this.raise(L, 'redis.call and redis.pcall need a running script')
    const fault = this.takeArguments(L)
    if (fault !== undefined) {
      this.pushError(L, `ERR ${fault}`)
      return raises ? this.raiseTop(L) : 1
    }
    machine.clear(L)
    const refusal = host.run()
    if (refusal !== undefined) this.pushRefusal(L, refusal)
    else if (!this.toLua.push(L, host.output)) return 1
    return raises ? this.raiseTop(L) : 1
  }

  private pushRefusal(L: number, { code, text }: ErrorReply): void {
    const { machine, names } = this
    this.pushError(L, `${code} ${text}`)
    pushName(machine, L, names.ignore_error_stats_update)
    machine.pushBoolean(L, true)
    machine.api.lua_rawset(L, -3)
  }

  /** Fills in the host's request; returns what is wrong with the arguments, if anything. */
  private takeArguments(L: number): string | undefined {
    const { machine } = this
    const { request } = this.host
    const { i32, u8 } = machine
    const end = machine.top(L)
    let at = machine.base(L)
    if (at === end) return 'Please specify at least one argument for this redis lib call'
    request.begin()
    for (; at < end; at += VALUE_BYTES) {
      const kind = i32[(at + TYPE) >> 2]
      if (kind === Kind.string) {
        const string = i32[at >> 2]!
        request.add(u8, stringStart(string), stringEnd(machine, string))
      } else if (kind === Kind.number) request.addNumber(machine.f64[at >> 3]!)
      else return 'Lua redis lib command arguments must be strings or integers'
    }
    return undefined
  }

  private checkAccess(L: number): number {
    if (!this.isRunning) this.raise(L, 'redis.acl_check_cmd needs a running script')
    const fault = this.takeArguments(L)
    if (fault !== undefined) this.raise(L, fault)
    const allowed = this.host.mayRun()
    if (allowed === undefined) this.raise(L, 'Invalid command passed to redis.acl_check_cmd()')
    return this.boolean(L, allowed)
  }

  private log(L: number): number {
    const { host, machine } = this
    const count = machine.argCount(L)
    if (count < 2) this.raise(L, 'redis.log() requires two arguments or more.')
    if (machine.api.lua_isnumber(L, 1) === 0) this.raise(L, 'First argument must be a number (log level).')
    const level = Math.trunc(machine.api.lua_tonumber(L, 1))
    if (!(level >= 0 && level < LEVELS.length)) this.raise(L, 'Invalid debug level.')
    if (!host.logs(LEVELS[level]!)) return 0
    const words: string[] = []
    for (let i = 2; i <= count; i++) {
      const word = machine.text(L, i)
      if (word !== undefined) words.push(word)
    }
    host.log(LEVELS[level]!, words.join(' '))
    return 0
  }

  private setProtocol(L: number): number {
    const { machine } = this
    if (machine.argCount(L) !== 1) this.raise(L, 'redis.setresp() requires one argument.')
    const protocol = Math.trunc(machine.api.lua_tonumber(L, 1))
    if (protocol !== 2 && protocol !== 3) this.raise(L, 'RESP version must be 2 or 3.')
    this.host.protocol = protocol
    return 0
  }

  private setPropagation(L: number): number {
    const { machine } = this
    if (machine.argCount(L) !== 1) this.raise(L, 'redis.set_repl() requires one argument.')
    const targets = Math.trunc(machine.api.lua_tonumber(L, 1))
    if (!(targets >= 0 && targets <= 3)) {
      this.raise(L, 'Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.')
    }
    this.host.setPropagation(targets)
    return 0
  }

  private sha1(L: number): number {
    const { machine } = this
    if (machine.argCount(L) !== 1) this.raise(L, 'wrong number of arguments')
    const start = machine.api.lua_tolstring(L, 1, 0)
    const end = start === 0 ? 0 : stringEnd(machine, start - 16)
    machine.pushText(L, sha1Hex(machine.u8, start, end))
    return 1
  }

  private isOneString(L: number): boolean {
    return this.machine.argCount(L) === 1 && this.machine.kindOf(L, 1) === Kind.string
  }

  private errorReply(L: number): number {
    if (!this.isOneString(L)) this.pushError(L, 'ERR wrong number or type of arguments')
    else this.pushError(L, errorText(this.machine.text(L, 1)!))
    return 1
  }

  private statusReply(L: number): number {
    const { machine, names } = this
    if (!this.isOneString(L)) {
      this.pushError(L, 'ERR wrong number or type of arguments')
      return 1
    }
    machine.api.lua_createtable(L, 0, 1)
    pushName(machine, L, names.ok)
    machine.api.lua_pushvalue(L, 1)
    machine.api.lua_rawset(L, -3)
    return 1
  }
}

/** The text of an error as a script gave it: with the general code when it is one word. */
function errorText(given: string): string {
  const cut = given.indexOf('\0')
  const text = (cut < 0 ? given : given.slice(0, cut)).replace(/^-/, '')
  const split = text.indexOf(' ')
  if (split < 0) return `ERR ${trim(text)}`
  return `${text.slice(0, split)} ${trim(text.slice(split + 1))}`
}

function trim(text: string): string {
  return text.replace(/^[\r\n]+|[\r\n]+$/g, '')
}
