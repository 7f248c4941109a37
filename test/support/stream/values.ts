/**
 * Values for the arguments of a command, chosen where mistakes live: empty, around the limits of integers and encodings,
 * binary, long, out of range, and things that nearly are numbers.
 */

import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import type { CommandArgument } from '../../../src/introspection/command-docs-arguments.js'
import type { Dice } from '../dice.js'

/** What a stream draws its values from. */
export interface Palette {
  readonly keys: readonly string[]
  readonly databases: number
  /** Bits and bytes are addressed up to here, beside the deliberate excesses. */
  readonly offsetMax: number
  readonly valueBytesMax: number
  /** Times to live end while the stream runs (virtual time) or far beyond (two servers with clocks of their own). */
  readonly hasShortTimes: boolean
  /** Configuration parameters that CONFIG GET and SET may name, with values to set. */
  readonly parameters: Readonly<Record<string, readonly string[]>>
}

const SMALL = ['0', '1', '2', '3', '-1', '-2', '5', '10', '-10', '100'] as const

const INTEGER_LIMITS = [
  '9223372036854775807', '-9223372036854775808', '9223372036854775806', '-9223372036854775807', '9223372036854775808',
  '-9223372036854775809', '18446744073709551615', '9007199254740991', '9007199254740993', '-9007199254740993', '2147483647',
  '2147483648', '-2147483648', '-2147483649', '4294967295', '4294967296', '9223372036854775', '9223372036854776',
  '99999999999999999999999', '127', '128', '255', '256', '32767', '32768', '65535', '65536', '9999', '10000',
] as const // prettier-ignore

const NEARLY_INTEGERS = ['', ' 1', '1 ', '+1', '01', '-0', '1.0', '1e3', '0x10', 'one', '1\x00', '--1', '-'] as const

const FLOATS = [
  '0.1', '3.14', '-3.14', '1e10', '1e308', '-1e308', '1.7e308', '1e-10', '5e-324', '3.0', '0.30000000000000004', '1e17',
  '123456789012345678', '-0.0', '10.5', '.5', '5.', '1e400', '99999999999999999999.5',
] as const // prettier-ignore

const NEARLY_FLOATS = [
  'nan',
  '-nan',
  'inf',
  '-inf',
  '+inf',
  'infinity',
  '1e',
  '1.2.3',
  '0x1p3',
  ' 1.5',
  '1.5 ',
  '',
] as const

const TEXTS = [
  '',
  'a',
  'hello',
  'foobar',
  'Hello World',
  'ohmytext',
  'mynewtext',
  '\x00',
  '\r\n',
  '\xff\xfe',
  'caf\xe9',
] as const

/** Lengths at which an encoding or an allocation class changes. */
const LENGTHS = [1, 2, 7, 8, 19, 20, 21, 43, 44, 45, 63, 64, 100, 255, 256, 500] as const

/** Members of collections: few, so that they meet again. */
const ELEMENTS = [
  'a',
  'b',
  'c',
  'd',
  'e',
  '1',
  '2',
  '3',
  '-1',
  '10',
  '01',
  '',
  'a b',
  '\xff\x00',
  'long-'.repeat(14),
] as const

const PATTERNS = ['*', 'k*', '?1', 'k[1-3]', 'k[^1]', '', '\\*', 'nosuch*', '*2*', '[', 'k?', '**'] as const

type Maker = (values: Values) => string | Uint8Array

export class Values {
  readonly dice: Dice
  readonly palette: Palette

  constructor(dice: Dice, palette: Palette) {
    this.dice = dice
    this.palette = palette
  }

  /** A value for an argument of a command. */
  argument(command: string, argument: CommandArgument): Uint8Array {
    const maker = makers[`${command} ${argument.name}`] ?? makers[argument.name]
    const made = maker !== undefined && !this.dice.chance(0.04) ? maker(this) : this.byType(argument)
    return typeof made === 'string' ? latin1Bytes(made) : made
  }

  /** A value that fits nothing in particular. */
  anything(): Uint8Array {
    const { dice } = this
    const made = dice.weighted<() => string | Uint8Array>([
      [3, () => this.value()],
      [2, () => this.integer()],
      [1, () => this.key()],
      [1, () => dice.pick(PATTERNS)],
    ])()
    return typeof made === 'string' ? latin1Bytes(made) : made
  }

  key(): string | Uint8Array {
    return this.dice.chance(0.01)
      ? this.dice.pick(['', 'nosuch', '\x00\xff', 'a b'])
      : this.dice.pick(this.palette.keys)
  }

