import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { AirlineSystem } from '../airline-system.ts'

/** What a dialect's buildApp takes. */
export interface AirlineAppOptions {
  system: AirlineSystem
  /** API key or client id that callers must show. */
  key: string
  /** Client secret, for dialects that have one. */
  secret: string
  /** Token of the control plane; undefined: no control plane. */
  simToken: string | undefined
  /** pino's level. */
  logLevel: string
}

/** An airline's HTTP service. */
export type AirlineApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
