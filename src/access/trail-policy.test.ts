import { expect, test } from 'vitest'
import type { PolicyDocument } from '../model/index.ts'
import { policyFromTrail, stackRoles } from './trail-policy.ts'

const ROLE = 'arn:aws:iam::222222222222:role/stack'
const call = (action: string, resource: string, effect = 'allowed', principal = ROLE) => ({
  action,
  resource,
  principal,
  decision: { effect },
})

test('holds what was allowed, and nothing that was denied or called by somebody else', () => {
  const policy = policyFromTrail(
    [
      call('lambda:GetFunction', 'arn:aws:lambda:us-east-1:222222222222:function:f'),
      call('lambda:CreateFunction', 'arn:aws:lambda:us-east-1:222222222222:function:f'),
      call('lambda:GetFunction', 'arn:aws:lambda:us-east-1:222222222222:function:f'),
      call('iam:CreateRole', 'arn:aws:iam::222222222222:role/r', 'implicitDeny'),
      call('s3:GetObject', 'arn:aws:s3:::b/k', 'allowed', 'arn:aws:iam::222222222222:role/other'),
    ],
    ROLE,
  )
  expect(policy.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['lambda:CreateFunction', 'lambda:GetFunction'],
      Resource: 'arn:aws:lambda:us-east-1:222222222222:function:f',
    },
  ])
})

test('patterns of the present policy stand for random parts, the longest first', () => {
  const present: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/app/*'] },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
    ],
  }
  const calls = [
    call('s3:GetObject', 'arn:aws:s3:::b/app/x1'),
    call('s3:GetObject', 'arn:aws:s3:::b/app/x2'),
    call('cloudformation:DescribeStacks', 'arn:aws:cloudformation:us-east-1:222222222222:stack/app/1-2-3'),
  ]
  expect(policyFromTrail(calls, ROLE, [present]).Statement).toEqual([
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/app/*' },
    {
      Effect: 'Allow',
      Action: 'cloudformation:DescribeStacks',
      Resource: 'arn:aws:cloudformation:us-east-1:222222222222:stack/app/*',
    },
  ])
})

test('gives the role of every CloudFormation action once, with its stacks', () => {
  const action = (provider: string, configuration: Record<string, string>) => ({
    actionTypeId: { provider },
    configuration,
  })
  const stages = [
    {
      actions: [
        action('CloudFormation', { RoleArn: ROLE, StackName: 'a' }),
        action('CloudFormation', { RoleArn: ROLE, StackName: 'b' }),
        action('CloudFormation', { StackName: 'a', ActionMode: 'CHANGE_SET_EXECUTE' }),
        action('S3', { RoleArn: 'x' }),
      ],
    },
  ]
  expect(stackRoles([{ account: '111111111111', declaration: { name: 'p', stages } }])).toEqual([
    { pipeline: 'p', account: '222222222222', role: ROLE, stacks: ['a', 'b'] },
  ])
})
