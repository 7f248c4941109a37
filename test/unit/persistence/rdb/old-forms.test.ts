import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadRdb } from '../../../support/rdb-data.js'
import { TestStore } from '../../../support/test-store.js'

/** A file of an old version, byte by byte. */
class FileBuilder {
  private readonly bytes: number[]

  constructor(version: number) {
    this.bytes = [...ascii(`REDIS${String(version).padStart(4, '0')}`)]
  }

  add(...bytes: number[]): this {
    this.bytes.push(...bytes)
    return this
  }

  string(content: string | readonly number[]): this {
    const bytes = typeof content === 'string' ? ascii(content) : content
    return this.add(0x80, 0, 0, bytes.length >> 8, bytes.length & 255, ...bytes)
  }

  key(typeByte: number, name: string): this {
    return this.add(typeByte).string(name)
  }

  /** End mark, and from version 5 on no checksum. */
  end(hasChecksum = true): Uint8Array {
    return Uint8Array.from([...this.bytes, 0xff, ...(hasChecksum ? [0, 0, 0, 0, 0, 0, 0, 0] : [])])
  }
}

function ascii(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0))
}

/** A ziplist of entries that are each given as their bytes behind the length of the one before. */
function ziplist(entries: readonly (readonly number[])[], counted = entries.length): number[] {
  const body: number[] = []
  let before = 0
  let last = 10
  for (const entry of entries) {
    last = 10 + body.length
    const whole = before < 254 ? [before, ...entry] : [254, before & 255, before >> 8, 0, 0, ...entry]
    body.push(...whole)
    before = whole.length
  }
  const total = body.length + 11
  return [total & 255, total >> 8, 0, 0, last & 255, last >> 8, 0, 0, counted, 0, ...body, 0xff]
}

const text = (content: string): number[] =>
  content.length < 64
    ? [content.length, ...ascii(content)]
    : [0x40 | (content.length >> 8), content.length & 255, ...ascii(content)]

/** Every kind of entry: immediate, 8, 16, 24, 32 and 64 bits, short and long text. */
const KINDS: readonly (readonly number[])[] = [
  [0xf1], [0xfd], [0xfe, 0x80], [0xc0, 0x00, 0x80], [0xf0, 0xff, 0xff, 0x7f], [0xd0, 0x00, 0x00, 0x00, 0x80],
  [0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], text('short'), text('y'.repeat(300)), text('end'),
] // prettier-ignore
const SHOWN = [
  '0', '12', '-128', '-32768', '8388607', '-2147483648', '9223372036854775807', 'short', 'y'.repeat(300), 'end',
] // prettier-ignore

function loaded(bytes: Uint8Array, options: Record<string, string> = {}): TestStore {
  const store = new TestStore(options)
  const { error } = loadRdb(store, bytes)
  assert.equal(error, undefined)
  store.validate()
  return store
}

function refusal(bytes: Uint8Array): string | undefined {
  return loadRdb(new TestStore(), bytes).error?.message
}

