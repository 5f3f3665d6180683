/** Packaged serverless applications and what the CDK writes, deployed as their tools deploy them. */
import {
  type Capability,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetAliasCommand, GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { invoke } from '../lambda/functions.ts'
import { rootCaller } from '../modelled-client.ts'
import { PACKAGED_CAPABILITIES as CAPABILITIES, packaged, uploadPackages } from './packaged.ts'
import { driveStacks } from './stack-driver.ts'

const test = await startTestCloud()
const stacks = driveStacks(test)
const lambda = test.client(LambdaClient)

await uploadPackages(test)

const changeSet = async (stack: string, type: 'CREATE' | 'UPDATE', text: string) => {
  const { Id } = await stacks.client.send(
    new CreateChangeSetCommand({
      StackName: stack,
      ChangeSetName: `set-${type}`,
      ChangeSetType: type,
      TemplateBody: text,
      Capabilities: [...CAPABILITIES],
    }),
  )
  await test.cloud.settled()
  const described = await stacks.client.send(new DescribeChangeSetCommand({ ChangeSetName: Id }))
  await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }))
  const made = await stacks.describe(stack)
  expect(made.StackStatus, (await stacks.events(stack)).join('\n')).toBe(`${type}_COMPLETE`)
  return described.Changes!.map(({ ResourceChange: one }) => `${one!.Action} ${one!.LogicalResourceId}`)
}

describe('a packaged serverless application', () => {
  it('deploys by change sets, its function answers, and its alias follows its code', async () => {
    const made = await changeSet('sam', 'CREATE', packaged('one.zip'))
    const version = made.find((one) => /^Add HelloVersion[0-9a-f]{10}$/.test(one))
    expect(made.filter((one) => one !== version).sort()).toEqual([
      'Add Hello',
      'Add HelloAliaslive',
      'Add HelloJobs',
      'Add HelloRole',
      'Add Inbox',
      'Add Queue',
    ])
    const { Alias, Version } = await stacks.outputs('sam')
    expect(Alias).toMatch(new RegExp(`^arn:aws:lambda:us-east-1:${HUB}:function:sam-Hello-.+:live$`))
    expect(Version).toBe('1')
    expect((await invoke(lambda, Alias!)).result).toBe('one')
    const changed = await changeSet('sam', 'UPDATE', packaged('two.zip'))
    expect(changed).toContain(version!.replace('Add', 'Remove'))
    const [name] = Alias!.split(':live')
    const pointed = await lambda.send(new GetAliasCommand({ FunctionName: name, Name: 'live' }))
    expect(pointed.FunctionVersion).toBe('2')
    expect((await invoke(lambda, Alias!)).result).toBe('two')
  })

  it('gives messages of its queue to the alias, by the role that SAM makes', async () => {
    const sqs = rootCaller(test.cloud, 'sqs')
    const { StackResources = [] } = await stacks.client.send(
      new DescribeStackResourcesCommand({ StackName: 'sam' }),
    )
    const idOf = (id: string) =>
      StackResources.find(({ LogicalResourceId }) => LogicalResourceId === id)!.PhysicalResourceId!
    const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID: idOf('HelloJobs') }))
    expect(mapping).toMatchObject({ State: 'Enabled', FunctionArn: (await stacks.outputs('sam')).Alias })
    const QueueUrl = idOf('Queue')
    await sqs('SendMessage', { QueueUrl, MessageBody: 'job' })
    await test.cloud.settled()
    const { Attributes } = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    })
    const logs = await test.client(CloudWatchLogsClient).send(
      new FilterLogEventsCommand({
        logGroupName: `/aws/lambda/${idOf('Hello')}`,
        filterPattern: '"job arrived"',
      }),
    )
    expect(logs.events).toHaveLength(1)
  })

  it('shows what was made of it where that is asked for', async () => {
    const get = (TemplateStage: 'Original' | 'Processed') =>
      stacks.client.send(new GetTemplateCommand({ StackName: 'sam', TemplateStage }))
    expect((await get('Original')).TemplateBody).toBe(packaged('two.zip'))
    const processed = JSON.parse((await get('Processed')).TemplateBody!)
    expect(Object.keys(processed).sort()).toEqual([
      'AWSTemplateFormatVersion',
      'Outputs',
      'Parameters',
      'Resources',
    ])
    expect(processed.Resources.Hello.Type).toBe('AWS::Lambda::Function')
    const { StackResources = [] } = await stacks.client.send(
      new DescribeStackResourcesCommand({ StackName: 'sam' }),
    )
    expect(StackResources.map(({ LogicalResourceId: id }) => id)).toEqual(
      expect.arrayContaining(Object.keys(processed.Resources)),
    )
  })

  it('needs its capabilities acknowledged, told beforehand', async () => {
    const TemplateBody = packaged('one.zip')
    const summary = await stacks.client.send(new GetTemplateSummaryCommand({ TemplateBody }))
    expect(summary.Capabilities).toEqual([...CAPABILITIES])
    expect(summary.DeclaredTransforms).toEqual(['AWS::Serverless-2016-10-31'])
    expect(summary.ResourceTypes).toContain('AWS::Lambda::Alias')
    const valid = await stacks.client.send(new ValidateTemplateCommand({ TemplateBody }))
    expect(valid.DeclaredTransforms).toEqual(['AWS::Serverless-2016-10-31'])
    const create = (Capabilities: 'CAPABILITY_IAM'[]) =>
      stacks.client.send(new CreateStackCommand({ StackName: 'sam-refused', TemplateBody, Capabilities }))
    await expect(create([])).rejects.toThrow(
      'Requires capabilities : [CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]',
    )
    await expect(create(['CAPABILITY_IAM'])).rejects.toThrow(
      'Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
    )
  })
})

