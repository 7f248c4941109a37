/**
 * CRC-16/XMODEM, which assigns keys to cluster slots: polynomial x^16 + x^12 + x^5 + 1, most significant bit first,
 * starting from zero, nothing inverted. The check value of "123456789" is 31C3.
 */

const POLYNOMIAL = 0x1021
const TABLE = computeTable()

export function crc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0
  for (let at = start; at < end; at++) {
    crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >>> 8) ^ bytes[at]]
  }
  return crc
}

/** What each byte in the top position contributes. */
function computeTable(): Uint16Array {
  const table = new Uint16Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 8
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 0x8000) !== 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1
    }
    table[byte] = crc
  }
  return table
}
