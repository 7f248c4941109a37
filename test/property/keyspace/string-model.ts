/**
 * The string and bitmap commands, naively: values are JavaScript strings of one character a byte, bits are texts of 0 and 1,
 * integers are BigInts. Only well-formed requests are understood; those that fail for what a key holds are.
 */

import { latin1Bytes } from '../../../src/base/bytes.js'
import { addLongDouble, formatLongDouble, isFinite, parseLongDouble } from '../../../src/base/long-double.js'

export interface ModelValue {
  value: string
  encoding: string
  /** -1 for none. */
  expiryMs: number
}

type Reply = string | bigint | number | null | Status | Failure | readonly Reply[]

class Status {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

class Failure {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const OK = new Status('OK')
const NOT_AN_INTEGER = new Failure('ERR value is not an integer or out of range')
const NOT_A_FLOAT = new Failure('ERR value is not a valid float')
const OVERFLOW = new Failure('ERR increment or decrement would overflow')
const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)

export class StringModel {
  readonly keys: Map<string, ModelValue>
  nowMs: number

  constructor(nowMs: number) {
    this.keys = new Map()
    this.nowMs = nowMs
  }

  /** The reply in RESP2. */
  run(words: readonly string[]): string {
    return encode(this.reply(words))
  }

  private get(key: string): ModelValue | undefined {
    const held = this.keys.get(key)
    if (held === undefined || held.expiryMs < 0 || held.expiryMs >= this.nowMs) return held
    this.keys.delete(key)
    return undefined
  }

  private value(key: string): string {
    return this.get(key)?.value ?? ''
  }

  private set(key: string, value: string, expiryMs: number, encoding = encodingOf(value)): void {
    this.keys.delete(key)
    this.keys.set(key, { value, encoding, expiryMs })
  }

  /** Changes a value as those commands do that edit it in place. */
  private edit(key: string, value: string, encoding = 'raw'): void {
    this.set(key, value, this.get(key)?.expiryMs ?? -1, encoding)
  }

  private reply([name, key = '', ...rest]: readonly string[]): Reply {
    const [first = '', second = ''] = rest
    const held = this.get(key)
    switch (name) {
      case 'GET': return held?.value ?? null
      case 'STRLEN': return this.value(key).length
      case 'SET': return this.setCommand(key, first, rest.slice(1))
      case 'SETNX': return held === undefined ? after(this.set(key, first, -1), 1) : 0
      case 'PSETEX': return after(this.set(key, second, this.nowMs + Number(first)), OK)
      case 'GETSET': return after(this.set(key, first, -1), held?.value ?? null)
      case 'GETDEL': return after(this.keys.delete(key), held?.value ?? null)
      case 'GETEX': return this.getex(key, first, second)
      case 'MGET': return [key, ...rest].map((each) => this.get(each)?.value ?? null)
      case 'MSET': return after(this.setPairs([key, ...rest]), OK)
      case 'MSETNX': return this.msetnx([key, ...rest])
      case 'APPEND': return this.append(key, first)
      case 'SETRANGE': return this.setrange(key, Number(first), second)
      case 'GETRANGE': return slice(this.value(key), Number(first), Number(second))
      case 'INCRBY': return this.increment(key, BigInt(first))
      case 'DECRBY': return this.increment(key, -BigInt(first))
      case 'INCRBYFLOAT': return this.incrementFloat(key, first)
      case 'LCS': return subsequence(this.value(key), this.value(first))
      case 'SETBIT': return this.setbit(key, Number(first), second)
      case 'GETBIT': return Number(bitsOf(this.value(key))[Number(first)] ?? 0)
      case 'BITCOUNT': return slice(bitsOf(this.value(key)), Number(first), Number(second)).replaceAll('0', '').length
      case 'BITPOS': return this.bitpos(key, first, rest)
      case 'BITOP': return this.bitop(key, first, rest.slice(1))
      case 'BITFIELD': return this.bitfield(key, rest)
      default: throw new Error(`not modelled: ${name}`)
    }
  } // prettier-ignore

