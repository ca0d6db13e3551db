import type { Money } from '../../gateway/src/schemas/money.ts'

/** The amount in minor units. */
export function minor({ amount }: Money): number {
  return Number(amount.replace('.', ''))
}

/** So many minor units, written as `like` is: same currency, same number of decimals. */
export function moneyLike(like: Money, units: number): Money {
  const decimals = like.amount.split('.')[1]?.length ?? 0
  const digits = `${units}`.padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  return { amount: decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`, currency: like.currency }
}
