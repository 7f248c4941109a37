/**
 * One Lua 5.1.5 in WebAssembly, driven through its C interface.
 *
 * Strings are bytes end to end. Values on Lua's stack and in its tables are read straight from linear memory, whose layout is
 * that of the frozen C structures (heap.ts, test/unit/scripting/lua/layout.test.ts); a call into WebAssembly costs some
 * nanoseconds more. An error raised by Lua, or by a function of ours with `error`, unwinds as a JavaScript exception up to
 * the next protected call.
 *
 * Linear memory grows up to a limit and never shrinks: a machine that has become large is thrown away and made anew. What
 * cannot go on (out of memory outside of a protected call, JavaScript's own stack used up) is a `LuaPanic`; its machine is not
 * to be used any more.
 */

import { type LuaApi, Kind, REGISTRY_INDEX } from './api.js'
import { makeCallable, type ShimType } from './shim.js'
import { instantiate, type WasmModule } from './web-assembly.js'

/** A function that scripts can call: takes its arguments from the stack, pushes its results and returns how many. */
export type LuaFunction = (L: number) => number

/** The machine is lost. */
export class LuaPanic extends Error {
  override readonly name: string = 'LuaPanic'
}

const PAGE_BYTES = 65536
/** Memory that is asked for at once, at least. */
const GROWTH_BYTES = 1 << 20
const SCRATCH_BYTES = 1 << 14
/** Scratch memory beyond this is given back after use. */
const SCRATCH_BYTES_KEPT_MAX = 1 << 20
const SHORT_BYTES = 64

/** Offsets in lua_State. */
const TOP = 8
const BASE = 12
const STATUS = 6
const C_CALLS = 52
/** Offsets in a table; see heap.ts. */
const ARRAY = 12
const ARRAY_SIZE = 28
/** Size of a value on the stack or in a table; its type stands after eight bytes of content. */
export const VALUE_BYTES = 16
export const TYPE = 8
/** Offsets in a string. */
export const STRING_LENGTH = 12
export const STRING_BYTES = 16

/** Thrown where C calls longjmp. */
const LONG_JUMP = Object.freeze({ name: 'longjmp' })

export interface MachineOptions {
  readonly module: WasmModule
  readonly memoryBytesMax: number
}

export class LuaMachine {
  readonly api: LuaApi
  /** The main thread. */
  readonly main: number
  /** The table of references. */
  private readonly registry: number
  u8: Uint8Array
  i32: Int32Array
  u32: Uint32Array
  f64: Float64Array
  /** Memory of the machine for passing bytes in; valid until the next call of `scratchFor`. */
  scratch: number
  private scratchBytes: number
  private readonly memoryBytesMax: number
  private readonly targets: ((a: number, b: number) => void)[]

  constructor({ module, memoryBytesMax }: MachineOptions) {
    this.memoryBytesMax = memoryBytesMax
    this.targets = []
    this.u8 = new Uint8Array(0)
    this.i32 = new Int32Array(0)
    this.u32 = new Uint32Array(0)
    this.f64 = new Float64Array(0)
    this.api = instantiate(module, this.imports()) as LuaApi
    this.refreshViews()
    this.api.__wasm_call_ctors()
    this.scratchBytes = SCRATCH_BYTES
    this.scratch = this.api.malloc(SCRATCH_BYTES)
    this.main = this.api.luaL_newstate()
    if (this.main === 0 || this.scratch === 0) throw new LuaPanic('there is no memory for Lua')
    this.registry = this.api.lua_topointer(this.main, REGISTRY_INDEX)
  }

  get memoryBytes(): number {
    return this.u8.length
  }

  /** Puts JavaScript functions where Lua can call them; returns their numbers, for lua_pushcclosure and lua_sethook. */
  addFunctions(functions: readonly (readonly [ShimType, unknown])[]): number[] {
    const table = this.api.__indirect_function_table
    const first = table.grow(functions.length)
    const callable = makeCallable(functions)
    for (const [index, entry] of callable.entries()) table.set(first + index, entry)
    return callable.map((_, index) => first + index)
  }

  // ---- The stack ----

  base(L: number): number {
    return this.i32[(L + BASE) >> 2]!
  }

  top(L: number): number {
    return this.i32[(L + TOP) >> 2]!
  }

  argCount(L: number): number {
    return (this.i32[(L + TOP) >> 2]! - this.i32[(L + BASE) >> 2]!) >> 4
  }

  /** Where the value at a positive index lies; beyond the top there is none. */
  slot(L: number, index: number): number {
    return this.i32[(L + BASE) >> 2]! + (index - 1) * VALUE_BYTES
  }

