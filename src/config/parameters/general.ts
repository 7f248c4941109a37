/** The process: how it starts, logs, schedules its chores, stops and crashes. */

import { integer } from '../number-types.js'
import { INT_MIN } from '../number-text.js'
import { ParameterFlag as Flag, parameter } from '../parameter.js'
import { processTitle } from '../process-title.js'
import { anyOf, bool, oneOf, optionalString, string } from '../simple-types.js'
import { directory, oomScores } from '../special-types.js'
import type { ValueContext } from '../value-type.js'

const permission = oneOf(['no', 'yes', 'local'])
const signalReaction = anyOf('default', ['save', 'nosave', 'now', 'force'], (chosen) =>
  chosen.includes('save') && chosen.includes('nosave')
    ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
    : undefined,
)

export const general = {
  daemonize: parameter(bool, false, {
    flags: Flag.immutable,
    since: '1.0.0',
    generation: 'now',
    doc: 'Detach from the terminal and run in the background.',
  }),
  supervised: parameter(oneOf(['upstart', 'systemd', 'auto', 'no']), 'no', {
    flags: Flag.immutable,
    since: '3.2.0',
    generation: 'now',
    doc: 'Tell the service manager when the server is ready; "auto" finds out from the environment which one there is.',
  }),
  pidfile: parameter(optionalString(), '', {
    flags: Flag.immutable,
    since: '1.0.0',
    generation: 'now',
    doc: 'File that holds the process id while the server runs. In the background it defaults to /var/run/redis.pid.',
  }),
  dir: parameter(directory, '', {
    flags: Flag.protected | Flag.denyLoading,
    since: '1.0.0',
    generation: 'now',
    example: './',
    doc: 'Working directory: relative paths, those of data files included, start here.',
  }),
  loglevel: parameter(oneOf(['debug', 'verbose', 'notice', 'warning', 'nothing']), 'notice', {
    since: '1.0.0',
    generation: 'now',
    doc: 'The least important messages that are still logged.',
  }),
  logfile: parameter(string(), '', {
    flags: Flag.immutable,
    since: '1.0.0',
    generation: 'now',
    doc: 'Where the log goes; empty for standard output.',
  }),
  'syslog-enabled': parameter(bool, false, {
    flags: Flag.immutable,
    since: '2.2.0',
    generation: 'now',
    doc: 'Log to the system logger too, through the program logger.',
  }),
  'syslog-ident': parameter(string(), 'redis', {
    flags: Flag.immutable,
    since: '2.2.0',
    generation: 'now',
    doc: 'Name under which the system logger files the messages.',
  }),
  'syslog-facility': parameter(
    oneOf(['user', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7']),
    'local0',
    {
      flags: Flag.immutable,
      since: '2.2.0',
      generation: 'now',
      doc: 'Facility of the system logger.',
    },
  ),
  databases: parameter(integer(1), 16, {
    flags: Flag.immutable,
    since: '1.0.0',
    generation: 'now',
    doc: 'How many databases there are, numbered from 0. Cluster mode has exactly one.',
  }),
  'always-show-logo': parameter(bool, false, {
    flags: Flag.immutable,
    since: '4.0.0',
    generation: 'now',
    doc: 'Print the logo on start-up even when the log does not go to a terminal.',
  }),
  'set-proc-title': parameter(bool, true, {
    flags: Flag.immutable,
    since: '6.2.0',
    generation: 'now',
    doc: 'Show what the server is doing in the title of its process.',
  }),
  'proc-title-template': parameter(string(checkTitle), '{title} {listen-addr} {server-mode}', {
    since: '6.2.0',
    generation: 'now',
    doc: 'Form of the process title. Variables: {title}, {listen-addr}, {server-mode}, {port}, {tls-port}, {unixsocket}, {config-file}.',
  }),
  'locale-collate': parameter(string(), '', {
    since: '7.2.0',
    generation: 'none',
    doc: 'Locale by which SORT ... ALPHA orders texts; empty for the one of the environment.',
  }),
  hz: parameter(integer(0, undefined, [1, 500]), 10, {
    unit: 'per second',
    since: '2.6.11',
    generation: 'now',
    doc: 'How often background chores run. Values outside 1 to 500 are pulled into that range.',
  }),
  'dynamic-hz': parameter(bool, true, {
    since: '5.0.0',
    generation: 'now',
    doc: 'Run the chores more often while very many clients are connected.',
  }),
  activerehashing: parameter(bool, true, {
    since: '2.0.0',
    generation: 'none',
    doc: 'Whether idle time goes into moving hash tables to a new size; the tables here grow without that.',
  }),
  'shutdown-timeout': parameter(integer(0), 10, {
    unit: 'seconds',
    since: '7.0.0',
    generation: 'replication',
    doc: 'How long a shutdown waits for replicas to catch up.',
  }),
  'shutdown-on-sigint': parameter(signalReaction, [], {
    since: '7.0.0',
    generation: 'now',
    doc: 'What SIGINT does: "default" snapshots if save points are set; save, nosave, now and force act as those options of SHUTDOWN do.',
  }),
  'shutdown-on-sigterm': parameter(signalReaction, [], {
    since: '7.0.0',
    generation: 'now',
    doc: 'What SIGTERM does; see shutdown-on-sigint.',
  }),
  'enable-protected-configs': parameter(permission, 'no', {
    flags: Flag.immutable,
    since: '7.0.0',
    generation: 'now',
    doc: 'Who may change protected parameters (dir, dbfilename) by CONFIG SET: nobody, everybody, or local clients only.',
  }),
  'enable-debug-command': parameter(permission, 'no', {
    flags: Flag.immutable,
    since: '7.0.0',
    generation: 'now',
    doc: 'Who may use DEBUG: nobody, everybody, or local clients only.',
  }),
  'enable-module-command': parameter(permission, 'no', {
    flags: Flag.immutable,
    since: '7.0.0',
    generation: 'now',
    doc: 'Who may use MODULE: nobody, everybody, or local clients only.',
  }),
  'ignore-warnings': parameter(string(), '', {
    since: '5.0.11',
    generation: 'none',
    doc: 'Names of start-up checks whose failure is to be ignored; Spinel has none of those checks.',
  }),
  'crash-log-enabled': parameter(bool, true, {
    since: '6.2.0',
    generation: 'now',
    doc: 'Log the state of the server when it crashes.',
  }),
  'crash-memcheck-enabled': parameter(bool, true, {
    since: '6.2.0',
    generation: 'none',
    doc: 'Test the memory of the machine after a crash.',
  }),
  'use-exit-on-panic': parameter(bool, false, {
    flags: Flag.hidden,
    since: '6.2.0',
    generation: 'none',
    doc: 'End with an exit status instead of a signal after a crash, which Spinel does in any case; used by tests.',
  }),
  'watchdog-period': parameter(integer(0), 0, {
    flags: Flag.hidden,
    unit: 'milliseconds',
    since: '2.6.0',
    generation: 'none',
    doc: 'Log where the server is when one step takes longer than this; 0 switches the watchdog off.',
  }),
  'oom-score-adj': parameter(oneOf(['no', 'yes', 'absolute'], { relative: 'yes' }), 'no', {
    since: '6.0.7',
    generation: 'now',
    doc: "Adjust how likely Linux's out-of-memory killer picks this process: not at all, relative to the score found on start-up, or to an absolute score.",
  }),
  'oom-score-adj-values': parameter(oomScores, [0, 200, 800], {
    since: '6.0.7',
    generation: 'now',
    doc: 'Scores used by oom-score-adj for a primary, a replica and a background child.',
  }),
  'disable-thp': parameter(bool, true, {
    flags: Flag.immutable,
    since: '6.2.0',
    generation: 'none',
    doc: 'Ask Linux not to back this process with huge pages, which only hurt a server that forks.',
  }),
  'jemalloc-bg-thread': parameter(bool, true, {
    since: '6.0.0',
    generation: 'none',
    doc: "Background thread of jemalloc; Spinel's arena needs none.",
  }),
  server_cpulist: parameter(optionalString(), '', {
    flags: Flag.immutable,
    since: '6.0.2',
    generation: 'none',
    doc: 'Processors for the main thread; use taskset or the service manager instead.',
  }),
  bio_cpulist: parameter(optionalString(), '', {
    flags: Flag.immutable,
    since: '6.0.2',
    generation: 'none',
    doc: 'Processors for background threads.',
  }),
  aof_rewrite_cpulist: parameter(optionalString(), '', {
    flags: Flag.immutable,
    since: '6.0.2',
    generation: 'none',
    doc: 'Processors for the child that rewrites the AOF; there is no child here.',
  }),
  bgsave_cpulist: parameter(optionalString(), '', {
    flags: Flag.immutable,
    since: '6.0.2',
    generation: 'none',
    doc: 'Processors for the child that takes a snapshot; there is no child here.',
  }),
  'key-load-delay': parameter(integer(INT_MIN), 0, {
    flags: Flag.hidden,
    unit: 'microseconds',
    since: '6.0.0',
    generation: 'now',
    doc: 'Pause after each key while loading, to make loading slow in tests; a negative value pauses every that many keys.',
  }),
  'loading-process-events-interval-bytes': parameter(integer(1024), 2 * 1024 * 1024, {
    flags: Flag.hidden,
    unit: 'bytes',
    since: '7.0.0',
    generation: 'none',
    doc: 'While loading, look after clients each time this many bytes have been read.',
  }),
}

/** A title must name known variables only, and come out non-empty even without the program's own name. */
function checkTitle(template: string, context: ValueContext): string | undefined {
  const { isSentinel } = context
  const facts = { title: '', configFile: '', isSentinel, textOf: (name: string) => context.textOf(name) }
  return processTitle(template, facts) ? undefined : 'template format is invalid or contains unknown variables'
}
