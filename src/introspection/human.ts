/** Figures as texts, in the forms INFO and the reports of MEMORY use. */

const UNITS = 'KMGTP'

/** `1.50M`; below a kilobyte whole bytes, `17B`. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`
  let value = bytes / 1024
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${value.toFixed(2)}${UNITS[unit]}`
}

/** A quotient with two places; 0.00 where there is nothing to divide by. */
export function ratio(part: number, whole: number): string {
  return (whole === 0 ? 0 : part / whole).toFixed(2)
}

/** A name that clients may have chosen, with the characters that INFO's own lines are made of replaced. */
export function infoName(name: string): string {
  return name.replace(/[#:\n\r]/g, '_')
}
