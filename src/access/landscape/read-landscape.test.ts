import { expect, test } from 'vitest'
import { readDocument } from '../../template/index.ts'
import type { PlacedTemplate } from './placed-template.ts'
import { readLandscape } from './read-landscape.ts'

const HERE = { account: '111111111111', region: 'eu-west-1' }

const placed = (text: string, more: Partial<PlacedTemplate> = {}): PlacedTemplate => ({
  stack: 'app',
  target: HERE,
  template: readDocument(text).template,
  ...more,
})

const bucketsOf = (text: string, more?: Partial<PlacedTemplate>) => [
  ...readLandscape([placed(text, more)]).buckets.keys(),
]

test('names come from functions, parameters, mappings and conditions', () => {
  const names = bucketsOf(
    `
Parameters:
  Stage: { Type: String }
  Size: { Type: String, Default: small }
  Names: { Type: CommaDelimitedList, Default: "one, two" }
Mappings:
  Sizes: { small: { Letter: s }, large: { Letter: l } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsSmallTest: !And [!Not [!Condition IsProd], !Equals [!Ref Size, small]]
Resources:
  Sub: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "\${Stage}-\${AWS::Region}-\${!kept}" } }
  OwnSub: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub ["\${A}-\${Stage}", { A: !Select [1, !Ref Names] }] } }
  Join: { Type: AWS::S3::Bucket, Properties: { BucketName: !Join ["-", [a, !Ref "AWS::AccountId"]] } }
  Map: { Type: AWS::S3::Bucket, Properties: { BucketName: !FindInMap [Sizes, !Ref Size, Letter] } }
  If: { Type: AWS::S3::Bucket, Properties: { BucketName: !If [IsProd, real, play] } }
  Split: { Type: AWS::S3::Bucket, Properties: { BucketName: !Select [0, !Split ["/", "first/second"]] } }
  Made: { Type: AWS::S3::Bucket, Condition: IsSmallTest }
  Left: { Type: AWS::S3::Bucket, Condition: IsProd }
`,
    { parameters: { Stage: 'test' } },
  )
  expect(names).toEqual([
    'test-eu-west-1-${kept}',
    'two-test',
    'a-111111111111',
    's',
    'play',
    'first',
    'app-made-<made up for Made>',
  ])
})

test('what nobody knows is a stand-in, and the parameter is noted', () => {
  const landscape = readLandscape([
    placed(`
Parameters: { Name: { Type: String } }
Resources:
  A: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "x-\${Name}" } }
  B: { Type: AWS::S3::Bucket, Properties: { BucketName: !GetAtt Other.Thing } }
`),
  ])
  expect([...landscape.buckets.keys()]).toEqual(['x-<Name of app>', '<Other.Thing of app>'])
  expect(landscape.gaps).toMatchObject([{ kind: 'parameter', name: 'Name', origin: { stack: 'app' } }])
})

test('outputs travel between stacks: by reference, in lists, and by export', () => {
  const giver = placed(
    `
Resources: { Key: { Type: AWS::KMS::Key, Properties: {} } }
Outputs:
  Arn: { Value: !GetAtt Key.Arn, Export: { Name: !Sub "\${AWS::StackName}-key" } }
`,
    { stack: 'giver' },
  )
  const reference = { stack: 'giver', target: HERE, output: 'Arn' }
  const taker = placed(
    `
Parameters: { Key: { Type: String }, Keys: { Type: CommaDelimitedList } }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }
      Policies:
        - PolicyName: keys
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - { Effect: Allow, Action: kms:Decrypt, Resource: !Ref Key }
              - { Effect: Allow, Action: kms:Decrypt, Resource: !Ref Keys }
              - { Effect: Allow, Action: kms:Decrypt, Resource: !ImportValue giver-key }
`,
    { stack: 'taker', parametersFrom: { Key: reference, Keys: [reference, 'other'] } },
  )
  const { roles } = readLandscape([taker, giver])
  const arn = 'arn:aws:kms:eu-west-1:111111111111:key/<Key of giver>'
  const [policy] = roles.get('arn:aws:iam::111111111111:role/reader')!.policies
  const statements = [policy!.policy.document.Statement].flat()
  expect(statements.map(({ Resource }) => Resource)).toEqual([arn, [arn, 'other'], arn])
})

test('policies find their roles: inline, apart, managed, of AWS, and as boundary', () => {
  const { roles, notes } = readLandscape([
    placed(`
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
      Path: /team/
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }
      ManagedPolicyArns: [!Ref Managed, "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/Obscure"]
      PermissionsBoundary: !Ref Managed
  Apart:
    Type: AWS::IAM::Policy
    Properties: { PolicyName: apart, Roles: [!Ref Role], PolicyDocument: { Version: "2012-10-17", Statement: [] } }
  Attached:
    Type: AWS::IAM::ManagedPolicy
    Properties: { Roles: [worker], PolicyDocument: { Version: "2012-10-17", Statement: [] } }
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties: { ManagedPolicyName: limits, PolicyDocument: { Version: "2012-10-17", Statement: [] } }
  Lost:
    Type: AWS::IAM::Policy
    Properties: { PolicyName: lost, Roles: [nobody], PolicyDocument: { Version: "2012-10-17", Statement: [] } }
`),
  ])
  const role = roles.get('arn:aws:iam::111111111111:role/team/worker')!
  expect(role.policies.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'inline apart',
    'managed arn:aws:iam::111111111111:policy/app-Attached-<made up for Attached>',
    'managed arn:aws:iam::111111111111:policy/limits',
    'aws arn:aws:iam::aws:policy/AdministratorAccess',
  ])
  expect(role.boundary?.origin.logicalId).toBe('Managed')
  expect(role.unreadable).toEqual(['arn:aws:iam::aws:policy/Obscure'])
  expect(notes.join('\n')).toContain(
    'arn:aws:iam::aws:policy/Obscure of arn:aws:iam::111111111111:role/team/worker',
  )
  expect(notes.join('\n')).toContain('lost is attached to the role nobody, which is in no template')
})

