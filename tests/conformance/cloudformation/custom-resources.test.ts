/** Custom resources, backed by a Lambda function that really runs. */
import { LambdaClient } from '@aws-sdk/client-lambda'
import { beforeAll, expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { makeFunction, makeRole } from '../lambda/functions.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
let serviceToken = ''

const handler = `
export const handler = async (event) => {
  const { RequestType, ResourceProperties: p, OldResourceProperties: old, PhysicalResourceId: id } = event
  const failing = p.Fail === RequestType
  const body = JSON.stringify({
    Status: failing ? 'FAILED' : 'SUCCESS',
    Reason: 'as it was told',
    PhysicalResourceId: p.Name ?? id ?? 'made',
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    Data: { Type: event.ResourceType, Said: p.Number + '/' + (old ? old.Number : ''), Kind: typeof p.Number },
  })
  await fetch(event.ResponseURL, { method: 'PUT', body })
}
`
beforeAll(async () => {
  const lambda = running.client(LambdaClient)
  const role = await makeRole(running, 'custom')
  serviceToken = (await makeFunction(lambda, 'custom', role, handler)).FunctionArn!
})

const template = (properties: object) => ({
  Resources: { C: { Type: 'Custom::Greeting', Properties: { ServiceToken: serviceToken, ...properties } } },
  Outputs: {
    Ref: { Value: { Ref: 'C' } },
    Said: { Value: { 'Fn::GetAtt': ['C', 'Said'] } },
    Kind: { Value: { 'Fn::GetAtt': ['C', 'Kind'] } },
    Type: { Value: { 'Fn::GetAtt': ['C', 'Type'] } },
  },
})

test('asks the function, and takes its answer as attributes', async () => {
  await stacks.create('custom', template({ Number: 1 }))
  expect(await stacks.outputs('custom')).toEqual({
    Ref: 'made',
    Said: '1/',
    Kind: 'string',
    Type: 'Custom::Greeting',
  })
  await stacks.update('custom', template({ Number: 2 }))
  expect(await stacks.outputs('custom')).toMatchObject({ Ref: 'made', Said: '2/1' })
  await stacks.update('custom', template({ Number: 3, Name: 'other' }))
  expect(await stacks.outputs('custom')).toMatchObject({ Ref: 'other' })
  const events = await stacks.events('custom')
  expect(events.slice(events.lastIndexOf('custom UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'))).toContain(
    'C DELETE_COMPLETE',
  )
  expect((await stacks.remove('custom')).StackStatus).toBe('DELETE_COMPLETE')
}, 60_000)

test('fails with the reason of the function', async () => {
  const stack = await stacks.create('custom-fails', template({ Number: 1, Fail: 'Create' }))
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
  const events = await stacks.events('custom-fails')
  expect(events).toContainEqual(
    expect.stringMatching(
      /^C CREATE_FAILED Received response status \[FAILED\] from custom resource\. Message returned: as it was told \(RequestId: [\w-]+\)$/,
    ),
  )
  expect(events).toContain('C DELETE_COMPLETE')
}, 60_000)
