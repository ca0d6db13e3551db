import { randomUUID } from 'node:crypto'
import type { XmlElement } from 'libxml2-wasm'
import type { SliceQuery } from '../../gateway/src/airlines/connector.ts'
import { fromMinor, sum, toMinor } from '../../gateway/src/money/money.ts'
import { airport, zoned } from '../../gateway/src/places/places.ts'
import type { Cabin, Offer } from '../../gateway/src/schemas/offer.ts'
import type { HandSearch, Passengers, Send } from './search.ts'
import { child, children, need, read, text, texts } from './xml.ts'

interface Flight {
  carrier: string
  number: string
  operatingCarrier: string
  origin: string
  destination: string
  departure: string
  arrival: string
  duration: string
  aircraft: string
}

interface Lists {
  journeys: Map<string, { duration: string; flights: Flight[] }>
  priceClasses: Map<string, { name: string; cabin: Cabin }>
  allowances: Map<string, { type: string; pieces: number | null; weightKg: number | null }>
  penalties: Map<string, { type: string; fee: Money }>
}

type Money = Offer['price']

const cabins: Record<string, Cabin> = { 1: 'first', 2: 'business', 4: 'premium_economy' }
const types = { adult: 'ADT', child: 'CHD', infant: 'INF' }

/** Code of the error that Banyan answers with where it does not know an airport. */
const unknownAirport = '0Z01'

/** Banyan Air: NDC, which is XML. */
export function banyan(send: Send): HandSearch {
  return async (slice) => {
    const answer = await send({
      airline: 'banyan',
      method: 'POST',
      path: '/ndc/21.3/AirShopping',
      headers: { 'x-api-key': 'fanfare', 'content-type': 'application/xml' },
      body: airShopping(slice),
    })
    return read(answer, (message) => {
      const error = child(message, 'Error')
      if (error && text(error, 'Code') === unknownAirport) return []
      if (error) throw new Error(text(error, 'DescText'))
      const response = need(message, 'Response')
      const lists = readLists(need(response, 'DataLists'))
      return children(need(response, 'OffersGroup'), 'CarrierOffers').flatMap((carrier) =>
        children(carrier, 'Offer').map((offer) => mapOffer(offer, lists, slice.passengers)),
      )
    })
  }
}

function airShopping({ origin, destination, departureDate, passengers }: SliceQuery): string {
  const common = 'xmlns="http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes"'
  const pax = passengers.map(({ id, type }) => `<Pax><PaxID>${id}</PaxID><PTC>${types[type]}</PTC></Pax>`)
  return `<IATA_AirShoppingRQ xmlns="http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage">
  <DistributionChain>
    <DistributionChainLink ${common}>
      <Ordinal>1</Ordinal>
      <OrgRole>Seller</OrgRole>
      <ParticipatingOrg><Name>Fanfare</Name><OrgID>FANFARE</OrgID></ParticipatingOrg>
    </DistributionChainLink>
  </DistributionChain>
  <PayloadAttributes>
    <TrxID ${common}>${randomUUID()}</TrxID>
    <VersionNumber ${common}>21.3</VersionNumber>
  </PayloadAttributes>
  <Request>
    <FlightRequest ${common}>
      <FlightRequestOriginDestinationsCriteria>
        <OriginDestCriteria>
          <CabinType><CabinTypeCode>5</CabinTypeCode><PrefLevel><PrefLevelCode>Required</PrefLevelCode></PrefLevel></CabinType>
          <DestArrivalCriteria><IATA_LocationCode>${escapeXml(destination)}</IATA_LocationCode></DestArrivalCriteria>
          <OriginDepCriteria><Date>${escapeXml(departureDate)}</Date><IATA_LocationCode>${escapeXml(origin)}</IATA_LocationCode></OriginDepCriteria>
        </OriginDestCriteria>
      </FlightRequestOriginDestinationsCriteria>
    </FlightRequest>
    <PaxList ${common}>${pax.join('')}</PaxList>
  </Request>
</IATA_AirShoppingRQ>`
}

