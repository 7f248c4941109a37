/** The process as a program: arguments, standard streams, signals, limits, a copy of itself, the end. */

import { spawn } from 'node:child_process'
import { readFileSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import process from 'node:process'
import { isatty } from 'node:tty'
import { byteString, nodeText } from './byte-string.js'

/** Marks the process that runs in the background, so that it does not go there again. */
const BACKGROUND_VARIABLE = 'SPINEL_IN_BACKGROUND'

/** Arguments behind the program's name, as byte strings. */
export function programArguments(): string[] {
  return process.argv.slice(2).map(byteString)
}

/** The program as it was called, a byte string. */
export function programName(): string {
  return byteString(basename(process.argv[1] ?? 'spinel-server'))
}

export function environmentVariable(name: string): string | undefined {
  return process.env[name]
}

/** All of standard input, as a byte string. */
export function readStandardInput(): string {
  return readFileSync(0).toString('latin1')
}

/** One line of standard input without its end, as a byte string; what there is when the input ends first. */
export function readInputLine(): string {
  const byte = new Uint8Array(1)
  let line = ''
  while (readSync(0, byte) === 1 && byte[0] !== 10) line += String.fromCharCode(byte[0]!)
  return line
}

export function isTerminal(): boolean {
  return isatty(1)
}

/** Whether errors go to a terminal: there, progress can be shown. */
export function isErrorTerminal(): boolean {
  return isatty(2)
}

/** Writes all of `bytes[start, end)` to standard output; false when nobody reads it any more. */
export function writeOut(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end;) {
    try {
      at += writeSync(1, bytes, at, end - at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return false
      if (code !== 'EAGAIN') throw error
      // A pipe that is full and does not block: wait a little.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    }
  }
  return true
}

export function printOut(text: string): void {
  writeSync(1, text)
}

export function printError(text: string): void {
  writeSync(2, text)
}

export function exitProcess(status: number): never {
  process.exit(status)
}

export function onSignal(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGABRT', run: () => void): void {
  process.on(signal, run)
}

/** Stops until somebody sends SIGCONT, which is how upstart learns that a service is ready. */
export function stopForSupervisor(): void {
  process.kill(process.pid, 'SIGSTOP')
}

/** Last resort: what no code has caught. The handler must end the process. */
export function onUncaught(run: (error: unknown) => void): void {
  process.on('uncaughtException', run)
  process.on('unhandledRejection', run)
}

/**
 * Setting a title also sets the thread's short name, spaces and all, which breaks programs that split /proc/PID/stat at
 * spaces. The reference's short name is its program's; so is ours.
 */
function keepShortName(): void {
  try {
    writeFileSync('/proc/self/comm', SHORT_NAME)
  } catch {
    // Not Linux: there is no such name.
  }
}

const SHORT_NAME = 'spinel-server'

export function setProcessTitle(title: string): void {
  process.title = nodeText(title)
  keepShortName()
}

/** How many files may be open at once, or undefined where the system does not say. Node has raised it as far as allowed. */
export function openFilesMax(): number | undefined {
  try {
    const line = readFileSync('/proc/self/limits', 'latin1').match(/^Max open files +(\S+)/m)
    return line === null ? undefined : line[1] === 'unlimited' ? Infinity : Number(line[1])
  } catch {
    return undefined
  }
}

export function isInBackground(): boolean {
  return process.env[BACKGROUND_VARIABLE] !== undefined
}

/**
 * Starts this program again, detached from the terminal and with its output going nowhere, and waits until that one calls
 * `reportReady` or ends.
 *
 * @param standardInput  what the copy is to read there
 * @returns true when the copy is ready
 */
export function startInBackground(standardInput: string): Promise<boolean> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, [BACKGROUND_VARIABLE]: '1' },
  })
  child.stdin!.on('error', () => {}) // it may not read what is offered
  child.stdin!.end(Buffer.from(standardInput, 'latin1'))
  return new Promise((resolve) => {
    child.once('message', () => resolve(true))
    child.once('exit', () => resolve(false))
    child.once('error', () => resolve(false))
  })
}

/** Tells the process that waits for this one that all is well, and lets go of it. */
export function reportReady(): void {
  if (process.send === undefined) return
  process.send('ready', undefined, undefined, () => process.disconnect())
}

/**
 * Tells systemd something, through its helper program: Node cannot write to the datagram socket that systemd listens on. The
 * unit needs `NotifyAccess=all`, since it is a child that speaks.
 *
 * @param message    an option or assignment as the helper takes it: `--ready`, `STOPPING=1`
 * @param onFailure  called later when the helper cannot be run
 */
export function notifySystemd(message: string, onFailure: (reason: string) => void): void {
  const child = spawn('systemd-notify', [`--pid=${process.pid}`, message], { stdio: 'ignore' })
  child.on('error', (error) => onFailure(error.message))
  child.unref()
}
