import { test } from 'node:test'
import { deepEqual, equal } from 'node:assert/strict'
import * as fc from 'fast-check'
import {
  cString,
  isComment,
  lowerAscii,
  quote,
  quoteIfNeeded,
  splitLines,
  splitWords,
} from '../../../src/config/file-syntax.js'

test('words and quotes', () => {
  const cases: [line: string, words: string[] | undefined][] = [
    ['', []],
    ['   ', []],
    ['\v\f', []],
    ['save 900 1', ['save', '900', '1']],
    ['\tsave\t900  1\r', ['save', '900', '1']],
    ['a\vb', ['a\vb']],
    ['save ""', ['save', '']],
    ["save ''", ['save', '']],
    ['"a b" \'c d\'', ['a b', 'c d']],
    ['a"b c"', ['ab c']],
    ["a'b c'", ['ab c']],
    ['"\\n\\r\\t\\b\\a"', ['\n\r\t\b\x07']],
    ['"\\x41\\xff\\xFg\\x4"', ['A\xffxFgx4']],
    ['"\\"\\\\\\q"', ['"\\q']],
    ["'\\n\\''", ["\\n'"]],
    ["'a\\\\b'", ['a\\\\b']],
    ["'\\\\'", undefined],
    ['"it\'s"', ["it's"]],
    ['\'say "x"\'', ['say "x"']],
    ['a\\b', ['a\\b']],
    ['a # b', ['a', '#', 'b']],
    ['a\0b', ['a']],
    ['"a\0b"', undefined],
    ['"a', undefined],
    ["'a", undefined],
    ['"a"b', undefined],
    ['"a""b"', undefined],
    ["'a'b", undefined],
    ['"a\\', undefined],
    ['"a\\"', undefined],
    ["'a\\'", undefined],
    ['a "', undefined],
  ]
  for (const [line, words] of cases) deepEqual(splitWords(line), words, JSON.stringify(line))
})

test('quoting', () => {
  equal(quote('a "b" \\ \n\r\t\b\x07 \0\x7f\xe9'), '"a \\"b\\" \\\\ \\n\\r\\t\\b\\a \\x00\\x7f\\xe9"')
  equal(quote(''), '""')
})

test('quotes only where they are needed', () => {
  for (const text of ['a', '/a-b.so', '#[]!', 'a=b:c']) equal(quoteIfNeeded(text), text)
  for (const text of ['', 'a b', '"', "'", '\\', 'a\0', '\xe9']) equal(quoteIfNeeded(text), quote(text))
})

test('what is quoted comes back', () => {
  const byte = fc.nat(255).map((code) => String.fromCharCode(code))
  fc.assert(
    fc.property(fc.array(fc.array(byte).map((bytes) => bytes.join(''))), (words) => {
      deepEqual(splitWords(words.map(quote).join(' ')), words)
    }),
  )
})

test('lines', () => {
  deepEqual(splitLines(''), [])
  deepEqual(splitLines('a\n'), ['a', ''])
  deepEqual(splitLines(' a \r\n\t\n# c'), ['a', '', '# c'])
  deepEqual([isComment(''), isComment('# c'), isComment('a # c')], [true, true, false])
})

test('texts as C sees them', () => {
  deepEqual([cString('a\0b'), cString('\0'), cString('ab')], ['a', '', 'ab'])
  equal(lowerAscii('Save-\xc9'), 'save-\xc9')
})
