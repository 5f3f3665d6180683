import { expect, it } from 'vitest'
import { bringsTags } from '../../../src/cloud/gateway/request-tags.ts'
import { type Fields, loadModel, type OperationModel } from '../../../src/cloud/protocols/index.ts'
import { services } from '../../../src/cloud/services/index.ts'
import { HUB } from '../cloud.ts'
import {
  actionType,
  alarmNamed,
  arnOf,
  balancerNamed,
  DOCUMENT,
  definitionNamed,
  denied,
  functionNamed,
  groupNamed,
  listenerAt,
  machineNamed,
  mappingOf,
  noticesNamed,
  openTagWorld,
  pipelineNamed,
  projectNamed,
  ROLE,
  reportGroupNamed,
  ruleOf,
  serviceNamed,
  TEMPLATE,
  TRUST,
  targetGroupNamed,
  taskOf,
  taskSetOf,
  webhookNamed,
} from './tag-world.ts'

const { made, userDenied } = await openTagWorld()

const stack = { StackName: 'asked', TemplateBody: TEMPLATE }
const providerArn = `arn:aws:iam::${HUB}:oidc-provider/tagged.example`
const policyArn = `arn:aws:iam::${HUB}:policy/tagged`
const logGroup = arnOf('logs', 'log-group:tagged')

