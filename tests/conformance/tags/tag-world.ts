/** A cloud with a resource of every kind, each tagged `env=prod`, and callers who may do everything but what a tag denies. */
import { zipSync } from 'fflate'
import type { Fields } from '../../../src/cloud/protocols/index.ts'
import { type Credentials, DEV, HUB, startTestCloud, type TestCloud } from '../cloud.ts'
import { approval, pipelineOf, s3Source } from '../codepipeline/declarations.ts'
import { loadSdk, type SdkClient, type SdkModule } from '../wire/sdk-clients.ts'

/** Calls an operation; root unless credentials are given. */
export type Call = (service: string, operation: string, input: Fields) => Promise<Fields>

export interface TagWorld {
  readonly cloud: TestCloud
  readonly root: Call
  /** A user who is allowed everything but what the condition matches, or but the actions named. */
  userDenied(name: string, condition: object, actions?: readonly string[]): Promise<Call>
  /** What the resources are called that were made, by a name for each. */
  readonly made: Readonly<Record<string, string>>
}

export const ROLE = `arn:aws:iam::${HUB}:role/tagged`
export const arnOf = (service: string, resource: string): string =>
  `arn:aws:${service}:us-east-1:${HUB}:${resource}`

export const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: {
        AWS: HUB,
        Service: ['codebuild', 'codedeploy', 'codepipeline', 'lambda', 'events', 'states'].map(
          (one) => `${one}.amazonaws.com`,
        ),
      },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ],
})

export const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
})

export const TEMPLATE = JSON.stringify({
  Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
})

export const functionNamed = (name: string): Fields => ({
  FunctionName: name,
  Role: ROLE,
  Runtime: 'nodejs20.x',
  Handler: 'index.handler',
  Code: { ZipFile: zipSync({ 'index.mjs': new TextEncoder().encode('export const handler = () => 1') }) },
})

/** Of an image outside ECR, which needs no role. */
export const definitionNamed = (family: string): Fields => ({
  family,
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'web', image: 'nginx' }],
})

export const taskOf = (taskDefinition: string): Fields => ({
  cluster: 'tagged',
  taskDefinition,
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
})

export const serviceNamed = (serviceName: string): Fields => ({
  ...taskOf('tagged'),
  serviceName,
  desiredCount: 0,
})

export const outerServiceNamed = (serviceName: string): Fields => ({
  cluster: 'tagged',
  serviceName,
  deploymentController: { type: 'EXTERNAL' },
})

export const taskSetOf = (service: string): Fields => ({ ...taskOf('tagged'), service })

export const projectNamed = (name: string): Fields => ({
  name,
  serviceRole: ROLE,
  source: { type: 'NO_SOURCE', buildspec: 'version: 0.2\nphases: { build: { commands: ["true"] } }' },
  artifacts: { type: 'NO_ARTIFACTS' },
  environment: {
    type: 'LINUX_CONTAINER',
    image: 'aws/codebuild/standard:7.0',
    computeType: 'BUILD_GENERAL1_SMALL',
  },
})

export const reportGroupNamed = (name: string): Fields => ({
  name,
  type: 'TEST',
  exportConfig: { exportConfigType: 'NO_EXPORT' },
})

export const pipelineNamed = (name: string): Fields =>
  pipelineOf(name, ROLE, 'tagged-bucket', [[s3Source('tagged-bucket')], [approval()]]) as unknown as Fields

export const actionType = (provider: string): Fields => ({
  ...{ category: 'Build', provider, version: '1' },
  inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
  outputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
})

export const groupNamed = (deploymentGroupName: string): Fields => ({
  applicationName: 'tagged',
  deploymentGroupName,
  serviceRoleArn: ROLE,
  deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
})

export const machineNamed = (name: string): Fields => ({
  name,
  roleArn: ROLE,
  definition: JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Succeed' } } }),
})

