/** What Ref and Fn::GetAtt give for the resource types that permissions have to do with. */
import { entryOf, formatArn, type Target } from '../../model/index.ts'

/** What CloudFormation makes up at the end of a physical name. */
const GENERATED = 'XXXXXXXXXXXX'

export interface NamedResource extends Target {
  readonly stack: string
  readonly logicalId: string
  readonly type: string
  /** The physical id, where somebody told it. */
  readonly given?: string
  /** Resolves a property; undefined where the template leaves it out. */
  property(name: string): unknown
  /** Stands for the id that AWS makes up. */
  madeUp(): string
}

interface PhysicalIdentity {
  /** The property that names it. */
  readonly name?: string
  readonly longest?: number
  readonly lowerCase?: boolean
  readonly arn?: (name: string, resource: NamedResource) => string
  /** Whether Ref gives the ARN instead of the name. */
  readonly refIsArn?: boolean
  /** Attributes other than `Arn`. */
  readonly attributes?: Readonly<Record<string, (name: string, resource: NamedResource) => string>>
}

const regional =
  (service: string, prefix = '') =>
  (name: string, { account, region }: Target): string =>
    formatArn(service, region, account, prefix + name)

const ofIam =
  (kind: string) =>
  (name: string, resource: NamedResource): string =>
    formatArn('iam', '', resource.account, `${kind}${resource.property('Path') ?? '/'}${name}`)

const bucketArn = (name: string): string => formatArn('s3', '', '', name)

