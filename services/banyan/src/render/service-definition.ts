import { type BaggageProduct, banyan } from '@fanfare/kit'
import type { Tree } from '../xml-writer.ts'
import type { DataLists } from './data-lists.ts'

/** A kind of baggage for sale; Qty is the most that one passenger may buy. */
export function renderServiceDefinition({ code, allowance, maxQuantity }: BaggageProduct, lists: DataLists): Tree {
  return {
    BookingInstructions: { SpecialService: { Qty: maxQuantity, SpecialServiceCode: 'XBAG' } },
    Name: `${allowance.kind === 'checked' ? 'Checked' : 'Cabin'} bag of ${allowance.weightKg} kg`,
    OwnerCode: banyan.designator,
    RFIC: 'C',
    ServiceCode: code,
    ServiceDefinitionAssociation: {
      BaggageAllowanceRef: { BaggageAllowanceRefID: lists.allowance(allowance) },
    },
    ServiceDefinitionID: code,
  }
}
