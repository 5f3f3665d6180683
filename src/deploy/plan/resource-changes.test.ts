import { expect, test } from 'vitest'
import type { TemplateResource } from '../../model/index.ts'
import { outputChanges, resourceChanges } from './resource-changes.ts'

type Resources = Readonly<Record<string, TemplateResource>>

const told = (
  before: Resources,
  after: Resources,
  parameters: readonly [before: object, after: object] = [{}, {}],
): string[] =>
  resourceChanges(
    { template: { Resources: before }, parameters: parameters[0] as never },
    { template: { Resources: after }, parameters: parameters[1] as never },
  ).map(({ action, id, details }) => [action, id, ...details].join(' '))

const topic = (Properties: object, more: Partial<TemplateResource> = {}): TemplateResource => ({
  Type: 'AWS::SNS::Topic',
  Properties: Properties as never,
  ...more,
})

test('what is the same is not told', () => {
  expect(told({ T: topic({ TopicName: 'a' }) }, { T: topic({ TopicName: 'a' }) })).toEqual([])
})

test('what comes, goes, stays behind and is another type', () => {
  expect(
    told(
      { Old: topic({}), Kept: topic({}, { DeletionPolicy: 'Retain' }), Same: topic({}) },
      { New: topic({}), Same: { Type: 'AWS::SQS::Queue' } },
    ),
  ).toEqual(['added New', 'replaced Same Type', 'removed Old', 'left-behind Kept'])
})

test('a property changes in place, or by another resource', () => {
  const before = { T: topic({ TopicName: 'a', DisplayName: 'A' }) }
  expect(told(before, { T: topic({ TopicName: 'a', DisplayName: 'B' }) })).toEqual(['changed T DisplayName'])
  expect(told(before, { T: topic({ TopicName: 'b', DisplayName: 'A' }) })).toEqual(['replaced T TopicName'])
  expect(
    told(before, { T: topic({ TopicName: 'a', DisplayName: 'A' }, { DeletionPolicy: 'Retain' }) }),
  ).toEqual(['changed T DeletionPolicy'])
})

test('what refers to one that is replaced changes with it, and may be replaced where that property says so', () => {
  const around = (TopicName: string): Resources => ({
    Policy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'T' }], PolicyDocument: {} },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'T' }, Protocol: 'email', Endpoint: 'a@b.example' },
    },
    T: topic({ TopicName }),
  })
  expect(told(around('a'), around('b'))).toEqual([
    'changed Policy Topics',
    'maybe-replaced Subscription TopicArn',
    'replaced T TopicName',
  ])
})

test('a parameter of another value changes what refers to it', () => {
  const one = { T: topic({ KmsMasterKeyId: { Ref: 'Key' } }), Other: topic({ DisplayName: 'x' }) }
  expect(told(one, one, [{ Key: 'a' }, { Key: 'b' }])).toEqual(['changed T KmsMasterKeyId'])
  expect(told(one, one, [{ Key: 'a' }, { Key: 'a' }])).toEqual([])
})

test('resources that refer to each other in a circle are compared all the same', () => {
  const one = { A: topic({ DisplayName: { Ref: 'B' } }), B: topic({ DisplayName: { Ref: 'A' } }) }
  expect(told(one, one)).toEqual([])
})

test('outputs that differ are named', () => {
  const Outputs = { A: { Value: 1 }, B: { Value: 2 } }
  expect(
    outputChanges(
      { Resources: {}, Outputs },
      { Resources: {}, Outputs: { B: { Value: 3 }, C: { Value: 1 } } },
    ).sort(),
  ).toEqual(['A', 'B', 'C'])
})
