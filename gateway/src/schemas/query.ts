import { Type } from 'typebox'

/** The query string of a call that takes none: a parameter that means nothing is an error, not silence. */
export const noQuery = Type.Object({}, { additionalProperties: false })
