// Is the program of this container well? `node deploy/docker/healthy.mjs /health/ready`: exit code 0 or 1, and why not.
// It runs every few seconds in every container, hence JavaScript and node:http, which take half the time to load.
import { get } from 'node:http'

const port = process.env.PORT ?? '8080'
const path = process.argv[2] ?? '/health'

function fail(why) {
  console.error(`http://127.0.0.1:${port}${path}: ${why}`)
  process.exit(1)
}

setTimeout(() => fail('no answer within 4 s'), 4_000).unref()
get({ host: '127.0.0.1', port, path }, (response) => {
  response.resume()
  if (response.statusCode !== 200) fail(`answered ${response.statusCode}`)
}).on('error', ({ message }) => fail(message))
