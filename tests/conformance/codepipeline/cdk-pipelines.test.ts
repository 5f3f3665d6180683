/** Pipelines as AWS CDK writes them, deployed by stacks and run: what is proven of them runs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodePipelineClient, ListPipelinesCommand } from '@aws-sdk/client-codepipeline'
import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { beforeAll, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'cases', 'cdk-pipelines')
const TEMPLATE = { Resources: { Group: { Type: 'AWS::Logs::LogGroup' } }, Outputs: { A: { Value: 'a' } } }

let source: Uint8Array

beforeAll(async () => {
  source = await pack([
    { name: 'app.txt', content: Buffer.from('app') },
    { name: 'template.json', content: Buffer.from(JSON.stringify(TEMPLATE)) },
  ])
})

/** Deploys the stacks of an app, those of other accounts first. */
async function deploy(shop: Workshop, app: string): Promise<void> {
  const files = readdirSync(join(FOLDER, app)).sort().reverse()
  for (const file of files) {
    const [account = '', region = '', name = ''] = file.split('.')
    const bootstrapped = {
      Name: '/cdk-bootstrap/hnb659fds/version',
      Value: '21',
      Type: 'String',
      Overwrite: true,
    }
    await shop.client(SSMClient, { account, region }).send(new PutParameterCommand(bootstrapped as never))
    const stack = await driveStacks(shop, { account, region }).create(
      name,
      readFileSync(join(FOLDER, app, file), 'utf8'),
      { Capabilities: ['CAPABILITY_NAMED_IAM'] },
    )
    expect(stack.StackStatus, stack.StackStatusReason).toBe('CREATE_COMPLETE')
  }
}

it.each([
  's3-to-s3',
  's3-to-s3-acl',
  's3-to-s3-key',
  'build-and-test',
  'pipeline-role-for-actions',
  'stack-update-and-delete',
  'stack-outputs',
  'stack-with-action-role',
  'stack-of-another-account',
  'stack-of-another-region',
])('%s', async (app) => {
  const shop = await openWorkshop()
  await deploy(shop, app)
  const { Buckets = [] } = await shop.s3.send(new ListBucketsCommand({}))
  const Bucket = Buckets.map(({ Name = '' }) => Name).find((name) => name.startsWith('hub-sources'))
  await shop.s3.send(new PutObjectCommand({ Bucket, Key: 'app.zip', Body: source }))
  await shop.cloud.settled()
  const { pipelines } = await shop.client(CodePipelineClient).send(new ListPipelinesCommand({}))
  const { name = '' } = pipelines![0]!
  const stages = Object.values(await shop.state(name))
  const runs = await shop.runs(name)
  expect(
    stages.map(({ status }) => status),
    runs.map(({ error }) => error?.message).join('\n'),
  ).toEqual(stages.map(() => 'Succeeded'))
})