function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** What the offers refer to, by its ids. */
function readLists(lists: XmlElement): Lists {
  const aircraft = byId(lists, 'DatedOperatingLeg', 'DatedOperatingLegID', (leg) =>
    text(leg, 'IATA_AircraftType', 'IATA_AircraftTypeCode'),
  )
  const operating = byId(lists, 'DatedOperatingSegment', 'DatedOperatingSegmentId', (segment) => ({
    operatingCarrier: text(segment, 'CarrierDesigCode'),
    duration: text(segment, 'Duration'),
    aircraft: get(aircraft, text(segment, 'DatedOperatingLegRefID')),
  }))
  const marketing = byId(lists, 'DatedMarketingSegment', 'DatedMarketingSegmentId', (segment): Flight => {
    const departure = need(segment, 'Dep')
    const arrival = need(segment, 'Arrival')
    return {
      carrier: text(segment, 'CarrierDesigCode'),
      number: text(segment, 'MarketingCarrierFlightNumberText'),
      origin: text(departure, 'IATA_LocationCode'),
      destination: text(arrival, 'IATA_LocationCode'),
      departure: text(departure, 'AircraftScheduledDateTime'),
      arrival: text(arrival, 'AircraftScheduledDateTime'),
      ...get(operating, text(segment, 'DatedOperatingSegmentRefId')),
    }
  })
  const flights = byId(lists, 'PaxSegment', 'PaxSegmentID', (segment) =>
    get(marketing, text(segment, 'DatedMarketingSegmentRefId')),
  )
  return {
    journeys: byId(lists, 'PaxJourney', 'PaxJourneyID', (journey) => ({
      duration: text(journey, 'Duration'),
      flights: texts(journey, 'PaxSegmentRefID').map((id) => get(flights, id)),
    })),
    priceClasses: byId(lists, 'PriceClass', 'PriceClassID', (priceClass) => ({
      name: text(priceClass, 'Name'),
      cabin: cabins[text(priceClass, 'CabinType', 'CabinTypeCode')] ?? 'economy',
    })),
    allowances: byId(lists, 'BaggageAllowance', 'BaggageAllowanceID', (allowance) => {
      const pieces = child(allowance, 'PieceAllowance', 'TotalQty')
      const weight = child(allowance, 'WeightAllowance', 'MaximumWeightMeasure')
      return {
        type: text(allowance, 'TypeCode'),
        pieces: pieces ? Number(pieces.content) : null,
        weightKg: weight ? Number(weight.content) : null,
      }
    }),
    penalties: byId(lists, 'Penalty', 'PenaltyID', (penalty) => ({
      type: text(penalty, 'TypeCode'),
      fee: money(need(penalty, 'Price', 'TotalAmount')),
    })),
  }
}

function byId<T>(lists: XmlElement, name: string, idName: string, map: (element: XmlElement) => T): Map<string, T> {
  const list = child(lists, `${name}List`)
  return new Map(list && children(list, name).map((element) => [text(element, idName), map(element)]))
}

function get<T>(things: Map<string, T>, id: string): T {
  const thing = things.get(id)
  if (!thing) throw new Error(`banyan sent nothing with the id ${id}`)
  return thing
}

