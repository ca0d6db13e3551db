import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

/** A whole answer. */
export interface Exchanged {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** An answer has more bytes than are read. */
export class AnswerTooLarge extends Error {
  override name = 'AnswerTooLarge'
}

/**
 * Sends a request and gives its whole answer, whatever its status. Rejects with undici's error, AnswerTooLarge, or the signal's
 * reason as soon as it aborts. undici's own `request` makes a stream of every body, which costs several times as much.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
  mostBytes: number,
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let sent: Dispatcher.DispatchController | null = null
    let status = 0
    let headers: IncomingHttpHeaders = {}
    const chunks: Buffer[] = []
    let size = 0

    function end() {
      signal.removeEventListener('abort', stop)
    }

    function fail(error: Error) {
      end()
      reject(error)
    }

    function stop() {
      const { reason } = signal
      const error = reason instanceof Error ? reason : new Error('aborted', { cause: reason })
      sent?.abort(error)
      fail(error)
    }

    if (signal.aborted) {
      stop()
      return
    }
    signal.addEventListener('abort', stop, { once: true })
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        if (signal.aborted) controller.abort(new Error('aborted before it was sent'))
        else sent = controller
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        status = statusCode
        headers = responseHeaders
      },
      onResponseData(controller, chunk) {
        size += chunk.length
        if (size > mostBytes) {
          controller.abort(new AnswerTooLarge(`more than ${mostBytes} bytes`))
          return
        }
        chunks.push(chunk)
      },
      onResponseEnd() {
        end()
        const [first] = chunks
        resolve({ status, headers, body: first && chunks.length === 1 ? first : Buffer.concat(chunks, size) })
      },
      onResponseError: (_controller, error) => fail(error),
    })
  })
}