export const alarmNamed = (name: string): Fields => ({
  ...{ AlarmName: name, Namespace: 'Test', MetricName: 'errors', Statistic: 'Sum' },
  ...{ Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
})

export const webhookNamed = (name: string): Fields => ({
  ...{ name, targetPipeline: 'tagged', targetAction: 'Fetch' },
  filters: [{ jsonPath: '$.ref' }],
  authentication: 'UNAUTHENTICATED',
  authenticationConfiguration: {},
})

export const noticesNamed = (Name: string): Fields => ({
  ...{ Name, DetailType: 'BASIC', Resource: arnOf('codepipeline', 'tagged'), Targets: [] },
  EventTypeIds: ['codepipeline-pipeline-pipeline-execution-failed'],
})

export const balancerNamed = (Name: string): Fields => ({ Name, Subnets: ['subnet-1a', 'subnet-1b'] })

/** Disabled: nothing is fetched. */
export const mappingOf = (FunctionName: string): Fields => ({
  FunctionName,
  EventSourceArn: arnOf('sqs', 'tagged'),
  Enabled: false,
})

export const targetGroupNamed = (Name: string): Fields => ({ Name, TargetType: 'lambda' })

export const listenerAt = (LoadBalancerArn: unknown, Port: number): Fields => ({
  ...{ LoadBalancerArn, Port, Protocol: 'HTTP' },
  DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
})

export const ruleOf = (ListenerArn: unknown, Priority: number): Fields => ({
  ...{ ListenerArn, Priority },
  Conditions: [{ Field: 'path-pattern', Values: ['/asked'] }],
  Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
})

const ENV = { Key: 'env', Value: 'prod' }
const env = { key: 'env', value: 'prod' }

/** Starts the cloud and makes what the tests ask about. */
export async function openTagWorld(): Promise<TagWorld> {
  const cloud = await startTestCloud()
  const sdks = new Map<string, Promise<SdkModule>>()
  const caller = (credentials?: Credentials): Call => {
    const clients = new Map<string, SdkClient>()
    return async (service, operation, input) => {
      if (!sdks.has(service)) sdks.set(service, loadSdk(service))
      const sdk = await sdks.get(service)!
      const known = clients.get(service)
      const more = { requestHandler: cloud.cloud.requestHandler, forcePathStyle: true }
      const client =
        known ??
        (cloud.client(sdk.client as never, {
          credentials,
          ...more,
          ...(service === 'codeconnections' && { signingName: service }),
        }) as SdkClient)
      clients.set(service, client)
      return client.send(new (sdk.commands.get(operation)!)(input))
    }
  }
  const root = caller()
  const userDenied: TagWorld['userDenied'] = async (name, condition, actions = ['*']) => {
    await root('iam', 'CreateUser', { UserName: name })
    const Statement = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: actions, Resource: '*', Condition: condition },
    ]
    await root('iam', 'PutUserPolicy', {
      UserName: name,
      PolicyName: 'all-but',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    })
    const { AccessKey: key } = (await root('iam', 'CreateAccessKey', { UserName: name })) as {
      AccessKey: { AccessKeyId: string; SecretAccessKey: string }
    }
    return caller({ accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey })
  }
  return { cloud, root, userDenied, made: await makeAll(root) }
}

