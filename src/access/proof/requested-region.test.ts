import { expect, test } from 'vitest'
import type { Need } from '../../model/index.ts'
import { readLandscape } from '../landscape/read-landscape.ts'
import { prove } from './prove.ts'
import { calledIn, requestedRegion } from './requested-region.ts'

const HOME = { account: '111111111111', region: 'eu-central-1' }
const ROLE = 'arn:aws:iam::111111111111:role/pipeline'
const STACK_ROLE = 'arn:aws:iam::111111111111:role/stack'

const landscapeOf = (Stages: readonly object[] = []) =>
  readLandscape([
    {
      stack: 'hub',
      target: HOME,
      template: {
        Resources: {
          Pipeline: {
            Type: 'AWS::CodePipeline::Pipeline',
            Properties: { Name: 'orders', RoleArn: ROLE, Stages },
          },
          Site: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'site' } },
        },
      },
    },
  ])

const need = (action: string, resource: string): Need => ({ principal: ROLE, action, resource, because: '' })

test('what a call is made on tells its region, for services of one endpoint it is us-east-1', () => {
  const landscape = landscapeOf()
  const regionOf = (...of: [string, string]) => requestedRegion(need(...of), landscape)
  expect(regionOf('sns:Publish', 'arn:aws:sns:eu-west-1:111111111111:news')).toBe('eu-west-1')
  expect(regionOf('s3:GetObject', 'arn:aws:s3:::site/x')).toBe('eu-central-1')
  expect(regionOf('iam:CreateRole', STACK_ROLE)).toBe('us-east-1')
  expect(regionOf('sts:AssumeRole', STACK_ROLE)).toBe('eu-central-1')
})

test('a call is made where its action is, unless what it is made on tells otherwise', () => {
  const landscape = landscapeOf()
  const regionIn = (...of: [string, string]) =>
    calledIn(need(...of), 'eu-west-1', landscape).context?.['aws:RequestedRegion']
  expect(regionIn('iam:PassRole', STACK_ROLE)).toBe('eu-west-1')
  expect(regionIn('s3:ListBucket', 'arn:aws:s3:::elsewhere')).toBe('eu-west-1')
  expect(regionIn('s3:ListBucket', 'arn:aws:s3:::site')).toBeUndefined()
  expect(regionIn('iam:CreateRole', STACK_ROLE)).toBeUndefined()
})

test('the role of a stack is passed and assumed in the region of its action', () => {
  const action = {
    Name: 'Delete',
    ActionTypeId: { Category: 'Deploy', Owner: 'AWS', Provider: 'CloudFormation', Version: '1' },
    Configuration: { ActionMode: 'DELETE_ONLY', StackName: 'orders', RoleArn: STACK_ROLE },
    Region: 'eu-west-1',
  }
  const { edges } = prove(landscapeOf([{ Name: 'Deploy', Actions: [action] }]))
  const regions = edges
    .filter(({ need: { action } }) => /PassRole|AssumeRole/.test(action))
    .map(({ need: { principal, action, context } }) => [principal, action, context?.['aws:RequestedRegion']])
  expect(regions).toEqual([
    ['codepipeline.amazonaws.com', 'sts:AssumeRole', undefined],
    [ROLE, 'iam:PassRole', 'eu-west-1'],
    ['cloudformation.amazonaws.com', 'sts:AssumeRole', 'eu-west-1'],
  ])
})
