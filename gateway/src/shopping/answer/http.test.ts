import { describe, expect, test } from 'vitest'
import { gzipWish } from './accept-encoding.ts'
import { matchesTag } from './if-none-match.ts'

describe('Accept-Encoding', () => {
  test.each([
    [undefined, 'refused'],
    ['', 'refused'],
    ['gzip', 'preferred'],
    ['gzip, deflate, br, zstd', 'preferred'],
    ['GZIP;Q=0.5', 'preferred'],
    ['x-gzip', 'preferred'],
    ['br', 'refused'],
    ['*', 'preferred'],
    ['*;q=0', 'refused'],
    ['gzip;q=0', 'refused'],
    ['gzip;q=0, *', 'refused'],
    ['gzip;q=0.0', 'refused'],
    ['identity', 'refused'],
    ['gzip;q=0.5, identity;q=0.8', 'refused'],
    ['gzip;q=0.8, identity;q=0.5', 'preferred'],
    ['gzip, identity;q=0', 'required'],
    ['gzip, *;q=0', 'required'],
    ['gzip, *;q=0, identity', 'preferred'],
    ['identity;q=0', 'refused'],
    ['gzip ; q=0.1 , identity ; q=0', 'required'],
    ['gzip;q=nonsense', 'refused'],
    [',,;;q=1,', 'refused'],
  ])('%j: %s', (header, wish) => {
    expect(gzipWish(header)).toBe(wish)
  })
})

describe('If-None-Match', () => {
  test.each([
    ['"abc"', true],
    ['W/"abc"', true],
    ['*', true],
    [' * ', true],
    ['"x", "abc"', true],
    ['"x",W/"abc","y"', true],
    ['"a,bc", "abc"', true],
    ['"abcd"', false],
    ['"ab"', false],
    ['abc', false],
    ['"x", "y"', false],
    ['"*"', false],
    ['', false],
    ['"abc', false],
    ['w/"ABC"', false],
  ])('%j: %s', (header, matches) => {
    expect(matchesTag(header, '"abc"')).toBe(matches)
  })
})
