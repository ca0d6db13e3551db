import type { BaseLogger } from 'pino'

/** Where shopping says what an operator should know. */
export type Log = Pick<BaseLogger, 'info' | 'warn' | 'error'>
