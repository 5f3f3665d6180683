/** Commands as actions and rules, under roles that hold their needs and nothing else. */
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CodeBuildClient, ListBuildsCommand } from '@aws-sdk/client-codebuild'
import { CreatePipelineCommand, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { beforeAll, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import type { PipelineDeclaration } from '../../../src/model/index.ts'
import { pipelineNeeds } from '../../../src/pipeline/index.ts'
import { HUB } from '../cloud.ts'
import { action, pipelineOf, s3Source } from './declarations.ts'
import { compare, grants } from './need-checks.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

const roleOf = (pipeline: string) => `arn:aws:iam::${HUB}:role/${pipeline}-role`
let shop: Workshop
let key: string

beforeAll(async () => {
  shop = await openWorkshop()
  key = await shop.key()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const Body = await pack([{ name: 'greeting.txt', content: Buffer.from('hello') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  await shop
    .client(SecretsManagerClient)
    .send(new CreateSecretCommand({ Name: 'tokens', SecretString: JSON.stringify({ api: 'very secret' }) }))
})

const surroundings = () => ({
  account: HUB,
  region: REGION,
  artifactBucketKeyArn: () => key,
  project: () => undefined,
})

function declared(name: string, lines: string[], more = {}): PipelineDeclaration {
  const first = action('Run', ['Compute', 'Commands'], {
    commands: lines,
    inputArtifacts: [{ name: 'SourceOutput' }],
    outputArtifacts: [{ name: 'Made', files: ['made/**'] }],
    outputVariables: ['ANSWER'],
    namespace: 'Ran',
    environmentVariables: [
      { name: 'KEY', value: '#{Fetched.ObjectKey}' },
      { name: 'TOKEN', value: 'tokens:api', type: 'SECRETS_MANAGER' },
    ],
    ...more,
  })
  const second = action('Look', ['Compute', 'Commands'], {
    commands: ['cat made/greeting.txt', 'test "#{Ran.ANSWER}" = 42'],
    inputArtifacts: [{ name: 'Made' }],
  })
  const pipeline = pipelineOf(name, roleOf(name), 'artifacts', [[s3Source('drops')], [first], [second]], {
    artifactStore: { type: 'S3', location: 'artifacts', encryptionKey: { id: key, type: 'KMS' } },
  }) as PipelineDeclaration
  const [source, run, look] = pipeline.stages
  const gate = {
    name: 'Gate',
    ruleTypeId: { category: 'Rule' as const, owner: 'AWS' as const, provider: 'Commands', version: '1' },
    commands: ['grep -q hello made/greeting.txt'],
    inputArtifacts: [{ name: 'Made' }],
  }
  const onSuccess = { conditions: [{ result: 'FAIL' as const, rules: [gate] }] }
  return { ...pipeline, stages: [source!, { ...run!, onSuccess }, look!] }
}

/** Runs a pipeline under a role that holds its needs. */
async function run(pipeline: PipelineDeclaration) {
  const needs = pipelineNeeds(pipeline, surroundings())
  await shop.role(`${pipeline.name}-role`, 'codepipeline.amazonaws.com', grants(needs, pipeline.roleArn))
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: pipeline as never }))
  await shop.cloud.settled()
  const { pipelineExecutionSummaries = [] } = await shop.codepipeline.send(
    new ListPipelineExecutionsCommand({ pipelineName: pipeline.name }),
  )
  return pipelineExecutionSummaries[0]!
}

const COMMANDS = [
  'test "$TOKEN" = "very secret" && echo "the key is $KEY"',
  'mkdir made && cp greeting.txt made/',
  'export ANSWER=42',
]

it('run with what the needs say and nothing more, hand on files and variables, and gate a stage', async () => {
  const pipeline = declared('commands', COMMANDS)
  const needs = pipelineNeeds(pipeline, surroundings())
  const { status, statusSummary } = await run(pipeline)
  expect([status, statusSummary]).toEqual(['Succeeded', undefined])
  const runs = await shop.runs('commands')
  expect(runs.find(({ action: name }) => name === 'Run')).toMatchObject({ variables: { ANSWER: '42' } })
  const { ungranted } = compare(needs, shop.cloud.trail.entries())
  // The secret lies under AWS's own key, whose policy lets the account's principals use it.
  expect(ungranted.filter((one) => !one.includes('kms:Decrypt') || one.endsWith(key))).toEqual([])
})

it('write into the log group of the pipeline', async () => {
  const { events = [] } = await shop
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: '/aws/codepipeline/commands' }))
  const text = events.map(({ message }) => message).join('')
  expect(text).toContain('the key is app.zip')
  expect(text).not.toContain('very secret')
})

it('are no builds of the account', async () => {
  expect((await shop.client(CodeBuildClient).send(new ListBuildsCommand({}))).ids).toEqual([])
})

it('fail with their first command that fails', async () => {
  const failed = await run(declared('failing', ['false', 'echo never']))
  expect(failed).toMatchObject({
    status: 'Failed',
    statusSummary: expect.stringMatching(
      /Action Run in stage Stage1 failed: Build terminated with state: FAILED/,
    ),
  })
})

it('are refused for what this machine is not', async () => {
  const windows = { configuration: { EnvironmentType: 'WINDOWS_SERVER_2022_CONTAINER' } }
  await expect(run(declared('windows', ['dir'], windows))).rejects.toThrow(
    /does not support the environment WINDOWS_SERVER_2022_CONTAINER of the action Run/,
  )
})