  value(): string | Uint8Array {
    const { dice } = this
    return dice.weighted<() => string | Uint8Array>([
      [4, () => dice.pick(SMALL)],
      [2, () => dice.pick(INTEGER_LIMITS)],
      [1, () => dice.pick(NEARLY_INTEGERS)],
      [1, () => dice.pick(FLOATS)],
      [4, () => dice.pick(TEXTS)],
      [2, () => dice.bytes(Math.min(dice.pick(LENGTHS), this.palette.valueBytesMax))],
      [
        2,
        () => dice.pick(['a', 'x', '\x00', 'ab', '7']).repeat(Math.min(dice.pick(LENGTHS), this.palette.valueBytesMax)),
      ],
      [1, () => 'v'.repeat(dice.below(this.palette.valueBytesMax))],
    ])()
  }

  integer(): string {
    const { dice } = this
    return dice.weighted<() => string>([
      [8, () => dice.pick(SMALL)],
      [3, () => String(dice.between(-40, 120))],
      [3, () => dice.pick(INTEGER_LIMITS)],
      [1, () => dice.pick(NEARLY_INTEGERS)],
    ])()
  }

  double(): string {
    const { dice } = this
    return dice.weighted<() => string>([
      [4, () => dice.pick(FLOATS)],
      [3, () => dice.pick(SMALL)],
      [2, () => String(dice.between(-1000, 1000) / 8)],
      [1, () => dice.pick(INTEGER_LIMITS)],
      [1, () => dice.pick(NEARLY_FLOATS)],
    ])()
  }

  element(): string | Uint8Array {
    return this.dice.chance(0.8) ? this.dice.pick(ELEMENTS) : this.value()
  }

  /** A place in a value: mostly inside or just outside of it, from either end. */
  position(): string {
    const { dice } = this
    return dice.weighted<() => string>([
      [6, () => String(dice.between(-12, 12))],
      [4, () => dice.pick(SMALL)],
      [2, () => String(dice.between(-600, 600))],
      [1, () => this.integer()],
    ])()
  }

  /** Where a value is changed; beyond its end it grows. */
  offset(): string {
    const { dice, palette } = this
    return dice.weighted<() => string>([
      [10, () => String(dice.below(Math.min(130, palette.offsetMax)))],
      [3, () => String(dice.below(palette.offsetMax))],
      [1, () => dice.pick(['-1', '4294967296', '4294967295', '1048576', '8388608', '8388607', '536870912'])],
      [1, () => dice.pick(NEARLY_INTEGERS)],
    ])()
  }

  /** A moment or a duration, in units of so many milliseconds. */
  duration(unitMs: number): string {
    const { dice, palette } = this
    return dice.weighted<() => string>([
      [10, () => String(palette.hasShortTimes ? dice.between(1, 3) * (unitMs === 1 ? 700 : 1) : dice.between(1000, 9000) * (1000 / unitMs))],
      [2, () => dice.pick(['0', '-1', '-1000'])],
      [1, () => dice.pick(INTEGER_LIMITS)],
      [1, () => dice.pick(NEARLY_INTEGERS)],
    ])() // prettier-ignore
  }

  /** A moment as a Unix time, in units of so many milliseconds: past, or far ahead. */
  moment(unitMs: number): string {
    const { dice } = this
    return dice.weighted<() => string>([
      [10, () => String(dice.between(4_102_444_800, 4_102_454_800)) + (unitMs === 1 ? '123' : '')],
      [2, () => dice.pick(['0', '-1', '1', '1000', '1500000000'])],
      [1, () => dice.pick(INTEGER_LIMITS)],
      [1, () => dice.pick(NEARLY_INTEGERS)],
    ])()
  }

  name(): string | Uint8Array {
    return this.dice.pick(['', 'me', 'worker-1', 'a b', 'x\n', '\x00', 'caf\xe9', '~!#', '1.2.3', 'n'.repeat(64)])
  }

  private byType(argument: CommandArgument): string | Uint8Array {
    switch (argument.type) {
      case 'key':
        return this.key()
      case 'integer':
        return this.integer()
      case 'double':
        return this.double()
      case 'pattern':
        return this.dice.pick(PATTERNS)
      case 'unix-time':
        return this.moment(1000)
      default:
        return this.value()
    }
  }
}

const oneOf =
  (...list: string[]): Maker =>
  ({ dice }) =>
    dice.pick(list)

const parameter: Maker = ({ dice, palette }) => dice.pick(Object.keys(palette.parameters))

const bitOffset: Maker = (values) => {
  if (values.dice.chance(0.3))
    return `#${values.dice.pick(['0', '1', '2', '3', '10', '-1', '', 'x', '9223372036854775807'])}`
  return values.offset()
}

