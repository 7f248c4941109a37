import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { ErrorReply } from '../../../src/protocol/errors.js'
import { parseRequest, ParseStatus, RequestState, startRequest } from '../../../src/protocol/request-parser.js'
import { argsOf, commandsOf, multibulk, pieces, sentCommand } from './requests.js'

type Outcome = { commands: string[][]; empty: number; status: ParseStatus; error: string; position: number }

/** Parses `text` arriving in the given pieces, all at the same place. */
function parse(parts: string[], prepare: (state: RequestState) => void = () => {}): Outcome {
  const bytes = latin1Bytes(parts.join(''))
  const state = new RequestState()
  startRequest(state, bytes, 0)
  prepare(state)
  const outcome: Outcome = { commands: [], empty: 0, status: ParseStatus.Incomplete, error: '', position: 0 }
  let end = 0
  for (const part of parts) {
    end += part.length
    do {
      outcome.status = parseRequest(state, end)
      if (outcome.status === ParseStatus.Complete) outcome.commands.push(argsOf(state))
      if (outcome.status === ParseStatus.Empty) outcome.empty++
    } while (outcome.status === ParseStatus.Complete || outcome.status === ParseStatus.Empty)
    if (outcome.status !== ParseStatus.Incomplete) break
  }
  if (outcome.status === ParseStatus.ProtocolError) outcome.error = state.error.text
  outcome.position = state.position
  return outcome
}

/** Whole and byte by byte: both must give the same. Inline words are unescaped in place, so each gets its own bytes. */
function parseBothWays(text: string, prepare?: (state: RequestState) => void): Outcome {
  const whole = parse([text], prepare)
  const single = parse([...text], prepare)
  assert.deepEqual(single, whole)
  return whole
}

