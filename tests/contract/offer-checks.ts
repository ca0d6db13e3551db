import type { Connector, SliceQuery } from '../../gateway/src/airlines/connector.ts'
import { formatOfferId, parseOfferId } from '../../gateway/src/airlines/offer-id.ts'
import type { BaggageOptions } from '../../gateway/src/schemas/baggage.ts'
import type { Offer, PricedOffer, Segment } from '../../gateway/src/schemas/offer.ts'
import type { SeatMap } from '../../gateway/src/schemas/seat-map.ts'
import { minor } from '../support/money.ts'
import { schemaProblems } from '../support/schema-check.ts'

/** A statement and whether it holds. */
type Claim = [what: string, holds: boolean]

function broken(about: string, claims: Claim[]): string[] {
  return claims.filter(([, holds]) => !holds).map(([what]) => `${about}: not true that ${what}`)
}

/** What is wrong with offers that answer this query; [] when nothing is. */
export function searchProblems({ airline }: Connector, query: SliceQuery, offers: Offer[], now: number): string[] {
  const ids = offers.map(({ id }) => id)
  return [
    ...broken('answer', [['ids are unique', new Set(ids).size === ids.length]]),
    ...offers.flatMap((offer) => [
      ...schemaProblems('Offer', offer),
      ...fareProblems(offer, query, airline.currency, now),
      ...broken(offer.id, [
        ['it is this airline’s', offer.airline === airline.name],
        ['the id carries the airline', parseOfferId(offer.id)?.airline === airline.name],
        ['the id carries the quoted price', same(parseOfferId(offer.id)?.quotedPrice, offer.airlinePrice)],
        ['the id round-trips', roundTrip(offer.id) === offer.id],
        ['no other offer is merged into it', offer.sameFlight.length === 0],
      ]),
    ]),
  ]
}

/** What is wrong with a priced offer that the search quoted as `quoted`. */
export function pricedProblems(priced: PricedOffer, quoted: Offer, query: SliceQuery, now: number): string[] {
  return [
    ...schemaProblems('PricedOffer', priced),
    ...fareProblems(priced, query, quoted.price.currency, now),
    ...broken(priced.id, [
      ['it is the offer asked for', priced.id === quoted.id],
      ['the slice is the same', same(priced.slice, quoted.slice)],
      ['the brand is the same', priced.fareBrand === quoted.fareBrand],
      ['quotedPrice is what the id carries', same(priced.quotedPrice, quoted.airlinePrice)],
      ['priceChanged says so', priced.priceChanged === !same(priced.airlinePrice, quoted.airlinePrice)],
    ]),
  ]
}

function fareProblems(offer: Offer | PricedOffer, query: SliceQuery, currency: string, now: number): string[] {
  const { slice, perPassenger } = offer
  const sum = (part: 'price' | 'basePrice' | 'taxes') =>
    perPassenger.reduce((total, passenger) => total + minor(passenger[part]), 0)
  const amounts = [offer.price, offer.basePrice, offer.taxes, offer.airlinePrice, ...perPassenger.map((p) => p.price)]
  const segmentIds = slice.segments.map(({ id }) => id)
  const passengerIds = query.passengers.map(({ id }) => id)
  return [
    ...broken(offer.id, [
      ['all money is in the airline’s currency', amounts.every((money) => money.currency === currency)],
      ['price is airlinePrice', same(offer.price, offer.airlinePrice)],
      ['price is base and taxes', minor(offer.price) === minor(offer.basePrice) + minor(offer.taxes)],
      ['price is the passengers’ prices', minor(offer.price) === sum('price')],
      ['basePrice is the passengers’', minor(offer.basePrice) === sum('basePrice')],
      ['taxes are the passengers’', minor(offer.taxes) === sum('taxes')],
      ['something is paid', minor(offer.basePrice) > 0],
      [
        'the passengers are the query’s, in its order',
        same(
          perPassenger.map(({ passengerId: id, type }) => ({ id, type })),
          query.passengers,
        ),
      ],
      ['it has not expired', Date.parse(offer.expiresAt) > now],
      ['seatsLeft is none or enough', offer.seatsLeft === null || offer.seatsLeft >= seatsNeeded(query)],
      [
        'included baggage is for its flights and passengers',
        offer.baggage.every((bag) => isSubset(bag.segmentIds, segmentIds) && isSubset(bag.passengerIds, passengerIds)),
      ],
      [
        'fees are in the airline’s currency, and only where allowed',
        [offer.conditions.change, offer.conditions.cancel].every(
          ({ allowed, fee }) => fee === null || (allowed && fee.currency === currency),
        ),
      ],
    ]),
    ...sliceProblems(offer, query),
  ]
}

