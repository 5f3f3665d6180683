/** CDK Pipelines: an application that deploys itself across accounts, after having brought its own pipeline up to date. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  CodePipelineClient,
  GetPipelineStateCommand,
  ListPipelinesCommand,
} from '@aws-sdk/client-codepipeline'
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { zipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { driveCdk, hasCdk } from './cdk.ts'

const MINUTES = 60_000

const application = (word: string, isMore: boolean) => `
const { App, RemovalPolicy, Stack, Stage } = require('aws-cdk-lib')
const { Bucket } = require('aws-cdk-lib/aws-s3')
const { StringParameter } = require('aws-cdk-lib/aws-ssm')
const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda')
const { CodePipeline, CodePipelineSource, ShellStep } = require('aws-cdk-lib/pipelines')

class Shop extends Stage {
  constructor(scope, id, account) {
    super(scope, id, { env: { account, region: 'us-east-1' } })
    const stack = new Stack(this, 'Shop')
    new StringParameter(stack, 'Word', { parameterName: 'word', stringValue: '${word}' })
    new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true })
    new Function(stack, 'Function', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(__dirname + '/function'),
    })
  }
}
const app = new App()
const stack = new Stack(app, 'Pipe', { env: { account: '${HUB}', region: 'us-east-1' } })
const input = CodePipelineSource.s3(Bucket.fromBucketName(stack, 'Source', 'sources'), 'app.zip')
const pipeline = new CodePipeline(stack, 'Pipeline', {
  crossAccountKeys: true,
  synth: new ShellStep('Synth', {
    input,
    commands: ['cdk synth -q'],
    env: { NODE_PATH: '${join(process.env.CROSSDOCK_CDK ?? '', 'node_modules')}' },
  }),
})
pipeline.addStage(new Shop(app, 'Here', '${HUB}'))
pipeline.addStage(new Shop(app, 'There', '${DEV}'), ${
  isMore ? "{ pre: [new ShellStep('Extra', { commands: ['echo extra'] })] }" : '{}'
})
`

describe.skipIf(!hasCdk)('CDK Pipelines (skipped: CROSSDOCK_CDK names no folder with the CDK)', async () => {
  const test = await startTestCloud()
  const { bootstrap, cdk, folder, write } = driveCdk(test)
  const s3 = test.client(S3Client, { forcePathStyle: true })
  const codepipeline = test.client(CodePipelineClient)

  async function push(): Promise<void> {
    const files = ['app.js', 'cdk.json', 'function'].flatMap((name) => filesIn(join(folder, name)))
    const entries = files.map((file) => [relative(folder, file), readFileSync(file)])
    const Body = zipSync(Object.fromEntries(entries))
    await s3.send(new PutObjectCommand({ Bucket: 'sources', Key: 'app.zip', Body }))
  }

  /** What each action came to, once nothing is at work any more. */
  async function actions(): Promise<string[]> {
    await test.cloud.settled()
    const { pipelines = [] } = await codepipeline.send(new ListPipelinesCommand({}))
    const { stageStates = [] } = await codepipeline.send(
      new GetPipelineStateCommand({ name: pipelines[0]!.name }),
    )
    return stageStates.flatMap(({ stageName, actionStates = [] }) =>
      actionStates.map(({ actionName, latestExecution: one }) =>
        `${stageName} ${actionName} ${one?.status} ${one?.errorDetails?.message ?? ''}`.trim(),
      ),
    )
  }

  beforeAll(async () => {
    write({
      'cdk.json': '{"app":"node app.js"}',
      'app.js': application('one', false),
      'function/index.js': 'exports.handler = async () => ({})',
    })
    await bootstrap()
    await s3.send(new CreateBucketCommand({ Bucket: 'sources' }))
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await s3.send(new PutBucketVersioningCommand({ Bucket: 'sources', VersioningConfiguration }))
  }, 5 * MINUTES)

  it(
    'runs to its end in both accounts, and takes on the stages that a push brings',
    async () => {
      await push()
      await cdk('deploy', 'Pipe', '--require-approval', 'never')
      const first = await actions()
      expect(first).toContain('There Deploy Succeeded')
      expect(first.filter((one) => !one.endsWith('Succeeded'))).toEqual([])
      write({ 'app.js': application('two', true) })
      await push()
      const second = await actions()
      expect(second).toContain('There Extra Succeeded')
      expect(second.filter((one) => !one.endsWith('Succeeded'))).toEqual([])
      const ssm = test.client(SSMClient, { account: DEV })
      expect((await ssm.send(new GetParameterCommand({ Name: 'word' }))).Parameter?.Value).toBe('two')
    },
    10 * MINUTES,
  )
})

const filesIn = (path: string): string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path]
