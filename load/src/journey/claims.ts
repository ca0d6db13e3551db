/** A statement and whether it holds. */
export type Claim = [what: string, holds: boolean]

/** The claims that do not hold, each with what it is about. */
export function broken(about: string, claims: readonly Claim[]): string[] {
  return claims.filter(([, holds]) => !holds).map(([what]) => `${about}: not true that ${what}`)
}

/** Whether two values of JSON are written the same. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/**
 * Runs checks over an answer whose shape is not known to be right: what throws because a field is missing or of another
 * type is a fault of the answer.
 */
export function faultsOf(about: string, check: () => string[]): string[] {
  try {
    return check()
  } catch (error) {
    return [`${about}: not of the documented shape: ${error instanceof Error ? error.message : String(error)}`]
  }
}
