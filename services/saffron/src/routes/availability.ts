import type { AirlineApp, AirlineSystem, Offer } from '@fanfare/kit'
import { createByteCache } from '../bytes.ts'
import { SaffronError } from '../errors.ts'
import { renderAvailability } from '../render/offer.ts'
import { kitCabins } from '../render/words.ts'
import { Availability, AvailabilityRequest } from '../schemas/availability.ts'
import { ApiKeyHeader } from '../schemas/common.ts'
import { ref } from '../schemas/ref.ts'
import { answers } from './answers.ts'

/** POST /availability: the hot route. */
export function registerAvailability(app: AirlineApp, system: AirlineSystem): void {
  const bytes = createByteCache((offers: readonly Offer[]) => renderAvailability(system.carrier, offers))

  app.post(
    '/availability',
    {
      schema: {
        operationId: 'findAvailability',
        tags: ['Shopping'],
        summary: 'Find flights and fares for one way on one day',
        description:
          'Answers every fare family of the cabin asked for, by journey, cheapest first. An airport that Saffron Airways does not know is refused with AIRPORT_UNKNOWN; a pair or day without flights gives an empty list.',
        headers: ApiKeyHeader,
        body: ref(AvailabilityRequest),
        response: answers({ 200: ref(Availability) }, 400, 401, 413, 415),
      },
    },
    (request, reply) => {
      const { origin, destination, departureDate, cabin, travellers } = request.body
      const { adults, children, infants } = travellers
      if (adults + children + infants > 9) {
        throw new SaffronError(400, 'TRAVELLERS_NOT_ACCEPTED', 'At most nine travellers are sold together', [
          { field: '/travellers', issue: 'must be nine or fewer in all' },
        ])
      }
      if (infants > adults) {
        throw new SaffronError(400, 'TRAVELLERS_NOT_ACCEPTED', 'Each infant needs an adult of its own', [
          { field: '/travellers/infants', issue: 'must not be more than adults' },
        ])
      }
      const offers = system.shop({
        origin,
        destination,
        date: departureDate,
        passengers: { adults, children, infants },
        cabin: cabin === undefined ? null : kitCabins[cabin],
      })
      return reply.type('application/json; charset=utf-8').send(bytes(offers))
    },
  )
}
