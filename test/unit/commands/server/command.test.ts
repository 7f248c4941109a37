import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Access, type CommandSpec, defineCommand, Flag, type KeySpec } from '../../../../src/engine/command.js'
import { categoriesOf } from '../../../../src/introspection/command-docs.js'
import { readArguments } from '../../../../src/introspection/command-docs-arguments.js'
import { FoundKeys, findKeys, keyRange, mayHaveKeys } from '../../../../src/introspection/key-extraction.js'
import { latin1Bytes } from '../../../../src/base/bytes.js'
import { TestStore } from '../../../support/test-store.js'
import { plain, runRows, SYNTAX, wrongArity } from '../connection/rows.js'

const RW = Access.readWrite | Access.update

describe('COMMAND', () => {
  test('counts and lists', () => {
    const store = new TestStore()
    const names = store.send('COMMAND', 'LIST') as string[]
    assert.ok(names.includes('get') && names.includes('client|list'))
    assert.equal(store.send('COMMAND', 'COUNT'), names.filter((name) => !name.includes('|')).length)
    assert.equal((store.send('COMMAND') as unknown[]).length, store.send('COMMAND', 'COUNT'))
    assert.equal((store.send('COMMAND', 'INFO') as unknown[]).length, store.send('COMMAND', 'COUNT'))
    assert.equal((store.send('COMMAND', 'DOCS') as unknown[]).length, 2 * (store.send('COMMAND', 'COUNT') as number))
  })

  test('LIST filters', () => {
    const store = new TestStore()
    const list = (...words: string[]): string[] => store.send('COMMAND', 'LIST', 'FILTERBY', ...words) as string[]
    assert.deepEqual(list('PATTERN', 'get'), ['get'])
    assert.deepEqual(list('pattern', 'GeT'), ['get'])
    assert.ok(list('PATTERN', 'config|*re*').includes('config|rewrite'))
    assert.ok(list('PATTERN', 'config*').includes('config'))
    assert.deepEqual(list('PATTERN', 'no_such*'), [])
    assert.ok(list('ACLCAT', 'CONNECTION').includes('client|list'))
    assert.ok(!list('ACLCAT', 'connection').includes('get'))
    assert.deepEqual(list('ACLCAT', 'no_such'), [])
    assert.deepEqual(list('MODULE', 'no_such'), [])
  })

  test('refuses what makes no sense', () =>
    runRows([
      ['COMMAND LIST x', SYNTAX],
      ['COMMAND LIST FILTERBY x', SYNTAX],
      ['COMMAND LIST FILTERBY x y', SYNTAX],
      ['COMMAND LIST FILTERBY PATTERN x y', SYNTAX],
      ['COMMAND COUNT x', wrongArity('command|count')],
      ['COMMAND NONSENSE', "ERR unknown subcommand 'NONSENSE'. Try COMMAND HELP."],
      ['COMMAND GETKEYS', wrongArity('command|getkeys')],
      ['COMMAND GETKEYS nonsense', 'ERR Invalid command specified'],
      ['COMMAND GETKEYS config nonsense', 'ERR Invalid command specified'],
      ['COMMAND GETKEYS ping', 'ERR The command has no key arguments'],
      ['COMMAND GETKEYS config get x', 'ERR The command has no key arguments'],
      ['COMMAND GETKEYS get', 'ERR Invalid number of arguments specified for command'],
      ['COMMAND GETKEYS get a b', 'ERR Invalid number of arguments specified for command'],
    ]))

  test('GETKEYS and GETKEYSANDFLAGS tell the keys of a call', () => {
    for (const protocol of [2, 3] as const) {
      const { client } = new TestStore()
      client.client.reply.protocol = protocol
      const flags = (...words: string[]): unknown =>
        (client.send('COMMAND', 'GETKEYSANDFLAGS', ...words) as [string, Iterable<string>][]).map(([key, set]) => [
          key,
          [...set],
        ])
      assert.deepEqual(client.send('COMMAND', 'GETKEYS', 'GET', 'key'), ['key'])
      assert.deepEqual(client.send('COMMAND', 'GETKEYS', 'mset', 'a', '1', 'b', '2'), ['a', 'b'])
      assert.deepEqual(client.send('COMMAND', 'GETKEYS', 'object', 'encoding', 'key'), ['key'])
      assert.deepEqual(flags('set', 'k', 'v'), [['k', ['OW', 'update']]])
      assert.deepEqual(flags('set', 'k', 'v', 'NX', 'get'), [['k', ['RW', 'access', 'update']]])
      assert.deepEqual(flags('rename', 'a', 'b'), [['a', ['RW', 'access', 'delete']], ['b', ['OW', 'update']]]) // prettier-ignore
      assert.deepEqual(flags('bitfield', 'k', 'GET', 'u8', '0', 'OVERFLOW', 'SAT'), [['k', ['RO', 'access']]])
      assert.deepEqual(flags('bitfield', 'k', 'GET', 'u8', '0', 'SET', 'u8', '0', '1'), [
        ['k', ['RW', 'access', 'update']],
      ])
    }
  })

  test('INFO describes a command in ten parts', () => {
    const store = new TestStore()
    assert.deepEqual(plain(store.send('COMMAND', 'INFO', 'get', 'nonsense', 'get|x', 'config|get|x')), [
      [
        'get', 2, ['readonly', 'fast'], 1, 1, 1, ['@read', '@string', '@fast'], [],
        [['flags', ['RO', 'access'], 'begin_search', ['type', 'index', 'spec', ['index', 1]],
          'find_keys', ['type', 'range', 'spec', ['lastkey', 0, 'keystep', 1, 'limit', 0]]]],
        [],
      ],
      null, null, null,
    ]) // prettier-ignore
    const [client] = store.send('COMMAND', 'INFO', 'CLIENT') as unknown[][]
    const subcommands = client![9] as unknown[][]
    assert.ok(subcommands.some(([name, arity]) => name === 'client|kill' && arity === -3))
    const [mset] = store.send('COMMAND', 'INFO', 'mset') as unknown[][]
    assert.deepEqual(mset!.slice(3, 6), [1, -1, 2])
  })

  test('DOCS documents a command', () => {
    const store = new TestStore()
    store.client.client.reply.protocol = 3
    const docs = store.send('COMMAND', 'DOCS', 'hello', 'nonsense', 'client|setinfo', 'quit') as Map<
      string,
      Map<string, unknown>
    >
    assert.deepEqual([...docs.keys()], ['hello', 'client|setinfo', 'quit'])
    const hello = docs.get('hello')!
    assert.deepEqual([...hello.keys()], ['summary', 'since', 'group', 'complexity', 'history', 'arguments'])
    assert.deepEqual(plain(hello.get('arguments')), [
      {
        name: 'arguments', type: 'block', flags: new Set(['optional']),
        arguments: [
          { name: 'protover', type: 'integer', display_text: 'protover' },
          {
            name: 'auth', type: 'block', token: 'AUTH', flags: new Set(['optional']),
            arguments: [
              { name: 'username', type: 'string', display_text: 'username' },
              { name: 'password', type: 'string', display_text: 'password' },
            ],
          },
          { name: 'clientname', type: 'string', display_text: 'clientname', token: 'SETNAME', flags: new Set(['optional']) },
        ],
      },
    ]) // prettier-ignore
    const quit = docs.get('quit')!
    assert.deepEqual(
      [...quit.keys()],
      ['summary', 'since', 'group', 'complexity', 'doc_flags', 'deprecated_since', 'replaced_by'],
    )
    assert.deepEqual(quit.get('doc_flags'), new Set(['deprecated']))
  })
})

