/**
 * Satang as a number of baht. Up to the most that a price may be, the nearest double prints as the very decimal that is
 * meant: 1245050 → 12450.5.
 */
export function amount(minor: number): number {
  return minor / 100
}

/** The reverse of `amount`, by the digits of the number and never by its binary value; null where it has more than two decimals. */
export function minorUnits(decimal: number): number | null {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(`${decimal}`)
  if (!match) return null
  const [, whole = '', part = ''] = match
  return Number(whole + part.padEnd(2, '0'))
}
