/** Memory by the size of what a client sends or asks for, which the system may refuse. */

/** Positions in a buffer are 32-bit integers. */
export const BUFFER_BYTES_MAX = 0x7fffffff

/**
 * A new array of zeros.
 *
 * @returns undefined when it is too large, or the system is out of memory: no mistake of ours, the client is closed
 */
export function allocate(bytes: number): Uint8Array | undefined {
  if (bytes > BUFFER_BYTES_MAX) return undefined
  try {
    return new Uint8Array(bytes)
  } catch {
    return undefined
  }
}
