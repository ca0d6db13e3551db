import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compare,
  convert,
  currencyCodes,
  decimalsOf,
  fromMinor,
  isKnownCurrency,
  minorNumber,
  multiply,
  subtract,
  sum,
  toMinor,
} from './money.ts'
import table from './rates.json' with { type: 'json' }

const currency = fc.constantFrom(...currencyCodes)
const minor = fc.bigInt({ min: 0n, max: 10n ** 12n })
const money = fc.tuple(minor, currency).map(([units, code]) => fromMinor(units, code))
const amountForm = /^\d+(\.\d{1,3})?$/

describe('the table of rates', () => {
  test('is dated, has its base at one and the currencies that airlines quote in', () => {
    expect(table.date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect(table.rates.USD).toBe('1')
    expect(currencyCodes.length).toBeGreaterThanOrEqual(20)
    for (const code of ['INR', 'USD', 'EUR', 'GBP', 'AED', 'THB', 'SGD', 'JPY', 'KWD']) {
      expect(isKnownCurrency(code)).toBe(true)
    }
  })

  test('knows no name that an object inherits', () => {
    for (const code of ['toString', '__proto__', 'XXX', 'inr', '']) expect(isKnownCurrency(code)).toBe(false)
  })
})

describe('decimals', () => {
  test('follow ISO 4217', () => {
    expect(['INR', 'JPY', 'KWD', 'HUF', 'VND', 'BHD'].map(decimalsOf)).toEqual([2, 0, 3, 2, 0, 3])
  })

  test('an amount reads back as it was written', () => {
    fc.assert(fc.property(minor, currency, (units, code) => toMinor(fromMinor(units, code)) === units))
    expect(fromMinor(5, 'INR')).toEqual({ amount: '0.05', currency: 'INR' })
    expect(fromMinor(425000, 'INR')).toEqual({ amount: '4250.00', currency: 'INR' })
    expect(fromMinor(0, 'JPY')).toEqual({ amount: '0', currency: 'JPY' })
    expect(fromMinor(1, 'KWD')).toEqual({ amount: '0.001', currency: 'KWD' })
  })

  test('too few or too many decimals are read for what they are worth', () => {
    expect(toMinor({ amount: '12', currency: 'INR' })).toBe(1200n)
    expect(toMinor({ amount: '12.5', currency: 'KWD' })).toBe(12500n)
    expect(toMinor({ amount: '0.125', currency: 'INR' })).toBe(12n)
    expect(toMinor({ amount: '0.135', currency: 'INR' })).toBe(14n)
    expect(toMinor({ amount: '2.5', currency: 'JPY' })).toBe(2n)
    expect(toMinor({ amount: '3.5', currency: 'JPY' })).toBe(4n)
    expect(toMinor({ amount: '3.501', currency: 'JPY' })).toBe(4n)
  })

  test('as a number an amount is worth the same, and what is no amount is refused alike', () => {
    const anyAmount = fc.oneof(
      fc.stringMatching(/^\d{1,12}(\.\d{0,4})?$/),
      fc.stringMatching(/^[\d.e+ -]{1,8}$/),
      fc.constantFrom('12.e1', '1e5.00', '.50', '-1.00', '0x1.00', ' 1.00', '1.2.3', '١.00'),
    )
    fc.assert(
      fc.property(anyAmount, currency, (amount, code) => {
        const exact = () => Number(toMinor({ amount, currency: code }))
        const number = () => minorNumber({ amount, currency: code })
        if (/^\d*\.?\d+$/.test(amount) || /^\d+\.$/.test(amount)) expect(number()).toBe(exact())
        else expect(number).toThrow(RangeError)
      }),
    )
    expect(minorNumber({ amount: '9007199254740991', currency: 'JPY' })).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => minorNumber({ amount: '9007199254740992', currency: 'JPY' })).toThrow(RangeError)
  })

  test('what is no amount is refused', () => {
    for (const amount of ['', '.', '-1', '1e3', 'NaN', '1,000', ' 1', '1.2.3', '0x10']) {
      expect(() => toMinor({ amount, currency: 'INR' }), amount).toThrow(RangeError)
    }
  })
})

