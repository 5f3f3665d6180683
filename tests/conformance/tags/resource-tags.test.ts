import { expect, it } from 'vitest'
import type { Fields } from '../../../src/cloud/protocols/index.ts'
import { services } from '../../../src/cloud/services/index.ts'
import { HUB } from '../cloud.ts'
import { arnOf, DOCUMENT, denied, openTagWorld, TEMPLATE } from './tag-world.ts'

const policyArn = `arn:aws:iam::${HUB}:policy/tagged`
const { made, root, userDenied } = await openTagWorld()

await root('cloudformation', 'CreateChangeSet', {
  StackName: 'tagged',
  ChangeSetName: 'set',
  TemplateBody: TEMPLATE.replace('Handle', 'Other'),
})
const { build } = (await root('codebuild', 'StartBuild', { projectName: 'tagged' })) as {
  build: { id: string }
}
const { ChangeSetId: changeSet } = await root('cloudformation', 'DescribeChangeSet', {
  StackName: 'tagged',
  ChangeSetName: 'set',
})
const { StackResources } = (await root('cloudformation', 'DescribeStackResources', {
  StackName: 'tagged',
})) as {
  StackResources: { PhysicalResourceId: string }[]
}

/** Requests that touch the tagged resource of a kind, by the kind's table. A kind with tags that is missing here fails. */
const asked: Record<string, readonly (readonly [operation: string, input: Fields])[]> = {
  'codepipeline codepipeline.pipelines': [
    ['GetPipeline', { name: 'tagged' }],
    ['StartPipelineExecution', { name: 'tagged' }],
    ['ListTagsForResource', { resourceArn: arnOf('codepipeline', 'tagged') }],
    ['RetryStageExecution', { pipelineName: 'tagged', stageName: 'Source', ...retry() }],
    [
      'PutApprovalResult',
      { pipelineName: 'tagged', stageName: 'Stage1', actionName: 'Approve', ...approved() },
    ],
  ],
  'codebuild codebuild.projects': [
    ['BatchGetProjects', { names: [arnOf('codebuild', 'project/tagged')] }],
    ['StartBuild', { projectName: 'tagged' }],
    ['BatchGetBuilds', { ids: [build.id] }],
    ['StopBuild', { id: arnOf('codebuild', `build/${build.id}`) }],
  ],
  'kms kms.keys': [
    ['DescribeKey', { KeyId: made.key }],
    ['Encrypt', { KeyId: arnOf('kms', `key/${made.key}`), Plaintext: new Uint8Array(1) }],
    ['ListResourceTags', { KeyId: made.key }],
    ['CreateAlias', { AliasName: 'alias/tagged', TargetKeyId: made.key }],
    ['DisableKey', { KeyId: made.key }],
  ],
  'sns sns.topics': [
    ['GetTopicAttributes', { TopicArn: arnOf('sns', 'tagged') }],
    ['Publish', { TopicArn: arnOf('sns', 'tagged'), Message: 'm' }],
    ['CreateTopic', { Name: 'tagged' }],
    ['UntagResource', { ResourceArn: arnOf('sns', 'tagged'), TagKeys: ['other'] }],
  ],
  'ssm ssm.parameters': [
    ['GetParameter', { Name: 'tagged' }],
    ['GetParameters', { Names: ['tagged'] }],
    ['PutParameter', { Name: 'tagged', Value: 'w', Overwrite: true }],
    ['ListTagsForResource', { ResourceType: 'Parameter', ResourceId: 'tagged' }],
  ],
  'ecr ecr.repositories': [
    ['DescribeRepositories', { repositoryNames: ['tagged'] }],
    ['DescribeImages', { repositoryName: 'tagged' }],
    ['ListTagsForResource', { resourceArn: arnOf('ecr', 'repository/tagged') }],
  ],
  'lambda lambda.functions': [
    ['GetFunction', { FunctionName: 'tagged' }],
    ['Invoke', { FunctionName: arnOf('lambda', 'function:tagged:$LATEST') }],
    ['ListTags', { Resource: arnOf('lambda', 'function:tagged') }],
    ['PublishVersion', { FunctionName: 'tagged' }],
  ],
  'logs logs.groups': [
    ['DescribeLogStreams', { logGroupName: 'tagged' }],
    ['CreateLogStream', { logGroupName: 'tagged', logStreamName: 's' }],
    ['ListTagsLogGroup', { logGroupName: 'tagged' }],
    ['PutRetentionPolicy', { logGroupName: 'tagged', retentionInDays: 7 }],
  ],
  'secretsmanager secretsmanager.secrets': [
    ['GetSecretValue', { SecretId: 'tagged' }],
    ['DescribeSecret', { SecretId: made.secret }],
    ['DeleteSecret', { SecretId: made.secret!.slice(0, -7) }],
  ],
  'events events.buses': [
    ['DescribeEventBus', { Name: 'tagged' }],
    ['PutEvents', { Entries: [{ EventBusName: 'tagged', Source: 's', DetailType: 'd', Detail: '{}' }] }],
    ['UpdateEventBus', { Name: 'tagged' }],
  ],
  'events events.rules': [
    ['DescribeRule', { Name: 'tagged' }],
    ['ListTargetsByRule', { Rule: 'tagged' }],
    ['PutRule', { Name: 'tagged', EventPattern: '{"source":["a"]}' }],
  ],
  'iam iam.roles': [
    ['GetRole', { RoleName: 'Tagged' }],
    ['ListRoleTags', { RoleName: 'tagged' }],
    ['PutRolePolicy', { RoleName: 'tagged', PolicyName: 'more', PolicyDocument: DOCUMENT }],
  ],
  'iam iam.users': [
    ['GetUser', { UserName: 'tagged' }],
    ['CreateAccessKey', { UserName: 'tagged' }],
  ],
  'iam iam.policies': [
    ['GetPolicy', { PolicyArn: policyArn }],
    ['CreatePolicyVersion', { PolicyArn: policyArn, PolicyDocument: DOCUMENT }],
  ],
  'iam iam.instance-profiles': [['GetInstanceProfile', { InstanceProfileName: 'tagged' }]],
  ...connections('codeconnections'),
  ...connections('codestar-connections'),
  'cloudformation cloudformation.stacks': [
    ['DescribeStacks', { StackName: 'tagged' }],
    ['GetTemplate', { StackName: made.stack }],
    ['DescribeStackResources', { PhysicalResourceId: StackResources[0]!.PhysicalResourceId }],
    ['DescribeChangeSet', { ChangeSetName: changeSet }],
    ['GetTemplate', { ChangeSetName: changeSet }],
    ['ExecuteChangeSet', { ChangeSetName: 'set', StackName: 'tagged' }],
    ['DeleteStack', { StackName: 'tagged' }],
  ],
}

