/** A store whose data is kept in files, as a server keeps it: loads at the start, writes before it replies, dies at times. */

import { type AppendOnlyFile, appendOnlyFile } from '../../src/persistence/aof/append-only-file.js'
import { serverControl, type ServerControl } from '../../src/engine/server-control.js'
import { loadData } from '../../src/server/load-data.js'
import { type FakeFiles, ProcessDeath } from './fake-files.js'
import { TestStore, type Word } from './test-store.js'

class DyingControl implements ServerControl {
  readonly runId = '0'.repeat(40)
  readonly supervisor = 'no'
  readonly listeners = []
  readonly shutdownDeadlineMs = 0

  shutdown(): undefined {
    return undefined
  }

  abortShutdown(): boolean {
    return false
  }

  crash(kind: string): never {
    throw new Error(kind)
  }

  exit(status: number): never {
    throw new ProcessDeath(`exit ${status}`)
  }
}

export class KeptStore extends TestStore {
  readonly files: FakeFiles

  constructor(files: FakeFiles, options: Readonly<Record<string, string>> = {}) {
    super({ save: '""', appendonly: 'yes', 'enable-debug-command': 'yes', ...options }, 1, files)
    this.files = files
    this.store.services.provide<ServerControl>(serverControl, new DyingControl())
  }

  /** Starts a server on files; undefined when it refuses to start. */
  static async start(files: FakeFiles, options: Readonly<Record<string, string>> = {}): Promise<KeptStore | undefined> {
    const store = new KeptStore(files, options)
    return (await store.load()) ? store : undefined
  }

  get file(): AppendOnlyFile {
    return this.store.services.get(appendOnlyFile)
  }

  /** Loads; false when the server would not go on. */
  async load(): Promise<boolean> {
    let outcome: boolean | undefined
    const loading = loadData(this.store).then((isLoaded) => (outcome = isLoaded))
    for (let turn = 0; outcome === undefined && turn < 100_000; turn++) {
      this.time.advance(0)
      this.files.runSoon()
      await Promise.resolve()
    }
    return loading
  }

  /** Sends requests that arrive in one turn; returns when their replies would go out. */
  turn(...requests: readonly (readonly Word[])[]): unknown[] {
    const replies = requests.map((words) => this.send(...words))
    this.store.beforeReplies?.()
    return replies
  }

  /** Lets time pass, with what other threads do meanwhile. */
  pass(milliseconds: number): void {
    for (let passed = 0; passed < milliseconds; passed += 10) {
      this.time.advance(10)
      this.files.runSoon()
    }
  }

  log(pattern: RegExp): string[] {
    return this.logged.map(({ message }) => message).filter((message) => pattern.test(message))
  }
}
