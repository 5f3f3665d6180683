import { expect, test } from 'vitest'
import { TemplateFault } from '../read/template-fault.ts'
import { processTemplate } from './process.ts'

const SAM = 'AWS::Serverless-2016-10-31'
const EXTENSIONS = 'AWS::LanguageExtensions'

const processed = (parsed: object, parameters: Record<string, string> = {}, artifacts?: 'open') =>
  processTemplate(parsed as Record<string, unknown>, {
    parameters: new Map(Object.entries(parameters)),
    region: 'eu-west-1',
    ...(artifacts && { artifacts }),
  })
const resources = (...of: Parameters<typeof processed>) =>
  processed(...of).template.Resources as Record<string, Record<string, unknown>>

const fault = (parsed: object): TemplateFault => {
  try {
    processed(parsed)
  } catch (cause) {
    if (cause instanceof TemplateFault) return cause
    throw cause
  }
  throw new Error('nothing is wrong with it')
}

const fn = (properties: object = {}) => ({
  Type: 'AWS::Serverless::Function',
  Properties: { Runtime: 'nodejs20.x', Handler: 'i.h', CodeUri: 's3://b/k', ...properties },
})

test('a template without transforms is the very same one', () => {
  const parsed = { Resources: { Q: { Type: 'AWS::SQS::Queue' } } }
  expect(processed(parsed).template).toBe(parsed)
  expect(processed(parsed).transforms).toEqual([])
})

test('loops are written out before serverless resources are expanded', () => {
  const parsed = {
    Transform: [EXTENSIONS, SAM],
    Globals: { Function: { Timeout: 3 } },
    Resources: {
      'Fn::ForEach::Each': ['Name', ['A', 'B'], { 'Fn${Name}': fn({ FunctionName: { Ref: 'Name' } }) }],
    },
  }
  const { template, transforms } = processed(parsed)
  expect(transforms).toEqual([EXTENSIONS, SAM])
  expect(Object.keys(template)).toEqual(['Resources'])
  expect(resources(parsed).FnB!.Properties).toMatchObject({ FunctionName: 'B', Timeout: 3 })
  expect(Object.keys(resources(parsed)).sort()).toEqual(['FnA', 'FnARole', 'FnB', 'FnBRole'])
})

test('transforms that are not known, nested ones and another order are refused by name', () => {
  const Resources = { Q: { Type: 'AWS::SQS::Queue' } }
  expect(fault({ Transform: 'Mine', Resources })).toMatchObject({ by: 'crossdock', path: ['Transform'] })
  expect(fault({ Transform: { Name: 'AWS::Include', Parameters: {} }, Resources }).message).toContain(
    'AWS::Include',
  )
  const nested = { Q: { Type: 'AWS::SQS::Queue', Properties: { 'Fn::Transform': { Name: 'AWS::Include' } } } }
  expect(fault({ Transform: SAM, Resources: nested })).toMatchObject({
    message: 'The embedded cloud does not support the transform AWS::Include.',
    path: ['Resources', 'Q', 'Properties', 'Fn::Transform'],
  })
  expect(fault({ Transform: [SAM, EXTENSIONS], Resources }).message).toContain('must be listed before')
  for (const type of ['GraphQLApi', 'WebSocketApi', 'CapacityProvider'])
    expect(fault({ Transform: SAM, Resources: { X: { Type: `AWS::Serverless::${type}` } } })).toMatchObject({
      by: 'crossdock',
      path: ['Resources', 'X', 'Type'],
    })
})