describe('convert', () => {
  test('by hand', () => {
    expect(convert({ amount: '100.00', currency: 'USD' }, 'INR')).toEqual({ amount: '8872.40', currency: 'INR' })
    expect(convert({ amount: '8872.40', currency: 'INR' }, 'USD')).toEqual({ amount: '100.00', currency: 'USD' })
    expect(convert({ amount: '10000.00', currency: 'INR' }, 'KWD')).toEqual({ amount: '34.579', currency: 'KWD' })
    expect(convert({ amount: '10000.00', currency: 'INR' }, 'JPY')).toEqual({ amount: '17341', currency: 'JPY' })
  })

  test('to its own currency gives the same object', () => {
    fc.assert(fc.property(money, (m) => convert(m, m.currency) === m))
  })

  test('there and back ends within one rounding unit of the coarser currency', () => {
    fc.assert(
      fc.property(money, currency, (m, code) => {
        const there = convert(m, code)
        const back = convert(there, m.currency)
        const drift = toMinor(back) - toMinor(m)
        const oneUnit = toMinor(convert(fromMinor(1, code), m.currency)) + 1n
        return drift <= oneUnit && -drift <= oneUnit
      }),
    )
  })

  test('keeps the order of amounts', () => {
    fc.assert(
      fc.property(minor, minor, currency, currency, (x, y, from, to) => {
        const [a, b] = x < y ? [x, y] : [y, x]
        return compare(convert(fromMinor(a, from), to), convert(fromMinor(b, from), to)) <= 0
      }),
    )
  })

  test('rounds a tie to the even unit', () => {
    // 0.3545, 1.0635 and 1.7725 exactly.
    expect(convert({ amount: '0.50', currency: 'USD' }, 'JOD').amount).toBe('0.354')
    expect(convert({ amount: '1.50', currency: 'USD' }, 'JOD').amount).toBe('1.064')
    expect(convert({ amount: '2.50', currency: 'USD' }, 'JOD').amount).toBe('1.772')
  })

  test('refuses a currency that is not in the table, on either side', () => {
    const code = { code: 'unknown_currency' }
    expect(() => convert({ amount: '1.00', currency: 'USD' }, 'XXX')).toThrow(expect.objectContaining(code))
    expect(() => convert({ amount: '1.00', currency: 'XXX' }, 'USD')).toThrow(expect.objectContaining(code))
  })
})

describe('arithmetic', () => {
  test('a sum is independent of order and grouping', () => {
    fc.assert(
      fc.property(fc.array(money), currency, (moneys, code) => {
        const whole = sum(moneys, code)
        expect(sum([...moneys].reverse(), code)).toEqual(whole)
        const half = Math.floor(moneys.length / 2)
        expect(sum([sum(moneys.slice(0, half), code), sum(moneys.slice(half), code)], code)).toEqual(whole)
        expect(whole.amount).toMatch(amountForm)
      }),
    )
  })

  test('no float artefacts', () => {
    expect(sum(Array(10).fill({ amount: '0.10', currency: 'INR' }), 'INR').amount).toBe('1.00')
    expect(
      sum(
        [
          { amount: '0.10', currency: 'INR' },
          { amount: '0.20', currency: 'INR' },
        ],
        'INR',
      ).amount,
    ).toBe('0.30')
    expect(multiply({ amount: '999999999999.99', currency: 'INR' }, 9).amount).toBe('8999999999999.91')
    expect(sum([], 'KWD')).toEqual({ amount: '0.000', currency: 'KWD' })
  })

  test('n times is n added up', () => {
    fc.assert(
      fc.property(money, fc.nat(20), (m, n) => {
        expect(multiply(m, n)).toEqual(sum(Array(n).fill(m), m.currency))
      }),
    )
  })

  test('subtract undoes a sum and never goes below zero', () => {
    fc.assert(
      fc.property(minor, minor, currency, (x, y, code) => {
        const [a, b] = [fromMinor(x, code), fromMinor(y, code)]
        expect(subtract(sum([a, b], code), b)).toEqual(a)
      }),
    )
    expect(() => subtract(fromMinor(1, 'INR'), fromMinor(2, 'INR'))).toThrow(RangeError)
  })

  test('compare reads amounts, not strings, and only within one currency', () => {
    expect(compare({ amount: '9.00', currency: 'INR' }, { amount: '10', currency: 'INR' })).toBe(-1)
    expect(compare({ amount: '10.0', currency: 'INR' }, { amount: '10', currency: 'INR' })).toBe(0)
    expect(() => compare(fromMinor(1, 'INR'), fromMinor(1, 'USD'))).toThrow(RangeError)
  })
})
