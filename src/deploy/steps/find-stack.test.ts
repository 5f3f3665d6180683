import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { awsError, fakeClient } from '../../../tests/fake-accounts.ts'
import { findStack, outputsOf } from './find-stack.ts'

const find = (answer: unknown) =>
  findStack(fakeClient<CloudFormationClient>({ DescribeStacks: () => answer }).client, 'app')

test('gives the stack, nothing for one that does not exist, and any other error as it is', async () => {
  expect(await find({ Stacks: [{ StackName: 'app' }] })).toEqual({ StackName: 'app' })
  expect(await find(awsError('ValidationError', 'Stack with id app does not exist'))).toBeUndefined()
  await expect(find(awsError('ValidationError', '1 validation error detected'))).rejects.toThrow(
    '1 validation',
  )
})

test('outputs are by name', () => {
  const Outputs = [{ OutputKey: 'Arn', OutputValue: 'arn:x' }, { OutputKey: 'Empty' }]
  expect(outputsOf({ Outputs } as Stack)).toEqual({ Arn: 'arn:x', Empty: '' })
  expect(outputsOf(undefined)).toEqual({})
})
