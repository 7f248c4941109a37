/**
 * Constants of the RDB format: a header, records of keys with opcodes between them, an end mark and a checksum.
 *
 *     "REDIS" version(4 digits)  { opcode … | [opcodes about the key] type key value }  EOF  crc64(8, from version 5 on)
 *
 * Source: the format as redis-server 7.2.4 documents it in its behaviour and others have described it; the numbers above
 * those of 7.2 come from the documentation of Redis 7.4 and of Valkey.
 */

/** The newest version that is written, and the range that is read. */
export const RDB_VERSION = 11
export const RDB_VERSION_READ_MAX = 12

/** First byte of a record that is no key, or that says something about the next key. */
export const Opcode = {
  slotInfo: 244,
  function2: 245,
  functionPreGa: 246,
  moduleAux: 247,
  idle: 248,
  frequency: 249,
  aux: 250,
  resizeDatabase: 251,
  expiryMs: 252,
  expirySeconds: 253,
  selectDatabase: 254,
  endOfFile: 255,
} as const

/** First byte of a key's record: how its value is written. */
export const ValueType = {
  string: 0,
  list: 1,
  set: 2,
  zset: 3,
  hash: 4,
  zset2: 5,
  modulePreGa: 6,
  module2: 7,
  hashZipmap: 9,
  listZiplist: 10,
  setIntset: 11,
  zsetZiplist: 12,
  hashZiplist: 13,
  listQuicklist: 14,
  streamListpacks: 15,
  hashListpack: 16,
  zsetListpack: 17,
  listQuicklist2: 18,
  streamListpacks2: 19,
  setListpack: 20,
  streamListpacks3: 21,
  /** Hashes whose fields expire, as the release candidates and as 7.4 write them. */
  hashMetadataPreGa: 22,
  hashListpackExpiryPreGa: 23,
  hashMetadata: 24,
  hashListpackExpiry: 25,
} as const
export type ValueType = (typeof ValueType)[keyof typeof ValueType]

/** The first length byte's two high bits. */
export const Length = { bits6: 0x00, bits14: 0x40, bits32: 0x80, bits64: 0x81, encoded: 0xc0 } as const

/** What follows instead of a plain string. */
export const StringEncoding = { int8: 0, int16: 1, int32: 2, lzf: 3 } as const

/** How a node of a list is kept. */
export const ListNode = { plain: 1, packed: 2 } as const

/** Shorter strings are not worth compressing. */
export const COMPRESSED_FROM_BYTES = 21
/** Longer texts are no integers of 32 bits. */
export const INTEGER_TEXT_MAX = 11

export const STREAM_ID_BYTES = 16

/** LZF cannot expand to more than this many times its length; what claims to is broken. */
export const LZF_EXPANSION_MAX = 88