function mapOffer(offer: XmlElement, lists: Lists, passengers: Passengers): Offer {
  const items = children(offer, 'OfferItem')
  const [item] = items
  if (!item) throw new Error('banyan sent an offer without items')
  const fare = need(item, 'FareDetail', 'FareComponent')
  const journey = get(
    lists.journeys,
    text(item, 'Service', 'OfferServiceAssociation', 'PaxJourneyRef', 'PaxJourneyRefID'),
  )
  const { name, cabin } = get(lists.priceClasses, text(fare, 'PriceClassRefID'))
  const bookingClass = text(fare, 'RBD', 'RBD_Code')
  const fareBasisCode = text(fare, 'FareBasisCode')
  const segments = journey.flights.map((flight) => mapSegment(flight, { cabin, bookingClass, fareBasisCode }))
  const first = segments[0]
  const last = segments.at(-1)
  if (!first || !last) throw new Error('banyan sent a journey without flights')
  const total = money(need(offer, 'TotalPrice', 'TotalAmount'))
  const prices = items.map((one) => readPrice(one, total.currency))
  const penalties = texts(offer, 'PenaltyRefID').map((id) => get(lists.penalties, id))
  const condition = (wanted: string) => {
    const fee = penalties.find(({ type }) => type === wanted)?.fee ?? null
    return { allowed: fee !== null, fee }
  }
  return {
    id: `banyan~${total.amount}${total.currency}~${text(offer, 'OfferID')}`,
    airline: 'banyan',
    slice: {
      origin: first.origin,
      destination: last.destination,
      departingAt: first.departingAt,
      arrivingAt: last.arrivingAt,
      duration: journey.duration,
      stops: segments.length - 1,
      segments,
    },
    fareBrand: name,
    price: total,
    basePrice: sum(
      prices.map(({ base }) => base),
      total.currency,
    ),
    taxes: sum(
      prices.map(({ taxes }) => taxes),
      total.currency,
    ),
    airlinePrice: total,
    perPassenger: passengers.map(({ id, type }) => {
      const price = prices.find(({ paxIds }) => paxIds.includes(id))
      if (!price) throw new Error(`banyan sent no price for ${id}`)
      const share = (whole: Money) => fromMinor(toMinor(whole) / BigInt(price.paxIds.length), whole.currency)
      return {
        passengerId: id,
        type,
        basePrice: share(price.base),
        taxes: share(price.taxes),
        price: share(price.total),
      }
    }),
    conditions: { change: condition('Change'), cancel: condition('Cancellation') },
    baggage: children(offer, 'BaggageAssociations').flatMap((association) => {
      const passengerIds = texts(association, 'PaxRefID')
      return texts(association, 'BaggageAllowanceRefID').flatMap((id) => {
        const { type, pieces, weightKg } = get(lists.allowances, id)
        const kind = type === 'CarryOn' ? 'carry_on' : type === 'Checked' ? 'checked' : null
        return kind ? [{ segmentIds: segments.map((segment) => segment.id), passengerIds, kind, pieces, weightKg }] : []
      })
    }),
    seatsLeft: null,
    expiresAt: text(offer, 'OfferExpirationTimeLimitDateTime'),
    sameFlight: [],
  }
}

type Segment = Offer['slice']['segments'][number]

function mapSegment(flight: Flight, fare: Pick<Segment, 'cabin' | 'bookingClass' | 'fareBasisCode'>): Segment {
  const { carrier, number, origin, destination, departure } = flight
  return {
    id: `${carrier}${number}-${departure.slice(0, 10)}-${origin}`,
    flightNumber: `${carrier}${number}`,
    marketingCarrier: carrier,
    operatingCarrier: flight.operatingCarrier,
    origin,
    destination,
    departingAt: zoned(departure, origin),
    arrivingAt: zoned(flight.arrival, destination),
    originTimeZone: airport(origin)?.timeZone ?? '',
    destinationTimeZone: airport(destination)?.timeZone ?? '',
    duration: flight.duration,
    aircraft: flight.aircraft,
    ...fare,
  }
}

/** What an item costs all of its passengers together. */
function readPrice(item: XmlElement, currency: string) {
  const price = need(item, 'Price')
  const amount = (...path: string[]): Money => ({ amount: text(price, ...path), currency })
  return {
    paxIds: texts(need(item, 'FareDetail'), 'PaxRefID'),
    base: amount('BaseAmount'),
    taxes: amount('TaxSummary', 'TotalTaxAmount'),
    total: amount('TotalAmount'),
  }
}

function money(element: XmlElement): Money {
  return { amount: element.content, currency: element.attr('CurCode')?.value ?? 'USD' }
}
