/**
 * A module that does nothing but make JavaScript functions callable from WebAssembly: it imports each and exports it again,
 * since only exports of a module can stand in a function table.
 */

import { compileModule, instantiate } from './web-assembly.js'

/** (i32) → i32, as a function of Lua; and (i32, i32) → nothing, as a hook. */
export type ShimType = 'function' | 'hook'

const I32 = 0x7f
const FUNCTION_KIND = 0

/** Returns a table entry for each function, in order. */
export function makeCallable(functions: readonly (readonly [ShimType, unknown])[]): unknown[] {
  const module = compileModule(encodeModule(functions.map(([type]) => (type === 'function' ? 0 : 1))))
  const imports: Record<string, unknown> = {}
  for (const [index, [, run]] of functions.entries()) imports[index] = run
  const exports = instantiate(module, { e: imports }) as Record<string, unknown>
  return functions.map((_, index) => exports[index])
}

function encodeModule(types: readonly number[]): Uint8Array {
  const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  const typeSection = section(1, [2, 0x60, 1, I32, 1, I32, 0x60, 2, I32, I32, 0])
  const imports = types.flatMap((type, index) => [...name('e'), ...name(String(index)), FUNCTION_KIND, type])
  const exports = types.flatMap((_, index) => [...name(String(index)), FUNCTION_KIND, ...unsigned(index)])
  const count = unsigned(types.length)
  return new Uint8Array([
    ...header,
    ...typeSection,
    ...section(2, [...count, ...imports]),
    ...section(7, [...count, ...exports]),
  ])
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function name(text: string): number[] {
  return [text.length, ...Array.from(text, (letter) => letter.charCodeAt(0))]
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  bytes.push(value)
  return bytes
}