  private setCommand(key: string, value: string, options: readonly string[]): Reply {
    const held = this.get(key)
    const returnsOld = options.includes('GET')
    const old = held?.value ?? null
    if ((options.includes('NX') && held !== undefined) || (options.includes('XX') && held === undefined)) {
      return returnsOld ? old : null
    }
    let expiryMs = options.includes('KEEPTTL') ? (held?.expiryMs ?? -1) : -1
    if (options.includes('PX')) expiryMs = this.nowMs + Number(options[options.indexOf('PX') + 1])
    if (options.includes('PXAT')) expiryMs = Number(options[options.indexOf('PXAT') + 1])
    this.set(key, value, expiryMs)
    return returnsOld ? old : OK
  }

  private getex(key: string, option: string, time: string): Reply {
    const held = this.get(key)
    if (held === undefined) return null
    if (option === 'PERSIST') held.expiryMs = -1
    else if (option === 'PX') held.expiryMs = this.nowMs + Number(time)
    else if (option === 'PXAT' && Number(time) <= this.nowMs) this.keys.delete(key)
    else if (option === 'PXAT') held.expiryMs = Number(time)
    return held.value
  }

  private setPairs(pairs: readonly string[]): void {
    for (let i = 0; i < pairs.length; i += 2) this.set(pairs[i]!, pairs[i + 1]!, -1)
  }

  private msetnx(pairs: readonly string[]): Reply {
    for (let i = 0; i < pairs.length; i += 2) if (this.get(pairs[i]!) !== undefined) return 0
    this.setPairs(pairs)
    return 1
  }

  private append(key: string, value: string): Reply {
    const held = this.get(key)
    const whole = this.value(key) + value
    this.edit(key, whole, held === undefined ? encodingOf(value) : 'raw')
    return whole.length
  }

  private setrange(key: string, offset: number, value: string): Reply {
    const old = this.value(key)
    if (value === '') return old.length
    const whole = old.slice(0, offset).padEnd(offset, '\0') + value + old.slice(offset + value.length)
    this.edit(key, whole)
    return whole.length
  }

  private increment(key: string, delta: bigint): Reply {
    const text = this.get(key)?.value ?? '0'
    if (!isInteger(text)) return NOT_AN_INTEGER
    const sum = BigInt(text) + delta
    if (sum > INT64_MAX || sum < INT64_MIN) return OVERFLOW
    this.edit(key, `${sum}`, 'int')
    return sum
  }

  private incrementFloat(key: string, increment: string): Reply {
    const [a, b] = [this.get(key)?.value ?? '0', increment].map((text) =>
      parseLongDouble(latin1Bytes(text), 0, text.length),
    )
    if (a === undefined || b === undefined) return NOT_A_FLOAT
    const sum = addLongDouble(a, b)
    if (!isFinite(sum)) return new Failure('ERR increment would produce NaN or Infinity')
    const text = formatLongDouble(sum)
    this.edit(key, text, text.length <= 44 ? 'embstr' : 'raw')
    return text
  }

  private setbit(key: string, at: number, bit: string): Reply {
    const bits = bitsOf(this.value(key)).padEnd(Math.floor(at / 8) * 8 + 8, '0')
    this.edit(key, bytesOf(bits.slice(0, at) + bit + bits.slice(at + 1)))
    return Number(bits[at])
  }

  private bitpos(key: string, bit: string, [, start = '0', stop, unit = 'BYTE']: readonly string[]): Reply {
    if (this.get(key) === undefined) return bit === '1' ? -1 : 0
    const bits = bitsOf(this.value(key))
    const length = unit === 'BIT' ? bits.length : bits.length / 8
    const scale = unit === 'BIT' ? 1 : 8
    const [first, last] = bounds(length, Number(start), Number(stop ?? -1), false)
    if (first > last) return -1
    const found = bits.slice(0, (last + 1) * scale).indexOf(bit, first * scale)
    return found < 0 && bit === '0' && stop === undefined ? bits.length : found
  }

  private bitop(operation: string, target: string, sources: readonly string[]): Reply {
    const values = sources.map((source) => this.value(source))
    const length = Math.max(...values.map((value) => value.length))
    let result = ''
    for (let at = 0; at < length; at++) {
      const bytes = values.map((value) => (at < value.length ? value.charCodeAt(at) : 0))
      result += String.fromCharCode(operation === 'NOT' ? ~bytes[0]! & 255 : bytes.reduce(combiners[operation]!))
    }
    this.keys.delete(target)
    if (length > 0) this.set(target, result, -1, 'raw')
    return length
  }

