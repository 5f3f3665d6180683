import { describe, expect, it } from 'vitest'
import type { Image } from '../state.ts'
import { expiring, type LifecycleRule, readRules } from './lifecycle-rules.ts'

const DAY = 86_400_000
const NOW = 100 * DAY

/** An image that was pushed so many days ago. */
const image = (digest: string, age: number, tags: string[] = [], images: string[] = []): Image => ({
  repository: 'r',
  digest,
  mediaType: 'm',
  manifest: '',
  tags,
  size: 1,
  layers: [],
  images,
  pushedAt: NOW - age * DAY,
})

const rule = (rulePriority: number, selection: object) => ({
  rulePriority,
  selection,
  action: { type: 'expire' },
})
const moreThan = (countNumber: number, more: object = { tagStatus: 'any' }) => ({
  countType: 'imageCountMoreThan',
  countNumber,
  ...more,
})
const olderThan = (countNumber: number, more: object = { tagStatus: 'any' }) => ({
  countType: 'sinceImagePushed',
  countUnit: 'days',
  countNumber,
  ...more,
})

const expired = (rules: object[], images: Image[]) => {
  const read = readRules(JSON.stringify({ rules })) as readonly LifecycleRule[]
  return expiring(read, images, NOW).map((one) => `${one.image.digest} ${one.priority}`)
}

describe('expiring', () => {
  const four = [image('a', 9, ['v1']), image('b', 5), image('c', 3, ['v2']), image('d', 1, ['dev'])]

  it('keeps the youngest of a number', () => {
    expect(expired([rule(1, moreThan(2))], four)).toEqual(['b 1', 'a 1'])
  })

  it('drops what is older than so many days, to the day', () => {
    expect(expired([rule(1, olderThan(5))], four)).toEqual(['a 1'])
    expect(expired([rule(1, olderThan(4))], four)).toEqual(['a 1', 'b 1'])
  })

  it('selects by tag: none, by prefix, by pattern, and all of several', () => {
    expect(expired([rule(1, olderThan(1, { tagStatus: 'untagged' }))], four)).toEqual(['b 1'])
    const prefix = { tagStatus: 'tagged', tagPrefixList: ['v'] }
    expect(expired([rule(1, moreThan(1, prefix))], four)).toEqual(['a 1'])
    const pattern = { tagStatus: 'tagged', tagPatternList: ['*e*'] }
    expect(expired([rule(1, olderThan(1, pattern))], [...four, image('e', 2, ['prerelease'])])).toEqual([
      'e 1',
    ])
    const both = { tagStatus: 'tagged', tagPrefixList: ['v', 'prod'] }
    expect(expired([rule(1, olderThan(1, both))], [...four, image('e', 2, ['v3', 'prod-3'])])).toEqual([
      'e 1',
    ])
  })

  it('leaves to a rule the images that its tags select, whatever the rules below say', () => {
    const rules = [rule(2, olderThan(2)), rule(1, moreThan(1, { tagStatus: 'tagged', tagPrefixList: ['v'] }))]
    expect(expired(rules, four)).toEqual(['a 1', 'b 2'])
  })

  it('counts images of higher rules as if they were still there', () => {
    const rules = [rule(1, olderThan(4, { tagStatus: 'untagged' })), rule(2, moreThan(3))]
    expect(expired(rules, four)).toEqual(['b 1', 'a 2'])
  })

  it('leaves what a list names', () => {
    const images = [image('child', 9), image('list', 1, ['all'], ['child'])]
    expect(expired([rule(1, olderThan(2))], images)).toEqual([])
  })
})

describe('readRules', () => {
  it('gives the rules by priority', () => {
    const rules = [rule(7, moreThan(1)), rule(3, moreThan(1, { tagStatus: 'tagged', tagPrefixList: ['v'] }))]
    const read = readRules(JSON.stringify({ rules })) as readonly LifecycleRule[]
    expect(read.map((one) => one.rulePriority)).toEqual([3, 7])
  })

  it.each<[string, unknown]>([
    ['Invalid JSON syntax', undefined],
    ['the policy must have rules', {}],
    ['rulePriority must be a positive integer', { rules: [{}] }],
    ['rule 1: "colour" is not known', { rules: [{ ...rule(1, moreThan(1)), colour: 'red' }] }],
    ['the only action', { rules: [{ ...rule(1, moreThan(1)), action: { type: 'transition' } }] }],
    ['tagStatus must be', { rules: [rule(1, moreThan(1, {}))] }],
    [
      'the countType "sinceImagePulled"',
      { rules: [rule(1, moreThan(1, { tagStatus: 'any', countType: 'sinceImagePulled' }))] },
    ],
    [
      'the selection by "storageClass"',
      { rules: [rule(1, moreThan(1, { tagStatus: 'any', storageClass: 'x' }))] },
    ],
    ['countNumber must be', { rules: [rule(1, moreThan(0))] }],
    ['countUnit must be', { rules: [rule(1, moreThan(1, { tagStatus: 'any', countUnit: 'days' }))] }],
    ['tagPrefixList or tagPatternList', { rules: [rule(1, moreThan(1, { tagStatus: 'tagged' }))] }],
    [
      'tagPrefixList or tagPatternList',
      { rules: [rule(1, moreThan(1, { tagStatus: 'any', tagPrefixList: ['v'] }))] },
    ],
    ['at least one text', { rules: [rule(1, moreThan(1, { tagStatus: 'tagged', tagPrefixList: [] }))] }],
    [
      'at most four wildcards',
      { rules: [rule(1, moreThan(1, { tagStatus: 'tagged', tagPatternList: ['*1*2*3*4*'] }))] },
    ],
    ['rulePriority must be unique', { rules: [rule(1, moreThan(1)), rule(1, olderThan(1))] }],
    [
      'highest rulePriority',
      { rules: [rule(1, moreThan(1)), rule(2, olderThan(1, { tagStatus: 'untagged' }))] },
    ],
    [
      'only one rule',
      {
        rules: [
          rule(1, moreThan(1, { tagStatus: 'untagged' })),
          rule(2, olderThan(1, { tagStatus: 'untagged' })),
        ],
      },
    ],
    [
      'tag prefixes must be unique',
      { rules: [1, 2].map((n) => rule(n, moreThan(1, { tagStatus: 'tagged', tagPrefixList: ['v'] }))) },
    ],
  ])('says %s', (problem, policy) => {
    expect(readRules(policy === undefined ? '{' : JSON.stringify(policy))).toContain(problem)
  })
})
