import { setTimeout as pause } from 'node:timers/promises'
import type { AirlineApp } from '../server/app.ts'
import { exchange } from './faulty-system.ts'

/** Makes answers suffer what struck the deed that they tell of: cut, replaced or late. */
export function sufferAnswers(app: AirlineApp): void {
  app.addHook('onRequest', (_request, _reply, done) => exchange.run({ fault: null }, done))
  app.addHook('onSend', async (request, reply, payload) => {
    const fault = exchange.getStore()?.fault
    switch (fault?.kind) {
      case undefined:
        return payload
      case 'lost_request':
      case 'lost_answer':
      case 'done_later':
        // Not the request: once it is read to its end, destroying it leaves the connection as it is.
        request.raw.socket.destroy()
        return payload
      case 'error_before':
      case 'error_after':
        reply.code(500).type('text/plain').removeHeader('content-length')
        return 'Internal Server Error'
      case 'late':
        await pause(fault.delayMs)
        return payload
    }
  })
}
