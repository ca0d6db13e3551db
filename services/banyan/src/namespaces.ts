/** Namespace of a message's root element and its direct children. */
export const messageNamespace = 'http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage'

/** Namespace of everything below. */
export const commonNamespace = 'http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes'
