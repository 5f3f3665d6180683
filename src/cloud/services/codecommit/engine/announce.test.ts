/** What has become of references between two lookings. */
import { expect, test } from 'vitest'
import { changesBetween } from './announce.ts'

test('references are made, moved and taken away', () => {
  const before = new Map([
    ['refs/heads/gone', '1'],
    ['refs/heads/main', '1'],
    ['refs/heads/same', '1'],
  ])
  const now = new Map([
    ['refs/heads/main', '2'],
    ['refs/heads/same', '1'],
    ['refs/tags/v1', '3'],
  ])
  expect(changesBetween(before, now)).toEqual([
    { event: 'referenceDeleted', name: 'refs/heads/gone', previous: '1' },
    { event: 'referenceUpdated', name: 'refs/heads/main', commit: '2', previous: '1' },
    { event: 'referenceCreated', name: 'refs/tags/v1', commit: '3', previous: undefined },
  ])
})