function sliceProblems({ id, slice }: Offer | PricedOffer, query: SliceQuery): string[] {
  const { segments } = slice
  const first = segments[0]
  const last = segments.at(-1)
  const pairs = segments.slice(1).map((next, index) => [segments[index], next] as const)
  return [
    ...broken(id, [
      ['it starts at the origin', slice.origin === query.origin && first?.origin === query.origin],
      [
        'it ends at the destination',
        slice.destination === query.destination && last?.destination === query.destination,
      ],
      ['it leaves on the day', slice.departingAt.startsWith(query.departureDate)],
      ['it leaves with its first flight', slice.departingAt === first?.departingAt],
      ['it arrives with its last', slice.arrivingAt === last?.arrivingAt],
      ['its duration is from departure to arrival', minutesOf(slice.duration) === minutesBetween(slice)],
      ['stops are flights less one', slice.stops === segments.length - 1],
      ['flights chain', pairs.every(([before, next]) => before?.destination === next.origin)],
      [
        'there is time to change planes',
        pairs.every(([before, next]) => before && Date.parse(before.arrivingAt) < Date.parse(next.departingAt)),
      ],
      ['flights are different', new Set(segments.map((segment) => segment.id)).size === segments.length],
    ]),
    ...segments.flatMap((segment) => segmentProblems(segment, query)),
  ]
}

function segmentProblems(segment: Segment, { cabin }: SliceQuery): string[] {
  const date = segment.departingAt.slice(0, 10)
  return broken(segment.id, [
    ['the id is flight, date and origin', segment.id === `${segment.flightNumber}-${date}-${segment.origin}`],
    ['the number carries the seller', segment.flightNumber.startsWith(segment.marketingCarrier)],
    ['it takes time', minutesBetween(segment) > 0],
    ['its duration is from departure to arrival', minutesOf(segment.duration) === minutesBetween(segment)],
    ['it is in the cabin asked for', segment.cabin === cabin],
    ['its zones exist', isZone(segment.originTimeZone) && isZone(segment.destinationTimeZone)],
    ['departure has the zone’s offset', offsetFits(segment.departingAt, segment.originTimeZone)],
    ['arrival has the zone’s offset', offsetFits(segment.arrivingAt, segment.destinationTimeZone)],
  ])
}

/** What is wrong with the seat maps of an offer. */
export function seatMapProblems(maps: SeatMap[], { slice, price }: PricedOffer): string[] {
  const wanted = slice.segments.map(({ id }) => id)
  return [
    ...maps.flatMap((map) => schemaProblems('SeatMap', map)),
    ...broken('seat maps', [
      [
        'they are of the offer’s flights',
        same(
          maps.map((map) => map.segmentId),
          wanted,
        ),
      ],
    ]),
    ...maps.flatMap((map) => {
      const segment = slice.segments.find(({ id }) => id === map.segmentId)
      const designators = map.cabins.flatMap(seatsOf).map((seat) => seat.designator)
      return [
        ...broken(map.segmentId, [
          ['the aircraft is the flight’s', map.aircraft === segment?.aircraft],
          ['it shows the offer’s cabin', map.cabins.some(({ cabin }) => cabin === segment?.cabin)],
          ['no seat is there twice', new Set(designators).size === designators.length],
        ]),
        ...map.cabins.flatMap((cabin) => cabinProblems(map.segmentId, cabin, price.currency)),
      ]
    }),
  ]
}

type CabinMap = SeatMap['cabins'][number]

function seatsOf({ rows }: CabinMap) {
  return rows.flatMap(({ seats }) => seats.flatMap((seat) => seat ?? []))
}