const bitType: Maker = ({ dice }) =>
  dice.chance(0.9)
    ? `${dice.pick(['u', 'i', 'u', 'i', 'U'])}${dice.pick([1, 2, 3, 4, 5, 7, 8, 8, 9, 15, 16, 31, 32, 33, 53, 54, 62, 63])}`
    : dice.pick(['i64', 'u64', 'i65', 'u0', 'i0', 'u', 'x8', '', 'i-1', 'u8x', 'i064'])

const element: Maker = (values) => values.element()

const scoreBound: Maker = (values) => {
  const { dice } = values
  return (dice.chance(0.3) ? '(' : '') + dice.weighted<() => string>([
    [3, () => dice.pick(['-inf', '+inf', 'inf', '-1', '0', '1', '2', '3', '10', '100', '1.5', '-0'])],
    [2, () => values.double()],
    [1, () => dice.pick(['', '(', 'nan', ' 1', '1 ', '0x10', '1e400', 'x'])],
  ])() // prettier-ignore
}

const lexBound: Maker = (values) => {
  const { dice } = values
  if (dice.chance(0.4)) return dice.pick(['-', '+', '-', '+', '-', '+', '[', '(', '', 'a', '-x', '+x'])
  const member = values.element()
  return dice.pick(['[', '(']) + (typeof member === 'string' ? member : latin1(member, 0, member.length))
}

/** What ZRANGE takes: ranks, scores or members. */
const anyBound: Maker = (values) =>
  values.dice.weighted<() => string | Uint8Array>([
    [5, () => values.position()],
    [3, () => scoreBound(values)],
    [3, () => lexBound(values)],
  ])()

/** Ids of streams: few, so that they meet again, and mostly in a range that grows. */
const streamId: Maker = (values) => {
  const { dice } = values
  return dice.weighted<() => string>([
    [8, () => `${dice.between(0, 12)}-${dice.between(0, 3)}`],
    [3, () => String(dice.between(0, 12))],
    [1, () => `${dice.between(0, 400)}-1`],
    [1, () => dice.pick(['18446744073709551615-18446744073709551615', '18446744073709551615-18446744073709551614', '0-0', '0-1',
      '9007199254740993-9007199254740993', '4294967296-4294967295', '18446744073709551616-1', '-1-1', '1-', '-', '+', '1-1-1', '01-2',
      '$', '>', '*', '3-*', '(3-1', '', 'x', ' 1-1', '+1-1', '1\x00-1'])],
  ])() // prettier-ignore
}

const streamBound: Maker = (values) => {
  const { dice } = values
  if (dice.chance(0.3))
    return dice.pick(['-', '+', '-', '+', '(-', '(+', '(', '(0-0', '(18446744073709551615-18446744073709551615'])
  const id = streamId(values)
  return dice.chance(0.2) && typeof id === 'string' ? `(${id}` : id
}

/** What XADD takes: ids that grow with the numbers a stream happens to draw. */
const newStreamId: Maker = (values) => {
  const { dice } = values
  return dice.weighted<() => string | Uint8Array>([
    [8, () => `${dice.between(0, 60)}-*`],
    [4, () => `${dice.between(0, 100)}-${dice.between(0, 3)}`],
    [1, () => streamId(values)],
  ])()
}

const idleTime = oneOf('0', '0', '0', '0', '-1', '99999999999', 'x')

const score: Maker = (values) => {
  const { dice } = values
  return dice.weighted<() => string>([
    [6, () => String(dice.between(-2, 6))],
    [2, () => dice.pick(['1', '1.5', '-0', 'inf', '-inf', '3.14159', '1e100', '9007199254740993', '4611686018427387904', '0.1'])],
    [2, () => values.double()],
  ])() // prettier-ignore
}

