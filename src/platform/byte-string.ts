/**
 * Paths and arguments at the border: within the server they are byte strings, one character a byte, as the configuration
 * keeps them; Node wants text. Names that are no UTF-8 cannot pass this border unchanged.
 */

export function byteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

export function nodeText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
