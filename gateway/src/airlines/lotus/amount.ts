/** Decimals of the baht. */
const decimals = 2

const form = /^(\d{1,12})(?:\.(\d+))?$/

/**
 * A JSON number as the exact decimal it stands for: 12450.5 → "12450.50". It goes by the shortest digits that name the
 * number, which are those that were sent as long as they are fifteen or fewer, and does no arithmetic. null for what is no
 * amount in baht: negative, too large, or with more decimals than the currency has.
 */
export function exactAmount(value: number): string | null {
  const [, whole = '', part = ''] = form.exec(`${value}`) ?? []
  if (whole === '' || part.length > decimals) return null
  return `${whole}.${part.padEnd(decimals, '0')}`
}

/** The JSON number for a decimal string; it is written with the very digits of the string, less trailing zeros. */
export function amountNumber(amount: string): number {
  return Number(amount)
}