test('a document that is no policy is a note, not a crash', () => {
  const { buckets, notes } = readLandscape([
    placed(`
Resources:
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: b } }
  Policy: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: b, PolicyDocument: { Statments: [] } } }
`),
  ])
  expect(buckets.get('b')?.policy).toBeUndefined()
  expect(notes).toEqual([
    'The bucket policy of arn:aws:s3:::b is no policy: Unknown element "Statments" in the policy document',
  ])
})

test('rules start pipelines, also through the bus of another account', () => {
  const own = placed(
    `
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: pushed
      Targets: [{ Id: a, Arn: "arn:aws:codepipeline:eu-west-1:111111111111:orders", RoleArn: "arn:aws:iam::111111111111:role/start" }]
  Policy:
    Type: AWS::Events::EventBusPolicy
    Properties: { StatementId: Code, Action: events:PutEvents, Principal: "222222222222" }
  Organization:
    Type: AWS::Events::EventBusPolicy
    Properties:
      StatementId: Organization
      Statement: { Effect: Allow, Principal: "*", Action: events:PutEvents, Resource: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": o-a1b2c3d4e5 } } }
`,
  )
  const abroad = placed(
    `
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties: { Name: forward, Targets: [{ Id: a, Arn: "arn:aws:events:eu-west-1:111111111111:event-bus/default" }] }
`,
    { stack: 'code', target: { ...HERE, account: '222222222222' } },
  )
  const { starts, resourcePolicies } = readLandscape([abroad, own])
  const pipeline = 'arn:aws:codepipeline:eu-west-1:111111111111:orders'
  const bus = 'arn:aws:events:eu-west-1:111111111111:event-bus/default'
  expect(starts).toMatchObject([
    { pipeline, role: 'arn:aws:iam::111111111111:role/start' },
    { pipeline, bus, account: '222222222222', rule: 'arn:aws:events:eu-west-1:222222222222:rule/forward' },
  ])
  expect(resourcePolicies.get(bus)?.policy.document.Statement).toMatchObject([
    { Sid: 'Code', Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Resource: bus },
    { Principal: '*' },
  ])
})

test('services of ECS lead to roles and images, topics to their key', () => {
  const { services, taskRoles, topicKeys } = readLandscape([
    placed(`
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: orders
      ExecutionRoleArn: arn:aws:iam::111111111111:role/pull
      ContainerDefinitions:
        - { Name: app, Image: !Sub "\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.amazonaws.com/orders:1" }
        - { Name: proxy, Image: nginx }
  Service:
    Type: AWS::ECS::Service
    Properties: { ServiceName: orders, Cluster: shop, TaskDefinition: !Ref Task }
  Topic:
    Type: AWS::SNS::Topic
    Properties: { TopicName: approvals, KmsMasterKeyId: alias/topics }
`),
  ])
  const taskDefinition = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/orders:<Task of app>'
  expect(services).toMatchObject([{ cluster: 'shop', name: 'orders', taskDefinition }])
  expect(taskRoles).toMatchObject([
    {
      taskDefinition,
      executionRole: 'arn:aws:iam::111111111111:role/pull',
      repositories: ['arn:aws:ecr:eu-west-1:111111111111:repository/orders'],
    },
  ])
  expect([...topicKeys]).toEqual([['arn:aws:sns:eu-west-1:111111111111:approvals', 'alias/topics']])
})

test('resources without names are told apart, however long the names of stack and resource', () => {
  const made = placed(
    `
Resources:
  FunctionOfOrdersThatAreTakenBack: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
  FunctionOfOrdersThatAreTakenAway: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
  Store: { Type: AWS::S3::Bucket }
`,
    { stack: 'a-stack-with-a-name-that-leaves-no-room-for-what-its-roles-are' },
  )
  const elsewhere = { ...made, target: { ...HERE, region: 'us-east-1' } }
  const { roles, buckets } = readLandscape([made, elsewhere])
  expect([roles.size, buckets.size]).toEqual([4, 2])
})

test('parameters without values of two stacks of one name are two', () => {
  const text = `
Parameters: { Stage: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "\${Stage}-store" } }
`
  const elsewhere = { account: '222222222222', region: 'eu-west-1' }
  const { buckets } = readLandscape([placed(text), placed(text, { target: elsewhere })])
  expect([...buckets].map(([name, { account }]) => [name, account])).toEqual([
    ['<Stage of app>-store', HERE.account],
    ['<Stage of app, 2>-store', elsewhere.account],
  ])
})