/** As `cdk synth` writes a stack of one queue. */
const synthesized = {
  Resources: {
    Jobs7A0C1D2E: {
      Type: 'AWS::SQS::Queue',
      UpdateReplacePolicy: 'Delete',
      DeletionPolicy: 'Delete',
      Metadata: { 'aws:cdk:path': 'App/Jobs/Resource' },
    },
    CDKMetadata: {
      Type: 'AWS::CDK::Metadata',
      Properties: { Analytics: 'v2:deflate64:H4sIAAAAAAAA/zPSM9IzVHBILC/WTU7J1s3JTNKrDi5JTM7WcU7L' },
      Metadata: { 'aws:cdk:path': 'App/CDKMetadata/Default' },
      Condition: 'CDKMetadataAvailable',
    },
  },
  Conditions: {
    CDKMetadataAvailable: {
      'Fn::Or': [
        {
          'Fn::Or': [
            { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'af-south-1'] },
            { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
          ],
        },
        {
          'Fn::Or': [
            { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-west-1'] },
            { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-west-2'] },
          ],
        },
      ],
    },
  },
  Parameters: {
    BootstrapVersion: {
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: '/cdk-bootstrap/hnb659fds/version',
      Description:
        'Version of the CDK Bootstrap resources in this environment, automatically retrieved from SSM Parameter Store. [cdk:skip]',
    },
  },
  Rules: {
    CheckBootstrapVersion: {
      Assertions: [
        {
          Assert: {
            'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }],
          },
          AssertDescription:
            "CDK bootstrap stack version 6 required. Please run 'cdk bootstrap' with a recent version of the CDK CLI.",
        },
      ],
    },
  },
}

describe('a stack of the CDK', () => {
  const bootstrap = (Value: string) =>
    test.client(SSMClient).send(
      new PutParameterCommand({
        Name: '/cdk-bootstrap/hnb659fds/version',
        Type: 'String',
        Value,
        Overwrite: true,
      }),
    )

  it('is refused where it was bootstrapped too long ago, and deploys otherwise', async () => {
    await bootstrap('5')
    await expect(stacks.create('cdk-old', synthesized)).rejects.toThrow(
      'CDK bootstrap stack version 6 required',
    )
    await bootstrap('21')
    const made = await stacks.create('cdk', synthesized)
    expect(made.StackStatus, (await stacks.events('cdk')).join('\n')).toBe('CREATE_COMPLETE')
    const { StackResources = [] } = await stacks.client.send(
      new DescribeStackResourcesCommand({ StackName: 'cdk' }),
    )
    expect(StackResources.map(({ ResourceType: type }) => type).sort()).toEqual([
      'AWS::CDK::Metadata',
      'AWS::SQS::Queue',
    ])
  })
})

describe('an application whose transform fails', () => {
  const LOCAL = JSON.stringify({
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      F: {
        Type: 'AWS::Serverless::Function',
        Properties: { Runtime: 'nodejs20.x', Handler: 'i.h', CodeUri: './src' },
      },
    },
  })
  const FAILED =
    "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id [F] is invalid. 'CodeUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."

  const failed = async (StackName: string, input: Partial<CreateChangeSetCommandInput>) => {
    const { Id } = await stacks.client.send(
      new CreateChangeSetCommand({ StackName, ChangeSetName: 'one', ChangeSetType: 'CREATE', ...input }),
    )
    await test.cloud.settled()
    const { Status, StatusReason, ExecutionStatus } = await stacks.client.send(
      new DescribeChangeSetCommand({ ChangeSetName: Id }),
    )
    expect([Status, ExecutionStatus]).toEqual(['FAILED', 'UNAVAILABLE'])
    expect((await stacks.describe(StackName)).StackStatus).toBe('REVIEW_IN_PROGRESS')
    return StatusReason
  }

  it('has a change set that fails with the reason, and a stack that stays under review', async () => {
    expect(await failed('local', { TemplateBody: LOCAL })).toBe(FAILED)
  })

  it('is rolled back where the stack is created at once', async () => {
    const Capabilities: Capability[] = ['CAPABILITY_AUTO_EXPAND']
    const made = await stacks.create('local-at-once', LOCAL, { Capabilities })
    expect(made.StackStatus).toBe('ROLLBACK_COMPLETE')
    expect(await stacks.events('local-at-once')).toEqual([
      'local-at-once CREATE_IN_PROGRESS User Initiated',
      `local-at-once ROLLBACK_IN_PROGRESS ${FAILED}. Rollback requested by user.`,
      expect.stringMatching('local-at-once ROLLBACK_COMPLETE'),
    ])
  })

  it('is refused where nobody allowed its transform', async () => {
    await expect(stacks.create('local-refused', LOCAL)).rejects.toThrow(
      'Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
    )
  })

  it('fails the change set for capabilities that only what the transform makes needs', async () => {
    expect(await failed('sam-alone', { TemplateBody: packaged('one.zip') })).toMatch(
      /^Requires capabilities : \[CAPABILITY_(NAMED_)?IAM\]$/,
    )
  })
})
