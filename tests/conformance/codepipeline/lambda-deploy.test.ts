/** Deployments of functions: at once, by a canary, step by step, held by alarms, under a role that holds their needs only. */
import {
  type ActionDeclaration,
  CreatePipelineCommand,
  type PipelineDeclaration,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, expect, it } from 'vitest'
import { pipelineNeeds } from '../../../src/pipeline/index.ts'
import { HUB } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { zip } from '../lambda/functions.ts'
import { rootCaller } from '../modelled-client.ts'
import { action, pipelineOf, s3Source } from './declarations.ts'
import { compare, grants } from './need-checks.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

const clock = new HandClock()
const source = (what: string) =>
  zip({ 'index.mjs': `export const handler = async () => ${JSON.stringify(what)}` })
let shop: Workshop
let key: string
let lambda: LambdaClient
let cloudwatch: ReturnType<typeof rootCaller>

beforeAll(async () => {
  shop = await openWorkshop({ clock })
  lambda = shop.client(LambdaClient)
  cloudwatch = rootCaller(shop.cloud, 'cloudwatch', { now: () => clock.now() })
  key = await shop.key()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  await shop.role('runner', 'lambda.amazonaws.com', [{ Action: 'logs:*' }])
})

/** A function with a published version, and an alias of it where one is named. */
async function functionOf(FunctionName: string, ...aliases: string[]): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: `arn:aws:iam::${HUB}:role/runner`,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile: source('before') },
    }),
  )
  await shop.cloud.settled()
  await lambda.send(new PublishVersionCommand({ FunctionName }))
  await shop.cloud.settled()
  for (const Name of aliases)
    await lambda.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion: '1' }))
}

/** A pipeline whose artifacts are encrypted with a key of its own. */
const piped = (name: string, role: string, stages: ActionDeclaration[][]): PipelineDeclaration => ({
  ...pipelineOf(name, role, 'artifacts', stages),
  artifactStore: { type: 'S3', location: 'artifacts', encryptionKey: { id: key, type: 'KMS' } },
})

/** Makes a pipeline that deploys the function under a role with its needs alone, and lets it run. */
async function deploy(name: string, configuration: Record<string, string>): Promise<PipelineDeclaration> {
  const role = `arn:aws:iam::${HUB}:role/${name}-pipeline`
  const pipeline = piped(name, role, [
    [s3Source('drops')],
    [
      action('Deploy', ['Deploy', 'Lambda'], {
        inputArtifacts: [{ name: 'SourceOutput' }],
        configuration: { FunctionName: name, ...configuration },
      }),
    ],
  ])
  await shop.role(`${name}-pipeline`, 'codepipeline.amazonaws.com', grants(needsOf(pipeline), role))
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body: source(name) }))
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
  return pipeline
}

const needsOf = (pipeline: PipelineDeclaration) =>
  pipelineNeeds(pipeline as never, {
    ...{ account: HUB, region: REGION },
    artifactBucketKeyArn: () => key,
    project: () => undefined,
  })

async function aliasOf(FunctionName: string, Name = 'live') {
  const { FunctionVersion, RoutingConfig } = await lambda.send(new GetAliasCommand({ FunctionName, Name }))
  return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights]
}

const deployed = async (name: string) => (await shop.runs(name)).find((one) => one.action === 'Deploy')

async function pass(minutes: number): Promise<void> {
  await clock.pass(minutes)
  await shop.cloud.settled()
}

async function alarm(AlarmName: string, StateValue = 'OK'): Promise<void> {
  await cloudwatch('PutMetricAlarm', {
    ...{ AlarmName, Namespace: 'App', MetricName: AlarmName, Statistic: 'Sum', Period: 60 },
    ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
    TreatMissingData: 'ignore',
  })
  await cloudwatch('SetAlarmState', { AlarmName, StateValue, StateReason: 'told so' })
  await shop.cloud.settled()
}

it('publishes a version alone where no alias is named', async () => {
  await functionOf('plain')
  await deploy('plain', {})
  expect(await deployed('plain')).toMatchObject({
    status: 'Succeeded',
    variables: { FunctionVersion: '2' },
    summary: 'Published as a version of plain: version 2',
  })
})

it('moves the alias at once, and what it calls it has needs for, and no others', async () => {
  await functionOf('atonce', 'live')
  shop.cloud.trail.clear()
  const pipeline = await deploy('atonce', { FunctionAlias: 'live' })
  expect(await deployed('atonce')).toMatchObject({
    status: 'Succeeded',
    summary: 'Deployed to atonce:live: version 2',
  })
  expect(await aliasOf('atonce')).toEqual(['2', undefined])
  expect(compare(needsOf(pipeline), shop.cloud.trail.entries())).toEqual({ ungranted: [], unused: [] })
})

