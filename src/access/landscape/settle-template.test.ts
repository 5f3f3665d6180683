import { expect, test } from 'vitest'
import { readDocument } from '../../template/index.ts'
import type { PlacedTemplate } from './placed-template.ts'
import { settleTemplates } from './settle-template.ts'
import { StandIns } from './stand-ins.ts'

const target = { account: '222222222222', region: 'us-east-1' }
const placed = (text: string, parameters?: Record<string, string>, stack = 'app'): PlacedTemplate => ({
  stack,
  target,
  template: readDocument(text).template,
  ...(parameters && { parameters }),
})

const CONDITIONAL = `
Parameters: { Stage: { Type: String }, Size: { Type: Number, Default: 3 } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Mappings: { Names: { us-east-1: { Table: orders } } }
Resources:
  Always:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !FindInMap [Names, !Ref AWS::Region, Table]
      Tags: !If [IsProd, [], !Ref AWS::NoValue]
      Stream: !GetAtt Only.Arn
  Only: { Type: AWS::SQS::Queue, Condition: IsProd, Properties: { QueueName: !If [IsProd, big, small] } }
`
const settle = (parameters?: Record<string, string>) =>
  settleTemplates([placed(CONDITIONAL, parameters)], [], new StandIns())[0]!

test('conditions that are known take resources, branches and properties out', () => {
  const { template, parameters } = settle({ Stage: 'dev' })
  expect(Object.keys(template.Resources)).toEqual(['Always'])
  expect(template.Resources.Always?.Properties).toEqual({
    TableName: 'orders',
    Stream: { 'Fn::GetAtt': ['Only', 'Arn'] },
  })
  expect(parameters).toEqual({ Stage: 'dev', Size: '3' })
  expect(settle({ Stage: 'prod' }).template.Resources.Only?.Properties).toEqual({ QueueName: 'big' })
})

test('what hangs on a value that nobody gave stays open', () => {
  const { template, parameters } = settle()
  expect(parameters.Stage).toBe('<Stage of app>')
  expect(template.Resources.Only?.Properties).toEqual({ QueueName: { 'Fn::If': ['IsProd', 'big', 'small'] } })
  expect(template.Resources.Always?.Properties?.Tags).toEqual({
    'Fn::If': ['IsProd', [], { Ref: 'AWS::NoValue' }],
  })
})

test('imports come from stacks beside it', () => {
  const giver = placed(
    'Resources: {}\nOutputs: { X: { Value: hub-role, Export: { Name: role } } }',
    {},
    'giver',
  )
  const taker = placed(
    'Resources: { F: { Type: AWS::Lambda::Function, Properties: { Role: !ImportValue role, Layers: [!ImportValue gone] } } }',
  )
  expect(settleTemplates([taker], [giver], new StandIns())[0]?.template.Resources.F?.Properties).toEqual({
    Role: 'hub-role',
    Layers: ['<export gone>'],
  })
})
