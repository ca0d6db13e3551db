import { type Connector, type ConnectorFactory, readAnew } from '../../gateway/src/airlines/connector.ts'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { formatOfferId, parseOfferId } from '../../gateway/src/airlines/offer-id.ts'
import { openConnectors } from '../../gateway/src/airlines/open-connectors.ts'
import type { Config } from '../../gateway/src/config.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import { noUpstreamMeter } from '../../gateway/src/upstream/meter.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'

/** So many connectors, with the gateway's policies around them; the first five are the airlines themselves, the others clones of them. */
export function clonedConnectors(count: number, access: Config['airlines']): ReadonlyMap<string, Connector> {
  const registry: ConnectorFactory[] = []
  const places = new Map<string, { url: string; key: string; secret: string }>()
  for (let index = 0; index < count; index++) {
    const original = airlines[index % airlines.length]
    const place = original && access.get(original.airline.name)
    if (!original || !place) throw new Error('no airline to clone')
    const generation = Math.floor(index / airlines.length)
    const factory = generation === 0 ? original : cloneOf(original, letters[generation] ?? '')
    registry.push(factory)
    places.set(factory.airline.name, place)
  }
  return openConnectors(registry, {
    access: places,
    policies: 'on',
    meter: noUpstreamMeter,
    log: { warn() {} },
    now: Date.now,
  }).connectors
}

/** The same airline under another name, with flights of its own: journeys that two airlines sell would be merged into one offer. */
function cloneOf(original: ConnectorFactory, letter: string): ConnectorFactory {
  const airline = { ...original.airline, name: `${original.airline.name}${letter}` }
  return {
    ...original,
    airline,
    create(options) {
      const connector = original.create(options)
      return {
        ...connector,
        airline,
        search: (query, signal, recall = readAnew) =>
          connector.search(query, signal, (answer, read) =>
            recall(answer, () => read().map((offer) => renamedOffer(offer, airline.name, letter))),
          ),
      }
    },
  }
}

function renamedOffer(offer: Offer, airline: string, letter: string): Offer {
  const ref = parseOfferId(offer.id)
  if (!ref) throw new Error(`${offer.id} is no offer id`)
  const mark = letter.toUpperCase()
  const segments = offer.slice.segments.map((segment) => {
    const flightNumber = `${segment.flightNumber}${mark}`
    const id = `${flightNumber}-${segment.departingAt.slice(0, 10)}-${segment.origin}`
    return { ...segment, id, flightNumber, operatingCarrier: `${mark}${segment.operatingCarrier.slice(1)}` }
  })
  return { ...offer, airline, id: formatOfferId({ ...ref, airline }), slice: { ...offer.slice, segments } }
}
