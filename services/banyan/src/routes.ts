import type { AirlineApp, AirlineSystem, ExampleValues } from '@fanfare/kit'
import type { FastifySchema } from 'fastify'
import { Type } from 'typebox'
import { createKeyCheck } from './api-key.ts'
import { sendError } from './errors.ts'
import { type Message, messages } from './messages/index.ts'
import { NdcFault } from './ndc-fault.ts'
import { renderError } from './render/error.ts'

const contentType = 'application/xml; charset=utf-8'

/** What the routes stand on. */
export interface RoutesOptions {
  system: AirlineSystem
  /** That callers must show. */
  key: string
  /** Example messages by root element. */
  examples: ExampleValues
}

/** One route per message. */
export async function registerMessages(app: AirlineApp, { system, key, examples }: RoutesOptions): Promise<void> {
  const isRightKey = createKeyCheck(key)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/xml', 'text/xml'], { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  // The description says what a message is; reading it checks it.
  app.setValidatorCompiler(() => () => true)
  app.addHook('onRequest', (request, _reply, done) => {
    done(isRightKey(request.headers['x-api-key']) ? undefined : new NdcFault('368', 'show a valid key in X-API-Key'))
  })
  for (const message of messages) {
    const answer = message.open(system)
    app.post(
      `/${message.name}`,
      { schema: describe(message, examples), errorHandler: sendError(message.answer) },
      (request, reply) => {
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        return reply.type(contentType).send(answer(bytes))
      },
    )
  }
}

const ApiKeyHeader = Type.Object({
  'x-api-key': Type.String({ description: 'Key of the seller', examples: ['fanfare'] }),
})

function describe({ name, answer, tag, summary, description }: Message, examples: ExampleValues): FastifySchema {
  const errorAnswer = renderError(answer, new NdcFault('912', 'PayloadAttributes has no TrxID', 'TrxID')).toString()
  const body = xml(`IATA_${name}RQ`, examples[`IATA_${name}RQ`])
  return {
    operationId: `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    tags: [tag],
    summary,
    description,
    headers: ApiKeyHeader,
    consumes: ['application/xml'],
    produces: ['application/xml'],
    body,
    response: {
      200: xml(
        `${answer}: a Response, or what went wrong as Error elements`,
        examples[`${name}/${answer}`] ?? errorAnswer,
      ),
      413: xml(`${answer} with Error 917: the message is too large`),
      415: xml(`${answer} with Error 914: the content type is not XML`),
      500: xml(`${answer} with Error 911: a fault of the service itself`),
    },
  }
}

function xml(description: string, example?: string) {
  return Type.String({
    description,
    contentMediaType: 'application/xml',
    ...(example === undefined ? {} : { examples: [example] }),
  })
}
