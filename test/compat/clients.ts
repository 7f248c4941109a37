/** What the tests with other projects' clients share: a server of ours behind both doors, and values that clients stumble over. */

import { after, before } from 'node:test'
import { spinelServer } from '../support/programs.js'
import { ServerProcess } from '../support/server-process.js'

/** A server that stands before the tests of a suite begin, and ends with them. */
export function serverForSuite(words: readonly string[] = []): () => ServerProcess {
  let server: ServerProcess | undefined
  before(async () => {
    server = await ServerProcess.start(spinelServer(), { words, door: 'both' })
  })
  after(async () => await server?.stop())
  return () => server!
}

/** Every byte there is, line ends included. */
export const BINARY = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

/** Larger than any buffer on the way. */
export const BIG = Buffer.alloc(5 * 1024 * 1024, 'spinel ')

/** Waits until something is so. The time limit of the test is the only one. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
}