  private bitfield(key: string, words: readonly string[]): Reply {
    const replies: Reply[] = []
    let overflow = 'WRAP'
    let bits = bitsOf(this.value(key))
    let writes = false
    for (let i = 0; i < words.length;) {
      if (words[i] === 'OVERFLOW') {
        overflow = words[i + 1]!
        i += 2
        continue
      }
      const [action, type = '', at = '', argument = ''] = words.slice(i, i + 4)
      const width = Number(type.slice(1))
      const position = at.startsWith('#') ? Number(at.slice(1)) * width : Number(at)
      const isSigned = type.startsWith('i')
      const old = fieldAt(bits, position, width, isSigned)
      i += action === 'GET' ? 3 : 4
      if (action === 'GET') {
        replies.push(old)
        continue
      }
      writes = true
      bits = bits.padEnd(Math.ceil((position + width) / 8) * 8, '0')
      const wanted = action === 'SET' ? BigInt(argument) : old + BigInt(argument)
      const result = fit(wanted, width, isSigned, overflow, action === 'SET')
      replies.push(result === undefined ? null : action === 'SET' ? old : result)
      if (result === undefined) continue
      const field = BigInt.asUintN(width, result).toString(2).padStart(width, '0')
      bits = bits.slice(0, position) + field + bits.slice(position + width)
    }
    if (writes) this.edit(key, bytesOf(bits))
    return replies
  }
}

const combiners: Record<string, (a: number, b: number) => number> = {
  AND: (a, b) => a & b,
  OR: (a, b) => a | b,
  XOR: (a, b) => a ^ b,
}

/** The reply to a change that has been made. */
function after(_change: unknown, reply: Reply): Reply {
  return reply
}

function encode(reply: Reply): string {
  if (reply === null) return '$-1\r\n'
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`
  if (reply instanceof Status) return `+${reply.text}\r\n`
  if (reply instanceof Failure) return `-${reply.text}\r\n`
  return `*${reply.length}\r\n${reply.map(encode).join('')}`
}

function isInteger(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text) && BigInt(text) >= INT64_MIN && BigInt(text) <= INT64_MAX
}

function encodingOf(value: string): string {
  return isInteger(value) ? 'int' : value.length <= 44 ? 'embstr' : 'raw'
}

/** First and last position of a range; of two negative ones the wrong way round nothing is left where that counts. */
function bounds(length: number, start: number, stop: number, minds: boolean): [number, number] {
  if (minds && start < 0 && stop < 0 && start > stop) return [1, 0]
  const first = Math.max(0, start < 0 ? length + start : start)
  return [first, Math.min(length - 1, Math.max(0, stop < 0 ? length + stop : stop))]
}

function slice(text: string, start: number, stop: number): string {
  const [first, last] = bounds(text.length, start, stop, true)
  return first > last ? '' : text.slice(first, last + 1)
}

function bitsOf(value: string): string {
  return [...value].map((byte) => byte.charCodeAt(0).toString(2).padStart(8, '0')).join('')
}

function bytesOf(bits: string): string {
  return (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(parseInt(byte, 2))).join('')
}

function fieldAt(bits: string, position: number, width: number, isSigned: boolean): bigint {
  const field = BigInt('0b' + bits.slice(position, position + width).padEnd(width, '0'))
  return isSigned ? BigInt.asIntN(width, field) : field
}

/** What is written for a wanted value; undefined for nothing. */
function fit(wanted: bigint, width: number, isSigned: boolean, overflow: string, isSet: boolean): bigint | undefined {
  const greatest = 2n ** BigInt(isSigned ? width - 1 : width) - 1n
  const least = isSigned ? -greatest - 1n : 0n
  if (wanted >= least && wanted <= greatest) return wanted
  if (overflow === 'FAIL') return undefined
  if (overflow === 'WRAP') return isSigned ? BigInt.asIntN(width, wanted) : BigInt.asUintN(width, wanted)
  // A value to be set is read as unsigned for u…, and too negative a one for i… counts as above the range.
  if (isSet && (!isSigned || greatest - wanted > INT64_MAX)) return greatest
  return wanted > greatest ? greatest : least
}

function subsequence(a: string, b: string): string {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      table[i]![j] = a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!)
    }
  }
  let text = ''
  for (let i = a.length, j = b.length; i > 0 && j > 0;) {
    if (a[i - 1] === b[j - 1]) {
      text = a[--i]! + text
      j--
    } else if (table[i - 1]![j]! > table[i]![j - 1]!) i--
    else j--
  }
  return text
}
