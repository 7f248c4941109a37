/** Where the programs are that tests start: ours as it was just compiled, and those of the reference if they are installed. */

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program and the arguments that every start of it needs. */
export type ProgramWords = readonly [string, ...string[]]

/** Our server; `SPINEL_SERVER` names another build, words parted by spaces. */
export function spinelServer(): ProgramWords {
  const given = process.env['SPINEL_SERVER']?.split(' ').filter((word) => word !== '') ?? []
  if (given.length !== 0) return given as unknown as ProgramWords
  return [process.execPath, fileURLToPath(new URL('../../src/server/main.js', import.meta.url))]
}

/** The real server that ours is compared with: `SPINEL_REFERENCE_SERVER`, else `redis-server` on the path, if there is one. */
export function referenceServer(): ProgramWords | undefined {
  const program = process.env['SPINEL_REFERENCE_SERVER'] ?? findProgram('redis-server')
  return program === undefined ? undefined : [program]
}

/** Full path of a program on the path. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
