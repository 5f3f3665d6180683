import { expect, test } from 'vitest'
import type { Template } from '../model/index.ts'
import { parseTemplate as parse, processTemplate } from '../template/index.ts'
import { stackNeeds } from './template-needs.ts'

/** AWS: what begins with a brace is JSON; here it is YAML in one line. */
const parseTemplate = (text: string) => parse(`---\n${text}`) as unknown as Template

const ROLE = 'arn:aws:iam::222222222222:role/stack'

const needsOf = (text: string, more: { deletes?: boolean; parameters?: Record<string, string> } = {}) =>
  stackNeeds(ROLE, {
    template: parseTemplate(text),
    parameters: {},
    account: '222222222222',
    region: 'us-east-1',
    stack: 'app',
    ...more,
  })

const objectsIn = (text: string, parameters: Record<string, string> = {}) =>
  needsOf(text, { parameters })
    .needs.filter(({ action }) => action.startsWith('s3:'))
    .map(({ action, resource, because }) => [action, resource, because])

test('code in a bucket of its own is read as the stack’s role', () => {
  const text = `
Parameters: { Version: { Type: String } }
Resources:
  F: { Type: AWS::Lambda::Function, Properties: { Code: { S3Bucket: code-1, S3Key: !Sub "f/\${Version}.zip" } } }
  L: { Type: AWS::Lambda::LayerVersion, Properties: { Content: { S3Bucket: code-1, S3Key: l.zip, S3ObjectVersion: v } } }
  M: { Type: AWS::StepFunctions::StateMachine, Properties: { DefinitionS3Location: { Bucket: code-1, Key: m.json } } }
`
  expect(objectsIn(text, { Version: '7' })).toEqual([
    ['s3:GetObject', 'arn:aws:s3:::code-1/f/7.zip', 'to create F in the stack app'],
    ['s3:GetObject', 'arn:aws:s3:::code-1/l.zip', 'to create L in the stack app'],
    ['s3:GetObjectVersion', 'arn:aws:s3:::code-1/l.zip', 'to create L in the stack app'],
    ['s3:GetObject', 'arn:aws:s3:::code-1/m.json', 'to create M in the stack app'],
  ])
})

test('code in the template, or where an artifact says, is no need of the template', () => {
  const text = `
Parameters: { Bucket: { Type: String } }
Resources:
  A: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: x } } }
  B: { Type: AWS::Lambda::Function, Properties: { Code: { S3Bucket: !Ref Bucket, S3Key: k } } }
`
  expect(objectsIn(text)).toEqual([])
})

test('what SAM makes is needed, code still to be packaged apart; a stack that only goes needs nothing to be made', () => {
  const written = {
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      F: { Type: 'AWS::Serverless::Function', Properties: { Runtime: 'r', Handler: 'h', CodeUri: 'src' } },
      X: { Type: 'Some::Own::Type' },
    },
  }
  const options = { parameters: new Map(), region: 'us-east-1', artifacts: 'open' } as const
  const text = JSON.stringify(processTemplate(written, options).template)
  const made = needsOf(text)
  expect(made.unknownTypes).toEqual(['Some::Own::Type'])
  expect(made.needs.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['lambda:CreateFunction', 'iam:CreateRole', 'iam:PassRole']),
  )
  const gone = needsOf(text, { deletes: true }).needs
  expect(new Set(gone.map(({ phase }) => phase))).toEqual(new Set(['read', 'delete']))
})
