/** `crossdock doctor` on what starts live pipelines: the rule of a bucket's uploads, and a repository of images. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation'
import { DeleteRepositoryPolicyCommand, ECRClient } from '@aws-sdk/client-ecr'
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge'
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isFailed, lint, prove, readLivePipeline } from '../../src/access/index.ts'
import { type Example, openExample, type Shipment, ship } from './ship.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }

let example: Example
let shipment: Shipment

beforeAll(async () => {
  example = await openExample('web', 'web', 'example/web')
  shipment = await ship(example)
}, 60_000)
afterAll(async () => {
  await shipment?.end()
  await example?.remove()
})

async function look(name: string) {
  const live = await readLivePipeline(shipment.accounts, { ...HUB, name })
  return { ...live, edges: prove(live.landscape).edges }
}

test('the rule and its role are proven', async () => {
  const { edges, findings, unread, landscape } = await look('web-web')
  expect([unread, findings, edges.filter(({ verdict }) => verdict !== 'allowed')]).toEqual([[], [], []])
  const started = edges.filter(({ uses }) => uses.some(({ stage }) => stage === 'start'))
  expect(started.map(({ need }) => need.action).sort()).toEqual([
    'codepipeline:StartPipelineExecution',
    'sts:AssumeRole',
  ])
  expect(landscape.starts[0]?.origin.stack).toBe('crossdock-web-web')
})

test('a rule that is switched off is a finding', async () => {
  const events = await shipment.accounts.client(EventBridgeClient, HUB)
  const { Rules = [] } = await events.send(new ListRulesCommand({}))
  for (const { Name } of Rules) await events.send(new DisableRuleCommand({ Name }))
  const { landscape } = await look('web-web')
  const proof = prove(landscape)
  expect(lint({ landscape, proof, complete: false }).map(({ rule }) => rule)).toContain('start-rule-disabled')
})

test('a rule whose role was deleted starts nothing', async () => {
  const { landscape } = await look('web-web')
  const arn = landscape.starts[0]!.role!
  const RoleName = arn.slice(arn.lastIndexOf('/') + 1)
  const iam = await shipment.accounts.client(IAMClient, HUB)
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
  for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
  await iam.send(new DeleteRoleCommand({ RoleName }))
  const failed = (await look('web-web')).edges.filter(isFailed)
  expect(failed.map(({ need }) => need.action).sort()).toEqual([
    'codepipeline:StartPipelineExecution',
    'sts:AssumeRole',
  ])
  for (const { failure } of failed) expect(failure?.close).toEqual([`the role ${arn} does not exist`])
})

const IMAGES = `
Resources:
  Repository:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: shop/orders
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement:
          - { Sid: Closed, Effect: Deny, Principal: "*", Action: "ecr:DescribeImages" }
  Store: { Type: AWS::S3::Bucket, Properties: { BucketName: images-store-111111111111 } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: images-pipeline
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Principal: { Service: codepipeline.amazonaws.com }, Action: "sts:AssumeRole" }
      Policies:
        - PolicyName: all
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{ Effect: Allow, Action: ["s3:*", "ecr:*"], Resource: "*" }]
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Name: images
      RoleArn: !GetAtt Role.Arn
      ArtifactStore: { Type: S3, Location: !Ref Store }
      Stages:
        - Name: Source
          Actions:
            - Name: Image
              ActionTypeId: { Category: Source, Owner: AWS, Provider: ECR, Version: "1" }
              Configuration: { RepositoryName: !Ref Repository }
              OutputArtifacts: [{ Name: Image }]
        - Name: Ask
          Actions:
            - Name: Ask
              ActionTypeId: { Category: Approval, Owner: AWS, Provider: Manual, Version: "1" }
`

test('the policy of an image repository is read, and one without a policy too', async () => {
  const client = await shipment.accounts.client(CloudFormationClient, HUB)
  const named = { StackName: 'images' }
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const]
  await client.send(new CreateStackCommand({ ...named, TemplateBody: IMAGES, Capabilities }))
  for (;;) {
    const { Stacks } = await client.send(new DescribeStacksCommand(named))
    if (Stacks![0]!.StackStatus === 'CREATE_COMPLETE') break
    expect(Stacks![0]!.StackStatus).toBe('CREATE_IN_PROGRESS')
    await sleep(20)
  }
  const arn = 'arn:aws:ecr:us-east-1:111111111111:repository/shop/orders'
  const denied = await look('images')
  expect(denied.edges.filter(isFailed)).toMatchObject([
    {
      need: { action: 'ecr:DescribeImages', resource: arn },
      failure: {
        saidNo: `repository policy of ${arn}, statement "Closed"`,
        remedies: [{ origin: { stack: 'images', logicalId: 'Repository' } }],
      },
    },
  ])
  expect(denied.findings.map(({ rule }) => rule)).toContain('nothing-starts-pipeline')
  const ecr = await shipment.accounts.client(ECRClient, HUB)
  await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName: 'shop/orders' }))
  const { edges, unread } = await look('images')
  expect([edges.filter(isFailed), unread]).toEqual([[], []])
})
