import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '../openapi/problems.ts'
import { searchPlaces } from '../places/places.ts'
import { PlaceList, PlaceQuery } from '../schemas/place.ts'
import { ref } from '../schemas/ref.ts'

/** `GET /v1/places` */
export const placeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/v1/places',
    {
      schema: {
        operationId: 'searchPlaces',
        summary: 'Find airports and cities',
        description:
          'Finds airports and cities by code, name, city or country. A search takes airport codes, so pick one of `airports` where the place is a city.',
        tags: ['Places'],
        querystring: PlaceQuery,
        response: { 200: ref(PlaceList), ...problems() },
      },
    },
    async ({ query: { query, limit } }) => ({ places: searchPlaces(query, limit) }),
  )
}
