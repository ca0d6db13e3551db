import { ndcErrors } from './ndc-fault.ts'

const errorRows = Object.entries(ndcErrors).map(([code, meaning]) => `| ${code} | ${meaning} |`)

/** What the API description says before its operations. */
export const description = `The selling API of Banyan Air (0Z), a network carrier with connections over Mumbai and Bengaluru. It
speaks IATA NDC 21.3: XML messages, each sent by POST to a path of its own.

1. \`AirShopping\` finds offers; \`OfferPrice\`, \`SeatAvailability\` and \`ServiceList\` show one as it stands now.
2. \`OrderCreate\` sells it with \`PaymentFunctions\`, or holds it for 12 hours without. \`OrderRetrieve\` reads the order.
3. \`OrderChange\` with \`PaymentFunctions\` pays a hold. \`OrderReshop\` quotes a cancellation, \`OrderChange\` accepts it.

**Sign in** with the key in the header \`X-API-Key\`. Every request names its seller in \`DistributionChain\` and carries a
\`TrxID\` in \`PayloadAttributes\`. The root element and its direct children are in the namespace of the messages, everything
below in that of the common types. A document type definition is refused.

**Prices** are in USD. An OfferItem is priced for all its passengers together; TotalPrice is the sum of the items. An offer may be
cancelled or changed for the Penalty that it refers to, per passenger; without a reference to one it may not be.

**Ids** follow from one another, so a seller can order what it was shown without keeping a message. With \`O\` for the offer’s
OfferID: its items are \`O-1\`, \`O-2\` … by passenger type in the order ADT, CHD, INF; its seats are the offer \`O-S\` with an item
\`O-Sn-p\` for flight n (from 1) and price p in cents; its services are the offer \`O-B\` with an item \`O-B-code\`. An OrderID is the
record locator.

**Errors** arrive with status 200, as an Error element in the message that was waited for: a wrong key, malformed XML, another
message than the path is for, a missing TrxID and every refusal. Only a body that is too large (413) or no XML by its content
type (415) and a fault of the service itself (500) have a status of their own. Codes are those of PADIS code list 9321; \`0Z…\` are
Banyan’s own.

| Code | Meaning |
| --- | --- |
${errorRows.join('\n')}
`
