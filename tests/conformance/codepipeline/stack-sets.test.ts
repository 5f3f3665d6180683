/** Pipelines that deploy stack sets: the set first, further stacks of it later. */
import {
  CloudFormationClient,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
} from '@aws-sdk/client-cloudformation'
import {
  type ActionDeclaration,
  CreatePipelineCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { DEV, HUB } from '../cloud.ts'
import { action, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

const PROD = '333333333333'
const EXECUTION = 'AWSCloudFormationStackSetExecutionRole'
let shop: Workshop
let role: string
const inputArtifacts = [{ name: 'SourceOutput' }]

async function put(value: string): Promise<void> {
  const template = JSON.stringify({
    Parameters: { Word: { Type: 'String' } },
    Resources: {
      Told: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::Sub': `${value} of \${Word}` } },
      },
    },
  })
  const files = {
    'set.json': template,
    'parameters.json': '[{"ParameterKey":"Word","ParameterValue":"file"}]',
    'accounts.json': JSON.stringify([DEV]),
  }
  const packed = Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content) }))
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body: await pack(packed) }))
}

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const admin = await shop.role(
    'AWSCloudFormationStackSetAdministrationRole',
    'cloudformation.amazonaws.com',
    [{ Action: 'sts:AssumeRole', Resource: `arn:aws:iam::*:role/${EXECUTION}` }],
  )
  for (const account of [DEV, PROD])
    await shop.role(EXECUTION, admin, [{ Action: ['cloudformation:*', 'ssm:*'] }], account)
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: 's3:*' },
    { Action: 'cloudformation:*', Resource: `arn:aws:cloudformation:us-east-1:${HUB}:stackset/*` },
  ])
})

const set = (StackSetName: string, more: Record<string, string> = {}): ActionDeclaration =>
  action('Set', ['Deploy', 'CloudFormationStackSet'], {
    configuration: {
      StackSetName,
      TemplatePath: 'SourceOutput::set.json',
      Parameters: 'ParameterKey=Word,ParameterValue=short',
      ...more,
    },
    inputArtifacts,
    namespace: 'Set',
  })

const more = (StackSetName: string, configuration: Record<string, string>): ActionDeclaration =>
  action('More', ['Deploy', 'CloudFormationStackInstances'], {
    configuration: { StackSetName, ...configuration },
    inputArtifacts,
  })

async function create(name: string, ...actions: ActionDeclaration[]) {
  const stages = [[s3Source('drops')], ...actions.map((one) => [one])]
  await shop.codepipeline.send(
    new CreatePipelineCommand({ pipeline: pipelineOf(name, role, 'artifacts', stages) }),
  )
  await shop.cloud.settled()
  return shop.runs(name)
}

async function instances(StackSetName: string) {
  const { Summaries = [] } = await shop
    .client(CloudFormationClient)
    .send(new ListStackInstancesCommand({ StackSetName }))
  return Summaries.map(({ Account, Region, Status }) => `${Account} ${Region} ${Status}`).sort()
}

it('a set is made and deployed, more stacks follow, and a change reaches them in turn', async () => {
  await put('first')
  const runs = await create(
    'waves',
    set('waves', { DeploymentTargets: 'SourceOutput::accounts.json', Regions: 'us-east-1' }),
    more('waves', { DeploymentTargets: `${DEV},${PROD}`, Regions: 'us-east-1,eu-west-1' }),
  )
  expect(runs.map(({ status, error }) => error ?? status)).toEqual(['Succeeded', 'Succeeded', 'Succeeded'])
  expect(runs[1]!.variables).toEqual({
    StackSetId: expect.stringMatching(/^waves:/),
    OperationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  const all = [DEV, PROD].flatMap((one) => [`${one} eu-west-1 CURRENT`, `${one} us-east-1 CURRENT`])
  expect(await instances('waves')).toEqual(all)
  await put('second')
  const { pipelineExecutionId } = await shop.codepipeline.send(
    new StartPipelineExecutionCommand({ name: 'waves' }),
  )
  await shop.cloud.settled()
  const again = await shop.runs('waves', pipelineExecutionId)
  expect(again.map(({ status, error }) => error ?? status)).toEqual(['Succeeded', 'Succeeded', 'Succeeded'])
  expect(await instances('waves')).toEqual(all)
})

it('a set without targets has no stacks, and parameters may come from a file', async () => {
  await put('third')
  const runs = await create('alone', set('alone', { Parameters: 'SourceOutput::parameters.json' }))
  expect(runs[1]).toMatchObject({
    status: 'Succeeded',
    variables: { StackSetId: expect.stringMatching(/^alone:/) },
  })
  const { StackSet } = await shop
    .client(CloudFormationClient)
    .send(new DescribeStackSetCommand({ StackSetName: 'alone' }))
  expect(StackSet?.Parameters).toEqual([{ ParameterKey: 'Word', ParameterValue: 'file' }])
  expect(await instances('alone')).toEqual([])
})

it('an action fails with its operation', async () => {
  const runs = await create(
    'failing',
    set('failing', { DeploymentTargets: '444444444444', Regions: 'us-east-1' }),
  )
  expect(runs[1]).toMatchObject({
    status: 'Failed',
    error: { code: 'JobFailed', message: expect.stringContaining('FAILED: 1 stack instance(s) failed') },
  })
})
