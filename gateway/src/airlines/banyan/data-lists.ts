import { child, childrenOf, required, requiredText, WireError, type XmlNode } from './xml.ts'

/** A flight on its day. */
export interface Flight {
  /** Designator of the airline that sells it. */
  carrier: string
  number: string
  operatingCarrier: string
  origin: string
  destination: string
  /** Local times without an offset, to the second. */
  departure: string
  arrival: string
  /** ISO 8601, from minutes to days. */
  duration: string
  /** IATA aircraft type code. */
  aircraft: string
}

export interface Journey {
  duration: string
  flights: [Flight, ...Flight[]]
}

export interface PriceClass {
  name: string
  /** CabinTypeCode. */
  cabin: string
}

export interface Allowance {
  /** TypeCode; CarryOn and Checked are known. */
  type: string
  pieces: number | null
  weightKg: number | null
}

interface Penalty {
  /** Cancellation and Change are known. */
  type: string
  /** Cents. */
  fee: number
}

export type PassengerTypeCode = 'ADT' | 'CHD' | 'INF'

export interface Pax {
  id: string
  type: PassengerTypeCode
}

/** What an answer refers to. Each look throws WireError for an id that is not there. */
export interface DataLists {
  /** In the order of the answer. */
  passengers: Pax[]
  segment(id: string): Flight
  journey(id: string): Journey
  priceClass(id: string): PriceClass
  allowance(id: string): Allowance
  penalty(id: string): Penalty
  /** The allowance that a service adds. */
  serviceAllowance(id: string): { code: string; maxQuantity: number; allowance: Allowance }
}

export const anyText = /\S/
const airport = /^[A-Z]{3}$/
const designator = /^[A-Z0-9]{2}$/
const flightNumber = /^\d{1,4}$/
const localTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/
const duration = /^P(?=\d|T\d)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?$/
const count = /^\d{1,3}$/

const currency = 'USD'

/** An amount in cents; without a currency it is in the airline's. Throws WireError for another currency, or none at all. */
export function readAmount(node: XmlNode, ...path: string[]): number {
  const { name, text, currency: code = currency } = required(node, ...path)
  const match = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match || code !== currency) throw new WireError(`${name} cannot be "${text.slice(0, 40)}" ${code}`)
  const [, whole = '', fraction = ''] = match
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
}

/** Reads the DataLists of an answer; what an answer has no list of, it cannot refer to. */
export function readDataLists(response: XmlNode): DataLists {
  const lists = child(response, 'DataLists')
  const flights = createFlights(lists)
  const segments = byId(lists, 'PaxSegment', 'PaxSegmentID', (node) =>
    flights(requiredText(node, anyText, 'DatedMarketingSegmentRefId')),
  )
  const allowances = byId(lists, 'BaggageAllowance', 'BaggageAllowanceID', readAllowance)
  return {
    passengers: childrenOf(child(lists, 'PaxList'), 'Pax').map((pax) => ({
      id: requiredText(pax, anyText, 'PaxID'),
      type: readType(required(pax, 'PTC')),
    })),
    segment: segments,
    journey: byId(lists, 'PaxJourney', 'PaxJourneyID', (node) => readJourney(node, segments)),
    priceClass: byId(lists, 'PriceClass', 'PriceClassID', (node) => ({
      name: requiredText(node, anyText, 'Name'),
      cabin: requiredText(node, anyText, 'CabinType', 'CabinTypeCode'),
    })),
    allowance: allowances,
    penalty: byId(lists, 'Penalty', 'PenaltyID', (node) => ({
      type: requiredText(node, anyText, 'TypeCode'),
      fee: readAmount(node, 'Price', 'TotalAmount'),
    })),
    serviceAllowance: byId(lists, 'ServiceDefinition', 'ServiceDefinitionID', (node) => ({
      code: requiredText(node, /^[A-Z0-9]{1,16}$/, 'ServiceCode'),
      maxQuantity: Number(requiredText(node, /^[1-9]$/, 'BookingInstructions', 'SpecialService', 'Qty')),
      allowance: allowances(
        requiredText(node, anyText, 'ServiceDefinitionAssociation', 'BaggageAllowanceRef', 'BaggageAllowanceRefID'),
      ),
    })),
  }
}

/** Looks things up in the list `<name>List`, reading each when it is first looked for. */
function byId<T>(
  lists: XmlNode | undefined,
  name: string,
  idName: string,
  read: (node: XmlNode) => T,
): (id: string) => T {
  const nodes = new Map(
    childrenOf(child(lists, `${name}List`), name).map((node) => [requiredText(node, anyText, idName), node]),
  )
  const known = new Map<string, T>()
  return (id) => {
    let thing = known.get(id)
    if (thing === undefined) {
      const node = nodes.get(id)
      if (node === undefined) throw new WireError(`no ${name} has the id "${id.slice(0, 40)}"`)
      thing = read(node)
      known.set(id, thing)
    }
    return thing
  }
}

/** Flights by DatedMarketingSegmentId: as sold, as flown, and the one leg that it is flown in. */
function createFlights(lists: XmlNode | undefined): (id: string) => Flight {
  const legs = byId(lists, 'DatedOperatingLeg', 'DatedOperatingLegID', (node) =>
    requiredText(node, /^[0-9A-Z]{3}$/, 'IATA_AircraftType', 'IATA_AircraftTypeCode'),
  )
  const operating = byId(lists, 'DatedOperatingSegment', 'DatedOperatingSegmentId', (node) => ({
    operatingCarrier: requiredText(node, designator, 'CarrierDesigCode'),
    duration: requiredText(node, duration, 'Duration'),
    aircraft: legs(requiredText(node, anyText, 'DatedOperatingLegRefID')),
  }))
  return byId(lists, 'DatedMarketingSegment', 'DatedMarketingSegmentId', (node) => ({
    carrier: requiredText(node, designator, 'CarrierDesigCode'),
    number: requiredText(node, flightNumber, 'MarketingCarrierFlightNumberText'),
    origin: requiredText(node, airport, 'Dep', 'IATA_LocationCode'),
    destination: requiredText(node, airport, 'Arrival', 'IATA_LocationCode'),
    departure: requiredText(node, localTime, 'Dep', 'AircraftScheduledDateTime'),
    arrival: requiredText(node, localTime, 'Arrival', 'AircraftScheduledDateTime'),
    ...operating(requiredText(node, anyText, 'DatedOperatingSegmentRefId')),
  }))
}

function readJourney(node: XmlNode, segment: (id: string) => Flight): Journey {
  const [first, ...rest] = childrenOf(node, 'PaxSegmentRefID').map(({ text }) => segment(text))
  if (first === undefined) throw new WireError('a PaxJourney has no PaxSegmentRefID')
  return { duration: requiredText(node, duration, 'Duration'), flights: [first, ...rest] }
}

function readAllowance(node: XmlNode): Allowance {
  const pieces = child(node, 'PieceAllowance')
  const weight = childrenOf(node, 'WeightAllowance').find(
    (allowance) => child(allowance, 'WeightUnitOfMeasurement')?.text === 'KGM',
  )
  return {
    type: requiredText(node, anyText, 'TypeCode'),
    pieces: pieces === undefined ? null : Number(requiredText(pieces, count, 'TotalQty')),
    weightKg: weight === undefined ? null : Number(requiredText(weight, count, 'MaximumWeightMeasure')),
  }
}

function readType({ text }: XmlNode): PassengerTypeCode {
  switch (text) {
    case 'ADT':
    case 'CHD':
    case 'INF':
      return text
    default:
      throw new WireError(`PTC cannot be "${text.slice(0, 40)}"`)
  }
}
