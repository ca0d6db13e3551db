import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlLibError,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

const xs = 'http://www.w3.org/2001/XMLSchema'
const messages = 'http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage'
const types = 'http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes'
const common = 'IATA_OffersAndOrdersCommonTypes.xsd'

// No schema of ServiceList is published with the others. Its parts are of the published types, so we hold it to those.
const serviceListTypes = `<xs:schema xmlns:xs="${xs}" xmlns="${types}" targetNamespace="${types}" elementFormDefault="qualified">
  <xs:include schemaLocation="${common}"/>
  <xs:complexType name="ServiceListRequest"><xs:sequence>
    <xs:element name="ServiceListCoreRequest"><xs:complexType><xs:sequence>
      <xs:element name="OfferRequest" type="SeatAvailOfferRequestType"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType>
  <xs:complexType name="ServiceListResponse"><xs:sequence>
    <xs:element name="ALaCarteOffer" type="ALaCarteOfferType" minOccurs="0"/>
    <xs:element name="DataLists" type="DataListsType" minOccurs="0"/>
  </xs:sequence></xs:complexType>
</xs:schema>`

const serviceListMessages = `<xs:schema xmlns:xs="${xs}" xmlns:c="${types}" targetNamespace="${messages}" elementFormDefault="qualified">
  <xs:import namespace="${types}" schemaLocation="service-list-types.xsd"/>
  <xs:element name="IATA_ServiceListRQ"><xs:complexType><xs:sequence>
    <xs:element name="DistributionChain" type="c:DistributionChainType"/>
    <xs:element name="PayloadAttributes" type="c:IATA_PayloadStandardAttributesType"/>
    <xs:element name="Request" type="c:ServiceListRequest"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="IATA_ServiceListRS"><xs:complexType><xs:choice>
    <xs:element name="Error" type="c:ErrorType" maxOccurs="unbounded"/>
    <xs:element name="Response" type="c:ServiceListResponse"/>
  </xs:choice></xs:complexType></xs:element>
</xs:schema>`

/** Holds messages to the published schemas. */
export interface NdcValidator {
  /** What is wrong with a message, by the schema of its root element; [] when nothing is. */
  problems(message: Buffer): string[]
  close(): void
}

/** Reads schemas from `folder`, each when it is first needed. */
export function openNdcValidator(folder: string): NdcValidator {
  xmlRegisterFsInputProviders()
  const ours = { [join(folder, 'service-list-types.xsd')]: Buffer.from(serviceListTypes) }
  xmlRegisterInputProvider(new XmlBufferInputProvider(ours))
  const validators = new Map<string, XsdValidator>()

  function validatorFor(root: string): XsdValidator {
    let validator = validators.get(root)
    if (validator === undefined) {
      const url = join(folder, `${root}.xsd`)
      const schema = root.startsWith('IATA_ServiceList') ? Buffer.from(serviceListMessages) : readFileSync(url)
      using document = XmlDocument.fromBuffer(schema, { url })
      validator = XsdValidator.fromDoc(document)
      validators.set(root, validator)
    }
    return validator
  }

  return {
    problems(message) {
      try {
        using document = XmlDocument.fromBuffer(message)
        validatorFor(document.root.name).validate(document)
        return []
      } catch (error) {
        if (!(error instanceof XmlLibError)) throw error
        return error.details.map(({ message: what, line }) => `line ${line}: ${what.trim()}`)
      }
    },
    close() {
      for (const validator of validators.values()) validator.dispose()
      xmlCleanupInputProvider()
    },
  }
}
