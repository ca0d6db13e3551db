/** Messages as a seller writes them, by hand. */

const messageNamespace = 'http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage'
const commonNamespace = 'http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes'

/** A message with this inside Request; every element of `content` is prefixed `c:`. */
export function message(root: string, content: string, trxId = 'trx-1'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="${messageNamespace}" xmlns:c="${commonNamespace}">
  <DistributionChain><c:DistributionChainLink>
    <c:Ordinal>1</c:Ordinal><c:OrgRole>Seller</c:OrgRole><c:ParticipatingOrg><c:OrgID>TEST</c:OrgID></c:ParticipatingOrg>
  </c:DistributionChainLink></DistributionChain>
  <PayloadAttributes>${trxId === '' ? '' : `<c:TrxID>${trxId}</c:TrxID>`}</PayloadAttributes>
  <Request>${content}</Request>
</${root}>`
}

const ptc: Record<string, string> = { A: 'ADT', C: 'CHD', I: 'INF' }

/** A PaxList: `AAC` is two adults and a child, called T1, T2 and T3. */
function paxList(party: string): string {
  const pax = [...party].map(
    (letter, index) => `<c:Pax><c:PaxID>T${index + 1}</c:PaxID><c:PTC>${ptc[letter]}</c:PTC></c:Pax>`,
  )
  return `<c:PaxList>${pax.join('')}</c:PaxList>`
}

interface Question {
  origin?: string
  destination?: string
  date?: string
  /** CabinTypeCode; every cabin when left out. */
  cabin?: string
  party?: string
}

export function airShopping(question: Question = {}, trxId?: string): string {
  const { origin = 'DEL', destination = 'BOM', date = '2030-01-31', cabin, party = 'A' } = question
  const cabinType =
    cabin === undefined
      ? ''
      : `<c:CabinType><c:CabinTypeCode>${cabin}</c:CabinTypeCode><c:PrefLevel><c:PrefLevelCode>Required</c:PrefLevelCode></c:PrefLevel></c:CabinType>`
  return message(
    'IATA_AirShoppingRQ',
    `<c:FlightRequest><c:FlightRequestOriginDestinationsCriteria><c:OriginDestCriteria>${cabinType}
      <c:DestArrivalCriteria><c:IATA_LocationCode>${destination}</c:IATA_LocationCode></c:DestArrivalCriteria>
      <c:OriginDepCriteria><c:Date>${date}</c:Date><c:IATA_LocationCode>${origin}</c:IATA_LocationCode></c:OriginDepCriteria>
    </c:OriginDestCriteria></c:FlightRequestOriginDestinationsCriteria></c:FlightRequest>${paxList(party)}`,
    trxId,
  )
}

/** Items of an offer for a party, by type in the order ADT, CHD, INF. */
function items(offerId: string, party: string): string {
  const types = ['A', 'C', 'I'].filter((type) => party.includes(type))
  return types
    .map((type, index) => {
      const refs = [...party].map((letter, pax) => (letter === type ? `<c:PaxRefID>T${pax + 1}</c:PaxRefID>` : ''))
      return `<c:SelectedOfferItem><c:OfferItemRefID>${offerId}-${index + 1}</c:OfferItemRefID>${refs.join('')}</c:SelectedOfferItem>`
    })
    .join('')
}

export function offerPrice(offerId: string, party = 'A', owner = '0Z'): string {
  return message(
    'IATA_OfferPriceRQ',
    `<c:DataLists>${paxList(party)}</c:DataLists><c:PricedOffer><c:SelectedOfferList><c:SelectedOffer>
      <c:OfferRefID>${offerId}</c:OfferRefID><c:OwnerCode>${owner}</c:OwnerCode>${items(offerId, party)}
    </c:SelectedOffer></c:SelectedOfferList></c:PricedOffer>`,
  )
}

/** SeatAvailability or ServiceList of an offer. */
export function extras(name: 'SeatAvailability' | 'ServiceList', offerId: string): string {
  const core = name === 'SeatAvailability' ? 'SeatAvailCoreRequest' : 'ServiceListCoreRequest'
  return message(
    `IATA_${name}RQ`,
    `<c:${core}><c:OfferRequest><c:Offer><c:OfferID>${offerId}</c:OfferID><c:OwnerCode>0Z</c:OwnerCode></c:Offer></c:OfferRequest></c:${core}>`,
  )
}

export interface OrderWish {
  offerId: string
  reference?: string
  party?: string
  /** Of the flights, in dollars; no total at all when left out. */
  total?: string
  seats?: { item: string; pax: string; row: string; column: string; total: string }[]
  services?: { item: string; pax: string; quantity: number; total: string }[]
  /** Paid in dollars; held when left out. */
  payment?: string
  surname?: string
}

export function orderCreate(wish: OrderWish): string {
  const { offerId, reference, party = 'A', total, seats = [], services = [], payment, surname = 'Verma' } = wish
  const totalOf = (amount: string | undefined) =>
    amount === undefined ? '' : `<c:TotalOfferPriceAmount CurCode="USD">${amount}</c:TotalOfferPriceAmount>`
  const selected = (id: string, item: string, amount: string | undefined) =>
    `<c:SelectedPricedOffer><c:OfferRefID>${id}</c:OfferRefID><c:OwnerCode>0Z</c:OwnerCode>${item}${totalOf(amount)}</c:SelectedPricedOffer>`
  const extra = (item: string, pax: string, choice: string) =>
    `<c:SelectedOfferItem><c:OfferItemRefID>${item}</c:OfferItemRefID><c:PaxRefID>${pax}</c:PaxRefID>${choice}</c:SelectedOfferItem>`
  const selections = [
    selected(offerId, items(offerId, party), total),
    ...seats.map(({ item, pax, row, column, total: amount }) =>
      selected(
        `${offerId}-S`,
        extra(
          item,
          pax,
          `<c:SelectedSeat><c:ColumnID>${column}</c:ColumnID><c:SeatRowNumber>${row}</c:SeatRowNumber></c:SelectedSeat>`,
        ),
        amount,
      ),
    ),
    ...services.map(({ item, pax, quantity, total: amount }) =>
      selected(
        `${offerId}-B`,
        extra(item, pax, `<c:SelectedALaCarteOfferItem><c:Qty>${quantity}</c:Qty></c:SelectedALaCarteOfferItem>`),
        amount,
      ),
    ),
  ]
  const travellers = [...party].map(
    (letter, index) => `<c:Pax><c:Individual><c:Birthdate>1990-04-12</c:Birthdate><c:GenderCode>F</c:GenderCode>
      <c:GivenName>Asha</c:GivenName><c:Surname>${surname}</c:Surname><c:TitleName>MS</c:TitleName></c:Individual>
      <c:PaxID>T${index + 1}</c:PaxID><c:PTC>${ptc[letter]}</c:PTC></c:Pax>`,
  )
  const booking =
    reference === undefined
      ? ''
      : `<c:BookingRef><c:BookingEntity><c:Org><c:Name>Test</c:Name><c:OrgID>TEST</c:OrgID></c:Org></c:BookingEntity><c:BookingID>${reference}</c:BookingID></c:BookingRef>`
  return message(
    'IATA_OrderCreateRQ',
    `${booking}<c:CreateOrder><c:AcceptSelectedQuotedOfferList>${selections.join('')}</c:AcceptSelectedQuotedOfferList></c:CreateOrder>
    <c:DataLists><c:ContactInfoList><c:ContactInfo><c:ContactInfoID>C</c:ContactInfoID>
      <c:EmailAddress><c:EmailAddressText>asha@example.com</c:EmailAddressText></c:EmailAddress>
      <c:Phone><c:PhoneNumber>+919810012345</c:PhoneNumber></c:Phone></c:ContactInfo></c:ContactInfoList>
      <c:PaxList>${travellers.join('')}</c:PaxList></c:DataLists>${payment === undefined ? '' : paymentFunctions(payment)}`,
  )
}

function paymentFunctions(amount: string): string {
  return `<c:PaymentFunctions><c:PaymentProcessingDetails><c:Amount CurCode="USD">${amount}</c:Amount>
    <c:PaymentMethod><c:SettlementPlan><c:PaymentTypeCode>CA</c:PaymentTypeCode></c:SettlementPlan></c:PaymentMethod>
  </c:PaymentProcessingDetails></c:PaymentFunctions>`
}

const order = (orderId: string) => `<c:Order><c:OrderID>${orderId}</c:OrderID><c:OwnerCode>0Z</c:OwnerCode></c:Order>`

export function pay(orderId: string, amount: string): string {
  return message('IATA_OrderChangeRQ', order(orderId) + paymentFunctions(amount))
}

export function acceptCancelledOffer(orderId: string, offerId: string): string {
  const choice = `<c:AcceptCancelledOffer><c:OfferID>${offerId}</c:OfferID><c:OwnerCode>0Z</c:OwnerCode></c:AcceptCancelledOffer>`
  return message('IATA_OrderChangeRQ', `<c:ChangeOrderChoice>${choice}</c:ChangeOrderChoice>${order(orderId)}`)
}

export function cancelQuote(orderId: string): string {
  return message(
    'IATA_OrderReshopRQ',
    `<c:OrderRefID>${orderId}</c:OrderRefID><c:UpdateOrder><c:CancelOrderRef><c:OrderRefID>${orderId}</c:OrderRefID></c:CancelOrderRef></c:UpdateOrder>`,
  )
}

export function retrieve(orderId: string): string {
  const criteria = `<c:OrderFilterCriteria><c:OrderID>${orderId}</c:OrderID><c:OwnerCode>0Z</c:OwnerCode></c:OrderFilterCriteria>`
  return message(
    'IATA_OrderRetrieveRQ',
    `<c:OrderValidationFilterCriteria>${criteria}</c:OrderValidationFilterCriteria>`,
  )
}

export function retrieveByReference(reference: string): string {
  const criteria = `<c:BookingRefFilterCriteria><c:BookingID>${reference}</c:BookingID></c:BookingRefFilterCriteria>`
  return message(
    'IATA_OrderRetrieveRQ',
    `<c:OrderValidationFilterCriteria>${criteria}</c:OrderValidationFilterCriteria>`,
  )
}
