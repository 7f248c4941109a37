/**
 * What goes to the log when the server ends by a mistake of its own: what happened and where, the state of the server, and
 * the client and command at work. The headings are those that tools look for.
 */

import { AssertionError } from '../base/assert.js'
import { latin1 } from '../base/bytes.js'
import { clientLine } from '../introspection/client-line.js'
import { InfoFacts } from '../introspection/info/facts.js'
import { infoFigures } from '../introspection/info/figures.js'
import { infoText } from '../introspection/info/report.js'
import { secretArguments } from '../introspection/redaction.js'
import { REFERENCE_VERSION, SPINEL_VERSION } from '../introspection/version.js'
import type { Store } from '../engine/store.js'

/** Clients and arguments listed at most, and characters shown of an argument. */
const CLIENTS_MAX = 200
const ARGUMENTS_MAX = 32
const ARGUMENT_CHARACTERS_MAX = 128

/** What ended the server: an error nobody caught, or a signal of the system. */
export type Crash = { readonly error: unknown } | { readonly signal: string; readonly number: number }

export function crashReport(store: Store, crash: Crash): string {
  const parts = [
    '\n\n=== REDIS BUG REPORT START: Cut & paste starting from here ===\n',
    causeText(crash),
    section('STACK TRACE', stackText(crash)),
    section(
      'INFO OUTPUT',
      attempt(() => infoOf(store)),
    ),
    section(
      'CLIENT LIST OUTPUT',
      attempt(() => clientsOf(store)),
    ),
    section(
      'CURRENT CLIENT INFO',
      attempt(() => currentCall(store)),
    ),
    section(
      'CONFIG DEBUG OUTPUT',
      attempt(() => store.config.debugLines().join('\n')),
    ),
    '\n=== REDIS BUG REPORT END. Make sure to include from START to END. ===\n\n',
    'Please report this crash to the authors of Spinel, with all of the above.\n',
  ]
  return parts.join('')
}

function causeText(crash: Crash): string {
  const version = `Spinel ${SPINEL_VERSION} (Redis ${REFERENCE_VERSION})`
  if ('signal' in crash) return `${version} crashed by signal: ${crash.number} (${crash.signal})\n`
  if (crash.error instanceof AssertionError) {
    return `=== ASSERTION FAILED ===\n==> ${crash.error.message}\n${version} crashed by signal: 11, raised by itself\n`
  }
  return `Guru Meditation: ${messageOf(crash.error)}\n${version} crashed by signal: 11, raised by itself\n`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

function stackText(crash: Crash): string {
  if ('signal' in crash) return new Error('stack').stack?.split('\n').slice(1).join('\n') ?? ''
  const { error } = crash
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\nCaused by ${stackText({ error: error.cause })}`
  return `${error.stack ?? messageOf(error)}${cause}`
}

function section(title: string, text: string): string {
  return `\n------ ${title} ------\n${text.replaceAll('\r', '')}\n`
}

/** The state may be what is broken: a part that cannot be told must not cost the rest of the report. */
function attempt(part: () => string): string {
  try {
    return part()
  } catch (error) {
    return `(not available: ${messageOf(error)})`
  }
}

function infoOf(store: Store): string {
  return infoText(new InfoFacts(store, store.services.get(infoFigures)), ['everything'])
}

function clientsOf(store: Store): string {
  const lines: string[] = []
  const nowMs = store.environment.clock.nowMs()
  for (const client of store.clients.values()) {
    if (lines.length === CLIENTS_MAX) {
      lines.push(`... and ${store.clients.count - CLIENTS_MAX} more`)
      break
    }
    lines.push(clientLine(client, nowMs))
  }
  return lines.join('\n')
}

/** The innermost command at work, with its arguments. */
function currentCall(store: Store): string {
  const call = store.executor.currentCall
  if (call === undefined) return '(no command is running)'
  const lines = [clientLine(call.client, store.environment.clock.nowMs()), `argc: ${call.argc}`]
  const secrets = secretArguments(call)
  for (let i = 0; i < Math.min(call.argc, ARGUMENTS_MAX); i++) {
    const shown = secrets.includes(i) ? '(redacted)' : latin1(call.bytes, call.starts[i]!, call.ends[i]!)
    lines.push(`argv[${i}]: ${JSON.stringify(shown.slice(0, ARGUMENT_CHARACTERS_MAX))} (${call.length(i)} bytes)`)
  }
  return lines.join('\n')
}
