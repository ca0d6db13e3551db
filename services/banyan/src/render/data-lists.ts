import type { Allowance, FareBrand, Flight, Journey, LocalTime } from '@fanfare/kit'
import { cabinTypes } from '../codes.ts'
import { amount } from '../money.ts'
import type { Content, Tree } from '../xml-writer.ts'
import { duration } from './duration.ts'

/** Collects what an answer refers to, each thing once; every method gives the id to refer to it by. */
export interface DataLists {
  segment(flight: Flight, brand?: FareBrand): string
  journey(journey: Journey): string
  priceClass(brand: FareBrand): string
  allowance(allowance: Allowance): string
  penalty(kind: 'Cancellation' | 'Change', fee: number): string
  /** What was collected, with more lists where given, in the order of the schema; a list with nothing is left out. */
  write(more?: Record<string, Content>): Tree
}

/** Starts the DataLists of one answer. */
export function createDataLists(): DataLists {
  const flights = collection<Flight>('F')
  const segments = collection<{ flightId: string; brand: FareBrand | undefined }>('SEG')
  const journeys = collection<{ minutes: number; segmentIds: string[] }>('J')
  const brands = collection<FareBrand>('PC')
  const allowances = collection<Allowance>('BAG')
  const penalties = collection<{ kind: string; fee: number }>('PEN')

  function segment(flight: Flight, brand?: FareBrand): string {
    const flightId = flights.id(flight.key, flight)
    return segments.id(`${flightId}/${brand?.code ?? ''}`, { flightId, brand })
  }

  return {
    segment,
    journey({ flights, minutes }) {
      const segmentIds = flights.map((flight) => segment(flight))
      return journeys.id(segmentIds.join(' '), { minutes, segmentIds })
    },
    priceClass: (brand) => brands.id(brand.code, brand),
    allowance: (allowance) => allowances.id(`${allowance.kind} ${allowance.pieces} ${allowance.weightKg}`, allowance),
    penalty: (kind, fee) => penalties.id(`${kind} ${fee}`, { kind, fee }),
    write(more = {}) {
      const lists: Record<string, Content> = {
        ...more,
        BaggageAllowanceList: list('BaggageAllowance', allowances, baggageAllowance),
        DatedMarketingSegmentList: list('DatedMarketingSegment', flights, marketingSegment),
        DatedOperatingLegList: list('DatedOperatingLeg', flights, operatingLeg),
        DatedOperatingSegmentList: list('DatedOperatingSegment', flights, operatingSegment),
        PaxJourneyList: list('PaxJourney', journeys, paxJourney),
        PaxSegmentList: list('PaxSegment', segments, paxSegment),
        PenaltyList: list('Penalty', penalties, penalty),
        PriceClassList: list('PriceClass', brands, priceClass),
      }
      // The schema orders its lists by the alphabet.
      return Object.fromEntries(Object.entries(lists).sort(([a], [b]) => (a < b ? -1 : 1)))
    },
  }
}

interface Collection<T> {
  id(key: string, value: T): string
  entries(): [id: string, value: T][]
}

function collection<T>(prefix: string): Collection<T> {
  const known = new Map<string, [id: string, value: T]>()
  return {
    id(key, value) {
      let entry = known.get(key)
      if (!entry) {
        entry = [`${prefix}${known.size + 1}`, value]
        known.set(key, entry)
      }
      return entry[0]
    },
    entries: () => [...known.values()],
  }
}

function list<T>(name: string, things: Collection<T>, write: (id: string, thing: T) => Tree): Tree | undefined {
  const entries = things.entries()
  return entries.length === 0 ? undefined : { [name]: entries.map(([id, thing]) => write(id, thing)) }
}

function baggageAllowance(id: string, { kind, pieces, weightKg }: Allowance): Tree {
  return {
    BaggageAllowanceID: id,
    PieceAllowance: pieces === null ? undefined : { TotalQty: pieces },
    TypeCode: kind === 'checked' ? 'Checked' : 'CarryOn',
    WeightAllowance: weightKg === null ? undefined : { MaximumWeightMeasure: weightKg, WeightUnitOfMeasurement: 'KGM' },
  }
}

function transportPoint(airport: string, { local }: LocalTime): Tree {
  return { AircraftScheduledDateTime: local, IATA_LocationCode: airport }
}

function marketingSegment(id: string, flight: Flight): Tree {
  return {
    Arrival: transportPoint(flight.destination, flight.arrival),
    CarrierDesigCode: flight.marketing,
    DatedMarketingSegmentId: `M${id}`,
    DatedOperatingSegmentRefId: `O${id}`,
    Dep: transportPoint(flight.origin, flight.departure),
    MarketingCarrierFlightNumberText: flight.number,
  }
}

function operatingLeg(id: string, flight: Flight): Tree {
  return {
    Arrival: { IATA_LocationCode: flight.destination },
    DatedOperatingLegID: `L${id}`,
    Dep: { IATA_LocationCode: flight.origin },
    IATA_AircraftType: { IATA_AircraftTypeCode: flight.aircraft },
  }
}

function operatingSegment(id: string, flight: Flight): Tree {
  return {
    CarrierDesigCode: flight.operating.designator,
    DatedOperatingLegRefID: `L${id}`,
    DatedOperatingSegmentId: `O${id}`,
    Duration: duration(flight.minutes),
    OperatingCarrierFlightNumberText: flight.operating.number,
  }
}

function paxJourney(id: string, { minutes, segmentIds }: { minutes: number; segmentIds: string[] }): Tree {
  return { Duration: duration(minutes), PaxJourneyID: id, PaxSegmentRefID: segmentIds }
}

function paxSegment(id: string, { flightId, brand }: { flightId: string; brand: FareBrand | undefined }): Tree {
  return {
    CabinTypeAssociationChoice: brand && { SegmentCabinType: cabinType(brand) },
    DatedMarketingSegmentRefId: `M${flightId}`,
    MarketingCarrierRBD_Code: brand?.bookingClass,
    PaxSegmentID: id,
  }
}

function penalty(id: string, { kind, fee }: { kind: string; fee: number }): Tree {
  return { PenaltyID: id, Price: { TotalAmount: amount(fee) }, TypeCode: kind }
}

function priceClass(id: string, brand: FareBrand): Tree {
  return { CabinType: cabinType(brand), Code: brand.code, Name: brand.name, PriceClassID: id }
}

function cabinType({ cabin }: FareBrand): Tree {
  const { code, name } = cabinTypes[cabin]
  return { CabinTypeCode: code, CabinTypeName: name }
}