function connections(service: string): typeof asked {
  return {
    [`${service} codeconnections.connections`]: [
      ['GetConnection', { ConnectionArn: made[service] }],
      ['ListTagsForResource', { ResourceArn: made[service] }],
      ['DeleteConnection', { ConnectionArn: made[service] }],
    ],
  }
}

function retry(): Fields {
  return { pipelineExecutionId: '12345678-1234-1234-1234-123456789012', retryMode: 'FAILED_ACTIONS' }
}

function approved(): Fields {
  const token = '12345678-1234-1234-1234-123456789012'
  return { result: { summary: '', status: 'Approved' }, token }
}

const isProd = await userDenied('by-tag', { StringEquals: { 'aws:ResourceTag/env': 'prod' } })
const isTest = await userDenied('by-other', { StringEquals: { 'aws:ResourceTag/env': 'test' } })

const loaded = await Promise.all(services.map(async (one) => ({ id: one.id, ...(await one.load()) })))

const kinds = loaded.flatMap(({ id, kinds = [] }) =>
  kinds
    .filter(({ definition }) => definition.tags !== 'none')
    .map(({ definition }) => ({ id, name: `${id} ${definition.table.name}` })),
)

it('knows a request for every kind whose resources have tags', () => {
  expect(kinds.map(({ name }) => name).sort()).toEqual(Object.keys(asked).sort())
})

const requests = kinds.flatMap(({ id, name }) =>
  (asked[name] ?? []).map(([operation, input]) => ({ id, operation, input })),
)

it.each(requests)(
  '$id:$operation is denied by the tag of what it touches',
  async ({ id, operation, input }) => {
    expect(await denied(isProd(id, operation, input))).toBe(true)
  },
)

it.each(requests)('$id:$operation is not denied by another tag', async ({ id, operation, input }) => {
  expect(await denied(isTest(id, operation, input))).toBe(false)
})