describe('arguments', () => {
  const define = (args: CommandSpec['args']): CommandSpec =>
    defineCommand({
      name: 'X',
      summary: '',
      since: '1.0.0',
      group: 'generic',
      arity: -1,
      flags: 0,
      args: args!,
      run() {},
    })

  test('are read from their short form', () => {
    const [first, second, third] = readArguments(
      define([
        'Seconds:integer token=ex since=2.6.12 deprecated=7.0.0 optional multiple multiple-token display=ip:port',
        'key:key',
        { name: 'more', type: 'block', args: ['other:key', 'third:key key=0'] },
      ]),
    )
    assert.deepEqual(first, {
      name: 'seconds', type: 'integer', display: 'ip:port', token: 'EX', keySpec: undefined, summary: undefined, since: '2.6.12',
      deprecatedSince: '7.0.0', isOptional: true, isMultiple: true, isMultipleToken: true, args: [],
    }) // prettier-ignore
    assert.equal(second!.keySpec, 0)
    assert.deepEqual(third!.args.map(({ keySpec }) => keySpec), [1, 0]) // prettier-ignore
  })

  test('of all commands can be read', () => {
    for (const command of new TestStore().store.registry.commands) readArguments(command)
  })

  test('that are misspelt are refused', () => {
    assert.throws(() => readArguments(define(['x:nonsense'])))
    assert.throws(() => readArguments(define(['x:string nonsense'])))
  })
})

describe('categories', () => {
  test('follow from flags, in the order of the list', () => {
    const of = (flags: number, acl: CommandSpec['acl'] = []): string[] =>
      categoriesOf(
        defineCommand({ name: 'X', summary: '', since: '1.0.0', group: 'generic', arity: 1, flags, acl, run() {} }),
      )
    assert.deepEqual(of(0), ['slow'])
    assert.deepEqual(of(Flag.write | Flag.fast, ['string']), ['write', 'string', 'fast'])
    assert.deepEqual(of(Flag.admin), ['admin', 'slow', 'dangerous'])
    assert.deepEqual(of(Flag.readOnly, ['scripting']), ['slow', 'scripting'])
    assert.deepEqual(of(Flag.readOnly | Flag.blocking | Flag.pubsub), ['read', 'pubsub', 'slow', 'blocking'])
  })
})

