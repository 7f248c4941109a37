/** What the log says while the server starts: the lines that tools and people look for, and the logo. */

import { REFERENCE_VERSION, SPINEL_VERSION } from '../introspection/version.js'

export interface BannerFacts {
  readonly processId: number
  readonly pointerBits: number
  /** `standalone`, `sentinel`, `cluster`. */
  readonly mode: string
  readonly port: number
}

export function startingLines({ processId, pointerBits }: BannerFacts): readonly string[] {
  return [
    'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
    `Redis version=${REFERENCE_VERSION}, bits=${pointerBits}, commit=00000000, modified=0, pid=${processId}, just started`,
  ]
}

export function runningLine({ mode, port }: BannerFacts): string {
  return `Running mode=${mode}, port=${port}.`
}

/** A cut spinel, and beside it who runs here. */
const STONE: readonly string[] = [
  '',
  '          .-~~~~~~~~-.          ',
  "       .-'  /\\    /\\  '-.       ",
  "     .'    /  \\  /  \\    '.     ",
  '    /_____/____\\/____\\_____\\    ',
  '    \\     \\    /\\    /     /    ',
  "     '.    \\  /  \\  /    .'     ",
  "       '.   \\/    \\/   .'       ",
  "         '.  \\    /  .'         ",
  "           '. \\  / .'           ",
  "             '.\\/.'             ",
  "               '                ",
]

export function logo({ processId, pointerBits, mode, port }: BannerFacts): string {
  const beside: Record<number, string> = {
    3: `Spinel ${SPINEL_VERSION} (Redis ${REFERENCE_VERSION}) ${pointerBits} bit`,
    5: `Running in ${mode} mode`,
    6: `Port: ${port}`,
    7: `PID: ${processId}`,
  }
  const lines = STONE.map((line, index) =>
    `${line}${beside[index] === undefined ? '' : `    ${beside[index]}`}`.trimEnd(),
  )
  return `${lines.join('\n')}\n\n`
}

export function versionText(pointerBits: number): string {
  const facts = `sha=00000000:0 malloc=spinel-arena bits=${pointerBits} build=0`
  return `Redis server v=${REFERENCE_VERSION} ${facts} spinel=${SPINEL_VERSION}\n`
}

export function helpText(program: string): string {
  return `Usage: ${program} [/path/to/redis.conf] [options] [-]
       ${program} -                    reads the configuration from standard input
       ${program} -v or --version      says which version this is
       ${program} -h or --help         prints this
       ${program} --check-system       looks whether this system is fit to run the server

Every parameter of the configuration file is an option: "port 7777" there is "--port 7777" here. Options win over
standard input, and that wins over the file.

Examples:
       ${program}
       ${program} /etc/redis/6379.conf
       ${program} --port 7777 --save ""
       ${program} /etc/redis/6379.conf --loglevel verbose
       echo 'maxmemory 128mb' | ${program} -

A sentinel is started with the option --sentinel, which is not built yet.
`
}