function cabinProblems(about: string, cabin: CabinMap, currency: string): string[] {
  const letters = cabin.columns.flatMap((column) => column ?? [])
  const edges = [letters[0], letters.at(-1)]
  const besideAisle = new Set(
    cabin.columns.flatMap((column, index) =>
      column !== null && (cabin.columns[index - 1] === null || cabin.columns[index + 1] === null) ? [column] : [],
    ),
  )
  const all = seatsOf(cabin)
  const letterOf = (designator: string) => designator.slice(-1)
  const numbers = cabin.rows.map(({ number }) => number)
  return broken(`${about} ${cabin.cabin}`, [
    ['columns are different letters', new Set(letters).size === letters.length],
    ['there is an aisle', cabin.columns.includes(null)],
    ['rows have a place for each column', cabin.rows.every(({ seats }) => seats.length === letters.length)],
    ['rows count upwards', numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0))],
    [
      'a seat’s name is its row and column',
      cabin.rows.every(({ number, seats }) =>
        seats.every((seat, index) => seat === null || seat.designator === `${number}${letters[index]}`),
      ),
    ],
    ['there are windows', all.some(({ kind }) => kind === 'window')],
    [
      'windows are at the sides',
      all.every((seat) => seat.kind !== 'window' || edges.includes(letterOf(seat.designator))),
    ],
    [
      'aisle seats are beside an aisle',
      all.every((seat) => seat.kind !== 'aisle' || besideAisle.has(letterOf(seat.designator))),
    ],
    ['a free seat has a price', all.every(({ available, price }) => !available || price !== null)],
    ['a blocked seat is not free', all.every(({ available, traits }) => !available || !traits.includes('blocked'))],
    ['prices are in the airline’s currency', all.every(({ price }) => price === null || price.currency === currency)],
    [
      'exit rows say so at their seats',
      cabin.rows.every(({ exit, seats }) => !exit || seats.some((seat) => seat?.traits.includes('exit_row'))),
    ],
  ])
}

/** What is wrong with the baggage of an offer. */
export function baggageProblems(options: BaggageOptions, { airline, slice, price, baggage }: PricedOffer): string[] {
  const segmentIds = slice.segments.map(({ id }) => id)
  const start = `${airline}~${segmentIds[0]}~`
  const services = options.purchasable.map(({ serviceId }) => serviceId)
  return [
    ...schemaProblems('BaggageOptions', options),
    ...broken('baggage', [
      ['what is included is what the offer says', same(sorted(options.included), sorted(baggage))],
      ['something can be bought', services.length > 0],
      ['service ids are unique', new Set(services).size === services.length],
    ]),
    ...options.purchasable.flatMap((bag) =>
      broken(bag.serviceId, [
        [
          'the id names airline, first flight and code',
          bag.serviceId.startsWith(start) && bag.serviceId.length > start.length,
        ],
        ['it is for all the offer’s flights', same(bag.segmentIds, segmentIds)],
        ['someone may buy it', bag.passengerIds.length > 0],
        ['the price is in the airline’s currency', bag.price.currency === price.currency],
        ['it adds pieces or weight', (bag.pieces ?? 0) > 0 || (bag.weightKg ?? 0) > 0],
      ]),
    ),
  ]
}

function seatsNeeded({ passengers }: SliceQuery): number {
  return passengers.filter(({ type }) => type !== 'infant').length
}

function roundTrip(id: string): string | null {
  const ref = parseOfferId(id)
  return ref && formatOfferId(ref)
}

function minutesBetween({ departingAt, arrivingAt }: { departingAt: string; arrivingAt: string }): number {
  return (Date.parse(arrivingAt) - Date.parse(departingAt)) / 60_000
}

function minutesOf(duration: string): number {
  return Temporal.Duration.from(duration).total('minutes')
}

function isZone(zone: string): boolean {
  try {
    return Temporal.Now.zonedDateTimeISO(zone).timeZoneId !== ''
  } catch {
    return false
  }
}

function offsetFits(instant: string, zone: string): boolean {
  return isZone(zone) && instant.endsWith(Temporal.Instant.from(instant).toZonedDateTimeISO(zone).offset)
}

function sorted(values: unknown[]): string[] {
  return values.map((value) => JSON.stringify(value)).sort()
}

function isSubset(some: string[], all: string[]): boolean {
  return some.length > 0 && some.every((one) => all.includes(one))
}

/** Equal but for the order of fields. */
function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
