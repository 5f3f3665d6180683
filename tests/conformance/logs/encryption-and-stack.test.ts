/** Log groups made by CloudFormation, and encrypted with a KMS key. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'

const test = await startTestCloud()
const logs = test.client(CloudWatchLogsClient)
const kms = test.client(KMSClient)
const stacks = driveStacks(test)

const makeKey = async (service: object[]) => {
  const own = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${HUB}:root` },
    Action: 'kms:*',
    Resource: '*',
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [own, ...service] })
  return (await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata!.Arn!
}

const allowLogs = (group: string) => ({
  Effect: 'Allow',
  Principal: { Service: 'logs.us-east-1.amazonaws.com' },
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  Resource: '*',
  Condition: {
    ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:us-east-1:${HUB}:log-group:${group}` },
  },
})

describe('a key on a log group', () => {
  it('must let CloudWatch Logs use it for that group', async () => {
    const kmsKeyId = await makeKey([allowLogs('another')])
    await expect(
      logs.send(new CreateLogGroupCommand({ logGroupName: 'sealed', kmsKeyId })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('does not exist or is not allowed to be used with Arn'),
    })
  })

  it('encrypts what is kept, and is needed to read it', async () => {
    const kmsKeyId = await makeKey([allowLogs('sealed')])
    const place = { logGroupName: 'sealed', logStreamName: 's' }
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'sealed', kmsKeyId }))
    await logs.send(new CreateLogStreamCommand(place))
    const put = (message: string) =>
      logs.send(new PutLogEventsCommand({ ...place, logEvents: [{ timestamp: Date.now(), message }] }))
    const read = async () =>
      (await logs.send(new GetLogEventsCommand(place))).events?.map((one) => one.message)
    await put('top secret')
    await logs.send(new DisassociateKmsKeyCommand({ logGroupName: 'sealed' }))
    await put('for everybody')
    expect(await read()).toEqual(['top secret', 'for everybody'])
    const folder = join(test.cloud.folder, 'logs')
    const kept = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('')
    expect(kept).toContain('for everybody')
    expect(kept).not.toContain('top secret')
    await kms.send(new DisableKeyCommand({ KeyId: kmsKeyId }))
    await expect(read()).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })
})

it('is created, changed and deleted by a stack', async () => {
  const template = (more: object) => ({
    Resources: {
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'stacked', ...more } },
      Stream: { Type: 'AWS::Logs::LogStream', Properties: { LogGroupName: { Ref: 'Group' } } },
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Group', 'Arn'] } } },
  })
  const made = await stacks.create('logs', template({ RetentionInDays: 7, Tags: [{ Key: 'a', Value: 'b' }] }))
  expect(made.StackStatus).toBe('CREATE_COMPLETE')
  expect(await stacks.outputs('logs')).toEqual({
    Arn: `arn:aws:logs:us-east-1:${HUB}:log-group:stacked:*`,
  })
  await stacks.update('logs', template({ RetentionInDays: 30 }))
  const describeGroups = () => logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'stacked' }))
  expect((await describeGroups()).logGroups?.[0]).toMatchObject({ retentionInDays: 30 })
  await stacks.create('other', {
    Resources: { G: { Type: 'AWS::Logs::LogGroup', Properties: { DataProtectionPolicy: {} } } },
  })
  expect(await stacks.events('other')).toContainEqual(
    expect.stringContaining('does not support the property "DataProtectionPolicy" of AWS::Logs::LogGroup'),
  )
  expect((await stacks.remove('logs')).StackStatus).toBe('DELETE_COMPLETE')
  expect((await describeGroups()).logGroups).toEqual([])
})
