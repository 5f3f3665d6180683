import { expect, test } from 'vitest'
import { parseTemplate } from './application-template.ts'

test('digits with a leading zero stay as they are written', () => {
  const { Parameters } = parseTemplate('Parameters: { Hub: { Default: 012345678901 } }\nResources: {}\n')
  expect(Parameters?.Hub?.Default).toBe('012345678901')
})
