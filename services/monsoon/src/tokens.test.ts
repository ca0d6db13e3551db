import { describe, expect, it } from 'vitest'
import { createTokenIssuer, tokenSeconds } from './tokens.ts'

function issuerAt(time: number) {
  const clock = { time }
  return { clock, issuer: createTokenIssuer(() => clock.time) }
}

describe('tokens', () => {
  it('live for five minutes to the millisecond', () => {
    const { clock, issuer } = issuerAt(1_000_000)
    const token = issuer.issue('a:b')
    expect(issuer.verify(token)).toEqual({ clientId: 'a:b', expiresAt: 1_300_000 })
    clock.time += tokenSeconds * 1000 - 1
    expect(issuer.verify(token)).not.toBeNull()
    clock.time += 1
    expect(issuer.verify(token)).toBeNull()
    expect(issuer.verify(token)).toBeNull()
  })

  it('are never the same twice', () => {
    const { issuer } = issuerAt(1_000_000)
    expect(issuer.issue('a')).not.toBe(issuer.issue('a'))
  })

  it('are refused when any character changes', () => {
    const { issuer } = issuerAt(1_000_000)
    const token = issuer.issue('a')
    for (let i = 0; i < token.length; i++) {
      const changed = `${token.slice(0, i)}${token[i] === 'A' ? 'B' : 'A'}${token.slice(i + 1)}`
      expect(issuer.verify(changed), changed).toBeNull()
    }
    for (const bad of ['', '.', 'a.b', `${token}.`, `.${token}`, `${token}=`, `${token}!`, token.slice(0, -4)]) {
      expect(issuer.verify(bad), bad).toBeNull()
    }
  })

  it('are refused when another process signed them', () => {
    const token = issuerAt(1_000_000).issuer.issue('a')
    expect(issuerAt(1_000_000).issuer.verify(token)).toBeNull()
  })

  it('are remembered in bounds: many tokens leave the first as good as it was', () => {
    const { issuer } = issuerAt(1_000_000)
    const first = issuer.issue('first')
    for (let i = 0; i < 2_500; i++) expect(issuer.verify(issuer.issue(`c${i}`))?.clientId).toBe(`c${i}`)
    expect(issuer.verify(first)?.clientId).toBe('first')
  })
})
