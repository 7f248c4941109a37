/** MIGRATE. */

import type { Call } from '../../engine/call.js'
import { ClientFlag, Gate } from '../../engine/client.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { type Migrations, migrations } from '../../persistence/migrate/migrations.js'
import type { MigrationRequest, MigrationResult } from '../../persistence/migrate/request.js'
import { ErrorReply } from '../../protocol/errors.js'
import { findMigrateKeys, findMigrateSecrets, parseMigration } from './migrate-arguments.js'

/**
 * MIGRATE host port key|"" destination-db timeout [COPY] [REPLACE] [AUTH password | AUTH2 username password] [KEYS key …]
 *
 * Errors:  syntax; KEYS beside a key; not an integer (timeout, then database); IOERR (no connection; lost or too slow while writing
 *          or reading); what the target replied with. Keys that the target has confirmed are gone all the same.
 *          Refused in scripts, which cannot wait.
 * Effects: without COPY deletes the keys that have arrived and emits `del` for each; replicated as DEL of these.
 */
export const migrate = defineCommand({
  name: 'MIGRATE',
  summary: 'Moves keys to another server: they are there, or still here, but not lost.',
  since: '2.6.0',
  group: 'generic',
  complexity: 'That of DUMP and DEL here and of RESTORE there, and O(N) to send it, N = bytes',
  arity: -6,
  flags: Flag.write,
  acl: ['keyspace', 'dangerous'],
  tips: ['nondeterministic_output'],
  keys: [
    { at: 3, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete },
    {
      keyword: 'KEYS',
      from: -2,
      last: -1,
      step: 1,
      access: Access.readWrite | Access.returnsData | Access.delete | Access.incomplete,
    },
  ],
  args: [
    'host:string',
    'port:integer',
    { name: 'key-selector', type: 'oneof', args: ['key:key key=0', 'empty-string:pure-token token=""'] },
    'destination-db:integer',
    'timeout:integer',
    'copy:pure-token token=COPY optional since=3.0.0',
    'replace:pure-token token=REPLACE optional since=3.0.0',
    {
      name: 'authentication',
      type: 'oneof',
      isOptional: true,
      args: [
        'auth:string token=AUTH display=password since=4.0.7',
        { name: 'auth2', type: 'block', token: 'AUTH2', since: '6.0.0', args: ['username:string', 'password:string'] },
      ],
    },
    'keys:key token=KEYS key=1 display=key optional multiple since=3.0.6',
  ],
  history: [
    ['3.0.0', 'Options: `COPY`, `REPLACE`.'],
    ['3.0.6', 'Option: `KEYS`.'],
    ['4.0.7', 'Option: `AUTH`.'],
    ['6.0.0', 'Option: `AUTH2`.'],
  ],
  reply: 'ok|simple',
  findKeys: findMigrateKeys,
  keyAccess: () => Access.readWrite | Access.returnsData | Access.delete,
  findSecrets: findMigrateSecrets,

  run(call) {
    const { client, store } = call
    if ((client.flags & ClientFlag.script) !== 0) return call.fail(ErrorReply.scriptCallForbidden)
    const request = parseMigration(call)
    if (request === undefined) return
    const service = store.services.get(migrations)
    if ((client.gate & Gate.denyBlocking) !== 0) return moveWithin(call, service, request)
    const { suspension } = store.executor
    suspension.detach((command) => {
      service.start(request, false, (result) => suspension.resume(command, (later) => finish(later, request, result)))
    })
  },
})

/** Within a transaction, which goes on when the keys have been moved. */
function moveWithin(call: Call, service: Migrations, request: MigrationRequest): void {
  const { suspension } = call.store.executor
  let outcome: MigrationResult | undefined
  const goOn = (later: Call): void => {
    if (outcome === undefined) suspension.suspendAmongPaused(goOn)
    else finish(later, request, outcome)
  }
  suspension.suspendAmongPaused(goOn)
  service.start(request, true, (result) => {
    outcome = result
    suspension.goOn()
  })
}

function finish(call: Call, request: MigrationRequest, result: MigrationResult): void {
  call.propagateNothing()
  if (!request.copies) deleteMoved(call, request, result)
  const { problem } = result
  if (problem === 'none') call.reply.ok()
  else if (problem === 'missing') call.reply.simple('NOKEY')
  else if (problem === 'refused') call.fail(ErrorReply.migrateTarget(result.targetError))
  else if (problem === 'connecting') call.fail(ErrorReply.migrateConnect)
  else call.fail(problem === 'writing' ? ErrorReply.migrateWrite : ErrorReply.migrateRead)
}

/** The keys are where they were: writes have been waiting since they were sent. */
function deleteMoved(call: Call, { database }: MigrationRequest, { moved }: MigrationResult): void {
  const { bytes, ends, keyspace, starts } = call
  for (const index of moved) {
    const entry = database.find(bytes, starts[index]!, ends[index]!)
    if (entry !== 0) database.remove(entry, keyspace.lazyFreesOverwritten)
    call.changed(1, 'del', index)
  }
  if (moved.length !== 0) call.propagateAs(['DEL', ...moved.map((index) => call.copyBytes(index))])
}
