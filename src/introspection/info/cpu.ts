/** INFO cpu. */

import { type InfoRow, type InfoSection, row } from './row.js'
import type { InfoFacts } from './facts.js'

const seconds = (name: string, value: (facts: InfoFacts) => number): InfoRow =>
  row(name, (facts) => value(facts).toFixed(6))

export const cpuSection: InfoSection = {
  name: 'cpu',
  title: 'CPU',
  isDefault: true,
  rows: [
    seconds('used_cpu_sys', ({ host }) => host.cpuSeconds().system),
    seconds('used_cpu_user', ({ host }) => host.cpuSeconds().user),
    seconds('used_cpu_sys_children', () => 0),
    seconds('used_cpu_user_children', () => 0),
    seconds('used_cpu_sys_main_thread', ({ host }) => host.threadCpuSeconds().system),
    seconds('used_cpu_user_main_thread', ({ host }) => host.threadCpuSeconds().user),
  ],
}