it('changes nothing where the code is that of the version behind the alias', async () => {
  await functionOf('same', 'live')
  await deploy('same', { FunctionAlias: 'live' })
  await shop.codepipeline.send(new StartPipelineExecutionCommand({ name: 'same' }))
  await shop.cloud.settled()
  const runs = (await shop.runs('same')).filter((one) => one.action === 'Deploy')
  expect(runs.map((one) => one.variables?.FunctionVersion)).toEqual(['2', '2'])
})

it('lets a canary have its share for its minutes', async () => {
  await functionOf('canary', 'live')
  await deploy('canary', { FunctionAlias: 'live', DeployStrategy: 'Canary10Percent5Minutes' })
  expect(await aliasOf('canary')).toEqual(['1', { 2: 0.1 }])
  expect(await deployed('canary')).toMatchObject({
    status: 'InProgress',
    summary: '10 % of canary:live go to version 2',
  })
  await pass(4)
  expect(await aliasOf('canary')).toEqual(['1', { 2: 0.1 }])
  await pass(1)
  expect(await aliasOf('canary')).toEqual(['2', undefined])
  expect(await deployed('canary')).toMatchObject({ status: 'Succeeded', variables: { FunctionVersion: '2' } })
})

it('goes on step by step, also where the alias has provisioned concurrency', async () => {
  await functionOf('linear', 'live')
  await lambda.send(
    new PutProvisionedConcurrencyConfigCommand({
      ...{ FunctionName: 'linear', Qualifier: 'live', ProvisionedConcurrentExecutions: 1 },
    }),
  )
  await shop.cloud.settled()
  await deploy('linear', { FunctionAlias: 'live', DeployStrategy: 'Linear40PercentEvery2Minutes' })
  expect(await aliasOf('linear')).toEqual(['1', { 2: 0.4 }])
  await pass(2)
  expect(await aliasOf('linear')).toEqual(['1', { 2: 0.8 }])
  await pass(2)
  expect(await aliasOf('linear')).toEqual(['2', undefined])
})

it('takes the alias back as soon as an alarm says so, and fails with its name', async () => {
  await functionOf('alarmed', 'live')
  await alarm('errors')
  await alarm('latency')
  await deploy('alarmed', {
    FunctionAlias: 'live',
    DeployStrategy: 'Linear10PercentEvery1Minute',
    Alarms: 'errors, latency',
  })
  await pass(1)
  expect(await aliasOf('alarmed')).toEqual(['1', { 2: 0.2 }])
  await alarm('latency', 'ALARM')
  expect(await aliasOf('alarmed')).toEqual(['1', undefined])
  expect(await deployed('alarmed')).toMatchObject({
    status: 'Failed',
    error: { message: 'The deployment was stopped: in the state ALARM is latency' },
  })
  await pass(2)
  expect(await aliasOf('alarmed')).toEqual(['1', undefined])
})

it.each<[string, Record<string, string>, RegExp]>([
  ['unaliased', { FunctionAlias: 'none' }, /Cannot find alias arn: .*:unaliased:none/],
  ['halved', { FunctionAlias: 'live' }, /The alias live of the function halved has more than one version/],
  [
    'unwatched',
    { FunctionAlias: 'live', Alarms: 'nothing' },
    /There is no alarm nothing in the region us-east-1/,
  ],
])('fails where %s', async (name, configuration, message) => {
  await functionOf(name, 'live')
  if (name === 'halved') {
    const FunctionName = name
    await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body: source('half') }))
    await deploy('halved', {})
    await lambda.send(
      new UpdateAliasCommand({
        ...{ FunctionName, Name: 'live', RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } },
      }),
    )
  }
  const pipeline = name === 'halved' ? 'halved-again' : name
  await deploy(pipeline, { FunctionName: name, ...configuration })
  expect(await deployed(pipeline)).toMatchObject({
    status: 'Failed',
    error: { message: expect.stringMatching(message) },
  })
})

it('jumps an alias back to a published version, without an artifact', async () => {
  await functionOf('jump', 'live')
  await deploy('jump', { FunctionAlias: 'live' })
  expect(await aliasOf('jump')).toEqual(['2', undefined])
  const role = `arn:aws:iam::${HUB}:role/jump-back`
  const pipeline = piped('jump-back', role, [
    [s3Source('drops')],
    [
      action('Deploy', ['Deploy', 'Lambda'], {
        configuration: {
          FunctionName: 'jump',
          FunctionAlias: 'live',
          PublishedTargetVersion: '#{variables.Version}',
        },
      }),
    ],
  ])
  const declared = { ...pipeline, variables: [{ name: 'Version', defaultValue: '1' }] }
  await shop.role('jump-back', 'codepipeline.amazonaws.com', grants(needsOf(declared), role))
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: declared }))
  await shop.cloud.settled()
  expect(await deployed('jump-back')).toMatchObject({
    status: 'Succeeded',
    variables: { FunctionVersion: '1' },
  })
  expect(await aliasOf('jump')).toEqual(['1', undefined])
})
