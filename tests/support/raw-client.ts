import { once } from 'node:events'
import { connect } from 'node:net'

/** A connection to a server, byte by byte. */
export interface RawClient {
  send(text: string): void
  /** Everything that has arrived so far. */
  received(): string
  /** How many bytes have arrived so far; also while they are not kept. */
  receivedBytes(): number
  /** Reads no further, as a client that has hung. */
  stopReading(): void
  readOn(): void
  isClosed(): boolean
  /** Resolves once the server has closed the connection, gracefully or not. */
  closed: Promise<void>
  close(): void
}

/** Connects to a port of 127.0.0.1. */
export async function openRawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1' })
  let text = ''
  let bytes = 0
  let isClosed = false
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    text += chunk
    bytes += chunk.length
  })
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  socket.on('close', () => {
    isClosed = true
    resolve()
  })
  await once(socket, 'connect')
  return {
    send: (more) => socket.write(more),
    received: () => text,
    receivedBytes: () => bytes,
    stopReading: () => socket.pause(),
    readOn: () => socket.resume(),
    isClosed: () => isClosed,
    closed,
    close: () => socket.destroy(),
  }
}

/** Status and body of each whole answer in what was received; every answer has a Content-Length. */
export function answersIn(received: string): { status: number; headers: string; body: string }[] {
  const answers: { status: number; headers: string; body: string }[] = []
  let rest = received
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return answers
    const headers = rest.slice(0, end)
    const length = Number(/content-length: (\d+)/i.exec(headers)?.[1] ?? 0)
    if (rest.length < end + 4 + length) return answers
    answers.push({ status: Number(headers.split(' ')[1]), headers, body: rest.slice(end + 4, end + 4 + length) })
    rest = rest.slice(end + 4 + length)
  }
}
