/**
 * The test behind PFSELFTEST: registers keep what is written to them, the dense and the sparse form agree, and estimates
 * are as near as they should be.
 */

import type { Random } from '../../base/environment.js'
import {
  DENSE_BYTES,
  Histogram,
  REGISTER_MAX,
  registerAt,
  REGISTERS,
  setRegister,
} from '../../structures/hyperloglog-dense.js'
import { raiseSparse, searchSparse, Sparse, SPARSE_VALUE_MAX } from '../../structures/hyperloglog-sparse.js'
import {
  countOf,
  DENSE_VALUE_BYTES,
  EMPTY_VALUE_BYTES,
  Form,
  HEADER_BYTES,
  positionOf,
  RANK_SHIFT,
  REGISTER_MASK,
  setForm,
  writeEmpty,
} from '../../structures/hyperloglog.js'

const REGISTER_ROUNDS = 100
const ELEMENTS = 1_000_000
const ELEMENT_BYTES = 8
/** Errors are looked at after 1, 10, 100, … elements, and may be so many standard errors. */
const ERRORS_MAX = 6
/** Of these few elements one may meet another, but hardly two. */
const FEW_ELEMENTS = 10
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS)

/** Returns what is wrong, if anything is. */
export function selfTest(random: Random, sparseBytesMax: number): string | undefined {
  return testRegisters(random) ?? new Comparison(random, sparseBytesMax).run()
}

function testRegisters(random: Random): string | undefined {
  const packed = new Uint8Array(DENSE_BYTES)
  const plain = new Uint8Array(REGISTERS)
  for (let round = 0; round < REGISTER_ROUNDS; round++) {
    random.fill(plain) // oxlint-disable-line unicorn/no-array-fill-with-reference-type
    for (let i = 0; i < REGISTERS; i++) {
      plain[i]! &= REGISTER_MAX
      setRegister(packed, 0, i, plain[i]!)
    }
    for (let i = 0; i < REGISTERS; i++) {
      const found = registerAt(packed, 0, i)
      if (found !== plain[i]) return `Register ${i} should be ${plain[i]} but is ${found}`
    }
  }
  return undefined
}

/** The same elements, counted in both forms for as long as the sparse one lasts. */
class Comparison {
  private readonly dense: Uint8Array
  private readonly sparse: Uint8Array
  private readonly sparseWords: Int32Array
  private readonly sparseBytesMax: number
  private readonly histogram: Histogram
  private readonly element: Uint8Array
  private readonly seed: Uint8Array
  /** End of the sparse value; -1 once it has become too long. */
  private sparseEnd: number

  constructor(random: Random, sparseBytesMax: number) {
    this.dense = new Uint8Array(DENSE_VALUE_BYTES)
    this.sparse = new Uint8Array(DENSE_VALUE_BYTES * 2)
    this.sparseWords = new Int32Array(this.sparse.buffer)
    this.sparseBytesMax = Math.min(sparseBytesMax, this.sparse.length)
    this.histogram = new Histogram()
    this.element = new Uint8Array(ELEMENT_BYTES)
    this.seed = new Uint8Array(ELEMENT_BYTES)
    this.sparseEnd = EMPTY_VALUE_BYTES
    random.fill(this.seed)
    writeEmpty(this.dense, 0)
    this.dense.fill(0, HEADER_BYTES)
    setForm(this.dense, 0, Form.dense)
    writeEmpty(this.sparse, 0)
  }

  run(): string | undefined {
    let checkpoint = 1
    for (let added = 1; added <= ELEMENTS; added++) {
      this.add(added)
      if (added !== checkpoint) continue
      const finding = this.check(added)
      if (finding !== undefined) return finding
      checkpoint *= 10
    }
    return undefined
  }

  private add(number: number): void {
    const { element, seed } = this
    for (let i = 0; i < ELEMENT_BYTES; i++) element[i] = seed[i]! ^ (i < 4 ? number >>> (i * 8) : 0)
    const position = positionOf(element, 0, ELEMENT_BYTES)
    const index = position & REGISTER_MASK
    const rank = position >>> RANK_SHIFT
    if (rank > registerAt(this.dense, HEADER_BYTES, index)) setRegister(this.dense, HEADER_BYTES, index, rank)
    if (this.sparseEnd < 0) return
    if (rank > SPARSE_VALUE_MAX) this.sparseEnd = -1
    else this.addSparse(index, rank)
  }

  private addSparse(index: number, rank: number): void {
    const { sparse, sparseBytesMax, sparseEnd, sparseWords } = this
    if (searchSparse(sparse, sparseWords, HEADER_BYTES, sparseEnd, index, rank) !== Sparse.lower) return
    const room = sparseBytesMax - HEADER_BYTES
    this.sparseEnd = raiseSparse(sparse, HEADER_BYTES, sparseEnd, sparse.length, room, index, rank)
  }

  private check(added: number): string | undefined {
    const { dense, histogram, sparse, sparseBytesMax, sparseEnd } = this
    const count = countOf(dense, 0, dense.length, histogram)
    if (sparseEnd < 0) {
      if (added < sparseBytesMax / 4) return 'sparse encoding not used'
    } else if (countOf(sparse, 0, sparseEnd, histogram) !== count) return 'dense/sparse disagree'
    const error = Math.abs(added - count)
    const errorMax = added === FEW_ELEMENTS ? 1 : Math.ceil(STANDARD_ERROR * ERRORS_MAX * added)
    return error > errorMax ? `Too big error. card:${added} abserr:${error}` : undefined
  }
}
