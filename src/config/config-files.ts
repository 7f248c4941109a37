/** Files as the configuration sees them: the part of Disk it uses, with bytes as latin1 text. */

import { latin1, latin1Bytes } from '../base/bytes.js'
import type { Disk } from '../base/environment.js'

export type ConfigFiles = Pick<
  Disk,
  'read' | 'glob' | 'writeAtomically' | 'changeDirectory' | 'workingDirectory' | 'absolutePath'
>

export function readText(files: ConfigFiles, path: string): string {
  const bytes = files.read(path)
  return latin1(bytes, 0, bytes.length)
}

export function writeText(files: ConfigFiles, path: string, text: string): void {
  files.writeAtomically(path, latin1Bytes(text))
}

/** C's strerror, for the failures a file operation here can meet. */
const SYSTEM_ERRORS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'Permission denied'],
  ['EBUSY', 'Device or resource busy'],
  ['EDQUOT', 'Disk quota exceeded'],
  ['EFBIG', 'File too large'],
  ['EINVAL', 'Invalid argument'],
  ['EIO', 'Input/output error'],
  ['EISDIR', 'Is a directory'],
  ['ELOOP', 'Too many levels of symbolic links'],
  ['EMFILE', 'Too many open files'],
  ['ENAMETOOLONG', 'File name too long'],
  ['ENOENT', 'No such file or directory'],
  ['ENOSPC', 'No space left on device'],
  ['ENOTDIR', 'Not a directory'],
  ['EPERM', 'Operation not permitted'],
  ['EROFS', 'Read-only file system'],
])

/** The `code` of a failed file operation; undefined when the error is not of that kind. */
export function systemErrorCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** The wording a C program would give; rethrows what is no failure of the system. */
export function systemErrorText(error: unknown): string {
  const code = systemErrorCode(error)
  if (code === undefined) throw error
  return SYSTEM_ERRORS.get(code) ?? (error as Error).message
}