const identities: Readonly<Record<string, PhysicalIdentity>> = {
  'AWS::IAM::Role': { name: 'RoleName', longest: 64, arn: ofIam('role') },
  'AWS::IAM::User': { name: 'UserName', longest: 64, arn: ofIam('user') },
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    longest: 128,
    arn: ofIam('policy'),
    refIsArn: true,
    attributes: { PolicyArn: ofIam('policy') },
  },
  'AWS::S3::Bucket': {
    name: 'BucketName',
    longest: 63,
    lowerCase: true,
    arn: bucketArn,
    attributes: {
      DomainName: (name) => `${name}.s3.amazonaws.com`,
      RegionalDomainName: (name, { region }) => `${name}.s3.${region}.amazonaws.com`,
    },
  },
  'AWS::KMS::Key': {
    arn: regional('kms', 'key/'),
    attributes: { KeyId: (name) => name },
  },
  'AWS::KMS::ReplicaKey': { arn: regional('kms', 'key/'), attributes: { KeyId: (name) => name } },
  'AWS::KMS::Alias': { name: 'AliasName', arn: regional('kms') },
  'AWS::CodeBuild::Project': { name: 'Name', arn: regional('codebuild', 'project/') },
  'AWS::CodePipeline::Pipeline': { name: 'Name', longest: 100, arn: regional('codepipeline') },
  'AWS::CodeCommit::Repository': {
    name: 'RepositoryName',
    arn: regional('codecommit'),
    attributes: { Name: (name) => name },
  },
  'AWS::CodeStarConnections::Connection': {
    arn: regional('codestar-connections', 'connection/'),
    refIsArn: true,
    attributes: { ConnectionArn: regional('codestar-connections', 'connection/') },
  },
  'AWS::CodeConnections::Connection': {
    arn: regional('codeconnections', 'connection/'),
    refIsArn: true,
    attributes: { ConnectionArn: regional('codeconnections', 'connection/') },
  },
  'AWS::SNS::Topic': {
    name: 'TopicName',
    arn: regional('sns'),
    refIsArn: true,
    attributes: { TopicArn: regional('sns'), TopicName: (name) => name },
  },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    longest: 80,
    arn: regional('sqs'),
    attributes: { QueueName: (name) => name },
  },
  'AWS::Lambda::Function': { name: 'FunctionName', longest: 64, arn: regional('lambda', 'function:') },
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',
    arn: (name, target) => `${regional('logs', 'log-group:')(name, target)}:*`,
  },
  'AWS::ECR::Repository': {
    name: 'RepositoryName',
    lowerCase: true,
    arn: regional('ecr', 'repository/'),
    attributes: {
      RepositoryUri: (name, { account, region }) => `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
    },
  },
  'AWS::ECS::Cluster': { name: 'ClusterName', arn: regional('ecs', 'cluster/') },
  'AWS::ECS::TaskDefinition': {
    name: 'Family',
    arn: (name, target) => `${regional('ecs', 'task-definition/')(name, target)}:1`,
    refIsArn: true,
    attributes: {
      TaskDefinitionArn: (name, target) => `${regional('ecs', 'task-definition/')(name, target)}:1`,
    },
  },
  'AWS::ECS::Service': {
    name: 'ServiceName',
    arn: (name, resource) => regional('ecs', `service/${clusterOf(resource)}/`)(name, resource),
    refIsArn: true,
    attributes: {
      Name: (name) => name,
      ServiceArn: (name, resource) => regional('ecs', `service/${clusterOf(resource)}/`)(name, resource),
    },
  },
  'AWS::CodeDeploy::Application': { name: 'ApplicationName', arn: regional('codedeploy', 'application:') },
  'AWS::CodeDeploy::DeploymentGroup': { name: 'DeploymentGroupName' },
  'AWS::StepFunctions::StateMachine': {
    name: 'StateMachineName',
    arn: regional('states', 'stateMachine:'),
    refIsArn: true,
    attributes: { Name: (name) => name },
  },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    arn: (name, target) => `${regional('secretsmanager', 'secret:')(name, target)}-XXXXXX`,
    refIsArn: true,
    attributes: { Id: (name, target) => `${regional('secretsmanager', 'secret:')(name, target)}-XXXXXX` },
  },
  'AWS::SSM::Parameter': { name: 'Name' },
  'AWS::Events::EventBus': {
    name: 'Name',
    arn: regional('events', 'event-bus/'),
    attributes: { Name: (name) => name },
  },
  'AWS::Events::Rule': { name: 'Name', longest: 64, arn: regional('events', 'rule/') },
  'AWS::Organizations::Account': { attributes: { AccountId: (id) => id } },
  'AWS::Organizations::Organization': {
    attributes: {
      Id: (id) => id,
      ManagementAccountId: (_id, { account }) => account,
      RootId: (id) => `${id}.root`,
    },
  },
  'AWS::Organizations::OrganizationalUnit': { attributes: { Id: (id) => id } },
  'AWS::DynamoDB::Table': { name: 'TableName', arn: regional('dynamodb', 'table/') },
}

/** Ids that AWS makes up and that policies or other templates tell by their text. */
const MADE_UP_BY_AWS: ReadonlySet<string> = new Set([
  'AWS::Organizations::Account',
  'AWS::Organizations::Organization',
  'AWS::Organizations::OrganizationalUnit',
])

const isKey = (type: string): boolean => type === 'AWS::KMS::Key' || type === 'AWS::KMS::ReplicaKey'

const clusterOf = (resource: NamedResource): string =>
  String(resource.property('Cluster') ?? 'default').replace(/^.*\//, '')

/**
 * Gives the name of a resource: the one that is told, the property's, else what CloudFormation would make up of stack and logical ID.
 * A key has no name of its own: stack and logical ID stand for the id.
 */
export function physicalName(resource: NamedResource): string {
  if (resource.given !== undefined) return resource.given
  const { name: property, longest = 255, lowerCase } = entryOf(identities, resource.type) ?? {}
  const given = property === undefined ? undefined : resource.property(property)
  if (typeof given === 'string') return given
  if (MADE_UP_BY_AWS.has(resource.type)) return resource.madeUp()
  if (isKey(resource.type)) return `${resource.stack}.${resource.logicalId}`
  const ending = `-${GENERATED}`
  const whole = `${resource.stack}-${resource.logicalId}`.slice(0, longest - ending.length) + ending
  return lowerCase ? whole.toLowerCase() : whole
}

/** Gives the ARN; undefined for types whose ARNs are not known here. */
export const physicalArn = (resource: NamedResource): string | undefined =>
  entryOf(identities, resource.type)?.arn?.(physicalName(resource), resource)

/** Gives what Ref gives. */
export function referenceTo(resource: NamedResource): string {
  const arn = entryOf(identities, resource.type)?.refIsArn ? physicalArn(resource) : undefined
  return arn ?? physicalName(resource)
}

/** Gives what Fn::GetAtt gives; undefined for an attribute that is not known here. */
export function attributeOf(resource: NamedResource, attribute: string): string | undefined {
  const known = entryOf(entryOf(identities, resource.type)?.attributes, attribute)
  if (known) return known(physicalName(resource), resource)
  return attribute === 'Arn' ? physicalArn(resource) : undefined
}
