import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { Effects } from '../../../src/engine/effects.js'

function encoded(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
}

/** What the feed is handed of words that lie at places of a text. */
function handedOver(text: string, places: readonly (readonly [number, number])[], commits: boolean): string {
  const effects = new Effects()
  let taken = ''
  effects.attach({
    append: (bytes, _databases, starts, ends) => void (taken += latin1(bytes, starts[0]!, ends[0]!)),
    settle() {},
  })
  const starts = Int32Array.from(places, ([start]) => start)
  const ends = Int32Array.from(places, ([, end]) => end)
  if (commits) effects.commitRequest(0, latin1Bytes(text), starts, ends, places.length)
  else {
    effects.addRequest(0, latin1Bytes(text), starts, ends, places.length)
    effects.commit()
  }
  return taken
}

const word = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('', '\r\n', '*1\r\n', '$4\r\n', '$9\r\n', 'x'.repeat(120)),
)
const wordList = fc
  .array(word, { minLength: 1, maxLength: 12 })
  .map((words) => words.map((text) => text.replace(/[^\0-\xff]/g, '?')))

test('a request is handed over encoded, whatever stands between and around its words', () => {
  fc.assert(
    fc.property(
      wordList,
      fc.constantFrom('sent', 'bare', 'with headers of others'),
      fc.boolean(),
      (words, form, commits) => {
        let text = form === 'sent' ? `*1\r\n$1\r\nx\r\n*${words.length}\r\n` : '*9\r\n'
        const places: [number, number][] = []
        for (const item of words) {
          if (form === 'sent') text += `$${item.length}\r\n`
          if (form === 'with headers of others') text += `$${(item.length + 1) % 10}\r\n`
          places.push([text.length, text.length + item.length])
          text += form === 'bare' ? item : `${item}\r\n`
        }
        assert.equal(handedOver(text, places, commits), encoded(words))
      },
    ),
  )
})
