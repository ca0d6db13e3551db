import { banyan } from '@fanfare/kit'
import { type NdcFault, ndcErrors } from '../ndc-fault.ts'
import { writeMessage } from '../xml-writer.ts'

/** A message that holds an Error instead of a Response. `root`: the answer that the caller waits for. */
export function renderError(root: string, { code, message, tag }: NdcFault): Buffer {
  return writeMessage(root, {
    Error: {
      Code: code,
      DescText: `${ndcErrors[code]}: ${message}`,
      LangCode: 'EN',
      OwnerName: code.startsWith(banyan.designator) ? banyan.title : 'PADIS',
      StatusText: 'NotProcessed',
      TagText: tag,
      TypeCode: 'ERR',
    },
  })
}
