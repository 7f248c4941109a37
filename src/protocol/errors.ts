/**
 * Every error a client can be sent, once, byte for byte as Redis 7.2.4 words it.
 *
 * An `ErrorReply` is a value, encoded when it is made: fixed texts at load time, texts with parts when their function is
 * called (a cold path). `text` is a byte string, one character a byte, so that what a client sent comes back unchanged
 * whatever its charset; `code` is the first word on the wire and the name counted by INFO errorstats.
 *
 * Parts follow the reference: they end at the first NUL byte (it prints C strings), CR and LF inside the text become
 * spaces, and those at either end of it are dropped.
 */

import { formatFixed } from '../base/double.js'

export type ErrorReply = {
  readonly code: string
  readonly text: string
  /** The whole reply: `-CODE text\r\n`. */
  readonly bytes: Uint8Array
}

export function defineError(code: string, text: string): ErrorReply {
  const clean = trimLineBreaks(text).replace(/[\r\n]/g, ' ')
  const line = clean === '' ? `-${code}\r\n` : `-${code} ${clean}\r\n`
  return { code, text: clean, bytes: encodeBytes(line) }
}

/** What the error says after the dash: the form EXEC, MONITOR and scripts quote. Plain errors are quoted without their code. */
export function quoteError(error: ErrorReply): string {
  return error.code === 'ERR' ? error.text : `${error.code} ${error.text}`
}

/** So many arguments of an unknown command can matter to its preview: each takes three bytes of the 128 at least. */
export const PREVIEW_ARGS_MAX = 43

const PREVIEW_BYTES = 128

const plain = (text: string): ErrorReply => defineError('ERR', text)

