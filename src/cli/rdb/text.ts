/** Numbers, times and byte strings as people read them. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `12 B`, `1.5 KB`, … */
export function sizeText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${UNITS[unit]}`
}

/** A byte string as redis-cli takes it in a command. */
export function quotedText(text: string): string {
  return `"${text.replace(/["\\]|[^ -~]/g, escaped)}"`
}

/** A byte string as text: itself when it is plain, otherwise quoted. */
export function shownName(text: string): string {
  return /^[!-~]+$/.test(text) && !/["'\\]/.test(text) ? text : quotedText(text)
}

function escaped(character: string): string {
  const short = SHORT_ESCAPES[character]
  return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** Lines of columns, the first aligned to the left, the others to the right. */
export function tableText(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, String(cell).length)
  }
  return rows.map((row) => {
    const cells = row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]!) : String(cell).padStart(widths[i]!)))
    return `  ${cells.join('  ')}`.trimEnd()
  })
}
