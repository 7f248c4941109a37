/**
 * The library: a complete store within a JavaScript program.
 *
 *     import { createStore } from 'spinel'
 *
 *     const store = createStore()
 *     store.set('greeting', 'hello', { ttlMs: 60_000 })
 *     store.call('HSET', 'user:1', 'name', 'Ann')
 *     store.call('HGETALL', 'user:1') // Map { 'name' => 'Ann' }
 *
 * docs/embedding.md is the guide.
 */

import type { StoreOptions } from './options.js'
import { EmbeddedStore } from './store.js'
import { World } from './world.js'

/**
 * Opens a store, empty, with the default configuration of Redis but for saving and listening, which it does not do.
 *
 * It is synchronous, since there is nothing to wait for: no file is read and no port opened. So a store can be made wherever
 * one is needed, in a constructor or at the top of a module. Stores share nothing; a program may hold many.
 *
 * @throws ConfigError  when a parameter is unknown, or its value is refused
 */
export function createStore(options: StoreOptions = {}): EmbeddedStore {
  return new EmbeddedStore(new World(options))
}

export { ConfigError } from '../config/config-error.js'
export { OperationalError } from '../base/operational-error.js'
export { ReplyError } from '../protocol/reply-decoder.js'
export { type SessionOptions, WaitError } from './direct-client.js'
export { StoreError } from './failure.js'
export type { ConfigOptions, StoreOptions } from './options.js'
export type { Reply } from './reply-reader.js'
export type { Word } from './request-buffer.js'
export type { Session, SetOptions } from './session.js'
export type {
  Checkpoint,
  EmbeddedStore as Store,
  StoreTime,
  TcpListening,
  TcpOptions,
  UnixListening,
  UnixOptions,
} from './store.js'