test('commands arrive whole, byte by byte and in random cuts', () => {
  fc.assert(
    fc.property(fc.array(sentCommand, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (sent, cuts) => {
      const text = sent.map(({ wire }) => wire).join('')
      const whole = parse([text])
      assert.deepEqual(whole.commands, commandsOf(sent))
      assert.equal(whole.status, ParseStatus.Incomplete)
      assert.equal(whole.position, text.length)
      assert.deepEqual(parse(pieces(text, cuts)), whole)
      if (text.length < 2000) assert.deepEqual(parse([...text]), whole)
    }),
    { numRuns: 300 },
  )
})

test('arguments of every length around the limits of the fast paths', () => {
  for (const length of [0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 65535, 65536, 70000]) {
    const args = ['set', 'k', 'v'.repeat(length)]
    const text = multibulk(...args)
    const { commands, status } = length > 1000 ? parse([text]) : parseBothWays(text)
    assert.deepEqual(commands, [args])
    assert.equal(status, ParseStatus.Incomplete)
  }
})

test('any number of arguments', () => {
  for (const count of [1, 9, 10, 31, 32, 33, 64, 65, 1000, 5000]) {
    const args = Array.from({ length: count }, (_, i) => String(i))
    assert.deepEqual(parseBothWays(multibulk(...args)).commands, [args])
  }
})

test('lines without a command', () => {
  const ping = multibulk('PING')
  for (const [text, empty] of [
    ['*0\r\n', 1],
    ['*-1\r\n', 1],
    ['*-9223372036854775808\r\n', 1],
    ['\r\n', 1],
    ['\n', 1],
    [' \t\v\f\r\n', 1],
    ['\r\n*0\r\n\n', 3],
  ] as const) {
    const outcome = parseBothWays(text + ping)
    assert.equal(outcome.empty, empty, JSON.stringify(text))
    assert.deepEqual(outcome.commands, [['PING']], JSON.stringify(text))
  }
})

test('what the reference tolerates', () => {
  assert.deepEqual(parseBothWays('*1\rX$4\rYPINGab' + multibulk('GET', 'k')).commands, [['PING'], ['GET', 'k']])
  assert.deepEqual(parseBothWays('PING\n').commands, [['PING']])
  assert.deepEqual(parseBothWays('*1\r\n$0\r\n\r\n').commands, [['']])
})

test('protocol errors', () => {
  for (const [text, error] of [
    ['*3000000000\r\n', ErrorReply.protocolInvalidMultibulkLength],
    ['*2147483648\r\n', ErrorReply.protocolInvalidMultibulkLength],
    ['*9223372036854775807\r\n', ErrorReply.protocolInvalidMultibulkLength],
    ['*abc\r\n', ErrorReply.protocolInvalidMultibulkLength],
    ['*01\r\n', ErrorReply.protocolInvalidMultibulkLength],
    ['*1a\r\n', ErrorReply.protocolInvalidMultibulkLength],
    ['*+1\r\n', ErrorReply.protocolInvalidMultibulkLength],
    ['*\r\n', ErrorReply.protocolInvalidMultibulkLength],
    ['*x\rA', ErrorReply.protocolInvalidMultibulkLength],
    ['*1\r\n+PING\r\n', ErrorReply.protocolExpectedDollar(0x2b)],
    ['*1\r\n\r\n', ErrorReply.protocolExpectedDollar(0x0d)],
    ['*1\r\n\xff4\r\n', ErrorReply.protocolExpectedDollar(0xff)],
    ['*2\r\n$4\r\nPING\r\n:1\r\n', ErrorReply.protocolExpectedDollar(0x3a)],
    ['*1\r\n$abc\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$-1\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$04\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$04\r\nPING\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$00\r\n\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$4 \r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$12345678x\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$536870913\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$9223372036854775807\r\n', ErrorReply.protocolInvalidBulkLength],
    ['*1\r\n$99999999999999999999999\r\n', ErrorReply.protocolInvalidBulkLength],
    ['PING "\r\n', ErrorReply.protocolUnbalancedQuotes],
    ["PING 'a\r\n", ErrorReply.protocolUnbalancedQuotes],
    ['PING "a"b\r\n', ErrorReply.protocolUnbalancedQuotes],
  ] as const) {
    const outcome = parseBothWays(text)
    assert.equal(outcome.error, error.text, JSON.stringify(text))
  }
})

test('lines that do not end', () => {
  const limit = 64 * 1024
  for (const [begin, error] of [
    ['*', ErrorReply.protocolMultibulkCountTooLong],
    ['*1\r\n$', ErrorReply.protocolBulkCountTooLong],
    ['a', ErrorReply.protocolInlineTooBig],
  ] as const) {
    const line = begin.slice(begin.lastIndexOf('\n') + 1)
    const most = begin + '1'.repeat(limit - line.length)
    assert.equal(parse([most]).status, ParseStatus.Incomplete)
    assert.equal(parse([most, '1']).error, error.text)
    assert.equal(parseBothWays(most + '1').error, error.text)
  }
})

test('a NUL before the end of a line hides it', () => {
  for (const text of ['PI\0NG\r\n', '*1\0\r\n$4\r\nPING\r\n', '*1\r\n\0\r\n', '*1\r\n$4\0\r\n']) {
    assert.equal(parseBothWays(text).status, ParseStatus.Incomplete, JSON.stringify(text))
    assert.equal(parse([text + 'a'.repeat(70000)]).status, ParseStatus.ProtocolError)
  }
  assert.deepEqual(parseBothWays(multibulk('GET', '\0')).commands, [['GET', '\0']])
})

test('bounds for clients that have to log in first', () => {
  const restrict = (state: RequestState): void => {
    state.isRestricted = true
  }
  const ten = multibulk(...Array.from({ length: 10 }, () => 'x'))
  assert.equal(parseBothWays(ten, restrict).commands.length, 1)
  assert.equal(parseBothWays('*11\r\n', restrict).error, ErrorReply.protocolUnauthenticatedMultibulk.text)
  assert.equal(parse([multibulk('a'.repeat(16384))], restrict).commands.length, 1)
  assert.equal(parseBothWays('*1\r\n$16385\r\n', restrict).error, ErrorReply.protocolUnauthenticatedBulk.text)
})

test('proto-max-bulk-len, and none of it from a primary', () => {
  const limit = (bytes: number) => (state: RequestState) => {
    state.bulkBytesMax = bytes
  }
  assert.equal(parse(['*1\r\n$1048576\r\n'], limit(1048576)).status, ParseStatus.Incomplete)
  assert.equal(parse(['*1\r\n$1048577\r\n'], limit(1048576)).error, ErrorReply.protocolInvalidBulkLength.text)
  assert.equal(parse(['*1\r\n$600000000\r\n'], limit(Infinity)).status, ParseStatus.Incomplete)
  assert.equal(parse(['*1\r\n$2147483647\r\n'], limit(Infinity)).error, ErrorReply.protocolInvalidBulkLength.text)
})

test('inline: words, quotes and escapes', () => {
  // Checked against redis-server 7.2.4, which was also fed thousands of random lines.
  for (const [line, words] of [
    ['a b', ['a', 'b']],
    ['  a \t b  ', ['a', 'b']],
    ['"a b"', ['a b']],
    ['""', ['']],
    ["''", ['']],
    ['a""', ['a']],
    ['foo"bar"', ['foobar']],
    ["foo'b r'", ['foob r']],
    ['"\\n\\r\\t\\b\\a\\q\\""', ['\n\r\t\b\x07q"']],
    ['"\\x41\\x0a\\xFf"', ['A\n\xff']],
    ['"\\x4g\\x"', ['x4gx']],
    ['"\\x4"', ['x4']],
    ['"\\\\"', ['\\']],
    ["'\\n\\x41'", ['\\n\\x41']],
    ["'it\\'s'", ["it's"]],
    ["'a\\\\'b'", ["a\\'b"]],
    ["'a\\\\'", undefined],
    ['a\\nb', ['a\\nb']],
    ['a\vb\fc', ['a\vb\fc']],
    ['\va', ['a']],
    ['"a"\vb', ['a', 'b']],
    ['"a"b', undefined],
    ['"a', undefined],
    ['"a\\', undefined],
    ['"\\"', undefined],
    ["'", undefined],
    ['a\r\rb', ['a', 'b']],
    ['\x80\xff', ['\x80\xff']],
  ] as [string, string[] | undefined][]) {
    const outcome = parseBothWays(`${line}\r\n`)
    if (words === undefined) assert.equal(outcome.error, ErrorReply.protocolUnbalancedQuotes.text, JSON.stringify(line))
    else assert.deepEqual(outcome.commands, [words], JSON.stringify(line))
  }
})

test('inline: an unescaped line leaves what follows alone', () => {
  const outcome = parseBothWays('"\\x41\\x42" "c\\n"\r\n' + multibulk('GET', 'k') + "'d'\n")
  assert.deepEqual(outcome.commands, [['AB', 'c\n'], ['GET', 'k'], ['d']])
})

test('a million arguments in small reads take linear time', () => {
  const count = 1_000_000
  const text = `*${count}\r\n` + '$1\r\nx\r\n'.repeat(count)
  const bytes = latin1Bytes(text)
  const state = new RequestState()
  startRequest(state, bytes, 0)
  let calls = 0
  for (let end = 0; end < bytes.length; end += 100, calls++) {
    assert.equal(parseRequest(state, end), ParseStatus.Incomplete)
  }
  assert.equal(parseRequest(state, bytes.length), ParseStatus.Complete)
  assert.equal(state.argc, count)
  assert.ok(calls > 60_000)
})
