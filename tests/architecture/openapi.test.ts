import { expect, it } from 'vitest'
import { describeAll, drifted } from '../../scripts/openapi.ts'

it('the published API descriptions are what the code says (npm run openapi writes them)', async () => {
  expect(drifted(await describeAll())).toEqual([])
})
