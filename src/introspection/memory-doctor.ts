/** MEMORY DOCTOR: what looks wrong about the use of memory, in words. The thresholds are the reference's. */

import type { Store } from '../engine/store.js'
import { humanBytes, ratio } from './human.js'
import { measureMemory, type MemoryOverview } from './memory.js'

const MB = 1024 * 1024
/** Below this there is too little in memory to judge by. */
const JUDGED_FROM_BYTES = 5 * MB
const NOTABLE_BYTES = 10 * MB
const CLIENT_BYTES_MAX = 200 * 1024

type Finding = (memory: MemoryOverview, store: Store) => string | undefined

const FINDINGS: readonly Finding[] = [
  ({ peakBytes, usedBytes }) => {
    if (peakBytes <= usedBytes * 1.5) return undefined
    return (
      `Peak: ${humanBytes(peakBytes)} were in use once, and only ${humanBytes(usedBytes)} are now. Segments that fell ` +
      'empty have gone back to the system; pages that are still shared with live data are used again as data grows. ' +
      'This does no harm.'
    )
  },
  ({ residentBytes, usedBytes }) => {
    if (residentBytes <= usedBytes * 1.4 || residentBytes - usedBytes <= NOTABLE_BYTES) return undefined
    return (
      `Resident size: the process takes ${humanBytes(residentBytes)}, ${ratio(residentBytes, usedBytes)} times what the ` +
      'data needs. About 60 MB of that is the JavaScript runtime itself; the rest is pages that data has left and ' +
      'buffers of clients.'
    )
  },
  ({ arena: { activeBytes, usedBytes } }) => {
    if (activeBytes <= usedBytes * 1.1 || activeBytes - usedBytes <= NOTABLE_BYTES) return undefined
    return (
      `Fragmentation: blocks in use lie on pages of ${humanBytes(activeBytes)} in all, ${ratio(activeBytes, usedBytes)} ` +
      'times their own size. Many keys were deleted between others that stayed, or values changed their size. New data ' +
      'of similar size fills the gaps.'
    )
  },
  ({ arena: { residentBytesMax, activeBytes } }) => {
    if (residentBytesMax <= activeBytes * 1.1 || residentBytesMax - activeBytes <= NOTABLE_BYTES) return undefined
    return (
      `Spare pages: the arena keeps ${humanBytes(residentBytesMax - activeBytes)} of pages that hold nothing, mostly ` +
      'since a larger peak. MEMORY PURGE gives back what can be given back now.'
    )
  },
  ({ normalClientsBytes }, store) => {
    if (store.clients.count === 0 || normalClientsBytes / store.clients.count <= CLIENT_BYTES_MAX) return undefined
    return (
      `Clients: each takes ${humanBytes(Math.round(normalClientsBytes / store.clients.count))} on average. Some send more ` +
      'than they let be answered, or read their replies too slowly; CLIENT LIST shows which (omem, qbuf).'
    )
  },
]

export function memoryDoctor(store: Store): string {
  const memory = measureMemory(store)
  if (memory.usedBytes < JUDGED_FROM_BYTES) {
    return 'There is next to nothing in memory yet, so there is nothing to judge. Ask again when there is data.\n'
  }
  const findings = FINDINGS.map((find) => find(memory, store)).filter((finding) => finding !== undefined)
  if (findings.length === 0) return 'Memory is used as it should be: nothing to report.\n'
  return `${findings.length} thing${findings.length === 1 ? '' : 's'} to know about memory:\n\n${findings
    .map((finding) => ` * ${finding}\n\n`)
    .join('')}`
}
