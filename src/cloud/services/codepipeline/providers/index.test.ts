import { expect, test } from 'vitest'
import { providers } from '../../../../pipeline/index.ts'
import { findRunner } from './index.ts'

test('what has no runner says so, since its pipelines are refused', () => {
  const refused = providers.filter(({ type }) => !findRunner({ name: 'action', actionTypeId: type }))
  const told = providers.filter(({ refusedLocally }) => refusedLocally)
  expect(told.map(({ type }) => type)).toEqual(refused.map(({ type }) => type))
})