  /** The type of the argument at a positive index; nil where there is none. */
  kindOf(L: number, index: number): number {
    const at = this.slot(L, index)
    return at < this.top(L) ? this.i32[(at + TYPE) >> 2]! : Kind.nil
  }

  /** Pushes without a call. A function has room for 20 values beyond its arguments; check the stack for more. */
  pushNumber(L: number, value: number): void {
    const top = this.i32[(L + TOP) >> 2]!
    this.f64[top >> 3] = value
    this.i32[(top + TYPE) >> 2] = Kind.number
    this.i32[(L + TOP) >> 2] = top + VALUE_BYTES
  }

  pushBoolean(L: number, value: boolean): void {
    const top = this.i32[(L + TOP) >> 2]!
    this.i32[top >> 2] = value ? 1 : 0
    this.i32[(top + TYPE) >> 2] = Kind.boolean
    this.i32[(L + TOP) >> 2] = top + VALUE_BYTES
  }

  pushNil(L: number): void {
    const top = this.i32[(L + TOP) >> 2]!
    this.i32[(top + TYPE) >> 2] = Kind.nil
    this.i32[(L + TOP) >> 2] = top + VALUE_BYTES
  }

  /** Pushes an object known by its address, which something must keep alive. */
  pushObject(L: number, kind: number, address: number): void {
    const top = this.i32[(L + TOP) >> 2]!
    this.i32[top >> 2] = address
    this.i32[(top + TYPE) >> 2] = kind
    this.i32[(L + TOP) >> 2] = top + VALUE_BYTES
  }

  /** Pushes the value that lies at `from`, on this stack or elsewhere. */
  pushCopy(L: number, from: number): void {
    const { f64, i32 } = this
    const top = i32[(L + TOP) >> 2]!
    f64[top >> 3] = f64[from >> 3]!
    // Bits of a pointer may be those of a NaN, which a copy as a number need not keep.
    i32[top >> 2] = i32[from >> 2]!
    i32[(top + 4) >> 2] = i32[(from + 4) >> 2]!
    i32[(top + TYPE) >> 2] = i32[(from + TYPE) >> 2]!
    i32[(L + TOP) >> 2] = top + VALUE_BYTES
  }

  /** Pushes what the registry holds under a reference. */
  pushReference(L: number, reference: number): void {
    if (reference > this.i32[(this.registry + ARRAY_SIZE) >> 2]!) this.api.lua_rawgeti(L, REGISTRY_INDEX, reference)
    else this.pushCopy(L, this.i32[(this.registry + ARRAY) >> 2]! + (reference - 1) * VALUE_BYTES)
  }

  /** Takes everything from the stack of the function at work. */
  clear(L: number): void {
    this.i32[(L + TOP) >> 2] = this.i32[(L + BASE) >> 2]!
  }

  pop(L: number, count: number): void {
    this.i32[(L + TOP) >> 2]! -= count * VALUE_BYTES
  }

  pushBytes(L: number, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    const at = this.scratchFor(length)
    if (length <= SHORT_BYTES) {
      const { u8 } = this
      for (let i = 0; i < length; i++) u8[at + i] = bytes[start + i]!
    } else this.u8.set(bytes.subarray(start, end), at)
    this.api.lua_pushlstring(L, at, length)
    if (this.scratchBytes > SCRATCH_BYTES_KEPT_MAX) this.trimScratch()
  }

  /** Pushes a text of one byte a character. */
  pushText(L: number, text: string): void {
    const at = this.writeText(text)
    this.api.lua_pushlstring(L, at, text.length)
  }

  // ---- Strings ----

  /** Memory for `bytes` bytes and a NUL. Raises "not enough memory" when there is none. */
  scratchFor(bytes: number): number {
    if (bytes < this.scratchBytes) return this.scratch
    const larger = this.api.realloc(this.scratch, bytes + 1)
    if (larger === 0) throw new LuaPanic('not enough memory')
    this.scratch = larger
    this.scratchBytes = bytes + 1
    return larger
  }

  /** Writes a text of one byte a character into scratch memory, with a NUL behind it. */
  writeText(text: string): number {
    const at = this.scratchFor(text.length)
    const { u8 } = this
    for (let i = 0; i < text.length; i++) u8[at + i] = text.charCodeAt(i)
    u8[at + text.length] = 0
    return at
  }

  /** A text that stays, with a NUL behind it. */
  permanentText(text: string): number {
    const at = this.api.malloc(text.length + 1)
    for (let i = 0; i < text.length; i++) this.u8[at + i] = text.charCodeAt(i)
    this.u8[at + text.length] = 0
    return at
  }