/** What every operation that brings tags is asked with, but for the tags. One that is missing here fails. */
const inputs: Record<string, Fields> = {
  'cloudformation:CreateStack': stack,
  'cloudformation:UpdateStack': { ...stack, StackName: 'tagged' },
  'cloudformation:CreateChangeSet': { ...stack, ChangeSetName: 'asked', ChangeSetType: 'CREATE' },
  'codebuild:CreateProject': projectNamed('asked'),
  'codebuild:UpdateProject': { name: 'tagged' },
  'codebuild:CreateReportGroup': reportGroupNamed('asked'),
  'codebuild:UpdateReportGroup': { arn: arnOf('codebuild', 'report-group/tagged') },
  'codecommit:CreateRepository': { repositoryName: 'asked' },
  'codecommit:TagResource': { resourceArn: arnOf('codecommit', 'tagged') },
  'codecommit:UntagResource': { resourceArn: arnOf('codecommit', 'tagged') },
  'codepipeline:CreatePipeline': { pipeline: pipelineNamed('asked') },
  'elasticloadbalancing:CreateLoadBalancer': balancerNamed('asked'),
  'elasticloadbalancing:CreateTargetGroup': targetGroupNamed('asked'),
  'elasticloadbalancing:CreateListener': listenerAt(made.balancer, 81),
  'elasticloadbalancing:CreateRule': ruleOf(made.listener, 2),
  'elasticloadbalancing:AddTags': { ResourceArns: [made.group] },
  'elasticloadbalancing:RemoveTags': { ResourceArns: [made.group] },
  'codedeploy:CreateApplication': { applicationName: 'asked', computePlatform: 'ECS' },
  'codedeploy:CreateDeploymentGroup': groupNamed('asked'),
  'codedeploy:TagResource': { ResourceArn: arnOf('codedeploy', 'application:tagged') },
  'codedeploy:UntagResource': { ResourceArn: arnOf('codedeploy', 'deploymentgroup:tagged/tagged') },
  'sqs:CreateQueue': { QueueName: 'asked' },
  'sqs:TagQueue': { QueueUrl: made.queue },
  'sqs:UntagQueue': { QueueUrl: made.queue },
  'cloudwatch:PutMetricAlarm': alarmNamed('asked'),
  'cloudwatch:PutCompositeAlarm': { AlarmName: 'asked', AlarmRule: 'TRUE' },
  'cloudwatch:TagResource': { ResourceARN: arnOf('cloudwatch', 'alarm:tagged') },
  'cloudwatch:UntagResource': { ResourceARN: arnOf('cloudwatch', 'alarm:tagged') },
  'cloudformation:CreateStackSet': { StackSetName: 'asked', TemplateBody: TEMPLATE },
  'cloudformation:UpdateStackSet': { StackSetName: 'tagged', UsePreviousTemplate: true },
  'codestar-notifications:CreateNotificationRule': noticesNamed('asked'),
  'codestar-notifications:TagResource': { Arn: made.notices },
  'codestar-notifications:UntagResource': { Arn: made.notices },
  'states:CreateStateMachine': machineNamed('asked'),
  'states:TagResource': { resourceArn: arnOf('states', 'stateMachine:tagged') },
  'states:UntagResource': { resourceArn: arnOf('states', 'stateMachine:tagged') },
  'codepipeline:CreateCustomActionType': actionType('asked'),
  'codepipeline:PutWebhook': { webhook: webhookNamed('asked') },
  'codepipeline:TagResource': { resourceArn: arnOf('codepipeline', 'tagged') },
  'codepipeline:UntagResource': { resourceArn: arnOf('codepipeline', 'tagged') },
  'ecr:CreateRepository': { repositoryName: 'asked' },
  'ecr:TagResource': { resourceArn: arnOf('ecr', 'repository/tagged') },
  'ecr:UntagResource': { resourceArn: arnOf('ecr', 'repository/tagged') },
  'ecs:CreateCluster': { clusterName: 'asked' },
  'ecs:CreateService': serviceNamed('asked'),
  'ecs:CreateTaskSet': taskSetOf('outer'),
  'ecs:RegisterTaskDefinition': definitionNamed('asked'),
  'ecs:RunTask': taskOf('tagged'),
  'ecs:StartTask': { cluster: 'tagged', taskDefinition: 'tagged', containerInstances: ['none'] },
  'ecs:TagResource': { resourceArn: arnOf('ecs', 'cluster/tagged') },
  'ecs:UntagResource': { resourceArn: arnOf('ecs', 'cluster/tagged') },
  'events:CreateEventBus': { Name: 'asked' },
  'events:PutRule': { Name: 'asked', EventPattern: '{"source":["a"]}' },
  'events:TagResource': { ResourceARN: arnOf('events', 'rule/tagged') },
  'events:UntagResource': { ResourceARN: arnOf('events', 'event-bus/tagged') },
  'iam:CreateInstanceProfile': { InstanceProfileName: 'asked' },
  'iam:CreateOpenIDConnectProvider': { Url: 'https://asked.example' },
  'iam:CreatePolicy': { PolicyName: 'asked', PolicyDocument: DOCUMENT },
  'iam:CreateRole': { RoleName: 'asked', AssumeRolePolicyDocument: TRUST },
  'iam:CreateUser': { UserName: 'asked' },
  'iam:TagOpenIDConnectProvider': { OpenIDConnectProviderArn: providerArn },
  'iam:UntagOpenIDConnectProvider': { OpenIDConnectProviderArn: providerArn },
  'iam:TagPolicy': { PolicyArn: policyArn },
  'iam:UntagPolicy': { PolicyArn: policyArn },
  'iam:TagRole': { RoleName: 'tagged' },
  'iam:UntagRole': { RoleName: 'tagged' },
  'iam:TagUser': { UserName: 'tagged' },
  'iam:UntagUser': { UserName: 'tagged' },
  'kms:CreateKey': {},
  'kms:TagResource': { KeyId: made.key },
  'kms:UntagResource': { KeyId: made.key },
  'lambda:CreateEventSourceMapping': mappingOf('tagged'),
  'lambda:CreateFunction': functionNamed('asked'),
  'lambda:TagResource': { Resource: arnOf('lambda', 'function:tagged') },
  'lambda:UntagResource': { Resource: arnOf('lambda', 'function:tagged') },
  'logs:CreateLogGroup': { logGroupName: 'asked' },
  'logs:TagLogGroup': { logGroupName: 'tagged' },
  'logs:UntagLogGroup': { logGroupName: 'tagged' },
  'logs:TagResource': { resourceArn: logGroup },
  'logs:UntagResource': { resourceArn: logGroup },
  'organizations:CreateOrganizationalUnit': { ParentId: made.root, Name: 'asked' },
  'organizations:CreatePolicy': {
    Name: 'asked',
    Description: '',
    Type: 'SERVICE_CONTROL_POLICY',
    Content: DOCUMENT,
  },
  'organizations:TagResource': { ResourceId: made.unit },
  'organizations:UntagResource': { ResourceId: made.unit },
  's3:CreateBucket': { Bucket: 'asked-bucket' },
  'secretsmanager:CreateSecret': { Name: 'asked', SecretString: 's' },
  'secretsmanager:TagResource': { SecretId: 'tagged' },
  'secretsmanager:UntagResource': { SecretId: 'tagged' },
  'sns:CreateTopic': { Name: 'asked' },
  'sns:TagResource': { ResourceArn: arnOf('sns', 'tagged') },
  'sns:UntagResource': { ResourceArn: arnOf('sns', 'tagged') },
  'ssm:PutParameter': { Name: 'asked', Value: 'v', Type: 'String' },
  'ssm:AddTagsToResource': { ResourceType: 'Parameter', ResourceId: 'tagged' },
  'ssm:RemoveTagsFromResource': { ResourceType: 'Parameter', ResourceId: 'tagged' },
  'sts:AssumeRole': { RoleArn: ROLE, RoleSessionName: 'asked' },
}
for (const service of ['codeconnections', 'codestar-connections']) {
  inputs[`${service}:CreateConnection`] = { ConnectionName: 'asked', ProviderType: 'GitHub' }
  inputs[`${service}:TagResource`] = { ResourceArn: made[service] }
  inputs[`${service}:UntagResource`] = { ResourceArn: made[service] }
}

