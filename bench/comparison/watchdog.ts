/**
 * Outlives the bench by a moment: learns on its standard input which servers run, and when that ends, however the bench may
 * have ended, stops those that are left and removes the folder they ran in: `node watchdog.js FOLDER`.
 */

import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

const running = new Set<number>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {}) // it ends with its input

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line)
  if (pid > 0) running.add(pid)
  else running.delete(-pid)
}
for (const pid of running) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has gone by itself.
  }
}
rmSync(process.argv[2]!, { recursive: true, force: true })