describe('files of old versions', () => {
  it('hold lists as ziplists', () => {
    for (const [typeByte, nodes] of [
      [10, []],
      [14, [1]],
    ] as const) {
      const store = loaded(
        new FileBuilder(6)
          .key(typeByte, 'k')
          .add(...nodes)
          .string(ziplist(KINDS))
          .end(),
      )
      assert.deepEqual(store.send('LRANGE', 'k', 0, -1), SHOWN)
    }
  })

  it('hold hashes as ziplists and zipmaps', () => {
    const pairs = [text('f'), text('v'), text('g'), [0xf2]]
    const store = loaded(new FileBuilder(6).key(13, 'k').string(ziplist(pairs)).end())
    assert.deepEqual(store.send('HGETALL', 'k'), ['f', 'v', 'g', '1'])
    assert.equal(store.send('OBJECT', 'ENCODING', 'k'), 'listpack')
    const small = loaded(new FileBuilder(6).key(13, 'k').string(ziplist(pairs)).end(), {
      'hash-max-ziplist-entries': '1',
    })
    assert.equal(small.send('OBJECT', 'ENCODING', 'k'), 'hashtable')
    const zipmap = [2, 1, ...ascii('f'), 2, 0, ...ascii('va'), 1, ...ascii('g'), 1, 2, ...ascii('b'), 0, 0, 0xff]
    const old = loaded(new FileBuilder(1).key(9, 'k').string(zipmap).end(false))
    assert.deepEqual(old.send('HGETALL', 'k'), ['f', 'va', 'g', 'b'])
  })

  it('hold sorted sets as ziplists, and with scores as texts', () => {
    const pairs = [text('a'), text('1.5'), text('b'), [0xf3]]
    const store = loaded(new FileBuilder(6).key(12, 'k').string(ziplist(pairs)).end())
    assert.deepEqual(store.send('ZRANGE', 'k', 0, -1, 'WITHSCORES'), ['a', '1.5', 'b', '2'])
    const old = new FileBuilder(2).key(3, 'k').add(4)
    old
      .string('m')
      .add(3, ...ascii('2.5'))
      .string('n')
      .add(254)
      .string('o')
      .add(255)
      .string('p')
      .add(1, ...ascii('7'))
    const texts = loaded(old.end(false))
    assert.deepEqual(texts.send('ZRANGE', 'k', 0, -1), ['o', 'm', 'p', 'n'])
    assert.match(refusal(new FileBuilder(2).key(3, 'k').add(1).string('m').add(253).end(false))!, /NAN/)
  })

  it('hold expiry times in seconds', () => {
    const seconds = Math.floor(new TestStore().time.nowMs / 1000) + 100
    const moment = [seconds & 255, (seconds >> 8) & 255, (seconds >> 16) & 255, seconds >>> 24]
    const store = loaded(
      new FileBuilder(1)
        .add(0xfd, ...moment)
        .key(0, 'k')
        .string('v')
        .end(false),
    )
    assert.equal(store.send('EXPIRETIME', 'k'), seconds)
  })

  it('skip what is about the file and not known', () => {
    const file = new FileBuilder(12)
      .add(0xfa)
      .string('unheard-of')
      .string('x')
      .add(244, 1, 2, 3)
      .key(0, 'k')
      .string('v')
    assert.equal(loaded(file.end()).send('GET', 'k'), 'v')
  })

  it('drop keys without elements', () => {
    const file = new FileBuilder(11).key(4, 'h').add(0).key(14, 'l').add(1).string(ziplist([])).key(0, 'k').string('v')
    const store = new TestStore()
    const loader = loadRdb(store, file.end())
    assert.equal(loader.emptyKeys, 2)
    assert.deepEqual(store.send('KEYS', '*'), ['k'])
    assert.match(store.logged.at(-1)!.message, /keys loaded: 1, keys expired: 0, empty keys skipped: 2\.$/)
  })

  it('hold fields that expire', () => {
    const { nowMs } = new TestStore().time
    const view = new DataView(new ArrayBuffer(8))
    view.setBigInt64(0, BigInt(nowMs + 1000), true)
    const earliest = [...new Uint8Array(view.buffer)]
    const file = new FileBuilder(12)
      .key(24, 'k')
      .add(...earliest, 2, 0)
      .string('f')
      .string('v')
      .add(6)
      .string('g')
      .string('w')
    const store = loaded(file.end())
    assert.equal(store.send('HLEN', 'k'), 2)
    assert.deepEqual(store.send('HPEXPIRETIME', 'k', 'FIELDS', 2, 'f', 'g'), [-1, nowMs + 1005])
    const again = store.client.sendLatin1('DUMP', 'k') as string
    store.send('RESTORE', 'copy', 0, again)
    assert.deepEqual(store.send('HPEXPIRETIME', 'copy', 'FIELDS', 2, 'f', 'g'), [-1, nowMs + 1005])
  })
})

describe('files that cannot be read', () => {
  const CASES: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['no RDB', Uint8Array.from(ascii('nonsense here')), /^Wrong signature/],
    ['a version to come', new FileBuilder(13).end(), /^Can't handle RDB format version 13$/],
    ['a database too many', new FileBuilder(11).add(254, 16).end(), /^FATAL: Data file was created/],
    ['libraries of a release candidate', new FileBuilder(10).add(246).end(), /Pre-release function format/],
    ['module data', new FileBuilder(11).key(7, 'k').add(0x81, 0, 0, 0, 0, 0, 0, 4, 0).end(), /no matching module type 'AAAAAAAAB'$/],
    ['module data about the file', new FileBuilder(11).add(247, 5).end(), /AUX module data/],
    ['an unknown type', new FileBuilder(11).key(60, 'k').end(), /Unknown RDB encoding type 60/],
    ['a ziplist with a wrong count', new FileBuilder(6).key(10, 'k').string(ziplist(KINDS, 3)).end(), /List ziplist integrity/],
    ['a ziplist of half a pair', new FileBuilder(6).key(13, 'k').string(ziplist([text('f')])).end(), /Hash ziplist integrity/],
    ['twice the same field', new FileBuilder(6).key(4, 'k').add(2).string('f').string('v').string('f').string('w').end(), /dup/],
    ['twice the same member', new FileBuilder(6).key(2, 'k').add(2).string('m').string('m').end(), /Duplicate set members/],
    ['more elements than bytes', new FileBuilder(11).key(2, 'k').add(0x81, 0x10, 0, 0, 0, 0, 0, 0, 0).end(), /there cannot be/],
    ['a compressed bomb', new FileBuilder(11).key(0, 'k').add(0xc3, 2, 0x80, 0x10, 0, 0, 0, 0, 0).end(), /longer than it can be/],
  ] // prettier-ignore
  for (const [what, bytes, reason] of CASES) {
    it(`are refused: ${what}`, () => assert.match(refusal(bytes) ?? '', reason))
  }
})
