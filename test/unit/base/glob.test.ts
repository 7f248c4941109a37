import { test } from 'node:test'
import { equal } from 'node:assert/strict'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { globMatch } from '../../../src/base/glob.js'

/** Matches with pattern-like bytes on both sides, which must not be seen. */
function match(pattern: string, text: string, ignoreCase = false): boolean {
  const p = latin1Bytes(`*${pattern}*]`)
  const t = latin1Bytes(`a${text}a`)
  return globMatch(p, 1, p.length - 2, t, 1, t.length - 1, ignoreCase)
}

/** One row per pattern: what it matches, and what it does not. */
const table: [pattern: string, matching: string[], other: string[]][] = [
  ['', [''], ['a']],
  ['abc', ['abc'], ['ab', 'abcd', 'Abc', '']],
  ['a?c', ['abc', 'a?c', 'a\xffc'], ['ac', 'abbc']],
  ['*', ['a', 'abc', '\0'], ['']],
  ['**', ['a', 'abc'], ['']],
  ['a*', ['a', 'ab', 'abc'], ['ba', '']],
  ['*c', ['c', 'abc', 'cc'], ['cb']],
  ['a*c', ['ac', 'abc', 'abcbc'], ['ab', 'acb']],
  ['a**b', ['ab', 'axb'], ['a', 'abx']],
  ['*a*b*', ['ab', 'xaxbx', 'aab'], ['ba', 'a']],
  ['*ab', ['ab', 'aab', 'abab'], ['aba']],
  ['h[ae]llo', ['hello', 'hallo'], ['hillo', 'hllo']],
  ['h[^e]llo', ['hallo', 'h^llo'], ['hello']],
  ['h[a-c]llo', ['hallo', 'hbllo', 'hcllo'], ['hdllo', 'h-llo']],
  ['h[c-a]llo', ['hallo', 'hbllo', 'hcllo'], ['hdllo']],
  ['[]', [], ['', ']', '[', 'a']],
  ['[^]', ['a', '^', ']'], ['']],
  ['[]a]', [], ['a]', ']a]', 'a']],
  ['[a', ['a'], ['b', '[a']],
  ['[abc', ['a', 'c'], ['d']],
  ['[', [], ['[', 'a']],
  ['[^', ['[', 'a', '^'], ['']],
  ['[^a', ['b'], ['a']],
  ['[a-', ['a', '-'], ['b']],
  ['[a-]', ['a', ']', '^', '_', '`'], ['-', '\\']],
  ['[a-]b]', ['a', 'b', ']'], ['-']],
  ['[-a]', ['-', 'a'], ['b']],
  ['[a^]', ['a', '^'], ['b']],
  ['[\\]]', [']'], ['\\', 'a']],
  ['[\\a-c]', ['a', '-', 'c'], ['b', '\\']],
  ['[a-\\]', ['\\', ']', 'a', '`'], ['b', '-']],
  ['[a-\\]]', ['a]', '\\]', ']]'], ['a', '-']],
  ['[a\\', ['a', '\\'], ['b']],
  ['\\*', ['*'], ['a', '\\*']],
  ['\\?a', ['?a'], ['ba']],
  ['\\[a]', ['[a]'], ['a']],
  ['\\a', ['a'], ['\\a']],
  ['a\\', ['a\\'], ['a']],
  ['\\\\', ['\\'], ['\\\\']],
  ['[\x80-\xff]', ['\x80', '\xe9', '\xff'], ['\x7f', 'a']],
  ['[a-\xff]', ['\x00', 'A', 'a', '\xff'], ['b', '\xfe']],
  ['user:*:name', ['user:1:name', 'user::name', 'user:a:b:name'], ['user:1:names', 'user:name']],
]

for (const [pattern, matching, other] of table) {
  test(`pattern ${JSON.stringify(pattern)}`, () => {
    for (const text of matching) equal(match(pattern, text), true, `should match ${JSON.stringify(text)}`)
    for (const text of other) equal(match(pattern, text), false, `should not match ${JSON.stringify(text)}`)
  })
}

test('ignoring case', () => {
  equal(match('MAX*', 'maxmemory', true), true)
  equal(match('max*', 'MaxMemory', true), true)
  equal(match('[a-c]X', 'Bx', true), true)
  equal(match('[A-C]x', 'bX', true), true)
  equal(match('[xyz]', 'Y', true), true)
  equal(match('\\A', 'a', true), true)
  equal(match('max', 'may', true), false)
  equal(match('\xc9', '\xe9', true), false)
})

test('ignoring case, the oddities: escapes in classes keep case, range ends are ordered before lowering', () => {
  equal(match('[\\A]', 'a', true), false)
  equal(match('[\\A]', 'A', true), true)
  equal(match('[Z-a]', '[', true), false)
  equal(match('[Z-a]', '[', false), true)
  equal(match('[a-\xe9]', 'a', true), false)
  equal(match('[a-\xff]', 'A', true), true)
})

/** Element by element and star by star, the plainest way. */
function naive(pattern: string[], text: string): boolean {
  const [element, ...rest] = pattern
  if (element === undefined) return text === ''
  if (element === '*') return naive(rest, text) || (text !== '' && naive(pattern, text.slice(1)))
  const [char] = text
  if (char === undefined) return false
  const isSame =
    element === '?' || (element.length > 1 ? element.includes(char) && !'[]'.includes(char) : element === char)
  return isSame && naive(rest, text.slice(1))
}

test('agrees with plain recursion on texts that are not empty', () => {
  const element = fc.constantFrom('*', '*', '?', 'a', 'b', '[ab]', '[bc]')
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.array(element, { maxLength: 8 }), text, (pattern, body) => {
      equal(match(pattern.join(''), body), naive(pattern, body))
    }),
    { numRuns: 1000 },
  )
})

test('any bytes as pattern end in an answer', () => {
  const bytes = fc.uint8Array({ maxLength: 12 })
  const special = fc
    .array(fc.constantFrom(...latin1Bytes('*?[]^-\\ab\xff')), { maxLength: 12 })
    .map((a) => Uint8Array.from(a))
  fc.assert(
    fc.property(fc.oneof(bytes, special), fc.oneof(bytes, special), fc.boolean(), (pattern, text, ignoreCase) => {
      equal(typeof globMatch(pattern, 0, pattern.length, text, 0, text.length, ignoreCase), 'boolean')
    }),
  )
})

test('many stars neither recurse nor explode', () => {
  equal(match('a*'.repeat(50_000), 'a'.repeat(100_000)), true)
  equal(match('*a'.repeat(40) + 'b', 'a'.repeat(5000)), false)
  equal(match('*'.repeat(100_000) + 'b', 'a'.repeat(100)), false)
})