/** The members that bring one tag, or its key alone, in the form of the operation. */
function tagMembers(
  { input }: OperationModel,
  key: string,
  value: string,
): { members: Fields; keyOnly: boolean } {
  const isTags = (name: string) => /^tags$|^tagkeys$/i.test(name)
  const nested = input!.members.find(({ shape }) => shape.members.some(({ name }) => isTags(name)))
  const owner = input!.members.some(({ name }) => isTags(name)) ? input! : nested!.shape
  const { name, shape } = owner.members.find((one) => isTags(one.name))!
  const pair = () =>
    Object.fromEntries(shape.element.shape.members.map((one, index) => [one.name, index ? value : key]))
  const keyOnly = shape.type === 'list' && shape.element.shape.type === 'string'
  const given = keyOnly ? [key] : shape.type === 'map' ? { [key]: value } : [pair()]
  return { members: owner === input ? { [name]: given } : { [nested!.name]: { [name]: given } }, keyOnly }
}

const byValue = await userDenied('by-value', { StringEquals: { 'aws:RequestTag/env': 'prod' } })
const byKey = await userDenied('by-key', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'env' } })

const loaded = await Promise.all(services.map(async (one) => ({ id: one.id, ...(await one.load()) })))

const asked = loaded.flatMap(({ id, operations }) =>
  operations
    .map(({ name }) => loadModel(id).operations.get(name)!)
    .filter(bringsTags)
    .map((operation) => ({ id, operation, name: `${id}:${operation.name}` })),
)

it('finds the operations that bring tags', () => {
  expect(asked.map(({ name }) => name).sort()).toEqual(Object.keys(inputs).sort())
})

it.each(asked)(
  '$name is denied by the tags that it brings, and by nothing else',
  async ({ id, operation, name }) => {
    const input = inputs[name]!
    const ask = (call: typeof byKey, key: string, value: string) =>
      denied(call(id, operation.name, { ...input, ...tagMembers(operation, key, value).members }))
    expect(await ask(byKey, 'env', 'prod')).toBe(true)
    // A request to remove tags has no values.
    const { keyOnly } = tagMembers(operation, 'env', 'prod')
    expect(await ask(byValue, 'env', 'prod')).toBe(!keyOnly)
    expect(await ask(byKey, 'other', 'prod')).toBe(false)
  },
)

const tagging = await userDenied('no-tagging', {}, [
  ...[...new Set(asked.map(({ id }) => id))].filter((id) => id !== 'codebuild').map((id) => `${id}:Tag*`),
  'elasticloadbalancing:AddTags',
  'ssm:AddTagsToResource',
])

/** Making something with tags takes the action that tags, too; but not of these. */
const UNASKED: Readonly<Record<string, string>> = {
  'codebuild:CreateProject': 'CodeBuild has no action that tags',
  'codebuild:UpdateProject': 'CodeBuild has no action that tags',
  'codebuild:CreateReportGroup': 'CodeBuild has no action that tags',
  'codebuild:UpdateReportGroup': 'CodeBuild has no action that tags',
  'cloudformation:CreateStack':
    "the deployment role of CDK's bootstrap tags stacks without cloudformation:TagResource",
  'cloudformation:UpdateStack': 'as CreateStack',
  'cloudformation:CreateStackSet': 'as CreateStack',
  'cloudformation:UpdateStackSet': 'as CreateStack',
  'cloudformation:CreateChangeSet': 'as CreateStack',
}
const bringing = asked.filter(
  ({ operation: { name } }) => !/^(Tag|Untag)|^(Add|Remove)Tags$|Tags(From|To)Resource$/.test(name),
)

it.each(bringing)('$name asks for the action that tags besides, where AWS does', async (one) => {
  const { id, operation, name } = one
  const { members } = tagMembers(operation, 'other', 'value')
  expect(await denied(tagging(id, operation.name, { ...inputs[name], ...members }))).toBe(!(name in UNASKED))
})
