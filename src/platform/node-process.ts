/** The process as a program: arguments, standard input, signals, exit. */

import { readFileSync, writeSync } from 'node:fs'
import process from 'node:process'

/** Arguments behind the program's name, as byte strings. */
export function programArguments(): string[] {
  return process.argv.slice(2).map((argument) => Buffer.from(argument, 'utf8').toString('latin1'))
}

export function programName(): string {
  return process.argv[1] ?? ''
}

/** All of standard input, as a byte string. */
export function readStandardInput(): string {
  return readFileSync(0).toString('latin1')
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

export function onSignal(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR1', run: () => void): void {
  process.on(signal, run)
}

/** Last resort: what no code has caught. The handler must end the process. */
export function onUncaught(run: (error: unknown) => void): void {
  process.on('uncaughtException', run)
  process.on('unhandledRejection', run)
}

export function setProcessTitle(title: string): void {
  process.title = title
}
