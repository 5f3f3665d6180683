import { describe, expect, it } from 'vitest'
import type { Need } from '../model/index.ts'
import { mergeNeeds, sidOf, statementOf, substitute } from './statements.ts'

const need = (action: string, resource: string, context?: Need['context'], because = 'to test'): Need => ({
  principal: 'arn:aws:iam::111111111111:role/r',
  action,
  resource,
  because,
  ...(context && { context }),
})

/** What a list of grants allows, one line for each action, resource and context. */
const allowed = (needs: readonly Need[]) =>
  new Set(
    mergeNeeds(needs).flatMap(({ actions, resources, context }) =>
      actions.flatMap((action) =>
        resources.map((resource) => `${action} ${resource} ${JSON.stringify(context)}`),
      ),
    ),
  )

describe('needs are merged', () => {
  it('by resource, then by actions', () => {
    const merged = mergeNeeds([
      need('s3:Get', 'a'),
      need('s3:Put', 'a'),
      need('s3:Put', 'b'),
      need('s3:Get', 'b'),
    ])
    expect(merged).toEqual([
      {
        actions: ['s3:Get', 's3:Put'],
        resources: ['a', 'b'],
        context: {},
        origins: [{ kind: 'purpose', purpose: 'to test' }],
      },
    ])
  })

  it('without allowing what no need asks for', () => {
    const needs = [
      need('s3:Get', 'a'),
      need('s3:Put', 'a'),
      need('s3:Get', 'b'),
      need('s3:Get', 'c', { k: 'v' }),
    ]
    expect(allowed(needs)).toEqual(
      new Set(['s3:Get a {}', 's3:Put a {}', 's3:Get b {}', 's3:Get c {"k":["v"]}']),
    )
  })

  it('when their contexts differ in one key, but not in two', () => {
    const one = [need('k:D', 'key', { via: 's3', arn: 'x' }), need('k:D', 'key', { via: 's3', arn: 'y' })]
    expect(mergeNeeds(one).map(({ context }) => context)).toEqual([{ via: ['s3'], arn: ['x', 'y'] }])
    const two = [need('k:D', 'key', { via: 's3', arn: 'x' }), need('k:D', 'key', { via: 's4', arn: 'y' })]
    expect(mergeNeeds(two)).toHaveLength(2)
  })
})

describe('a statement', () => {
  it('compares patterns as patterns and names as names', () => {
    const [grant] = mergeNeeds([need('k:D', 'key', { via: 's3', arn: 'x/*' })])
    expect(statementOf(grant!, 'Use')).toEqual({
      Sid: 'Use',
      Effect: 'Allow',
      Action: 'k:D',
      Resource: 'key',
      Condition: { StringEquals: { via: 's3' }, StringLike: { arn: 'x/*' } },
    })
  })

  it('has an id in words, once in a policy', () => {
    const taken = new Set<string>()
    const [grant] = mergeNeeds([need('s3:GetObject', 'a', undefined, 'to read the stack’s template')])
    expect(sidOf(grant!, taken)).toBe('ReadStacksTemplate')
    expect(sidOf(grant!, taken)).toBe('ReadStacksTemplate2')
  })
})

it('substitution replaces whole texts only', () => {
  const known = new Map([['key', { Ref: 'Key' }]])
  expect(substitute({ a: ['key', 'keys'], b: 'key' }, known)).toEqual({
    a: [{ Ref: 'Key' }, 'keys'],
    b: { Ref: 'Key' },
  })
})