/** Makes a resource of every kind; gives the names that the services chose. */
async function makeAll(root: Call): Promise<Record<string, string>> {
  const Tags = [ENV]
  await root('iam', 'CreateRole', { RoleName: 'tagged', AssumeRolePolicyDocument: TRUST, Tags })
  await root('iam', 'PutRolePolicy', {
    RoleName: 'tagged',
    PolicyName: 'all',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    }),
  })
  await root('iam', 'CreateUser', { UserName: 'tagged', Tags })
  await root('iam', 'CreatePolicy', { PolicyName: 'tagged', PolicyDocument: DOCUMENT, Tags })
  await root('iam', 'CreateInstanceProfile', { InstanceProfileName: 'tagged', Tags })
  await root('iam', 'CreateOpenIDConnectProvider', { Url: 'https://tagged.example', Tags })
  await root('s3', 'CreateBucket', { Bucket: 'tagged-bucket', CreateBucketConfiguration: { Tags } })
  await root('s3', 'PutObject', { Bucket: 'tagged-bucket', Key: 'tagged', Body: 'x', Tagging: 'env=prod' })
  await root('s3', 'PutBucketVersioning', {
    Bucket: 'tagged-bucket',
    VersioningConfiguration: { Status: 'Enabled' },
  })
  const { KeyMetadata } = (await root('kms', 'CreateKey', {
    Tags: [{ TagKey: 'env', TagValue: 'prod' }],
  })) as { KeyMetadata: { KeyId: string } }
  const { StackId } = await root('cloudformation', 'CreateStack', {
    StackName: 'tagged',
    TemplateBody: TEMPLATE,
    Tags,
  })
  await root('lambda', 'CreateFunction', { ...functionNamed('tagged'), Tags: { env: 'prod' } })
  await root('codebuild', 'CreateProject', { ...projectNamed('tagged'), tags: [env] })
  await root('codebuild', 'CreateReportGroup', { ...reportGroupNamed('tagged'), tags: [env] })
  const connections: Record<string, string> = {}
  for (const service of ['codeconnections', 'codestar-connections']) {
    const input = { ConnectionName: 'tagged', ProviderType: 'GitHub', Tags }
    connections[service] = String((await root(service, 'CreateConnection', input)).ConnectionArn)
  }
  await root('codepipeline', 'CreatePipeline', { pipeline: pipelineNamed('tagged'), tags: [env] })
  await root('codepipeline', 'CreateCustomActionType', { ...actionType('tagged'), tags: [env] })
  await root('codepipeline', 'PutWebhook', { webhook: webhookNamed('tagged'), tags: [env] })
  await root('cloudwatch', 'PutMetricAlarm', { ...alarmNamed('tagged'), Tags: [ENV] })
  const application = { applicationName: 'tagged', computePlatform: 'Lambda', tags: [ENV] }
  await root('codedeploy', 'CreateApplication', application)
  await root('codedeploy', 'CreateDeploymentGroup', { ...groupNamed('tagged'), tags: [ENV] })
  await root('cloudformation', 'CreateStackSet', {
    StackSetName: 'tagged',
    TemplateBody: TEMPLATE,
    Tags: [ENV],
  })
  await root('states', 'CreateStateMachine', { ...machineNamed('tagged'), tags: [env] })
  const { Arn: notices } = await root('codestar-notifications', 'CreateNotificationRule', {
    ...noticesNamed('tagged'),
    Tags: { env: 'prod' },
  })
  await root('logs', 'CreateLogGroup', { logGroupName: 'tagged', tags: { env: 'prod' } })
  await root('sns', 'CreateTopic', { Name: 'tagged', Tags })
  const { QueueUrl } = await root('sqs', 'CreateQueue', { QueueName: 'tagged', tags: { env: 'prod' } })
  const mapping = { ...mappingOf('tagged'), Tags: { env: 'prod' } }
  const { UUID } = await root('lambda', 'CreateEventSourceMapping', mapping)
  await root('ssm', 'PutParameter', { Name: 'tagged', Value: 'v', Type: 'String', Tags })
  const { ARN } = await root('secretsmanager', 'CreateSecret', { Name: 'tagged', SecretString: 's', Tags })
  await root('events', 'CreateEventBus', { Name: 'tagged', Tags })
  await root('events', 'PutRule', { Name: 'tagged', EventPattern: '{"source":["a"]}', Tags })
  await root('codecommit', 'CreateRepository', { repositoryName: 'tagged', tags: { env: 'prod' } })
  const tags = [{ key: 'env', value: 'prod' }]
  await root('ecs', 'CreateCluster', { clusterName: 'tagged', tags })
  await root('ecs', 'RegisterTaskDefinition', { ...definitionNamed('tagged'), tags })
  await root('ecs', 'CreateService', { ...serviceNamed('tagged'), tags })
  const { tasks } = (await root('ecs', 'RunTask', { ...taskOf('tagged'), tags })) as {
    tasks: { taskArn: string }[]
  }
  await root('ecs', 'CreateService', outerServiceNamed('outer'))
  const { taskSet } = (await root('ecs', 'CreateTaskSet', { ...taskSetOf('outer'), tags })) as {
    taskSet: { taskSetArn: string }
  }
  const balancing = await makeBalancing(root)
  await root('ecr', 'CreateRepository', { repositoryName: 'tagged', tags: [ENV] })
  const { Roots } = (await root('organizations', 'ListRoots', {})) as { Roots: { Id: string }[] }
  const { OrganizationalUnit } = (await root('organizations', 'CreateOrganizationalUnit', {
    ParentId: Roots[0]!.Id,
    Name: 'tagged',
    Tags,
  })) as { OrganizationalUnit: { Id: string } }
  for (const ResourceId of [Roots[0]!.Id, DEV])
    await root('organizations', 'TagResource', { ResourceId, Tags })
  const { Policy } = (await root('organizations', 'CreatePolicy', {
    Name: 'tagged',
    Description: '',
    Type: 'SERVICE_CONTROL_POLICY',
    Content: DOCUMENT,
    Tags,
  })) as { Policy: { PolicySummary: { Id: string } } }
  return {
    ...connections,
    ...balancing,
    queue: String(QueueUrl),
    mapping: String(UUID),
    notices: String(notices),
    policy: Policy.PolicySummary.Id,
    root: Roots[0]!.Id,
    unit: OrganizationalUnit.Id,
    key: KeyMetadata.KeyId,
    stack: String(StackId),
    secret: String(ARN),
    task: String(tasks[0]?.taskArn),
    taskSet: taskSet.taskSetArn,
  }
}

async function makeBalancing(root: Call): Promise<Record<string, string>> {
  const make = async (operation: string, input: Fields, list: string, name: string) => {
    const made = await root('elasticloadbalancing', operation, { ...input, Tags: [ENV] })
    return String((made[list] as Fields[])[0]![name])
  }
  const balancer = await make(
    'CreateLoadBalancer',
    balancerNamed('tagged'),
    'LoadBalancers',
    'LoadBalancerArn',
  )
  const listener = await make('CreateListener', listenerAt(balancer, 80), 'Listeners', 'ListenerArn')
  return {
    balancer,
    listener,
    rule: await make('CreateRule', ruleOf(listener, 1), 'Rules', 'RuleArn'),
    group: await make('CreateTargetGroup', targetGroupNamed('tagged'), 'TargetGroups', 'TargetGroupArn'),
  }
}

/** Whether an error is a service's word for a denial. */
export const isDenial = (error: unknown): boolean =>
  error instanceof Error && /^(AccessDenied|NotAuthorized|AuthorizationError)/.test(error.name)

/** Calls, and gives whether it was denied; another error is an answer like success. */
export const denied = async (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => false,
    (error: unknown) => isDenial(error),
  )
