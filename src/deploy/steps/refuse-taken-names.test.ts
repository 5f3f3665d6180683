import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { assemblyStack } from '../../../tests/assembly-stack.ts'
import { awsError, fakeAccounts } from '../../../tests/fake-accounts.ts'
import type { Template } from '../../model/index.ts'
import { refuseTakenNames } from './refuse-taken-names.ts'

const pipeline = { Type: 'AWS::CodePipeline::Pipeline', Properties: { Name: 'web' } }
const stack = { ...assemblyStack(), template: { Resources: { Pipeline: pipeline } } as unknown as Template }

async function refusal(answer: unknown): Promise<string | undefined> {
  const { accounts } = fakeAccounts({ DescribeStackResources: () => answer })
  const client = await accounts.client(CloudFormationClient, stack.target)
  return refuseTakenNames(client, stack).then(
    () => undefined,
    (error) => String(error),
  )
}

const ownedBy = (StackName: string) => ({
  StackResources: [{ StackName, ResourceType: pipeline.Type, PhysicalResourceId: 'web' }],
})

test('a pipeline of another stack is told before anything is made', async () => {
  expect(await refusal(ownedBy('crossdock-other-web'))).toMatch(
    /there is a pipeline web in \d+ \S+ already: it belongs to the stack crossdock-other-web/,
  )
})

test('a name that is free, one’s own or not to be looked at is no matter', async () => {
  expect(await refusal(ownedBy(stack.name))).toBeUndefined()
  expect(await refusal({ StackResources: [] })).toBeUndefined()
  expect(await refusal(awsError('AccessDenied', 'no'))).toBeUndefined()
})
