import type { DineroCurrency } from 'dinero.js/bigint'
import * as iso from 'dinero.js/bigint/currencies'
import { FanfareError } from '../errors.ts'
import type { Money } from '../schemas/money.ts'
import table from './rates.json' with { type: 'json' }

interface Ratio {
  numerator: bigint
  denominator: bigint
}

interface Currency {
  decimals: number
  /** 10 ** decimals. */
  unit: bigint
  /** How much of it one base unit buys. */
  rate: Ratio
}

const currencies = new Map(Object.entries(table.rates).map(([code, rate]) => [code, readCurrency(code, rate)]))

/** By the codes of both: there are no more than the table's currencies squared. */
const ratios = new Map<string, Ratio>()

const point = 0x2e
const onlyDigits = /^\d+$/

function readCurrency(code: string, rate: string): Currency {
  const known: Record<string, DineroCurrency<bigint>> = iso
  const decimals = known[code]?.exponent
  if (decimals === undefined) throw new Error(`${code} in rates.json is not a currency of ISO 4217`)
  const [whole = '', fraction = ''] = rate.split('.')
  return {
    decimals: Number(decimals),
    unit: 10n ** decimals,
    rate: { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) },
  }
}

function currencyOf(code: string): Currency {
  const currency = currencies.get(code)
  if (!currency) throw new FanfareError('unknown_currency', `There is no exchange rate for ${code}`)
  return currency
}

/** Day of the exchange rates, YYYY-MM-DD: every conversion in Fanfare uses them. */
export const ratesDate = table.date

/** Codes of the currencies that there are rates for. */
export const currencyCodes: readonly string[] = [...currencies.keys()].sort()

/** Whether the currency is in the table of exchange rates. */
export function isKnownCurrency(code: string): boolean {
  return currencies.has(code)
}

/** The currency's usual number of decimals: 2 for INR, 0 for JPY, 3 for KWD. Throws unknown_currency. */
export function decimalsOf(currency: string): number {
  return currencyOf(currency).decimals
}

/**
 * The amount in minor units, e.g. 425000n for 4250.00 INR. Decimals beyond the currency's are rounded half to even.
 * Throws unknown_currency, and RangeError where the amount is no decimal number.
 */
export function toMinor(money: Money): bigint {
  const { decimals } = currencyOf(money.currency)
  const at = money.amount.indexOf('.')
  const fraction = at < 0 ? '' : money.amount.slice(at + 1)
  const whole = at < 0 ? money.amount : money.amount.slice(0, at)
  if (!onlyDigits.test(whole + fraction)) throw new RangeError(`"${money.amount}" is not an amount of money`)
  if (fraction.length <= decimals) return BigInt(whole + fraction.padEnd(decimals, '0'))
  return halfEven(BigInt(whole + fraction), 10n ** BigInt(fraction.length - decimals))
}

/** Digits that a number surely holds exactly. */
const exactDigits = 15

/**
 * The same as a number, for amounts of at most 15 digits with the currency's decimals, as nearly all are: then exact, and far
 * cheaper. Others go by `toMinor`. Throws as that does, and RangeError for what a number does not hold.
 */
export function minorNumber(money: Money): number {
  const { amount, currency } = money
  const { decimals } = currencyOf(currency)
  const at = decimals === 0 ? amount.length : amount.length - decimals - 1
  const isPlain = amount.length <= exactDigits && (decimals === 0 || amount.charCodeAt(at) === point)
  const plain = isPlain ? amount.slice(0, at) + amount.slice(at + 1) : ''
  if (onlyDigits.test(plain)) return Number(plain)
  const exact = Number(toMinor(money))
  if (!Number.isSafeInteger(exact)) throw new RangeError(`${amount} is more money than can be counted`)
  return exact
}

/**
 * Money of a whole number of minor units, e.g. 425000 INR is 4250.00.
 * Throws unknown_currency, and RangeError for a negative or fractional number.
 */
export function fromMinor(minor: bigint | number, currency: string): Money {
  const { decimals } = currencyOf(currency)
  const units = BigInt(minor)
  if (units < 0n) throw new RangeError(`Money cannot be negative: ${units} minor units of ${currency}`)
  const digits = units.toString().padStart(decimals + 1, '0')
  const amount = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return { amount, currency }
}

/**
 * The same value in another currency by the table of rates, rounded half to even to its decimals.
 * The very same object where it is in that currency already. Throws unknown_currency.
 */
export function convert(money: Money, currency: string): Money {
  if (money.currency === currency) return money
  const { numerator, denominator } = ratio(money.currency, currency)
  return fromMinor(halfEven(toMinor(money) * numerator, denominator), currency)
}

/** How many minor units of one currency a minor unit of another is, as a fraction. */
function ratio(fromCode: string, toCode: string): Ratio {
  const key = `${fromCode}${toCode}`
  let known = ratios.get(key)
  if (!known) {
    const from = currencyOf(fromCode)
    const to = currencyOf(toCode)
    known = {
      numerator: to.rate.numerator * from.rate.denominator * to.unit,
      denominator: to.rate.denominator * from.rate.numerator * from.unit,
    }
    ratios.set(key, known)
  }
  return known
}

/** The whole number nearest to a fraction of two that are not negative; of two as near the even one. */
function halfEven(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator
  const twice = 2n * (numerator - whole * denominator)
  return twice > denominator || (twice === denominator && whole % 2n === 1n) ? whole + 1n : whole
}

/** The sum, each amount converted and rounded first; zero for none. Throws unknown_currency. */
export function sum(moneys: readonly Money[], currency: string): Money {
  return fromMinor(
    moneys.reduce((total, money) => total + toMinor(convert(money, currency)), 0n),
    currency,
  )
}

/** n times the amount, n a whole number of zero or more. */
export function multiply(money: Money, n: number): Money {
  return fromMinor(toMinor(money) * BigInt(n), money.currency)
}

/** a less b, which is converted to a's currency. Throws RangeError where b is more than a: money is never negative. */
export function subtract(a: Money, b: Money): Money {
  return fromMinor(toMinor(a) - toMinor(convert(b, a.currency)), a.currency)
}

/** Below zero where a is less than b, zero where they are equal. Both in one currency, or it throws a RangeError. */
export function compare(a: Money, b: Money): number {
  if (a.currency !== b.currency) throw new RangeError(`Cannot compare ${a.currency} with ${b.currency}`)
  const [x, y] = [toMinor(a), toMinor(b)]
  return x < y ? -1 : x > y ? 1 : 0
}