test('a generated path leads to what it was made from', () => {
  const parsed = {
    Transform: SAM,
    Resources: {
      F: fn({
        Policies: [{ S3ReadPolicy: { BucketName: 'b' } }],
        Events: { Jobs: { Type: 'SQS', Properties: { Queue: 'q' } } },
      }),
    },
  }
  const { origin } = processed(parsed)
  expect(origin(['Resources', 'F', 'Properties', 'Handler'])).toEqual([
    'Resources',
    'F',
    'Properties',
    'Handler',
  ])
  expect(origin(['Resources', 'F', 'Properties', 'Code', 'S3Bucket'])).toEqual([
    'Resources',
    'F',
    'Properties',
    'CodeUri',
  ])
  expect(origin(['Resources', 'FRole', 'Properties', 'Policies', 0])).toEqual([
    'Resources',
    'F',
    'Properties',
    'Policies',
  ])
  expect(origin(['Resources', 'FJobs', 'Properties', 'EventSourceArn'])).toEqual([
    ...['Resources', 'F', 'Properties', 'Events', 'Jobs'],
  ])
  expect(origin(['Outputs', 'X'])).toEqual(['Outputs', 'X'])
})

test('code that nobody packaged yet is left open where that may be', () => {
  const parsed = { Transform: SAM, Resources: { F: fn({ CodeUri: './src' }) } }
  expect(fault(parsed)).toMatchObject({ by: 'aws', path: ['Resources', 'F', 'Properties', 'CodeUri'] })
  expect(resources(parsed, {}, 'open').F!.Properties).toMatchObject({ Code: {} })
})

test('an alias that hangs on a parameter without a value asks for the value', () => {
  const parsed = {
    Transform: SAM,
    Parameters: { Alias: { Type: 'String' } },
    Resources: { F: fn({ AutoPublishAlias: { Ref: 'Alias' } }) },
  }
  expect(Object.keys(resources(parsed, { Alias: 'live' }))).toContain('FAliaslive')
  expect(() => processed(parsed, {}, 'open')).toThrow(/Alias/)
  try {
    processed(parsed, {}, 'open')
  } catch (cause) {
    expect(cause).toMatchObject({ by: 'crossdock', fix: 'give the parameter Alias a value' })
  }
})

test('loops run over mappings, and over what loops around them know', () => {
  const parsed = {
    Transform: EXTENSIONS,
    Parameters: { Stage: { Type: 'String', Default: 'prod' } },
    Mappings: { Queues: { prod: { Names: ['Jobs', 'Mails'] }, test: { Names: ['Jobs'] } } },
    Resources: {
      'Fn::ForEach::Queues': [
        'Name',
        { 'Fn::FindInMap': ['Queues', { Ref: 'Stage' }, 'Names'] },
        { 'Q${Name}': { Type: 'AWS::SQS::Queue' } },
      ],
      'Fn::ForEach::Stages': [
        'Of',
        ['prod', 'test'],
        {
          'Fn::ForEach::Topics': [
            'Name',
            { 'Fn::FindInMap': ['Queues', { Ref: 'Of' }, 'Names'] },
            { 'T${Of}${Name}': { Type: 'AWS::SNS::Topic' } },
          ],
        },
      ],
    },
  }
  const topics = ['TprodJobs', 'TprodMails', 'TtestJobs']
  expect(Object.keys(resources(parsed))).toEqual(['QJobs', 'QMails', ...topics])
  expect(Object.keys(resources(parsed, { Stage: 'test' }))).toEqual(['QJobs', ...topics])
})

test('policies may hang on parameters with the language extensions', () => {
  const parsed = {
    Transform: EXTENSIONS,
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Mappings: { Keep: { prod: { It: 'Retain' }, test: { It: 'Delete' } } },
    Resources: {
      Q: {
        Type: 'AWS::SQS::Queue',
        DeletionPolicy: { 'Fn::If': ['Prod', 'Retain', 'Delete'] },
        UpdateReplacePolicy: { 'Fn::FindInMap': ['Keep', { Ref: 'Stage' }, 'It'] },
      },
    },
  }
  expect(resources(parsed, { Stage: 'prod' }).Q).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  })
  expect(resources(parsed, { Stage: 'test' }).Q).toMatchObject({
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
  })
})
