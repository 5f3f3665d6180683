import { expect, test } from 'vitest'
import type { Template } from '../../model/index.ts'
import { parseTemplate as parse } from '../../template/index.ts'

/** AWS: what begins with a brace is JSON; here it is YAML in one line. */
const parseTemplate = (text: string) => parse(`---\n${text}`) as unknown as Template

test('digits with a leading zero stay as they are written', () => {
  const { Parameters } = parseTemplate('Parameters: { Hub: { Default: 012345678901 } }\nResources: {}\n')
  expect(Parameters?.Hub?.Default).toBe('012345678901')
})
