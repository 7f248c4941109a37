/**
 * Data of modules, whose parts say of what kind they are, so that it can be skipped without the module: 0 end, 1 signed, 2 unsigned,
 * 3 float, 4 double, 5 string.
 */

import { type ByteSource, Fault } from '../byte-source.js'
import { readLength, type RdbString } from './input.js'

const Part = { end: 0, signed: 1, unsigned: 2, float: 3, double: 4, string: 5 } as const

/** Reads up to the end of a module's value; look at the source's fault afterwards. */
export function skipModuleValue(source: ByteSource, text: RdbString): void {
  while (source.fault === Fault.none) {
    const part = readLength(source)
    if (part === Part.end) return
    if (part === Part.signed || part === Part.unsigned) readLength(source)
    else if (part === Part.float) source.skip(4)
    else if (part === Part.double) source.skip(8)
    else if (part === Part.string) text.read(source)
    else source.corrupt(`Unknown part ${part} of module data`)
  }
}
