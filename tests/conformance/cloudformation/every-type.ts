/** A stack with a resource of every type that a service backs, and the same stack with each of them changed. */
import { HUB } from '../cloud.ts'
import { ROOT } from '../organizations/guardrails.ts'
import { allTypes } from './all-types.ts'
import type { TemplateData } from './stack-driver.ts'

const may = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})
const byEvents = (age: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: age === 'first' ? 'logs:PutLogEvents' : ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    },
  ],
})
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })

/** Types that the embedded cloud refuses by name. */
export const REFUSED = [
  'AWS::Organizations::Account',
  'AWS::Organizations::Organization',
  'AWS::Organizations::ResourcePolicy',
]

/** Gives the template; `age` tells which state of it. `child` is the URL of a nested stack's template. */
export function everyType(age: 'first' | 'later', child: string, serviceToken: string): TemplateData {
  const { Resources } = allTypes(age) as { Resources: object }
  const more = {
    ...principals(age),
    ...policies(age),
    ...secure(age),
    ...versions(age),
    ...deliveryParts(age),
    ...own(age, child, serviceToken),
  }
  const added = Object.entries(more).map(([id, [Type, Properties]]) => [id, { Type, Properties }])
  return { Resources: { ...Resources, ...Object.fromEntries(added) } }
}

type Resources = Record<string, [string, object]>

const principals = (age: string): Resources => {
  const PolicyDocument = may(age === 'first' ? 's3:ListBucket' : 's3:GetObject')
  return {
    AccessKey: [
      'AWS::IAM::AccessKey',
      { UserName: { Ref: 'User' }, Status: age === 'first' ? 'Inactive' : 'Active' },
    ],
    Issuer: [
      'AWS::IAM::OIDCProvider',
      { Url: 'https://issuer.example', ClientIdList: [age], ThumbprintList: ['0'.repeat(40)] },
    ],
    Addition: [
      'AWS::IAM::UserToGroupAddition',
      {
        GroupName: { Ref: 'Group' },
        Users: age === 'first' ? [{ Ref: 'User' }, { Ref: 'User2' }] : [{ Ref: 'User2' }],
      },
    ],
    User2: ['AWS::IAM::User', { Groups: [], Tags: [{ Key: 'age', Value: age }] }],
    RolePolicy: ['AWS::IAM::RolePolicy', { RoleName: { Ref: 'Role' }, PolicyName: 'r', PolicyDocument }],
    UserPolicy: ['AWS::IAM::UserPolicy', { UserName: { Ref: 'User' }, PolicyName: 'u', PolicyDocument }],
    GroupPolicy: ['AWS::IAM::GroupPolicy', { GroupName: { Ref: 'Group' }, PolicyName: 'g', PolicyDocument }],
  }
}

const policies = (age: string): Resources => ({
  KeyAlias: [
    'AWS::KMS::Alias',
    { AliasName: 'alias/own', TargetKeyId: { Ref: age === 'first' ? 'Key' : 'Key2' } },
  ],
  Key2: ['AWS::KMS::Key', { EnableKeyRotation: age === 'later', Enabled: age === 'first' }],
  BusPolicy: [
    'AWS::Events::EventBusPolicy',
    {
      EventBusName: { Ref: 'Bus' },
      StatementId: 'own',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: HUB },
        Action: age === 'first' ? 'events:PutEvents' : 'events:PutRule',
        Resource: arnOf('Bus'),
      },
    },
  ],
  TopicPolicy: [
    'AWS::SNS::TopicPolicy',
    {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: age,
            Effect: 'Allow',
            Principal: { AWS: HUB },
            Action: 'sns:Publish',
            Resource: { Ref: 'Topic' },
          },
        ],
      },
    },
  ],
  SecretPolicy: [
    'AWS::SecretsManager::ResourcePolicy',
    {
      SecretId: { Ref: 'Secret' },
      ResourcePolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: age,
            Effect: 'Allow',
            Principal: { AWS: HUB },
            Action: 'secretsmanager:GetSecretValue',
            Resource: '*',
          },
        ],
      },
    },
  ],
  Generated: [
    'AWS::SecretsManager::Secret',
    { GenerateSecretString: { PasswordLength: age === 'first' ? 20 : 30 } },
  ],
  Unit: ['AWS::Organizations::OrganizationalUnit', { Name: age, ParentId: ROOT }],
  ControlPolicy: [
    'AWS::Organizations::Policy',
    { Name: age, Type: 'SERVICE_CONTROL_POLICY', Content: may('*'), TargetIds: [{ Ref: 'Unit' }] },
  ],
})

const certificate = (id: string) => ({ CertificateArn: `arn:aws:acm:us-east-1:${HUB}:certificate/${id}` })

const secure = (age: string): Resources => ({
  SecureListener: [
    'AWS::ElasticLoadBalancingV2::Listener',
    {
      LoadBalancerArn: { Ref: 'Balancer' },
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [certificate('own')],
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    },
  ],
  MoreCertificates: [
    'AWS::ElasticLoadBalancingV2::ListenerCertificate',
    { ListenerArn: { Ref: 'SecureListener' }, Certificates: [certificate(age)] },
  ],
})

