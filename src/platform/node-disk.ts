/** Files of the real world. */

import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { chdir, cwd, pid } from 'node:process'
import { latin1Bytes } from '../base/bytes.js'
import type { Disk } from '../base/environment.js'
import { globMatch } from '../base/glob.js'
import { OperationalError } from '../base/operational-error.js'

export class NodeDisk implements Disk {
  read(path: string): Uint8Array {
    return guarded(path, () => readFileSync(path))
  }

  exists(path: string): boolean {
    return existsSync(path)
  }

  writeAtomically(path: string, bytes: Uint8Array): void {
    guarded(path, () => {
      const temporary = join(dirname(path), `temp-${pid}-${basename(path)}`)
      const file = openSync(temporary, 'w', 0o644)
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(temporary, path)
      syncDirectory(dirname(path))
    })
  }

  append(path: string, bytes: Uint8Array): void {
    guarded(path, () => appendFileSync(path, bytes))
  }

  remove(path: string): void {
    guarded(path, () => rmSync(path, { force: true }))
  }

  glob(pattern: string): string[] {
    if (!/[*?[]/.test(pattern)) return [pattern]
    const directory = dirname(pattern)
    const wanted = latin1Bytes(basename(pattern))
    const matches = (name: string): boolean => {
      const text = latin1Bytes(name)
      return globMatch(wanted, 0, wanted.length, text, 0, text.length, false)
    }
    if (!existsSync(directory)) return []
    return readdirSync(directory)
      .filter((name) => !name.startsWith('.') && matches(name))
      .sort()
      .map((name) => join(directory, name))
  }

  changeDirectory(path: string): void {
    guarded(path, () => chdir(path))
  }

  workingDirectory(): string {
    return cwd()
  }

  absolutePath(path: string): string {
    return resolve(path)
  }
}

/** Makes the rename itself durable; directories cannot be synced on every system. */
function syncDirectory(path: string): void {
  try {
    const directory = openSync(path, 'r')
    try {
      fsyncSync(directory)
    } finally {
      closeSync(directory)
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

function guarded<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new OperationalError(code ?? 'EUNKNOWN', path, message, error)
  }
}
