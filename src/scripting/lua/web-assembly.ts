/** The part of the WebAssembly interface that is used here; the language's own library does not describe it. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

export interface WasmTable {
  readonly length: number
  grow(count: number): number
  get(index: number): ((...args: number[]) => number) | null
  set(index: number, value: unknown): void
}

export interface WasmModule {
  readonly wasmModule?: never
}

type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>

interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: Imports) => { readonly exports: unknown }
}

declare const WebAssembly: WebAssemblyInterface

export function compileModule(bytes: Uint8Array): WasmModule {
  return new WebAssembly.Module(bytes)
}

export function instantiate(module: WasmModule, imports: Imports): unknown {
  return new WebAssembly.Instance(module, imports).exports
}