const versions = (age: string): Resources => ({
  [`Version${age}`]: ['AWS::Lambda::Version', { FunctionName: { Ref: 'Function2' }, Description: age }],
  Function2: [
    'AWS::Lambda::Function',
    {
      Role: arnOf('Role'),
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      MemorySize: age === 'first' ? 128 : 256,
      Code: { ZipFile: `exports.handler = async () => '${age}'` },
      ReservedConcurrentExecutions: age === 'first' ? 1 : 2,
      ...(age === 'first' && {
        RecursiveLoop: 'Allow',
        RuntimeManagementConfig: { UpdateRuntimeOn: 'FunctionUpdate' },
      }),
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
  Permission: [
    'AWS::Lambda::Permission',
    {
      FunctionName: { Ref: 'Function2' },
      Action: 'lambda:InvokeFunction',
      Principal: age === 'first' ? 's3.amazonaws.com' : 'sns.amazonaws.com',
    },
  ],
  Layer: [
    'AWS::Lambda::LayerVersion',
    { LayerName: 'words', Description: age, Content: { S3Bucket: 'templates', S3Key: 'layer.zip' } },
  ],
  LayerPermission: [
    'AWS::Lambda::LayerVersionPermission',
    {
      LayerVersionArn: { Ref: 'Layer' },
      Action: 'lambda:GetLayerVersion',
      Principal: age === 'first' ? HUB : '*',
    },
  ],
  Url: [
    'AWS::Lambda::Url',
    {
      TargetFunctionArn: { Ref: 'Function2' },
      AuthType: age === 'first' ? 'AWS_IAM' : 'NONE',
      ...(age === 'first' && { Cors: { AllowOrigins: ['https://acme.example'] } }),
    },
  ],
  InvokeConfig: [
    'AWS::Lambda::EventInvokeConfig',
    {
      FunctionName: { Ref: 'Function2' },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: age === 'first' ? 1 : 2,
    },
  ],
  LogsPolicy: [
    'AWS::Logs::ResourcePolicy',
    { PolicyName: 'by-events', PolicyDocument: JSON.stringify(byEvents(age)) },
  ],
  Stream: ['AWS::Logs::LogStream', { LogGroupName: { Ref: 'LogGroup' }, LogStreamName: age }],
  Connection2: [
    'AWS::CodeConnections::Connection',
    { ConnectionName: 'own-2', ProviderType: 'GitHub', Tags: [{ Key: 'own', Value: age }] },
  ],
})

const deliveryParts = (age: string): Resources => ({
  Forge: [
    'AWS::CodePipeline::CustomActionType',
    {
      ...{ Category: 'Test', Provider: 'Forge', Version: '1' },
      InputArtifactDetails: { MinimumCount: 0, MaximumCount: 1 },
      OutputArtifactDetails: { MinimumCount: 0, MaximumCount: 1 },
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
  Hook: [
    'AWS::CodePipeline::Webhook',
    {
      Authentication: 'GITHUB_HMAC',
      AuthenticationConfiguration: { SecretToken: 'secret' },
      Filters: [{ JsonPath: '$.ref', MatchEquals: age }],
      TargetPipeline: { Ref: 'Pipeline' },
      TargetAction: 'Object',
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
})

const own = (age: string, child: string, serviceToken: string): Resources => ({
  Nested: ['AWS::CloudFormation::Stack', { TemplateURL: child, Parameters: { Age: age } }],
  StackSet: [
    'AWS::CloudFormation::StackSet',
    {
      ...{ StackSetName: 'own-set', PermissionModel: 'SELF_MANAGED', Description: age },
      TemplateBody: '{"Resources":{"Handle":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}',
    },
  ],
  Handle: ['AWS::CloudFormation::WaitConditionHandle', {}],
  Signal: ['AWS::CloudFormation::WaitCondition', { Handle: { Ref: 'Handle' }, Timeout: '600' }],
  Custom: [
    'AWS::CloudFormation::CustomResource',
    { ServiceToken: serviceToken, Age: age, Signal: { Ref: 'Handle' } },
  ],
})

/** Answers for the custom resource, and signals the wait condition when it is made. */
export const customHandler = `
const put = (url, body) => fetch(url, { method: 'PUT', body: JSON.stringify(body) })
export const handler = async (event) => {
  const { RequestId, StackId, LogicalResourceId, ResourceProperties, RequestType } = event
  if (RequestType === 'Create') await put(ResourceProperties.Signal, { Status: 'SUCCESS', UniqueId: 'a' })
  const Data = { Age: ResourceProperties.Age }
  await put(event.ResponseURL, { Status: 'SUCCESS', PhysicalResourceId: 'custom', RequestId, StackId, LogicalResourceId, Data })
}
`

/** The nested stack's template. */
export const childTemplate = {
  Parameters: { Age: { Type: 'String' } },
  Resources: {
    Inner: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'Age' } } },
  },
  Outputs: { Name: { Value: { Ref: 'Inner' } } },
}