export const ErrorReply = {
  // Protocol: after any of these the connection is closed.
  protocolInlineTooBig: plain('Protocol error: too big inline request'),
  protocolUnbalancedQuotes: plain('Protocol error: unbalanced quotes in request'),
  protocolMultibulkCountTooLong: plain('Protocol error: too big mbulk count string'),
  protocolInvalidMultibulkLength: plain('Protocol error: invalid multibulk length'),
  protocolUnauthenticatedMultibulk: plain('Protocol error: unauthenticated multibulk length'),
  protocolBulkCountTooLong: plain('Protocol error: too big bulk count string'),
  protocolInvalidBulkLength: plain('Protocol error: invalid bulk length'),
  protocolUnauthenticatedBulk: plain('Protocol error: unauthenticated bulk length'),
  protocolExpectedDollar: (got: number) => plain(`Protocol error: expected '$', got '${String.fromCharCode(got)}'`),

  // Admission: reasons to refuse a command before it runs.
  unknownCommand: (name: string, args: readonly string[]) =>
    plain(`unknown command '${part(name, PREVIEW_BYTES)}', with args beginning with: ${previewArgs(args)}`),
  unknownSubcommand: (name: string, container: string) =>
    plain(`unknown subcommand '${part(name, 128)}'. Try ${upper(container)} HELP.`),
  unknownSubcommandOrArity: (name: string, container: string) =>
    plain(`unknown subcommand or wrong number of arguments for '${part(name, 128)}'. Try ${upper(container)} HELP.`),
  /** @param name  the full name: lower case, `config|get` for a subcommand */
  wrongArity: (name: string) => plain(`wrong number of arguments for '${part(name)}' command`),
  syntax: plain('syntax error'),
  bare: defineError('ERR', ''),
  /** A command or subcommand of the reference that is to come. */
  notBuilt: (name: string) => plain(`command '${part(name)}' is not built yet in Spinel`),
  wrongType: defineError('WRONGTYPE', 'Operation against a key holding the wrong kind of value'),
  noAuth: defineError('NOAUTH', 'Authentication required.'),
  loading: defineError('LOADING', 'Redis is loading the dataset in memory'),
  busyEval: defineError('BUSY', 'Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.'),
  busyFunction: defineError(
    'BUSY',
    'Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.',
  ),
  busyModule: defineError('BUSY', 'Redis is busy running a module command.'),
  primaryDown: defineError('MASTERDOWN', "Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
  misconfSnapshot: defineError(
    'MISCONF',
    "Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify " +
      'the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting ' +
      'fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.',
  ),
  misconfAppendOnly: (reason: string) => defineError('MISCONF', `Errors writing to the AOF file: ${part(reason)}`),
  readOnlyReplica: defineError('READONLY', "You can't write against a read only replica."),
  outOfMemory: defineError('OOM', "command not allowed when used memory > 'maxmemory'."),
  notEnoughReplicas: defineError('NOREPLICAS', 'Not enough good replicas to write.'),
  replicaKeyspace: plain("Replica can't interact with the keyspace"),
  notAllowedInTransaction: plain('Command not allowed inside a transaction'),
  subscriberContext: (name: string) =>
    plain(
      `Can't execute '${part(name)}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
    ),
  protectedCommand: (command: 'DEBUG' | 'MODULE', option: 'enable-debug-command' | 'enable-module-command') =>
    plain(
      `${command} command not allowed. If the ${option} option is set to "local", you can run it from a local connection, ` +
        'otherwise you need to set this option in the configuration file, and then restart the server.',
    ),
  unblocked: defineError('UNBLOCKED', 'client unblocked via CLIENT UNBLOCK'),
  unblockedByRoleChange: defineError(
    'UNBLOCKED',
    'force unblock from blocking operation, instance state changed (master -> replica?)',
  ),
  denyBlockingMonitor: plain("MONITOR isn't allowed for DENY BLOCKING client"),
  denyBlockingSubscribe: plain("SUBSCRIBE isn't allowed for a DENY BLOCKING client"),
  denyBlockingPsubscribe: plain("PSUBSCRIBE isn't allowed for a DENY BLOCKING client"),
  denyBlockingSsubscribe: plain("SSUBSCRIBE isn't allowed for a DENY BLOCKING client"),
  denyBlockingShutdown: plain("SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client"),

  // Connections.
  tooManyClients: plain('max number of clients reached'),
  tooManyClientsOrLinks: plain('max number of clients + cluster connections reached'),
  protectedMode: defineError(
    'DENIED',
    'Redis is running in protected mode because protected mode is enabled and no password is set for the default user. ' +
      'In this mode connections are only accepted from the loopback interface. If you want to connect from external ' +
      'computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode sending the command ' +
      "'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the same host the server is " +
      'running, however MAKE SURE Redis is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make ' +
      'this change permanent. 2) Alternatively you can just disable the protected mode by editing the Redis configuration ' +
      "file, and setting the protected mode option to 'no', and then restarting the server. 3) If you started the server " +
      "manually just for testing, restart it with the '--protected-mode no' option. 4) Set up an authentication password " +
      'for the default user. NOTE: You only need to do one of the above things in order for the server to start accepting ' +
      'connections from the outside.',
  ),
  unsupportedProtocol: defineError('NOPROTO', 'unsupported protocol version'),
  protocolVersionNotAnInteger: plain('Protocol version is not an integer or out of range'),
  helloSyntax: (option: string) => plain(`Syntax error in HELLO option '${part(option)}'`),
  helloUnauthenticated: defineError(
    'NOAUTH',
    'HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can ' +
      'be used to authenticate the client and select the RESP protocol version at the same time',
  ),
  resetNotNormalClient: plain('can only reset normal client connections'),

  // Access control.
  wrongPass: defineError('WRONGPASS', 'invalid username-password pair or user is disabled.'),
  authWithoutPassword: plain(
    'AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
  ),
  noPermission: (reason: string) => defineError('NOPERM', reason),
  noPermissionCommand: (user: string, name: string) =>
    defineError('NOPERM', `User ${user} has no permissions to run the '${name}' command`),
  noPermissionKey: defineError('NOPERM', 'No permissions to access a key'),
  noPermissionChannel: defineError('NOPERM', 'No permissions to access a channel'),
  noPermissionAtExec: (reason: string) =>
    defineError(
      'NOPERM',
      'ACLs rules changed between the moment the transaction was accumulated and the EXEC call. ' +
        `This command is no longer allowed for the following reason: ${reason}`,
    ),
  aclUserNameSpaces: plain("Usernames can't contain spaces or null characters"),
  aclSetUser: (modifier: string, reason: string) =>
    plain(`Error in ACL SETUSER modifier '${part(modifier)}': ${reason}`),
  aclDefaultUserRemoval: plain("The 'default' user cannot be removed"),
  aclNoFile: plain(
    'This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command ' +
      'and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the ' +
      'Redis configuration.',
  ),
  /** @param reasons  what is wrong with the file, line by line, already joined */
  aclLoad: (reasons: string) => plain(reasons),
  aclSave: plain('There was an error trying to save the ACLs. Please check the server logs for more information'),
  aclUnknownCategory: (name: string) => plain(`Unknown category '${part(name, 128)}'`),
  aclGenpassBits: plain(
    'ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096',
  ),
  aclUserNotFound: (name: string) => plain(`User '${part(name)}' not found`),
  aclCommandNotFound: (name: string) => plain(`Command '${part(name)}' not found`),

  // Numbers.
  notAnInteger: plain('value is not an integer or out of range'),
  notAFloat: plain('value is not a valid float'),
  outOfRange: plain('value is out of range'),
  outOfRangePositive: plain('value is out of range, must be positive'),
  outOfRangeBetween: (least: number | string, most: number | string) =>
    plain(`value is out of range, value must between ${least} and ${most}`),
  indexOutOfRange: plain('index out of range'),
  offsetOutOfRange: plain('offset is out of range'),
  incrementOverflow: plain('increment or decrement would overflow'),
  decrementOverflow: plain('decrement would overflow'),
  incrementNotFinite: plain('increment would produce NaN or Infinity'),
  numkeysNotPositive: plain('numkeys should be greater than 0'),
  countNotPositive: plain('count should be greater than 0'),
  countMustBePositive: plain('COUNT must be > 0'),
  countNegative: plain("COUNT can't be negative"),
  limitNegative: plain("LIMIT can't be negative"),
  maxlenNegative: plain("MAXLEN can't be negative"),
  timeoutNotAFloat: plain('timeout is not a float or out of range'),
  timeoutNotAnInteger: plain('timeout is not an integer or out of range'),
  timeoutOutOfRange: plain('timeout is out of range'),
  timeoutNegative: plain('timeout is negative'),
  tooManyKeys: plain("Number of keys can't be greater than number of args"),
  keyCountNegative: plain("Number of keys can't be negative"),

  // Keys and databases.
  noSuchKey: plain('no such key'),
  sameObject: plain('source and destination objects are the same'),
  busyKey: defineError('BUSYKEY', 'Target key name already exists.'),
  databaseOutOfRange: plain('DB index is out of range'),
  firstDatabaseInvalid: plain('invalid first DB index'),
  secondDatabaseInvalid: plain('invalid second DB index'),
  invalidCursor: plain('invalid cursor'),
  unknownTypeObject: plain('unknown type object'),
  selectInCluster: plain('SELECT is not allowed in cluster mode'),
  moveInCluster: plain('MOVE is not allowed in cluster mode'),
  copyInCluster: plain('Copying to another database is not allowed in cluster mode'),
  swapdbInCluster: plain('SWAPDB is not allowed in cluster mode'),
  noShutdownInProgress: plain('No shutdown in progress.'),
  shutdownFailed: plain('Errors trying to SHUTDOWN. Check logs.'),
  shutdownRefused: (reason: string) => plain(`Errors trying to SHUTDOWN. ${reason}`),
  shutdownEmbedded: plain('This store is part of another program, which alone can end it'),
  invalidExpireTime: (name: string) => plain(`invalid expire time in '${part(name)}' command`),
  expireUnsupportedOption: (option: string) => plain(`Unsupported option ${part(option)}`),
  expireNxClash: plain('NX and XX, GT or LT options at the same time are not compatible'),
  expireGtLtClash: plain('GT and LT options at the same time are not compatible'),
  restoreIdleTime: plain('Invalid IDLETIME value, must be >= 0'),
  restoreFrequency: plain('Invalid FREQ value, must be >= 0 and <= 255'),
  restoreTtl: plain('Invalid TTL value, must be >= 0'),
  dumpPayload: plain('DUMP payload version or checksum are wrong'),
  dumpFormat: plain('Bad data format'),
  migrateKeysClash: plain('When using MIGRATE KEYS option, the key argument must be set to the empty string'),
  migrateConnect: defineError('IOERR', 'error or timeout connecting to the client'),
  migrateWrite: defineError('IOERR', 'error or timeout writing to target instance'),
  migrateRead: defineError('IOERR', 'error or timeout reading to target instance'),
  migrateTarget: (line: string) => plain(`Target instance replied with error: ${part(line)}`),

  // Strings and bits.
  stringTooLong: plain('string exceeds maximum allowed size (proto-max-bulk-len)'),
  lcsNotStrings: plain('The specified keys must contain string values'),
  lcsLengthAndIndexes: plain('If you want both the length and indexes, please just use IDX.'),
  lcsTooLong: plain('String too long for LCS'),
  lcsMemoryLimit: plain('Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len'),
  lcsMemory: plain('Insufficient memory, failed allocating transient memory for LCS'),
  bitOffset: plain('bit offset is not an integer or out of range'),
  bitValue: plain('bit is not an integer or out of range'),
  bitArgument: plain('The bit argument must be 1 or 0.'),
  bitopNotOneSource: plain('BITOP NOT must be called with a single source key.'),
  bitfieldType: plain('Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.'),
  bitfieldOverflow: plain('Invalid OVERFLOW type specified'),
  bitfieldReadOnly: plain('BITFIELD_RO only supports the GET subcommand'),

  // HyperLogLog.
  notHyperLogLog: defineError('WRONGTYPE', 'Key is not a valid HyperLogLog string value.'),
  corruptHyperLogLog: defineError('INVALIDOBJ', 'Corrupted HLL object detected'),
  hyperLogLogNoKey: plain('The specified key does not exist'),
  hyperLogLogNotSparse: plain('HLL encoding is not sparse'),
  hyperLogLogUnknownSubcommand: (name: string) => plain(`Unknown PFDEBUG subcommand '${part(name)}'`),
  hyperLogLogSelfTest: (finding: string) => plain(`TESTFAILED ${finding}`),

  // Lists, hashes, sets, sorted sets, sort.
  rankZero: plain(
    "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end " +
      'of the list',
  ),
  hashNotAnInteger: plain('hash value is not an integer'),
  hashNotAFloat: plain('hash value is not a float'),
  nanOrInfinity: plain('value is NaN or Infinity'),
  nanScore: plain('resulting score is not a number (NaN)'),
  zaddXxNx: plain('XX and NX options at the same time are not compatible'),
  zaddGtLtNx: plain('GT, LT, and/or NX options at the same time are not compatible'),
  zaddIncrPairs: plain('INCR option supports a single increment-element pair'),
  rangeNotAFloat: plain('min or max is not a float'),
  rangeNotAString: plain('min or max not valid string range item'),
  weightNotAFloat: plain('weight value is not a float'),
  inputKeyNeeded: (name: string) => plain(`at least 1 input key is needed for '${part(name)}' command`),
  rangeLimitAlone: plain('syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX'),
  rangeScoresByLex: plain('syntax error, WITHSCORES not supported in combination with BYLEX'),
  sortByInCluster: plain('BY option of SORT denied in Cluster mode.'),
  sortByPermission: plain('BY option of SORT denied due to insufficient ACL permissions.'),
  sortGetInCluster: plain('GET option of SORT denied in Cluster mode.'),
  sortGetPermission: plain('GET option of SORT denied due to insufficient ACL permissions.'),
  hashFieldCount: plain('numfields should be greater than 0 and match the provided number of fields'),
  sortScores: plain("One or more scores can't be converted into double"),

  // Geography.
  invalidPosition: (longitude: number, latitude: number) =>
    plain(`invalid longitude,latitude pair ${formatFixed(longitude, 6)},${formatFixed(latitude, 6)}`),
  geoUnit: plain('unsupported unit provided. please use M, KM, FT, MI'),
  geoRadiusNotNumeric: plain('need numeric radius'),
  geoRadiusNegative: plain('radius cannot be negative'),
  geoWidthNotNumeric: plain('need numeric width'),
  geoHeightNotNumeric: plain('need numeric height'),
  geoBoxNegative: plain('height or width cannot be negative'),
  geoMemberMissing: plain('could not decode requested zset member'),
  geoStoreClash: (what: 'GEOSEARCHSTORE' | 'STORE option in GEORADIUS') =>
    plain(`${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`),
  geoFromNeeded: (name: string) => plain(`exactly one of FROMMEMBER or FROMLONLAT can be specified for ${part(name)}`),
  geoByNeeded: (name: string) => plain(`exactly one of BYRADIUS and BYBOX can be specified for ${part(name)}`),
  geoAnyWithoutCount: plain('the ANY argument requires COUNT argument'),

  // Streams.
  streamMaxlenMinid: plain('syntax error, MAXLEN and MINID options at the same time are not compatible'),
  streamMaxlenNegative: plain('The MAXLEN argument must be >= 0.'),
  streamLimitNegative: plain('The LIMIT argument must be >= 0.'),
  streamLimitAlone: plain('syntax error, LIMIT cannot be used without specifying a trimming strategy'),
  streamLimitExact: plain('syntax error, LIMIT cannot be used without the special ~ option'),
  streamTrimStrategy: plain('syntax error, XTRIM must be called with a trimming strategy'),
  streamId: plain('Invalid stream ID specified as stream command argument'),
  streamIdZero: plain('The ID specified in XADD must be greater than 0-0'),
  streamIdsExhausted: plain('The stream has exhausted the last possible ID, unable to add more items'),
  streamIdTooSmall: plain('The ID specified in XADD is equal or smaller than the target stream top item'),
  streamElementsTooLarge: plain('Elements are too large to be stored'),
  streamStartId: plain('invalid start ID for the interval'),
  streamEndId: plain('invalid end ID for the interval'),
  streamBlockInScript: (name: string) => plain(`${part(name)} command is not allowed with BLOCK option from scripts`),
  streamUnbalanced: (name: string, symbol: '$' | '>') =>
    plain(`Unbalanced '${part(name)}' list of streams: for each stream key an ID or '${symbol}' must be specified.`),
  streamGroupOption: plain('The GROUP option is only supported by XREADGROUP. You called XREAD instead.'),
  streamNoackOption: plain('The NOACK option is only supported by XREADGROUP. You called XREAD instead.'),
  streamGroupMissing: plain('Missing GROUP option for XREADGROUP'),
  streamLastIdMeaningless: plain(
    'The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a ' +
      'proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
  ),
  streamNewIdOutsideGroup: plain(
    'The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
  ),
  noGroupForRead: (key: string, group: string) =>
    defineError(
      'NOGROUP',
      `No such key '${part(key)}' or consumer group '${part(group)}' in XREADGROUP with GROUP option`,
    ),
  noGroupOrKey: (key: string, group: string) =>
    defineError('NOGROUP', `No such key '${part(key)}' or consumer group '${part(group)}'`),
  noGroup: (group: string, key: string) =>
    defineError('NOGROUP', `No such consumer group '${part(group)}' for key name '${part(key)}'`),
  busyGroup: defineError('BUSYGROUP', 'Consumer Group name already exists'),
  groupEntriesRead: plain('value for ENTRIESREAD must be positive or -1'),
  groupNeedsKey: plain(
    'The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to ' +
      'create an empty stream automatically.',
  ),
  setidEntriesAdded: plain('entries_added must be positive'),
  setidBelowGivenDeleted: plain('The ID specified in XSETID is smaller than the provided max_deleted_entry_id'),
  setidBelowDeleted: plain('The ID specified in XSETID is smaller than current max_deleted_entry_id'),
  setidBelowTop: plain('The ID specified in XSETID is smaller than the target stream top item'),
  setidBelowLength: plain('The entries_added specified in XSETID is smaller than the target stream length'),
  claimMinIdle: plain('Invalid min-idle-time argument for XCLAIM'),
  claimIdle: plain('Invalid IDLE option argument for XCLAIM'),
  claimTime: plain('Invalid TIME option argument for XCLAIM'),
  claimRetryCount: plain('Invalid RETRYCOUNT option argument for XCLAIM'),
  claimOption: (option: string) => plain(`Unrecognized XCLAIM option '${part(option)}'`),
  autoclaimMinIdle: plain('Invalid min-idle-time argument for XAUTOCLAIM'),
  autoclaimMemory: plain('Insufficient memory, failed allocating transient memory, COUNT too high.'),

  // Transactions.
  multiNested: plain('MULTI calls can not be nested'),
  discardWithoutMulti: plain('DISCARD without MULTI'),
  execWithoutMulti: plain('EXEC without MULTI'),
  watchInsideMulti: plain('WATCH inside MULTI is not allowed'),
  execAbort: defineError('EXECABORT', 'Transaction discarded because of previous errors.'),
  execAbortBecause: (reason: ErrorReply) =>
    defineError('EXECABORT', `Transaction discarded because of: ${quoteError(reason)}`),

  // CLIENT.
  clientName: plain('Client names cannot contain spaces, newlines or special characters.'),
  clientAttribute: (name: string) => plain(`${part(name)} cannot contain spaces, newlines or special characters.`),
  clientInfoOption: (name: string) => plain(`Unrecognized option '${part(name)}'`),
  clientType: (name: string) => plain(`Unknown client type '${part(name)}'`),
  clientUser: (name: string) => plain(`No such user '${part(name)}'`),
  clientId: plain('Invalid client ID'),
  clientIdNotPositive: plain('client-id should be greater than 0'),
  noSuchClient: plain('No such client'),
  clientUnblockReason: plain('CLIENT UNBLOCK reason should be TIMEOUT or ERROR'),
  clientPauseMode: plain('CLIENT PAUSE mode must be WRITE or ALL'),
  trackingOneRedirect: plain('A client can only redirect to a single other client'),
  trackingRedirectMissing: plain('The client ID you want redirect to does not exist'),
  trackingPrefixWithoutBroadcast: plain('PREFIX option requires BCAST mode to be enabled'),
  trackingBroadcastSwitch: plain(
    "You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a " +
      'different mode.',
  ),
  trackingBroadcastClash: plain('OPTIN and OPTOUT are not compatible with BCAST'),
  trackingOptinOptout: plain("You can't specify both OPTIN mode and OPTOUT mode"),
  trackingOptSwitch: plain(
    "You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a " +
      'different mode.',
  ),
  trackingPrefixExists: (prefix: string, existing: string) =>
    plain(
      `Prefix '${part(prefix)}' overlaps with an existing prefix '${part(existing)}'. ` +
        'Prefixes for a single client must not overlap.',
    ),
  trackingPrefixOverlap: (prefix: string, other: string) =>
    plain(
      `Prefix '${part(prefix)}' overlaps with another provided prefix '${part(other)}'. ` +
        'Prefixes for a single client must not overlap.',
    ),
  cachingWithoutTracking: plain(
    'CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
  ),
  cachingYes: plain('CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.'),
  cachingNo: plain('CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.'),

  // CONFIG, COMMAND, OBJECT, MEMORY, LATENCY, SLOWLOG.
  configUnknown: (name: string) => plain(`Unknown option or number of arguments for CONFIG SET - '${part(name)}'`),
  configSetFailed: (name: string, reason?: string) =>
    plain(
      `CONFIG SET failed (possibly related to argument '${part(name)}')${reason === undefined ? '' : ` - ${reason}`}`,
    ),
  configNoFile: plain('The server is running without a config file'),
  configRewrite: (reason: string) => plain(`Rewriting config file: ${reason}`),
  commandInvalid: plain('Invalid command specified'),
  commandWithoutKeys: plain('The command has no key arguments'),
  commandArgCount: plain('Invalid number of arguments specified for command'),
  commandArgs: plain('Invalid arguments specified for command'),
  idleTimeUnderLfu: plain(
    'An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at ' +
      'runtime LRU and LFU data will take some time to adjust.',
  ),
  frequencyWithoutLfu: plain(
    'An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between ' +
      'policies at runtime LRU and LFU data will take some time to adjust.',
  ),
  memoryPurge: plain('Error purging dirty pages'),
  latencyNoSamples: (event: string) => plain(`No samples available for event '${part(event)}'`),
  slowlogCount: plain('count should be greater than or equal to -1'),

  // DEBUG and modules.
  debugRestart: plain('failed to restart the server. Check server logs.'),
  debugReloadOptions: plain('DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.'),
  debugReload: plain('Error trying to load the RDB dump, check server logs.'),
  debugLoadAppendOnly: plain('Error trying to load the AOF files, check server logs.'),
  debugNoMalloc: plain('There is no malloc to control: memory is managed by an arena, see MEMORY MALLOC-STATS'),
  debugNotSds: plain('Not an sds encoded string.'),
  debugNotListpack: plain('Not a listpack encoded object.'),
  debugNotQuicklist: plain('Not a quicklist encoded object.'),
  debugNotHashTable: plain('The value stored at the specified key is not represented using an hash table'),
  debugExpand: plain('OOM in dictTryExpand'),
  debugResp2: plain('RESP2 is not supported by this command'),
  debugProtocolType: plain(
    'Wrong protocol type name. Please use one of the following: ' +
      'string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
  ),
  debugMemoryArgument: plain('argument must be a memory value bigger than 1 and smaller than 4gb'),
  debugDatabase: plain('Out of range database'),
  debugConfigRewrite: (reason: string) => plain(`CONFIG-REWRITE-FORCE-ALL failed: ${reason}`),
  debugMaxmemoryClients: plain('maxmemory-clients is disabled.'),
  debugClusterOnly: plain('Debug option only available for cluster mode enabled setup!'),
  debugDirection: (name: string) => plain(`Unknown direction ${part(name)}`),
  moduleLoad: plain('Error loading the extension. Please check the server logs.'),
  moduleUnload: (reason: string) => plain(`Error unloading module: ${reason}`),
  /** An error of the operating system passed on as it is, e.g. from DEBUG MALLCTL. */
  system: (reason: string) => plain(reason),

  // Scripts and functions.
  noScript: defineError('NOSCRIPT', 'No matching script. Please use EVAL.'),
  scriptCompile: (reason: string) => plain(`Error compiling script (new function): ${part(reason)}`),
  scriptRun: (name: string, reason: string) => plain(`Error running script ${name}, ${part(reason, 100)}`),
  /** @param reason  what is wrong with the script's first line, e.g. "Invalid script shebang" */
  scriptShebang: (reason: string) => plain(reason),
  scriptFlushOption: plain('SCRIPT FLUSH only support SYNC|ASYNC option'),
  scriptDebugInPipeline: plain('SCRIPT DEBUG must be called outside a pipeline'),
  scriptDebugOption: plain('Use SCRIPT DEBUG YES/SYNC/NO'),
  scriptNoDebugger: plain('There is no debugger for scripts in Spinel; only SCRIPT DEBUG NO is accepted'),
  scriptDebugEvalsha: plain('Please use EVAL instead of EVALSHA for debugging'),
  scriptNoCluster: plain("Can not run script on cluster, 'no-cluster' flag is set."),
  scriptStale: defineError(
    'MASTERDOWN',
    "Link with MASTER is down, replica-serve-stale-data is set to 'no' and 'allow-stale' flag is not set on the script.",
  ),
  scriptReadOnlyReplica: defineError('READONLY', 'Can not run script with write flag on readonly replica'),
  scriptMisconfSnapshot: defineError(
    'MISCONF',
    "Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Writable scripts are " +
      "blocked. Use 'no-writes' flag for read only scripts.",
  ),
  scriptMisconfAppendOnly: (reason: string) =>
    defineError(
      'MISCONF',
      "Redis is configured to persist data to AOF, but it's currently unable to persist to disk. Writable scripts are " +
        `blocked. Use 'no-writes' flag for read only scripts. AOF error: ${reason}`,
    ),
  scriptWriteFlag: plain('Can not execute a script with write flag using *_ro command.'),
  scriptOutOfMemory: defineError(
    'OOM',
    "allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'",
  ),
  scriptNotBusy: defineError('NOTBUSY', 'No scripts in execution right now.'),
  scriptFromPrimary: defineError(
    'UNKILLABLE',
    'The busy script was sent by a master instance in the context of replication and cannot be killed.',
  ),
  scriptUnkillable: defineError(
    'UNKILLABLE',
    'Sorry the script already executed write commands against the dataset. You can either wait the script termination or ' +
      'kill the server in a hard way using the SHUTDOWN NOSAVE command.',
  ),
  scriptCallArity: plain('Wrong number of args calling Redis command from script'),
  scriptCallUnknown: plain('Unknown Redis command called from script'),
  scriptCallDenied: (reason: string) => plain(`ACL failure in script: ${reason}`),
  scriptCallWrite: plain('Write commands are not allowed from read-only scripts.'),
  scriptCallForbidden: plain('This Redis command is not allowed from script'),
  scriptCallStale: plain('Can not execute the command on a stale replica'),
  scriptClusterReadOnly: plain('Script attempted to execute a write command while the cluster is down and readonly'),
  scriptClusterDown: plain('Script attempted to execute a command while the cluster is down'),
  scriptForeignKey: plain('Script attempted to access a non local key in a cluster node'),
  scriptCrossSlot: plain('Script attempted to access keys that do not hash to the same slot'),
  luaStack: plain('reached lua stack limit'),
  functionLibraryNameMissing: plain('library name argument was not given'),
  functionUnknownArgument: (name: string) => plain(`Unknown argument ${part(name)}`),
  functionLibraryNotFound: plain('Library not found'),
  functionNotFound: plain('Function not found'),
  functionKeyCount: plain('Bad number of keys provided'),
  functionRestorePolicy: plain('Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.'),
  functionFlushOption: plain('FUNCTION FLUSH only supports SYNC|ASYNC option'),
  functionUnknownOption: (name: string) => plain(`Unknown option given: ${part(name)}`),
  functionCodeMissing: plain('Function code is missing'),
  /** @param reason  why a library was refused, e.g. "Missing library metadata" */
  functionLoad: (reason: string) => plain(reason),

  // Persistence and replication.
  noFiles: plain('This store lives in memory alone: it was opened without files'),
  saveInProgress: plain('Background save already in progress'),
  saveChildActive: plain(
    "Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE " +
      'whenever possible.',
  ),
  rewriteInProgress: plain('Background append only file rewriting already in progress'),
  rewriteFailed: plain("Can't execute an AOF background rewriting. Please check the server logs for more information."),
  snapshotForReplicaFailed: plain("BGSAVE failed, replication can't continue"),
  psyncFailoverToPrimary: plain("PSYNC FAILOVER can't be sent to a master."),
  psyncFailoverId: plain('PSYNC FAILOVER replid must match my replid.'),
  syncWhileFailingOver: defineError('NOMASTERLINK', "Can't SYNC while failing over"),
  syncWithoutPrimary: defineError('NOMASTERLINK', "Can't SYNC while not connected with my master"),
  syncWithPendingOutput: plain('SYNC and PSYNC are invalid with pending output'),
  syncFilterNeedsEof: plain('Filtered replica requires EOF capability'),
  replconfAddressTooLong: (bytes: number) =>
    plain(`REPLCONF ip-address provided by replica instance is too long: ${bytes} bytes`),
  replconfFilterMissing: plain('Missing rdb-filter-only values'),
  replconfFilter: (name: string) => plain(`Unsupported rdb-filter-only option: ${part(name)}`),
  replconfOption: (name: string) => plain(`Unrecognized REPLCONF option: ${part(name)}`),
  replicaofInCluster: plain('REPLICAOF not allowed in cluster mode.'),
  replicaofWhileFailingOver: plain('REPLICAOF not allowed while failing over.'),
  replicaofFromReplica: plain('Command is not valid when client is a replica.'),
  primaryPort: plain('Invalid master port'),
  waitOnReplica: plain(
    'WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be ' +
      'writable (which is not the default) writes to replicas are just local and are not propagated.',
  ),
  waitaofOnReplica: plain(
    'WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just local and are not ' +
      'propagated.',
  ),
  waitaofWithoutAppendOnly: plain('WAITAOF cannot be used when numlocal is set but appendonly is disabled.'),
  failoverInCluster: plain('FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead.'),
  failoverNone: plain('No failover in progress.'),
  failoverTimeout: plain('FAILOVER timeout must be greater than 0'),
  failoverInProgress: plain('FAILOVER already in progress.'),
  failoverOnReplica: plain('FAILOVER is not valid when server is a replica.'),
  failoverWithoutReplicas: plain('FAILOVER requires connected replicas.'),
  failoverForce: plain('FAILOVER with force option requires both a timeout and target HOST and IP.'),
  failoverTarget: plain('FAILOVER target HOST and PORT is not a replica.'),
  failoverTargetOffline: plain('FAILOVER target replica is not online.'),

  // Cluster.
  clusterDisabled: plain('This instance has cluster support disabled'),
  crossSlot: defineError('CROSSSLOT', "Keys in request don't hash to the same slot"),
  tryAgain: defineError('TRYAGAIN', 'Multiple keys request during rehashing of slot'),
  clusterDown: defineError('CLUSTERDOWN', 'The cluster is down'),
  clusterDownReadsOnly: defineError('CLUSTERDOWN', 'The cluster is down and only accepts read commands'),
  clusterSlotUnserved: defineError('CLUSTERDOWN', 'Hash slot not served'),
  moved: (slot: number, host: string, port: number) => defineError('MOVED', `${slot} ${host}:${port}`),
  ask: (slot: number, host: string, port: number) => defineError('ASK', `${slot} ${host}:${port}`),
  clusterInvalidSlot: plain('Invalid or out of range slot'),
  clusterSlotUnassigned: (slot: number) => plain(`Slot ${slot} is already unassigned`),
  clusterSlotBusy: (slot: number) => plain(`Slot ${slot} is already busy`),
  clusterSlotRepeated: (slot: number) => plain(`Slot ${slot} specified multiple times`),
  clusterSlotOrder: (first: number, last: number) =>
    plain(`start slot number ${first} is greater than end slot number ${last}`),
  clusterBasePort: (text: string) => plain(`Invalid base port specified: ${part(text)}`),
  clusterBusPort: (text: string) => plain(`Invalid bus port specified: ${part(text)}`),
  clusterAddress: (host: string, port: string) => plain(`Invalid node address specified: ${part(host)}:${part(port)}`),
  clusterFlushslots: plain('DB must be empty to perform CLUSTER FLUSHSLOTS.'),
  clusterSetslotOnReplica: plain('Please use SETSLOT only with masters.'),
  clusterSlotNotOwned: (slot: number) => plain(`I'm not the owner of hash slot ${slot}`),
  clusterSlotOwned: (slot: number) => plain(`I'm already the owner of hash slot ${slot}`),
  clusterNodeUnknown: (id: string) => plain(`I don't know about node ${part(id)}`),
  clusterUnknownNode: (id: string) => plain(`Unknown node ${part(id)}`),
  clusterTargetReplica: plain('Target node is not a master'),
  clusterSlotHasKeys: (slot: number) =>
    plain(`Can't assign hashslot ${slot} to a different node while I still hold keys for this hash slot.`),
  clusterSetslotAction: plain('Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP'),
  clusterSaveConfig: (reason: string) => plain(`error saving the cluster node config: ${reason}`),
  clusterSlot: plain('Invalid slot'),
  clusterSlotOrCount: plain('Invalid slot or number of keys'),
  clusterForgetSelf: plain("I tried hard but I can't forget myself..."),
  clusterForgetPrimary: plain("Can't forget my master!"),
  clusterReplicateSelf: plain("Can't replicate myself"),
  clusterReplicateReplica: plain('I can only replicate a master, not a replica.'),
  clusterReplicateNotEmpty: plain('To set a master the node must be empty and without assigned slots.'),
  clusterNotPrimary: plain('The specified node is not a master'),
  clusterFailoverOnPrimary: plain('You should send CLUSTER FAILOVER to a replica'),
  clusterFailoverUnknownPrimary: plain("I'm a replica but my master is unknown to me"),
  clusterFailoverPrimaryDown: plain('Master is down or failed, please use CLUSTER FAILOVER FORCE'),
  clusterEpochInvalid: (epoch: number | string) => plain(`Invalid config epoch specified: ${epoch}`),
  clusterEpochNotAlone: plain('The user can assign a config epoch only when the node does not know any other node.'),
  clusterEpochSet: plain('Node config epoch is already non-zero'),
  clusterResetNotEmpty: plain("CLUSTER RESET can't be called with master nodes containing keys"),

  // Sentinel.
  sentinelSaveConfig: plain('Failed to save config file. Check server logs.'),
  sentinelUnknownPrimary: plain('No such master with that name'),
  sentinelInProgress: defineError('INPROG', 'Failover already in progress'),
  sentinelNoReplica: defineError('NOGOODSLAVE', 'No suitable replica to promote'),
  sentinelNoQuorum: (usable: number, isQuorumMissing: boolean, isMajorityMissing: boolean) =>
    defineError('NOQUORUM', noQuorumText(usable, isQuorumMissing, isMajorityMissing)),
  sentinelQuorum: plain('Quorum must be 1 or greater.'),
  sentinelQuorumInvalid: plain('Invalid quorum'),
  sentinelPort: plain('Invalid port'),
  sentinelAddress: plain('Invalid IP address or hostname specified'),
  sentinelDuplicate: plain('Duplicate master name.'),
  sentinelUnresolved: plain("Can't resolve instance hostname."),
  sentinelConfigUsage: plain(
    'Only SENTINEL CONFIG GET <param> [<param> <param> ...]/ SET <param> <value> [<param> <value> ...] are supported.',
  ),
  sentinelConfigArgument: (name: string) => plain(`Invalid argument '${part(name)}' to SENTINEL CONFIG SET`),
  sentinelConfigRepeated: (name: string) => plain(`Duplicate argument '${part(name)}' to SENTINEL CONFIG SET`),
  sentinelConfigMissing: (name: string) => plain(`Missing argument '${part(name)}' value`),
  sentinelConfigValue: (value: string, name: string) =>
    plain(`Invalid value '${part(value)}' to SENTINEL CONFIG SET '${part(name)}'`),
  sentinelSimulation: plain('Unknown failure simulation specified'),
  sentinelDebugOption: (name: string) =>
    plain(`Unknown option or number of arguments for SENTINEL DEBUG '${part(name)}'`),
  sentinelDebugValue: (value: string, name: string) =>
    plain(`Invalid argument '${part(value)}' for SENTINEL DEBUG '${part(name)}'`),
  sentinelSetOption: (name: string) => plain(`Unknown option or number of arguments for SENTINEL SET '${part(name)}'`),
  sentinelSetValue: (value: string, name: string) =>
    plain(`Invalid argument '${part(value)}' for SENTINEL SET '${part(name)}'`),
  sentinelScriptsDenied: plain(
    'Reconfiguration of scripts path is denied for security reasons. Check the deny-scripts-reconfig configuration ' +
      'directive in your Sentinel configuration',
  ),
  sentinelNotificationScript: plain('Notification script seems non existing or non executable'),
  sentinelReconfigScript: plain('Client reconfiguration script seems non existing or non executable'),
  sentinelPublish: plain('Only HELLO messages are accepted by Sentinel instances.'),
} as const

/** A part of a text as a C string: up to the first NUL, and `bytesMax` at most. */
function part(text: string, bytesMax = text.length): string {
  const zero = text.indexOf('\0')
  return text.slice(0, zero < 0 ? bytesMax : Math.min(zero, bytesMax))
}

function upper(text: string): string {
  return part(text).replace(/[a-z]/g, (letter) => letter.toUpperCase())
}

function previewArgs(args: readonly string[]): string {
  let preview = ''
  for (const arg of args) {
    if (preview.length >= PREVIEW_BYTES) break
    preview += `'${part(arg, PREVIEW_BYTES - preview.length)}' `
  }
  return preview
}

function noQuorumText(usable: number, isQuorumMissing: boolean, isMajorityMissing: boolean): string {
  const reasons: string[] = []
  if (isQuorumMissing) reasons.push('Not enough available Sentinels to reach the specified quorum for this master')
  if (isMajorityMissing) reasons.push('Not enough available Sentinels to reach the majority and authorize a failover')
  return `${usable} usable Sentinels. ${reasons.join('. ')}`
}

function trimLineBreaks(text: string): string {
  return text.replace(/^[\r\n]+/, '').replace(/[\r\n]+$/, '')
}

/** One byte a character; a text of the server's own with wider characters, such as a path, is sent as UTF-8. */
function encodeBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0xff) return new TextEncoder().encode(text)
    bytes[i] = unit
  }
  return bytes
}
