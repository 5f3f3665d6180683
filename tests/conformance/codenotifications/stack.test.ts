/** Notification rules in stacks. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { modelledClient } from '../modelled-client.ts'

const test = await startTestCloud()
const client = test.client(CloudFormationClient)
const notices = modelledClient(test, 'codestar-notifications')
const STARTED = 'codepipeline-pipeline-pipeline-execution-started'

const template = (more: object) =>
  JSON.stringify({
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic' },
      Rule: {
        Type: 'AWS::CodeStarNotifications::NotificationRule',
        Properties: {
          ...{ Name: 'in a stack', DetailType: 'BASIC', EventTypeIds: [STARTED] },
          Resource: `arn:aws:codepipeline:us-east-1:${HUB}:app`,
          Targets: [{ TargetType: 'SNS', TargetAddress: { Ref: 'Topic' } }],
          ...more,
        },
      },
    },
    Outputs: { Arn: { Value: { Ref: 'Rule' } }, Same: { Value: { 'Fn::GetAtt': ['Rule', 'Arn'] } } },
  })

async function stack(StackName: string) {
  await test.cloud.settled()
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }))
  const { StackStatus, Outputs = [] } = Stacks![0]!
  return { StackStatus, ...Object.fromEntries(Outputs.map((one) => [one.OutputKey, one.OutputValue])) }
}

it('are made, changed in place and deleted', async () => {
  const StackName = 'rules'
  await client.send(new CreateStackCommand({ StackName, TemplateBody: template({ Tags: { a: '1' } }) }))
  const made = await stack(StackName)
  expect(made).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Same: made.Arn })
  expect(await notices.call('DescribeNotificationRule', { Arn: made.Arn })).toMatchObject({
    Tags: { a: '1' },
  })
  const later = { DetailType: 'FULL', Status: 'DISABLED', Tags: { b: '2' } }
  await client.send(new UpdateStackCommand({ StackName, TemplateBody: template(later) }))
  expect(await stack(StackName)).toEqual({ ...made, StackStatus: 'UPDATE_COMPLETE' })
  expect(await notices.call('DescribeNotificationRule', { Arn: made.Arn })).toMatchObject(later)
  await client.send(new DeleteStackCommand({ StackName }))
  await test.cloud.settled()
  expect(await notices.call('ListNotificationRules', {})).toEqual({ NotificationRules: [] })
})

it('are made by whoever makes the stack', async () => {
  const StackName = 'by-another'
  const TemplateBody = template({ CreatedBy: 'somebody' })
  await client.send(new CreateStackCommand({ StackName, TemplateBody }))
  await test.cloud.settled()
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }))
  expect(StackEvents.map((one) => one.ResourceStatusReason)).toContainEqual(
    expect.stringContaining('The embedded cloud does not support the property "CreatedBy"'),
  )
})