/** By argument name, or by command and argument name. */
const makers: Readonly<Record<string, Maker>> = {
  start: (values) => values.position(),
  end: (values) => values.position(),
  offset: (values) => values.offset(),
  'bitfield offset': bitOffset,
  'bitfield_ro offset': bitOffset,
  'bitfield encoding': bitType,
  'bitfield_ro encoding': bitType,
  bit: ({ dice }) => dice.pick(['0', '1', '0', '1', '0', '1', '2', '-1', 'x', '']),
  'setbit value': ({ dice }) => dice.pick(['0', '1', '0', '1', '1', '1', '2', '-1', 'x', '']),
  seconds: (values) => values.duration(1000),
  milliseconds: (values) => values.duration(1),
  'unix-time-seconds': (values) => values.moment(1000),
  'unix-time-milliseconds': (values) => values.moment(1),
  increment: (values) => values.integer(),
  'incrbyfloat increment': (values) => values.double(),
  'min-match-len': oneOf('0', '1', '2', '3', '4', '-1', 'x', '9223372036854775807'),
  timeout: oneOf('0', '0', '0.01', '1', '-1', 'x', '1e3', 'inf'),
  index: database,
  index1: database,
  index2: database,
  'destination-db': database,
  db: database,
  cursor: oneOf('0', '0', '0', '0', '1', '5', '-1', 'x', '', '18446744073709551615', '18446744073709551616'),
  count: oneOf('1', '2', '10', '100', '0', '-1', 'x', '9223372036854775807'),
  'scan type': oneOf('string', 'STRING', 'list', 'set', 'zset', 'hash', 'stream', 'nosuch', ''),
  parameter,
  'config|get parameter': (values) =>
    values.dice.chance(0.3)
      ? values.dice.pick(['hash-*', '*-max-*', 'MAXMEMORY', 'nosuch', '', 'lfu*'])
      : parameter(values),
  'config|set value': ({ dice, palette }) => dice.pick([...Object.values(palette.parameters).flat(), '-1', 'x', '']),
  protover: oneOf('2', '3', '2', '3', '1', '4', '0', '-1', 'x', ''),
  username: oneOf('default', 'nobody', ''),
  password: oneOf('', 'secret', 'wrong'),
  clientname: (values) => values.name(),
  'connection-name': (values) => values.name(),
  libname: (values) => values.name(),
  libver: (values) => values.name(),
  score,
  weight: score,
  'zincrby increment': score,
  'zcount min': scoreBound,
  'zcount max': scoreBound,
  'zrangebyscore min': scoreBound,
  'zrangebyscore max': scoreBound,
  'zrevrangebyscore min': scoreBound,
  'zrevrangebyscore max': scoreBound,
  'zremrangebyscore min': scoreBound,
  'zremrangebyscore max': scoreBound,
  'zlexcount min': lexBound,
  'zlexcount max': lexBound,
  'zrangebylex min': lexBound,
  'zrangebylex max': lexBound,
  'zrevrangebylex min': lexBound,
  'zrevrangebylex max': lexBound,
  'zremrangebylex min': lexBound,
  'zremrangebylex max': lexBound,
  'zrange start': anyBound,
  'zrange stop': anyBound,
  'zrangestore min': anyBound,
  'zrangestore max': anyBound,
  stop: (values) => values.position(),
  // Few places, so that members meet, and the edges of the map.
  longitude: oneOf('13.361389', '15.087269', '13.5', '-0.5', '0', '180', '-180', '179.99999', '181', 'x', '1e-5'),
  latitude: oneOf('38.115556', '37.502669', '38.2', '-0.5', '0', '85.05112878', '-85.05112878', '85.1', 'x', '1e-5'),
  radius: oneOf('0', '1', '100', '200', '5000', '20000', '1e9', 'inf', '-1', 'x', '0.5'),
  width: oneOf('0', '1', '400', '5000', '1e9', 'inf', '-1', 'x'),
  height: oneOf('0', '1', '400', '5000', '1e9', 'inf', '-1', 'x'),
  member1: element,
  member2: element,
  element,
  member: element,
  field: element,
  pivot: element,
  ID: streamId,
  'xadd id': newStreamId,
  'xread ID': (values) => (values.dice.chance(0.1) ? '$' : streamId(values)),
  'xreadgroup ID': (values) => (values.dice.chance(0.5) ? '>' : streamId(values)),
  'xgroup|create id': streamId,
  'xgroup|setid id': streamId,
  'xrange start': streamBound,
  'xrange end': streamBound,
  'xrevrange start': streamBound,
  'xrevrange end': streamBound,
  'xpending start': streamBound,
  'xpending end': streamBound,
  'xautoclaim start': streamBound,
  'xtrim threshold': (values) =>
    values.dice.chance(0.5) ? values.dice.pick(['0', '1', '5', '20', '-1', 'x']) : streamId(values),
  'xadd threshold': (values) =>
    values.dice.chance(0.5) ? values.dice.pick(['0', '1', '5', '20', '-1', 'x']) : streamId(values),
  'last-id': streamId,
  lastid: streamId,
  'max-deleted-id': streamId,
  group: oneOf('g1', 'g1', 'g1', 'g2', 'g3', ''),
  consumer: oneOf('alice', 'alice', 'bob', 'bob', 'carol', '', 'c'.repeat(70)),
  'min-idle-time': idleTime,
  'xclaim ms': oneOf('0', '100000000', '-1', '-9223372036854775808', 'x'),
  'pfdebug subcommand': oneOf('getreg', 'decode', 'ENCODING', 'todense', 'x'),
  'client-id': oneOf('0', '-1', '999999999', 'x'),
}

function database({ dice, palette }: Values): string {
  if (dice.chance(0.1)) return dice.pick(['-1', String(palette.databases), '99999999999', 'x', '', '01'])
  return String(dice.below(palette.databases))
}
