/** Files of the real world. Paths come and go as byte strings (see byte-string.ts). */

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
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { chdir, cwd, pid } from 'node:process'
import { latin1Bytes } from '../base/bytes.js'
import type { Disk } from '../base/environment.js'
import { globMatch } from '../base/glob.js'
import { OperationalError } from '../base/operational-error.js'
import { byteString, nodeText } from './byte-string.js'

export class NodeDisk implements Disk {
  read(path: string): Uint8Array {
    return guarded(path, (file) => readFileSync(file))
  }

  exists(path: string): boolean {
    return existsSync(nodeText(path))
  }

  writeAtomically(path: string, bytes: Uint8Array): void {
    guarded(path, (file) => {
      const temporary = join(dirname(file), `temp-${pid}-${basename(file)}`)
      const descriptor = openSync(temporary, 'w', 0o644)
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at, bytes.length - at)
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(temporary, file)
      syncDirectory(dirname(file))
    })
  }

  append(path: string, bytes: Uint8Array): void {
    guarded(path, (file) => appendFileSync(file, bytes))
  }

  remove(path: string): void {
    guarded(path, (file) => rmSync(file, { force: true }))
  }

  glob(pattern: string): string[] {
    if (!/[*?[]/.test(pattern)) return [pattern]
    const directory = dirname(pattern)
    const wanted = latin1Bytes(basename(pattern))
    const matches = (name: string): boolean => {
      const text = latin1Bytes(name)
      return globMatch(wanted, 0, wanted.length, text, 0, text.length, false)
    }
    if (!this.exists(directory)) return []
    return readdirSync(nodeText(directory))
      .map(byteString)
      .filter((name) => !name.startsWith('.') && matches(name))
      .sort()
      .map((name) => join(directory, name))
  }

  changeDirectory(path: string): void {
    guarded(path, (file) => chdir(file))
  }

  workingDirectory(): string {
    return byteString(cwd())
  }

  absolutePath(path: string): string {
    return byteString(resolve(nodeText(path)))
  }

  /** Overwrites a file in place: for files that are a message to others and no data, such as a pid file. */
  writePlainly(path: string, text: string): void {
    guarded(path, (file) => writeFileSync(file, text, 'latin1'))
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

function guarded<T>(path: string, run: (file: string) => T): T {
  try {
    return run(nodeText(path))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new OperationalError(code ?? 'EUNKNOWN', path, message, error)
  }
}
