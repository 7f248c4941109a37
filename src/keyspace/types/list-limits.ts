/** How lists are kept: the configuration's values, and a lever of DEBUG. */

/** By default no element gets a node of its own for its length. */
const LARGE_BYTES = 1 << 30

export class ListLimits {
  /** list-max-listpack-size. */
  fill: number
  /** list-compress-depth. */
  depth: number
  /** Elements from this length on get a node of their own. */
  largeBytes: number

  constructor() {
    this.fill = -2
    this.depth = 0
    this.largeBytes = LARGE_BYTES
  }

  /** @param bytes  0 for the default */
  setLargeBytes(bytes: number): void {
    this.largeBytes = bytes === 0 ? LARGE_BYTES : bytes
  }
}