  /** The string at a stack index, one character a byte; numbers are converted. Undefined for other types. */
  text(L: number, index: number): string | undefined {
    const at = this.api.lua_tolstring(L, index, 0)
    return at === 0 ? undefined : this.latin1(at, at + this.u32[(at - STRING_BYTES + STRING_LENGTH) >> 2]!)
  }

  /** Bytes of linear memory as a text of one character a byte. */
  latin1(start: number, end: number): string {
    const { u8 } = this
    let text = ''
    for (let i = start; i < end; i++) text += String.fromCharCode(u8[i]!)
    return text
  }

  /** The text from `start` to the next NUL. */
  cString(start: number): string {
    let end = start
    while (this.u8[end] !== 0) end++
    return this.latin1(start, end)
  }

  // ---- Errors ----

  /** Raises an error as luaL_error does: with the position of the caller in front. */
  error(L: number, text: string): never {
    this.api.luaL_where(L, 1)
    this.pushText(L, text)
    this.api.lua_concat(L, 2)
    this.api.lua_error(L)
    throw new LuaPanic('an error was not raised')
  }

  /** Raises an error without a position. */
  plainError(L: number, text: string): never {
    this.pushText(L, text)
    this.api.lua_error(L)
    throw new LuaPanic('an error was not raised')
  }

  argumentError(L: number, argument: number, text: string): never {
    this.api.luaL_argerror(L, argument, this.writeText(text))
    throw new LuaPanic('an error was not raised')
  }

  // ---- Threads ----

  /** Whether a hook may suspend the thread: nothing of C lies between it and where it was resumed. */
  canYield(L: number): boolean {
    const calls = this.i32[(L + C_CALLS) >> 2]!
    return (calls & 0xffff) <= calls >>> 16
  }

  statusOf(L: number): number {
    return this.u8[L + STATUS]!
  }

  // ---- The world outside ----

  private refreshViews(): void {
    const { buffer } = this.api.memory
    this.u8 = new Uint8Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.f64 = new Float64Array(buffer)
  }

  private trimScratch(): void {
    this.api.free(this.scratch)
    this.scratchBytes = SCRATCH_BYTES
    this.scratch = this.api.malloc(SCRATCH_BYTES)
    if (this.scratch === 0) throw new LuaPanic('not enough memory')
  }

  private grow(wanted: number): number {
    const bytes = wanted >>> 0
    if (bytes > this.memoryBytesMax) return 0
    const current = this.u8.length
    const target = Math.min(Math.max(bytes, current + GROWTH_BYTES), this.memoryBytesMax)
    try {
      this.api.memory.grow(Math.ceil((target - current) / PAGE_BYTES))
    } catch {
      return 0 // the system has no more; Lua says so
    }
    this.refreshViews()
    return 1
  }

  /** A call in which longjmp may be called: the try of Lua's C code. */
  private invoke(index: number, a: number, b: number): void {
    const stack = this.api.stackSave()
    const { targets } = this
    const target = (targets[index] ??= this.api.__indirect_function_table.get(index)! as (a: number, b: number) => void)
    try {
      target(a, b)
    } catch (error) {
      if (error !== LONG_JUMP) throw error
      this.api.stackRestore(stack)
      this.api.setThrew(1, 0)
    }
  }

  /** Lua's libraries that reach the world are not opened: what they would need answers with an error. */
  private imports(): Record<string, Record<string, unknown>> {
    const refuse = (): number => -1
    const names = ['strftime', '_emscripten_get_now_is_monotonic', 'emscripten_date_now', '__syscall_openat',
      '__syscall_fcntl64', '__syscall_ioctl', '__syscall_dup3', '__syscall_unlinkat', '__syscall_rmdir', '__syscall_renameat',
      '_emscripten_system', '__syscall_readlinkat', '_tzset_js', '_mktime_js', '_localtime_js', '_gmtime_js'] // prettier-ignore
    const files = ['fd_write', 'fd_read', 'fd_close', 'fd_seek', 'environ_sizes_get', 'environ_get']
    return {
      env: {
        ...Object.fromEntries(names.map((name) => [name, refuse])),
        exit: () => {
          throw new LuaPanic('not enough memory')
        },
        invoke_vii: (index: number, a: number, b: number) => this.invoke(index, a, b),
        emscripten_memcpy_js: (to: number, from: number, length: number) =>
          void this.u8.copyWithin(to >>> 0, from >>> 0, (from >>> 0) + (length >>> 0)),
        emscripten_resize_heap: (bytes: number) => this.grow(bytes),
        _emscripten_throw_longjmp: () => {
          throw LONG_JUMP
        },
      },
      wasi_snapshot_preview1: Object.fromEntries(files.map((name) => [name, () => 8])),
    }
  }
}
