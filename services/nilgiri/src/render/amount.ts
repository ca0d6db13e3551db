/** Minor units of a two-decimal currency as a decimal string: 425000 → "4250.00". */
export function amount(minor: number): string {
  const digits = String(minor).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** The reverse of `amount`, for strings that the schema has let through: "4250.00" → 425000. */
export function minorUnits(decimal: string): number {
  return Number(decimal.replace('.', ''))
}
