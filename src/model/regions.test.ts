import { describe, expect, it } from 'vitest'
import { REGIONS, regionDoubt } from './regions.ts'

describe('regionDoubt', () => {
  it.each([...REGIONS.keys()])('has none of %s', (name) => expect(regionDoubt(name)).toBeUndefined())

  it.each(['us-east-3', 'eu-west-4', 'sa-west-1', 'us-isob-east-1', 'ap-southeast-8'])(
    'takes %s for a young one',
    (name) => expect(regionDoubt(name)?.kind).toBe('young'),
  )

  it.each([
    ['us-east-9', 'us-east-1'],
    ['eu-wst-1', 'eu-west-1'],
    ['us-east1', 'us-east-1'],
    ['EU-WEST-1', 'eu-west-1'],
    ['eu-west-0', 'eu-west-1'],
    ['us-east-1a', 'us-east-1'],
    ['mars-north-1', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('knows that %s is none, and what is meant', (name, meant) =>
    expect(regionDoubt(name)).toEqual({ kind: 'none', ...(meant && { meant }) }),
  )
})
