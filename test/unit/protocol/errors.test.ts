import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1 } from '../../../src/base/bytes.js'
import { defineError, ErrorReply, PREVIEW_ARGS_MAX, quoteError } from '../../../src/protocol/errors.js'

function line(error: ErrorReply): string {
  return latin1(error.bytes, 0, error.bytes.length)
}

test('every fixed text is one line with a code', () => {
  for (const [name, error] of Object.entries(ErrorReply)) {
    if (typeof error === 'function') continue
    assert.match(error.code, /^[A-Z]+$/, name)
    assert.equal(line(error), error.text === '' ? `-${error.code}\r\n` : `-${error.code} ${error.text}\r\n`, name)
    assert.doesNotMatch(error.text, /[\r\n]|^ | $/, name)
  }
})

test('no text is defined twice', () => {
  const seen = new Map<string, string>()
  for (const [name, error] of Object.entries(ErrorReply)) {
    if (typeof error === 'function') continue
    assert.equal(seen.get(line(error)), undefined, name)
    seen.set(line(error), name)
  }
})

test('texts with parts, as a 7.2.4 server sent them', () => {
  for (const [error, expected] of [
    [ErrorReply.unknownCommand('foo', []), "ERR unknown command 'foo', with args beginning with: "],
    [ErrorReply.unknownCommand('foo', ['bar']), "ERR unknown command 'foo', with args beginning with: 'bar' "],
    [ErrorReply.unknownCommand('', []), "ERR unknown command '', with args beginning with: "],
    [
      ErrorReply.unknownCommand('foo', ['a\r\nb', 'c\0d']),
      "ERR unknown command 'foo', with args beginning with: 'a  b' 'c' ",
    ],
    [
      ErrorReply.unknownCommand('foo', ['x'.repeat(200), 'y']),
      `ERR unknown command 'foo', with args beginning with: '${'x'.repeat(128)}' `,
    ],
    [
      ErrorReply.unknownCommand('z'.repeat(303), ['a']),
      `ERR unknown command '${'z'.repeat(128)}', with args beginning with: 'a' `,
    ],
    [ErrorReply.unknownSubcommand('nosuch', 'client'), "ERR unknown subcommand 'nosuch'. Try CLIENT HELP."],
    [ErrorReply.wrongArity('config|get'), "ERR wrong number of arguments for 'config|get' command"],
    [ErrorReply.protocolExpectedDollar(0x0d), "ERR Protocol error: expected '$', got ' '"],
    [ErrorReply.protocolExpectedDollar(0xff), "ERR Protocol error: expected '$', got '\xff'"],
    [ErrorReply.invalidExpireTime('set'), "ERR invalid expire time in 'set' command"],
    [ErrorReply.expireUnsupportedOption('x\r\n'), 'ERR Unsupported option x'],
    [ErrorReply.latencyNoSamples('a\r\n'), "ERR No samples available for event 'a  '"],
    [ErrorReply.invalidPosition(181.0078125, 0), 'ERR invalid longitude,latitude pair 181.007812,0.000000'],
    [ErrorReply.invalidPosition(-200.0234375, 91), 'ERR invalid longitude,latitude pair -200.023438,91.000000'],
    [
      ErrorReply.invalidPosition(-Infinity, 1e21),
      'ERR invalid longitude,latitude pair -inf,1000000000000000000000.000000',
    ],
    [ErrorReply.helloSyntax('foo'), "ERR Syntax error in HELLO option 'foo'"],
    [ErrorReply.moved(3999, '127.0.0.1', 6381), 'MOVED 3999 127.0.0.1:6381'],
    [
      ErrorReply.sentinelNoQuorum(1, true, true),
      'NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the specified quorum for this master. ' +
        'Not enough available Sentinels to reach the majority and authorize a failover',
    ],
  ] as const) {
    assert.equal(line(error), `-${expected}\r\n`)
  }
})

test('EXEC quotes the reason without the ERR code, but with any other', () => {
  const { execAbortBecause, outOfMemory, notAllowedInTransaction } = ErrorReply
  assert.equal(
    line(execAbortBecause(outOfMemory)),
    "-EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'.\r\n",
  )
  assert.equal(
    line(execAbortBecause(notAllowedInTransaction)),
    '-EXECABORT Transaction discarded because of: Command not allowed inside a transaction\r\n',
  )
  assert.equal(quoteError(ErrorReply.syntax), 'syntax error')
})

test('the preview looks at no more arguments than it says', () => {
  const few = Array.from({ length: PREVIEW_ARGS_MAX }, () => '')
  const { text } = ErrorReply.unknownCommand('x', few)
  assert.equal(ErrorReply.unknownCommand('x', [...few, 'more']).text, text)
})

test('line breaks never reach the wire, wide characters do as UTF-8', () => {
  assert.equal(line(defineError('X', '\r\na\rb\nc\r\n')), '-X a b c\r\n')
  assert.equal(line(ErrorReply.configRewrite('caf\u00e9')), '-ERR Rewriting config file: caf\xe9\r\n')
  assert.equal(line(ErrorReply.configRewrite('\u20ac')), '-ERR Rewriting config file: \xe2\x82\xac\r\n')
})