describe('key specs', () => {
  const define = (keys: readonly KeySpec[], more: Partial<CommandSpec> = {}): CommandSpec =>
    defineCommand({
      name: 'X',
      summary: '',
      since: '1.0.0',
      group: 'generic',
      arity: -1,
      flags: 0,
      keys,
      run() {},
      ...more,
    })
  const keysOf = (command: CommandSpec, text: string): string[] | undefined => {
    const words = text.split(' ')
    const starts = new Int32Array(words.length)
    const ends = new Int32Array(words.length)
    let at = 0
    for (const [i, word] of words.entries()) {
      starts[i] = at
      ends[i] = at + word.length
      at += word.length + 1
    }
    const found = new FoundKeys()
    const isFound = findKeys(command, { argc: words.length, bytes: latin1Bytes(text), starts, ends }, found)
    assert.equal(isFound, found.count > 0)
    return isFound ? found.indexes.map((index, i) => `${words[index]!}:${found.access[i]!}`) : undefined
  }
  const list = (text: string, access = RW): string[] => text.split(' ').map((key) => `${key}:${access}`)

  test('of a range', () => {
    assert.deepEqual(keysOf(define([{ at: 1, access: RW }]), 'x a b'), list('a'))
    assert.deepEqual(keysOf(define([{ at: 1, last: -1, step: 2, access: RW }]), 'x a 1 b 2 c'), list('a b c'))
    assert.deepEqual(keysOf(define([{ at: 1, last: -2, access: RW }]), 'x a b 0'), list('a b'))
    assert.deepEqual(keysOf(define([{ at: 1, last: 1, access: RW }]), 'x a'), undefined)
    assert.deepEqual(keysOf(define([{ at: 3, access: RW }]), 'x a'), undefined)
  })

  test('of a part of the rest', () => {
    const streams = define([{ keyword: 'STREAMS', from: 1, last: -1, step: 1, limit: 2, access: RW }])
    assert.deepEqual(keysOf(streams, 'x count 1 streams a b 0 1'), list('a b'))
    assert.deepEqual(keysOf(streams, 'x count 1'), undefined)
    assert.deepEqual(keysOf(streams, 'x streams'), undefined)
  })

  test('after a word, from the end backwards', () => {
    const migrate = define([{ keyword: 'KEYS', from: -2, last: -1, step: 1, access: RW }])
    assert.deepEqual(keysOf(migrate, 'x h p k 0 1 KEYS a b c'), list('a b c'))
    assert.deepEqual(keysOf(migrate, 'x keys'), undefined)
  })

  test('counted by an argument', () => {
    const union = define([
      { at: 1, access: RW },
      { at: 2, count: { index: 0, first: 1, step: 1 }, access: RW },
    ])
    assert.deepEqual(keysOf(union, 'x to 2 a b weights 1 2'), list('to a b'))
    for (const count of ['0', '-1', 'x', '9', '99999999999999999999'])
      assert.equal(keysOf(union, `x to ${count} a b`), undefined)
    assert.equal(keysOf(union, 'x to'), undefined)
    const many = [...Array(300).keys()].map((i) => `k${i}`).join(' ')
    assert.deepEqual(keysOf(union, `x to 300 ${many}`), list(`to ${many}`))
  })

  test('that are no keys, or do not tell all', () => {
    const channel = define([{ at: 1, access: Access.notKey }])
    assert.ok(!mayHaveKeys(channel))
    assert.equal(keysOf(channel, 'x a'), undefined)
    const sort = define(
      [
        { at: 1, access: Access.readOnly },
        { isUnknown: true, access: RW },
      ],
      {
        findKeys: ({ argc }, into) => {
          into.push(1)
          if (argc > 2) into.push(2)
          return argc < 4
        },
        keyAccess: (_call, index) => index * 1000,
      },
    )
    assert.deepEqual(keysOf(sort, 'x a'), ['a:1000'])
    assert.deepEqual(keysOf(sort, 'x a b'), ['a:1000', 'b:2000'])
    assert.equal(keysOf(sort, 'x a b c'), undefined)
    const incomplete = define([{ at: 1, access: RW | Access.incomplete }])
    assert.equal(keysOf(incomplete, 'x a'), undefined)
    const variable = define([{ at: 1, access: RW | Access.variableFlags }], { keyAccess: () => Access.readOnly })
    assert.deepEqual(keysOf(variable, 'x a'), list('a', Access.readOnly))
  })

  test('as one range for older clients', () => {
    const of = (...keys: KeySpec[]): unknown => Object.values(keyRange(define(keys)))
    assert.deepEqual(of(), [0, 0, 0])
    assert.deepEqual(of({ at: 1, access: RW }), [1, 1, 1])
    assert.deepEqual(of({ at: 1, last: -1, step: 2, access: RW }), [1, -1, 2])
    assert.deepEqual(of({ at: 1, access: RW }, { at: 2, access: RW }), [1, 2, 1])
    assert.deepEqual(of({ at: 2, access: RW }, { at: 3, last: -1, access: RW }), [2, -1, 1])
    assert.deepEqual(
      of({ at: 1, access: RW }, { at: 2, count: { index: 0, first: 1, step: 1 }, access: RW }),
      [1, 1, 1],
    )
    assert.deepEqual(of({ at: 1, access: RW }, { at: 5, access: RW }), [1, 1, 1])
    assert.deepEqual(of({ keyword: 'K', from: 1, last: -1, access: RW }), [0, 0, 0])
  })
})
