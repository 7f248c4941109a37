/**
 * Commands of the reference that Spinel does not have yet. They answer so, instead of "unknown command": a client that
 * needs one learns that it is the server that is not finished.
 */

import type { CommandSpec } from '../engine/command.js'

/** Every command of Redis 7.2.4 outside of modules and Sentinel. */
const COMMANDS = `
  acl append asking auth bgrewriteaof bgsave bitcount bitfield bitfield_ro bitop bitpos blmove blmpop blpop brpop
  brpoplpush bzmpop bzpopmax bzpopmin client cluster command config copy dbsize debug decr decrby del discard dump echo
  eval evalsha evalsha_ro eval_ro exec exists expire expireat expiretime failover fcall fcall_ro flushall flushdb function
  geoadd geodist geohash geopos georadius georadiusbymember georadiusbymember_ro georadius_ro geosearch geosearchstore
  get getbit getdel getex getrange getset hdel hello hexists hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset
  hrandfield hscan hset hsetnx hstrlen hvals incr incrby incrbyfloat info keys lastsave latency lcs lindex linsert llen
  lmove lmpop lolwut lpop lpos lpush lpushx lrange lrem lset ltrim memory mget migrate module monitor move mset msetnx
  multi object persist pexpire pexpireat pexpiretime pfadd pfcount pfdebug pfmerge pfselftest ping psetex psubscribe
  psync pttl publish pubsub punsubscribe quit randomkey readonly readwrite rename renamenx replconf replicaof reset
  restore restore-asking role rpop rpoplpush rpush rpushx sadd save scan scard script sdiff sdiffstore select set setbit
  setex setnx setrange shutdown sinter sintercard sinterstore sismember slaveof slowlog smembers smismember smove sort
  sort_ro spop spublish srandmember srem sscan ssubscribe strlen subscribe substr sunion sunionstore sunsubscribe swapdb
  sync time touch ttl type unlink unsubscribe unwatch wait waitaof watch xack xadd xautoclaim xclaim xdel xgroup xinfo
  xlen xpending xrange xread xreadgroup xrevrange xsetid xtrim zadd zcard zcount zdiff zdiffstore zincrby zinter
  zintercard zinterstore zlexcount zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore
  zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan
  zscore zunion zunionstore`

/** Subcommands of the containers above. */
const SUBCOMMANDS: Readonly<Record<string, string>> = {
  acl: 'cat deluser dryrun genpass getuser help list load log save setuser users whoami',
  client: `caching getname getredir help id info kill list no-evict no-touch pause reply setinfo setname tracking
    trackinginfo unblock unpause`,
  cluster: `addslots addslotsrange bumpepoch count-failure-reports countkeysinslot delslots delslotsrange failover
    flushslots forget getkeysinslot help info keyslot links meet myid myshardid nodes replicas replicate reset
    saveconfig set-config-epoch setslot shards slaves slots`,
  command: 'count docs getkeys getkeysandflags help info list',
  config: 'get help resetstat rewrite set',
  function: 'delete dump flush help kill list load restore stats',
  latency: 'doctor graph help histogram history latest reset',
  memory: 'doctor help malloc-stats purge stats usage',
  module: 'help list load loadex unload',
  object: 'encoding freq help idletime refcount',
  pubsub: 'channels help numpat numsub shardchannels shardnumsub',
  script: 'debug exists flush help kill load',
  slowlog: 'get help len reset',
  xgroup: 'create createconsumer delconsumer destroy help setid',
  xinfo: 'consumers groups help stream',
}

/** Full names (`lpush`, `client|no-evict`) of what the reference has and `built` has not. */
export function notBuiltCommands(built: readonly CommandSpec[]): ReadonlySet<string> {
  const missing = new Set(words(COMMANDS))
  for (const [container, names] of Object.entries(SUBCOMMANDS)) {
    for (const name of words(names)) missing.add(`${container}|${name}`)
  }
  for (const { fullName, subcommands } of built) {
    missing.delete(fullName)
    for (const child of subcommands ?? []) missing.delete(child.fullName)
  }
  return missing
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
