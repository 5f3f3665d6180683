import { expect, it } from 'vitest'
import type { Fields } from '../../../src/cloud/protocols/index.ts'
import { services } from '../../../src/cloud/services/index.ts'
import { DEV, HUB } from '../cloud.ts'
import {
  alarmNamed,
  arnOf,
  type Call,
  DOCUMENT,
  denied,
  openTagWorld,
  ruleOf,
  TEMPLATE,
  taskOf,
  webhookNamed,
} from './tag-world.ts'

const providerArn = `arn:aws:iam::${HUB}:oidc-provider/tagged.example`
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

const object = { Bucket: 'tagged-bucket', Key: 'tagged' }

/** Requests that touch the tagged resource of a kind, by the kind's table. A kind with tags that is missing here fails. */
const asked: Record<string, readonly (readonly [operation: string, input: Fields])[]> = {
  'cloudwatch cloudwatch.alarms': [
    ['PutMetricAlarm', alarmNamed('tagged')],
    ['DescribeAlarms', { AlarmNames: ['tagged'] }],
    ['ListTagsForResource', { ResourceARN: arnOf('cloudwatch', 'alarm:tagged') }],
  ],
  'codedeploy codedeploy.applications': [
    ['GetApplication', { applicationName: 'tagged' }],
    ['ListApplicationRevisions', { applicationName: 'tagged' }],
    ['ListTagsForResource', { ResourceArn: arnOf('codedeploy', 'application:tagged') }],
  ],
  'codedeploy codedeploy.groups': [
    ['GetDeploymentGroup', { applicationName: 'tagged', deploymentGroupName: 'tagged' }],
    ['CreateDeployment', { applicationName: 'tagged', deploymentGroupName: 'tagged' }],
    ['DeleteDeploymentGroup', { applicationName: 'tagged', deploymentGroupName: 'tagged' }],
    ['ListTagsForResource', { ResourceArn: arnOf('codedeploy', 'deploymentgroup:tagged/tagged') }],
  ],
  'cloudformation cloudformation.stack-sets': [
    ['DescribeStackSet', { StackSetName: 'tagged' }],
    ['ListStackInstances', { StackSetName: 'tagged' }],
  ],
  'codestar-notifications codestar-notifications.rules': [
    ['DescribeNotificationRule', { Arn: made.notices }],
    ['UpdateNotificationRule', { Arn: made.notices, Status: 'DISABLED' }],
    ['ListTagsForResource', { Arn: made.notices }],
  ],
  'elasticloadbalancing elasticloadbalancing.load-balancers': [
    ['ModifyLoadBalancerAttributes', { LoadBalancerArn: made.balancer, Attributes: [] }],
    ['AddTags', { ResourceArns: [made.balancer], Tags: [{ Key: 'a', Value: 'b' }] }],
    ['DeleteLoadBalancer', { LoadBalancerArn: made.balancer }],
  ],
  'elasticloadbalancing elasticloadbalancing.target-groups': [
    ['RegisterTargets', { TargetGroupArn: made.group, Targets: [] }],
    ['DeleteTargetGroup', { TargetGroupArn: made.group }],
  ],
  'elasticloadbalancing elasticloadbalancing.listeners': [
    ['ModifyListener', { ListenerArn: made.listener }],
    ['CreateRule', ruleOf(made.listener, 2)],
    ['DeleteListener', { ListenerArn: made.listener }],
  ],
  'elasticloadbalancing elasticloadbalancing.rules': [
    ['ModifyRule', { RuleArn: made.rule }],
    ['SetRulePriorities', { RulePriorities: [{ RuleArn: made.rule, Priority: 3 }] }],
    ['DeleteRule', { RuleArn: made.rule }],
  ],
  'sqs sqs.queues': [
    ['GetQueueAttributes', { QueueUrl: made.queue }],
    ['SendMessage', { QueueUrl: made.queue, MessageBody: 'x' }],
    ['ListQueueTags', { QueueUrl: made.queue }],
  ],
  'states states.machines': [
    ['DescribeStateMachine', { stateMachineArn: arnOf('states', 'stateMachine:tagged') }],
    ['StartExecution', { stateMachineArn: arnOf('states', 'stateMachine:tagged') }],
    ['ListTagsForResource', { resourceArn: arnOf('states', 'stateMachine:tagged') }],
  ],
  'codepipeline codepipeline.action-types': [
    [
      'PollForJobs',
      { actionTypeId: { category: 'Build', owner: 'Custom', provider: 'tagged', version: '1' } },
    ],
    ['ListTagsForResource', { resourceArn: arnOf('codepipeline', 'actiontype:Custom/Build/tagged/1') }],
  ],
  'codepipeline codepipeline.webhooks': [
    ['PutWebhook', { webhook: webhookNamed('tagged') }],
    ['DeleteWebhook', { name: 'tagged' }],
    ['ListTagsForResource', { resourceArn: arnOf('codepipeline', 'webhook:tagged') }],
  ],
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
  'codebuild codebuild.report-groups': [
    ['BatchGetReportGroups', { reportGroupArns: [arnOf('codebuild', 'report-group/tagged')] }],
    ['ListReportsForReportGroup', { reportGroupArn: arnOf('codebuild', 'report-group/tagged') }],
    ['DeleteReportGroup', { arn: arnOf('codebuild', 'report-group/tagged') }],
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
  'codecommit codecommit.repositories': [
    ['GetRepository', { repositoryName: 'tagged' }],
    ['ListBranches', { repositoryName: 'tagged' }],
    ['ListTagsForResource', { resourceArn: arnOf('codecommit', 'tagged') }],
  ],
  'ecr ecr.repositories': [
    ['DescribeRepositories', { repositoryNames: ['tagged'] }],
    ['DescribeImages', { repositoryName: 'tagged' }],
    ['ListTagsForResource', { resourceArn: arnOf('ecr', 'repository/tagged') }],
  ],
  'ecs ecs.clusters': [
    ['DescribeClusters', { clusters: ['tagged'] }],
    ['DeleteCluster', { cluster: arnOf('ecs', 'cluster/tagged') }],
    ['ListTagsForResource', { resourceArn: arnOf('ecs', 'cluster/tagged') }],
  ],
  'ecs ecs.services': [
    ['DescribeServices', { cluster: 'tagged', services: [arnOf('ecs', 'service/tagged/tagged')] }],
    ['UpdateService', { cluster: 'tagged', service: 'tagged', desiredCount: 0 }],
    ['ListTagsForResource', { resourceArn: arnOf('ecs', 'service/tagged/tagged') }],
  ],
  'ecs ecs.tasks': [
    ['DescribeTasks', { cluster: 'tagged', tasks: [made.task] }],
    ['StopTask', { cluster: 'tagged', task: made.task }],
  ],
  'ecs ecs.task-sets': [
    ['DescribeTaskSets', { cluster: 'tagged', service: 'outer', taskSets: [made.taskSet] }],
    ['ListTagsForResource', { resourceArn: made.taskSet }],
  ],
  'ecs ecs.task-definitions': [
    ['RunTask', taskOf('tagged')],
    ['ListTagsForResource', { resourceArn: arnOf('ecs', 'task-definition/tagged:1') }],
  ],
  'lambda lambda.event-source-mappings': [
    ['GetEventSourceMapping', { UUID: made.mapping }],
    ['UpdateEventSourceMapping', { UUID: made.mapping, Enabled: false }],
    ['ListTags', { Resource: arnOf('lambda', `event-source-mapping:${made.mapping}`) }],
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
  'iam iam.oidc-providers': [
    ['GetOpenIDConnectProvider', { OpenIDConnectProviderArn: providerArn }],
    [
      'TagOpenIDConnectProvider',
      { OpenIDConnectProviderArn: providerArn, Tags: [{ Key: 'env', Value: 'prod' }] },
    ],
    ['ListOpenIDConnectProviderTags', { OpenIDConnectProviderArn: providerArn }],
  ],
  ...connections('codeconnections'),
  ...connections('codestar-connections'),
  's3 s3.versions': [
    ['GetObject', object],
    ['GetObjectTagging', object],
    ['PutObjectTagging', { ...object, Tagging: { TagSet: [{ Key: 'env', Value: 'prod' }] } }],
    ['GetObjectAcl', object],
    ['CopyObject', { Bucket: 'tagged-bucket', Key: 'copy', CopySource: 'tagged-bucket/tagged' }],
  ],
  'organizations organizations.roots': [
    ['ListChildren', { ParentId: made.root, ChildType: 'ACCOUNT' }],
    ['ListPoliciesForTarget', { TargetId: made.root, Filter: 'SERVICE_CONTROL_POLICY' }],
    ['ListTagsForResource', { ResourceId: made.root }],
    ['EnablePolicyType', { RootId: made.root, PolicyType: 'RESOURCE_CONTROL_POLICY' }],
  ],
  'organizations organizations.units': [
    ['DescribeOrganizationalUnit', { OrganizationalUnitId: made.unit }],
    ['CreateOrganizationalUnit', { ParentId: made.unit, Name: 'below' }],
    ['ListParents', { ChildId: made.unit }],
    ['UntagResource', { ResourceId: made.unit, TagKeys: ['other'] }],
  ],
  'organizations organizations.members': [
    ['DescribeAccount', { AccountId: DEV }],
    ['ListPoliciesForTarget', { TargetId: DEV, Filter: 'SERVICE_CONTROL_POLICY' }],
    ['ListTagsForResource', { ResourceId: DEV }],
  ],
  'organizations organizations.policies': [
    ['DescribePolicy', { PolicyId: made.policy }],
    ['UpdatePolicy', { PolicyId: made.policy, Description: 'other' }],
    ['AttachPolicy', { PolicyId: made.policy, TargetId: '333333333333' }],
    ['ListTagsForResource', { ResourceId: made.policy }],
  ],
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

const loaded = await Promise.all(services.map(async (one) => ({ id: one.id, ...(await one.load()) })))

const kinds = loaded.flatMap(({ id, kinds }) =>
  kinds.flatMap(({ definition: { table, tags } }) => {
    const prefixes = tags === 'none' ? [] : tags.prefixes
    return prefixes.length ? [{ id, name: `${id} ${table.name}`, prefixes }] : []
  }),
)

it('knows a request for every kind whose resources have tags', () => {
  expect(kinds.map(({ name }) => name).sort()).toEqual(Object.keys(asked).sort())
})

/** Callers who are denied what is tagged so, by the condition key's prefix. */
const callers = new Map<string, { readonly isProd: Call; readonly isTest: Call }>()
for (const prefix of new Set(kinds.flatMap(({ prefixes }) => prefixes))) {
  const name = prefix.replace(/\W/g, '-')
  const isProd = await userDenied(`prod-${name}`, { StringEquals: { [`${prefix}env`]: 'prod' } })
  const isTest = await userDenied(`test-${name}`, { StringEquals: { [`${prefix}env`]: 'test' } })
  callers.set(prefix, { isProd, isTest })
}

const requests = kinds.flatMap(({ id, name, prefixes }) =>
  prefixes.flatMap((prefix) =>
    (asked[name] ?? []).map(([operation, input]) => ({ id, operation, input, key: `${prefix}env` })),
  ),
)
const callersOf = (key: string) => callers.get(key.slice(0, -'env'.length))!

it.each(requests)('$id:$operation is denied by $key of what it touches', async (one) => {
  expect(await denied(callersOf(one.key).isProd(one.id, one.operation, one.input))).toBe(true)
})

it.each(requests)('$id:$operation is not denied by another $key', async (one) => {
  expect(await denied(callersOf(one.key).isTest(one.id, one.operation, one.input))).toBe(false)
})

it("is not denied by a bucket's tags: attribute-based access control is off unless it is enabled", async () => {
  const { isProd } = callers.get('aws:ResourceTag/')!
  for (const operation of ['GetBucketTagging', 'ListObjectsV2', 'GetObject'])
    expect(await denied(isProd('s3', operation, object))).toBe(false)
})
