/** A disk of plain texts for tests of the configuration: absolute paths only, directories are those of the files. */

import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { globMatch } from '../../../src/base/glob.js'
import { OperationalError } from '../../../src/base/operational-error.js'
import type { ConfigFiles } from '../../../src/config/config-files.js'

export class MemoryFiles implements ConfigFiles {
  readonly texts: Map<string, string>
  /** When set, every operation fails with it. */
  failure: string | undefined = undefined
  private current = '/srv'

  constructor(texts: Readonly<Record<string, string>> = {}) {
    this.texts = new Map(Object.entries(texts))
  }

  read(path: string): Uint8Array {
    const text = this.texts.get(this.absolutePath(path))
    if (this.failure !== undefined || text === undefined) throw this.error(path, 'ENOENT')
    return latin1Bytes(text)
  }

  glob(pattern: string): string[] {
    const wanted = latin1Bytes(this.absolutePath(pattern))
    const matches = [...this.texts.keys()].filter((path) => {
      const bytes = latin1Bytes(path)
      return globMatch(wanted, 0, wanted.length, bytes, 0, bytes.length, false)
    })
    return matches.sort()
  }

  writeAtomically(path: string, bytes: Uint8Array): void {
    if (this.failure !== undefined) throw this.error(path, this.failure)
    this.texts.set(this.absolutePath(path), latin1(bytes, 0, bytes.length))
  }

  changeDirectory(path: string): void {
    const target = this.absolutePath(path)
    if (this.texts.has(target)) throw this.error(path, 'ENOTDIR')
    const isThere = target === '/srv' || [...this.texts.keys()].some((each) => each.startsWith(`${target}/`))
    if (!isThere) throw this.error(path, 'ENOENT')
    this.current = target
  }

  workingDirectory(): string {
    return this.current
  }

  absolutePath(path: string): string {
    return path.startsWith('/') ? path : `${this.current}/${path}`
  }

  private error(path: string, code: string): OperationalError {
    return new OperationalError(this.failure ?? code, path, 'failed in the test')
  }
}
