/** Snapshots (RDB) and the append-only file (AOF). */

import { integer, memory } from '../number-types.js'
import { INT_MIN } from '../number-text.js'
import { ParameterFlag as Flag, parameter } from '../parameter.js'
import { bool, oneOf, string } from '../simple-types.js'
import { savePoints } from '../special-types.js'

const MB = 1024 * 1024

export const persistence = {
  save: parameter(
    savePoints,
    [
      { seconds: 3600, changes: 1 },
      { seconds: 300, changes: 100 },
      { seconds: 60, changes: 10000 },
    ],
    {
      since: '1.0.0',
      generation: 'now',
      doc: 'Take a snapshot when this many changes have come in within that many seconds. Several pairs may be given, on one line or several; an empty value switches snapshots off.',
    },
  ),
  dbfilename: parameter(string(checkSnapshotName), 'dump.rdb', {
    flags: Flag.protected,
    since: '1.0.0',
    generation: 'now',
    doc: 'Name of the snapshot file in the working directory.',
  }),
  'rdb-version': parameter(integer(9, 11), 11, {
    since: '0.1.0',
    generation: 'now',
    isOwn: true,
    doc: 'Format of the snapshots written: 11 for servers of 7.2, 10 for 7.0, 9 for 5.0 and 6.',
  }),
  rdbcompression: parameter(bool, true, {
    since: '1.0.0',
    generation: 'now',
    doc: 'Compress long strings in snapshots.',
  }),
  rdbchecksum: parameter(bool, true, {
    flags: Flag.immutable,
    since: '2.6.0',
    generation: 'now',
    doc: 'End snapshots with a checksum, and check it when loading.',
  }),
  'sanitize-dump-payload': parameter(oneOf(['no', 'yes', 'clients']), 'no', {
    flags: Flag.debug,
    since: '6.2.0',
    generation: 'now',
    doc: 'Check the inner structure of loaded values in full: never, always, or only for what clients send by RESTORE.',
  }),
  'stop-writes-on-bgsave-error': parameter(bool, true, {
    since: '2.6.0',
    generation: 'now',
    doc: 'Refuse writes once a background snapshot has failed, until one succeeds.',
  }),
  'rdb-del-sync-files': parameter(bool, false, {
    since: '6.0.0',
    generation: 'replication',
    doc: 'Without persistence, delete the snapshot files that replication leaves behind.',
  }),
  'rdb-save-incremental-fsync': parameter(bool, true, {
    since: '5.0.0',
    generation: 'now',
    doc: 'Sync a snapshot to disk in portions while it is written.',
  }),
  'snapshot-buffer-limit': parameter(memory(1 << 20), 64 * MB, {
    since: '0.1.0',
    generation: 'now',
    isOwn: true,
    doc: 'Memory that a snapshot under way takes at most for what it has to save before its turn; beyond it, parts of large values go to a temporary file, and writing commands wait while the disk is slower than they are.',
  }),
  'rdb-key-save-delay': parameter(integer(INT_MIN), 0, {
    flags: Flag.hidden,
    unit: 'microseconds',
    since: '6.0.0',
    generation: 'now',
    doc: 'Pause after each key of a snapshot, to make snapshots slow in tests; a negative value pauses every that many keys.',
  }),
  appendonly: parameter(bool, false, {
    flags: Flag.denyLoading,
    since: '2.0.0',
    generation: 'now',
    doc: 'Log every write to the append-only file.',
  }),
  appendfilename: parameter(string(checkLogName), 'appendonly.aof', {
    flags: Flag.immutable,
    since: '2.0.0',
    generation: 'now',
    doc: 'Beginning of the names of all files the append-only file consists of.',
  }),
  appenddirname: parameter(string(checkLogDirectory), 'appendonlydir', {
    flags: Flag.immutable,
    since: '7.0.0',
    generation: 'now',
    doc: 'Directory for these files, in the working directory.',
  }),
  appendfsync: parameter(oneOf(['everysec', 'always', 'no']), 'everysec', {
    since: '2.0.0',
    generation: 'now',
    doc: 'When the file is synced to disk: once a second, before replies are sent, or when the operating system sees fit.',
  }),
  'no-appendfsync-on-rewrite': parameter(bool, false, {
    since: '2.2.0',
    generation: 'now',
    doc: 'Do not sync while a snapshot or a rewrite is being written.',
  }),
  'auto-aof-rewrite-percentage': parameter(integer(0), 100, {
    unit: 'percent',
    since: '2.4.0',
    generation: 'now',
    doc: 'Rewrite the file when it has grown by this much since the last time; 0 never does.',
  }),
  'auto-aof-rewrite-min-size': parameter(memory(0), 64 * MB, {
    unit: 'bytes',
    since: '2.4.0',
    generation: 'now',
    doc: 'Leave a file smaller than this alone.',
  }),
  'aof-rewrite-incremental-fsync': parameter(bool, true, {
    since: '2.6.13',
    generation: 'now',
    doc: 'Sync a rewrite to disk in portions while it is written.',
  }),
  'aof-load-truncated': parameter(bool, true, {
    since: '2.8.15',
    generation: 'now',
    doc: 'Load a file that ends in the middle of a command, dropping that command; otherwise the server refuses to start.',
  }),
  'aof-use-rdb-preamble': parameter(bool, true, {
    since: '4.0.0',
    generation: 'now',
    doc: 'Begin a rewritten file with a snapshot, which is smaller and loads faster than commands.',
  }),
  'aof-timestamp-enabled': parameter(bool, false, {
    since: '7.0.0',
    generation: 'now',
    doc: 'Note the time in the file now and then, so that it can be cut back to a moment.',
  }),
  'aof-disable-auto-gc': parameter(bool, false, {
    flags: Flag.hidden,
    since: '7.0.0',
    generation: 'now',
    doc: 'Keep files that a rewrite has replaced; used by tests.',
  }),
}

function checkSnapshotName(name: string): string | undefined {
  return isBaseName(name) ? undefined : "dbfilename can't be a path, just a filename"
}

function checkLogName(name: string): string | undefined {
  if (name === '') return "appendfilename can't be empty"
  return isBaseName(name) ? undefined : "appendfilename can't be a path, just a filename"
}

function checkLogDirectory(name: string): string | undefined {
  if (name === '') return "appenddirname can't be empty"
  return isBaseName(name) ? undefined : "appenddirname can't be a path, just a dirname"
}

function isBaseName(name: string): boolean {
  return !name.includes('/') && !name.includes('\\')
}
