/** A drawing in braille characters: each shows two by four dots. */

const BRAILLE = 0x2800

/** The bit of each dot of a character, by row and column. */
const DOT_BITS: readonly (readonly [number, number])[] = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
]

/** A point of the drawing; both coordinates run from -1 to 1. */
export type Point = readonly [x: number, y: number]

export class BrailleCanvas {
  private readonly columns: number
  private readonly rows: number
  private readonly cells: Uint8Array

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.cells = new Uint8Array(columns * rows)
  }

  line([fromX, fromY]: Point, [toX, toY]: Point): void {
    const width = this.columns * 2 - 1
    const height = this.rows * 4 - 1
    const steps = Math.ceil(Math.max(Math.abs(toX - fromX) * width, Math.abs(toY - fromY) * height))
    for (let step = 0; step <= steps; step++) {
      const part = steps === 0 ? 0 : step / steps
      const x = Math.round(((fromX + (toX - fromX) * part + 1) / 2) * width)
      const y = Math.round(((fromY + (toY - fromY) * part + 1) / 2) * height)
      this.cells[(y >> 2) * this.columns + (x >> 1)]! |= DOT_BITS[y & 3]![x & 1]!
    }
  }

  /** Lines without blanks at their ends, each ended by a line feed. */
  text(): string {
    let text = ''
    for (let row = 0; row < this.rows; row++) {
      const cells = this.cells.subarray(row * this.columns, (row + 1) * this.columns)
      const line = Array.from(cells, (bits) => (bits === 0 ? ' ' : String.fromCharCode(BRAILLE + bits))).join('')
      text += `${line.trimEnd()}\n`
    }
    return text
  }
}
