/** From the start of the process to the first PONG. */

import type { Options } from './options.js'
import { type ServerName, type Servers, SERVERS } from './servers.js'
import { median, say } from './statistics.js'

const STARTS = 15
const STARTS_QUICK = 4

export interface StartupRow {
  readonly server: ServerName
  readonly starts: number
  readonly medianMs: number
  readonly leastMs: number
}

export async function measureStartup(servers: Servers, { isQuick }: Options): Promise<StartupRow[]> {
  const starts = isQuick ? STARTS_QUICK : STARTS
  const times: Record<ServerName, number[]> = { spinel: [], redis: [] }
  for (let i = 0; i < starts; i++) {
    for (const name of SERVERS) {
      const server = await servers.start(name)
      times[name].push(server.startMs)
      await server.stop()
    }
  }
  const row = (server: ServerName): StartupRow => {
    return { server, starts, medianMs: median(times[server]), leastMs: Math.min(...times[server]) }
  }
  const rows = SERVERS.map(row)
  say(`startup: ${rows.map(({ server, medianMs }) => `${server} ${medianMs.toFixed(0)} ms`).join(', ')}`)
  return rows
}
