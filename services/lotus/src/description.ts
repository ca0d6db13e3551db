import { windowMs } from './sign-in.ts'
import { type SignedCall, signatureOf } from './signature.ts'

/** A call with all that its signature is made of, so that a reader can hold his own code to it. */
const worked: SignedCall = {
  key: 'fanfare',
  timestamp: '1893466800000',
  nonce: '0123456789abcdef',
  method: 'GET',
  target: '/v1/reservations?idempotencyKey=MYSHOP-000123',
  body: '',
}

/** What the API is, how to sign, how to begin: Markdown. */
export const description = `The selling API of Lotus Air (0L), a long-haul airline over Bangkok and Bengaluru.

1. \`POST /v1/searches\` begins a search and answers 202 at once; \`GET /v1/searches/{searchId}?page=1\` shows what it has found so far. Pages fill one by one, some late.
2. \`GET /v1/offers/{offerToken}\` prices one bundle (Light, Value, Flex) as it stands now: prices move between looks.
3. \`POST /v1/reservations\` sells it, or holds it for 30 minutes.

Amounts are JSON numbers of baht with at most two decimals. Read them by their digits: no price is meant more precisely.
Unknown fields are refused. An error is a list of \`errors\`, each with a stable \`code\`.

### Signing

Every call but \`GET /v1/time\` carries four headers:

| Header | What |
| --- | --- |
| \`X-Lotus-Key\` | key id: \`fanfare\`, unless the service was started with \`LOTUS_KEY\` |
| \`X-Lotus-Timestamp\` | milliseconds since the epoch, at most ${windowMs / 1000} seconds from Lotus Air’s clock (\`GET /v1/time\`) |
| \`X-Lotus-Nonce\` | 16 to 64 letters, digits, \`-\` and \`_\`, new for every call |
| \`X-Lotus-Signature\` | HMAC-SHA256 in hex, under the secret (\`fanfare-secret\`, unless the service was started with \`LOTUS_SECRET\`) |

What is signed is eight lines joined by a line feed, without one at the end: \`LOTUS-HMAC-SHA256\`, the key id, the timestamp, the
nonce, the method, the path, the query as it is sent without its \`?\` (an empty line for none), and the SHA-256 of the
body in hex (of nothing, when there is none).

**This page signs for you** where it is served by Lotus Air itself, under \`/docs\`: it asks once for key and secret, keeps
them in the page, and signs in your browser. From a shell, with the service at \`$LOTUS\`:

\`\`\`sh
body='{"from":"DEL","to":"BKK","departOn":"2030-01-31","cabin":"economy","travelParty":{"adults":1}}'
timestamp="$(date +%s)000"; nonce="$(openssl rand -hex 16)"
digest="$(printf %s "$body" | openssl dgst -sha256 -r | cut -d' ' -f1)"
signature="$(printf 'LOTUS-HMAC-SHA256\\nfanfare\\n%s\\n%s\\nPOST\\n/v1/searches\\n\\n%s' "$timestamp" "$nonce" "$digest" \\
  | openssl dgst -sha256 -hmac fanfare-secret -r | cut -d' ' -f1)"
curl -si "$LOTUS/v1/searches" -H 'Content-Type: application/json' -d "$body" -H 'X-Lotus-Key: fanfare' \\
  -H "X-Lotus-Timestamp: $timestamp" -H "X-Lotus-Nonce: $nonce" -H "X-Lotus-Signature: $signature"
\`\`\`

To hold your own code to: \`${worked.method} ${worked.target}\` without a body, by key \`${worked.key}\` at
\`${worked.timestamp}\` with nonce \`${worked.nonce}\`, has under the secret \`fanfare-secret\` the signature
\`${signatureOf(worked, 'fanfare-secret').toString('hex')}\`.
`
