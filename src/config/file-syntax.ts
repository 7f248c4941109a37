/**
 * The syntax of redis.conf: lines, words, quotes.
 *
 * A line is a directive's name and its arguments, separated by blanks; `#` in the first column makes it a comment. A word
 * may be quoted: "double quotes" know \n \r \t \a \b \xHH and \<any char>; 'single quotes' know \' only. A closing quote
 * must be followed by a blank or the end of the line. These are the rules of redis-cli's prompt as well.
 *
 * Text here is a byte string: one character a byte (latin1), so that passwords and paths pass through unharmed.
 */

const BLANKS = ' \t\n\v\f\r'
const LINE_TRIM = ' \t\r\n'

/** Escapes inside double quotes that stand for a control character. */
const CONTROL: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }
const CONTROL_ESCAPE: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\x07': '\\a',
}

/**
 * Splits a line into words.
 *
 * @returns undefined when a quote stays open or is closed in the middle of a word; an empty list for a blank line
 */
export function splitWords(line: string): string[] | undefined {
  const text = cString(line)
  const words: string[] = []
  let at = 0
  for (;;) {
    while (at < text.length && isBlank(text[at])) at++
    if (at >= text.length) return words
    const end = scanWord(text, at, words)
    if (end < 0) return undefined
    at = end
  }
}

/** Reads one word from `at` and pushes it; returns where it ended, or -1 when its quotes do not balance. */
function scanWord(text: string, at: number, words: string[]): number {
  let word = ''
  while (at < text.length) {
    const char = text[at]!
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') break
    if (char !== '"' && char !== "'") {
      word += char
      at++
      continue
    }
    const close = findClosingQuote(text, at)
    if (close < 0) return -1
    // The word ends with its closing quote, since only a blank may follow.
    const body = text.slice(at + 1, close)
    words.push(word + (char === '"' ? unescapeDouble(body) : body.replaceAll("\\'", "'")))
    return close + 1
  }
  words.push(word)
  return at
}

/** The index of the quote that closes the one at `open`; -1 when there is none or a word character follows it. */
function findClosingQuote(text: string, open: number): number {
  const quote = text[open]
  let at = open + 1
  while (at < text.length && text[at] !== quote) {
    const escapes = quote === '"' ? at + 1 < text.length : text[at + 1] === "'"
    at += text[at] === '\\' && escapes ? 2 : 1
  }
  if (at >= text.length) return -1
  return at + 1 < text.length && !isBlank(text[at + 1]) ? -1 : at
}

function unescapeDouble(body: string): string {
  return body.replace(/\\(?:x([0-9a-fA-F]{2})|([^]))/g, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (CONTROL[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** The text in double quotes, such that `splitWords` gives it back. */
export function quote(text: string): string {
  let quoted = '"'
  for (const char of text) {
    const code = char.charCodeAt(0)
    if (char === '"' || char === '\\') quoted += '\\' + char
    else if (char in CONTROL_ESCAPE) quoted += CONTROL_ESCAPE[char]!
    else if (code >= 0x20 && code < 0x7f) quoted += char
    else quoted += '\\x' + code.toString(16).padStart(2, '0')
  }
  return quoted + '"'
}

/** The text as it is where that makes one word, else in quotes. */
export function quoteIfNeeded(text: string): string {
  return /^[!#-&(-[\]-~]+$/.test(text) ? text : quote(text)
}

/** Lines without the blanks around them; an empty text has none, and a final newline is followed by an empty line. */
export function splitLines(text: string): string[] {
  return text === '' ? [] : text.split('\n').map(trimLine)
}

export function isComment(line: string): boolean {
  return line === '' || line.startsWith('#')
}

/** What C sees of a string: everything before the first NUL. */
export function cString(text: string): string {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}

/** Lower case for A–Z alone; bytes beyond ASCII stay as they are. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (char) => char.toLowerCase())
}

export function isBlank(char: string | undefined): boolean {
  return char !== undefined && BLANKS.includes(char)
}

function trimLine(line: string): string {
  let start = 0
  let end = line.length
  while (start < end && LINE_TRIM.includes(line[start]!)) start++
  while (end > start && LINE_TRIM.includes(line[end - 1]!)) end--
  return line.slice(start, end)
}
