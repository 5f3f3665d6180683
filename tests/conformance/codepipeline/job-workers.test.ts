/** Custom action types and those of partners: jobs are polled for, taken, looked at and ended by job workers. */
import {
  AcknowledgeJobCommand,
  AcknowledgeThirdPartyJobCommand,
  type ActionDeclaration,
  CodePipelineClient,
  CreateCustomActionTypeCommand,
  type CreateCustomActionTypeCommandInput,
  CreatePipelineCommand,
  DeleteCustomActionTypeCommand,
  GetActionTypeCommand,
  GetJobDetailsCommand,
  GetPipelineCommand,
  GetPipelineStateCommand,
  GetThirdPartyJobDetailsCommand,
  ListActionExecutionsCommand,
  ListActionTypesCommand,
  PollForJobsCommand,
  PollForThirdPartyJobsCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  PutThirdPartyJobSuccessResultCommand,
  UpdateActionTypeCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { DEV, HUB } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

const HOUR = 60
const forge = { category: 'Build' as const, owner: 'Custom' as const, provider: 'Forge', version: '1' }
const partner = { category: 'Test' as const, owner: 'ThirdParty' as const, provider: 'Probe', version: '1' }

let shop: Workshop
let role: string
const clock = new HandClock()

const typeInput = (
  more: Partial<CreateCustomActionTypeCommandInput> = {},
): CreateCustomActionTypeCommandInput => ({
  category: 'Build',
  provider: 'Forge',
  version: '1',
  settings: {
    entityUrlTemplate: 'https://forge.example/{Config:Project}',
    executionUrlTemplate: 'https://forge.example/{Config:Project}/{ExternalExecutionId}',
  },
  configurationProperties: [
    { name: 'Project', required: true, key: true, secret: false, queryable: true },
    { name: 'Password', required: false, key: false, secret: true, type: 'String' },
  ],
  inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
  outputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
  ...more,
})

beforeAll(async () => {
  shop = await openWorkshop({ clock })
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: ['s3:*'] }])
  await shop.codepipeline.send(
    new CreateCustomActionTypeCommand(typeInput({ tags: [{ key: 'team', value: 'a' }] })),
  )
})

const worked = (Project: string, more: Partial<ActionDeclaration> = {}): ActionDeclaration => ({
  name: 'Work',
  actionTypeId: forge,
  configuration: { Project, Password: 'secret' },
  inputArtifacts: [{ name: 'SourceOutput' }],
  outputArtifacts: [{ name: 'Made' }],
  namespace: 'Said',
  ...more,
})

async function start(name: string, action = worked(name)): Promise<void> {
  const pipeline = pipelineOf(name, role, 'artifacts', [[s3Source('drops')], [action]])
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
}

const poll = async (Project: string) =>
  (
    await shop.codepipeline.send(
      new PollForJobsCommand({ actionTypeId: forge, queryParam: { Project }, maxBatchSize: 1 }),
    )
  ).jobs ?? []

async function take(project: string) {
  const [job] = await poll(project)
  await shop.codepipeline.send(new AcknowledgeJobCommand({ jobId: job!.id, nonce: job!.nonce }))
  return job!
}

const last = async (name: string) => (await shop.runs(name)).at(-1)

describe('a custom action', () => {
  it('is done by whoever polls, with credentials for its artifacts alone', async () => {
    await start('done')
    const { id: jobId, data } = await take('done')
    expect(data).toMatchObject({
      actionTypeId: forge,
      actionConfiguration: { configuration: { Project: 'done', Password: 'secret' } },
      pipelineContext: { pipelineName: 'done', stage: { name: 'Stage1' }, action: { name: 'Work' } },
    })
    const s3 = shop.client(S3Client, { credentials: data!.artifactCredentials as never })
    const { bucketName: Bucket, objectKey: Key } = data!.inputArtifacts![0]!.location!.s3Location!
    await s3.send(new GetObjectCommand({ Bucket, Key }))
    await expect(s3.send(new GetObjectCommand({ Bucket: 'drops', Key: 'app.zip' }))).rejects.toThrow(
      'is not authorized',
    )
    const made = data!.outputArtifacts![0]!.location!.s3Location!
    await s3.send(new PutObjectCommand({ Bucket, Key: made.objectKey, Body: 'made' }))

    await shop.codepipeline.send(
      new PutJobSuccessResultCommand({
        jobId,
        executionDetails: { summary: 'well', externalExecutionId: '7' },
        outputVariables: { Answer: '42' },
      }),
    )
    await shop.cloud.settled()
    expect(await last('done')).toMatchObject({
      status: 'Succeeded',
      id: '7',
      summary: 'well',
      variables: { Answer: '42' },
      outputs: ['Made'],
    })
    const { stageStates } = await shop.codepipeline.send(new GetPipelineStateCommand({ name: 'done' }))
    expect(stageStates![1]!.actionStates![0]).toMatchObject({
      entityUrl: 'https://forge.example/done',
      latestExecution: { externalExecutionUrl: 'https://forge.example/done/7' },
    })
  })

  it('goes on in a new job with the continuation token', async () => {
    await start('long')
    const first = await take('long')
    await shop.codepipeline.send(
      new PutJobSuccessResultCommand({ jobId: first.id, continuationToken: 'step 2' }),
    )
    await shop.cloud.settled()
    await expect(shop.codepipeline.send(new PutJobSuccessResultCommand({ jobId: first.id }))).rejects.toThrow(
      'is not in a state that allows this operation',
    )
    const second = await take('long')
    expect(second.id).not.toBe(first.id)
    expect(second.data!.continuationToken).toBe('step 2')
    await shop.codepipeline.send(new PutJobSuccessResultCommand({ jobId: second.id }))
    await shop.cloud.settled()
    expect(await last('long')).toMatchObject({ status: 'Succeeded' })
  })

  it('fails with what the worker says', async () => {
    await start('bad')
    const { id: jobId } = await take('bad')
    const failureDetails = { type: 'ConfigurationError' as const, message: 'no such project' }
    await shop.codepipeline.send(new PutJobFailureResultCommand({ jobId, failureDetails }))
    await shop.cloud.settled()
    expect(await last('bad')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: 'no such project' },
    })
  })

  it('is taken by the latest nonce alone', async () => {
    await start('both')
    const [first] = await poll('both')
    const [second] = await poll('both')
    expect(second!.id).toBe(first!.id)
    const late = new AcknowledgeJobCommand({ jobId: first!.id, nonce: first!.nonce })
    await expect(shop.codepipeline.send(late)).rejects.toMatchObject({ name: 'InvalidNonceException' })
    const result = new PutJobSuccessResultCommand({ jobId: first!.id })
    await expect(shop.codepipeline.send(result)).rejects.toMatchObject({ name: 'InvalidJobStateException' })
    const taking = new AcknowledgeJobCommand({ jobId: second!.id, nonce: second!.nonce })
    expect(await shop.codepipeline.send(taking)).toMatchObject({ status: 'InProgress' })
    expect(await poll('both')).toEqual([])
  })

  it('fails when nobody has done it within a day', async () => {
    await start('slow')
    const { id: jobId } = await take('slow')
    await clock.pass(23 * HOUR)
    await shop.cloud.settled()
    expect(await last('slow')).toMatchObject({ status: 'InProgress' })
    await clock.pass(2 * HOUR)
    await shop.cloud.settled()
    expect(await last('slow')).toMatchObject({ status: 'Failed' })
    await expect(shop.codepipeline.send(new PutJobSuccessResultCommand({ jobId }))).rejects.toMatchObject({
      name: 'InvalidJobStateException',
    })
  })

  it('shows its secret to nobody but the worker, and keeps it when the mask is sent back', async () => {
    await start('masked')
    const { pipeline } = await shop.codepipeline.send(new GetPipelineCommand({ name: 'masked' }))
    const masked = { Project: 'masked', Password: '****' }
    expect(pipeline!.stages![1]!.actions![0]!.configuration).toEqual(masked)
    const { actionExecutionDetails } = await shop.codepipeline.send(
      new ListActionExecutionsCommand({ pipelineName: 'masked' }),
    )
    expect(actionExecutionDetails![0]!.input).toMatchObject({
      configuration: masked,
      resolvedConfiguration: masked,
    })
    const { id: jobId } = await take('masked')
    await shop.codepipeline.send(new UpdatePipelineCommand({ pipeline }))
    const { jobDetails } = await shop.codepipeline.send(new GetJobDetailsCommand({ jobId }))
    expect(jobDetails!.data!.actionConfiguration!.configuration!.Password).toBe('secret')
  })

  it('fails where the pipeline may not reach the artifacts it hands out', async () => {
    const bare = await shop.role('bare', 'codepipeline.amazonaws.com', [])
    const action = worked('bare')
    const pipeline = pipelineOf('bare', bare, 'artifacts', [[s3Source('drops')], [action]])
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
    await shop.cloud.settled()
    expect(await last('bare')).toMatchObject({ status: 'Failed', error: { code: 'PermissionError' } })
  })
})

describe('a custom action type', () => {
  const create = (more: Partial<CreateCustomActionTypeCommandInput>) =>
    shop.codepipeline.send(new CreateCustomActionTypeCommand(typeInput(more)))

  it('is listed beside AWS’s own', async () => {
    const { actionTypes } = await shop.codepipeline.send(
      new ListActionTypesCommand({ actionOwnerFilter: 'Custom' }),
    )
    expect(actionTypes).toEqual([
      {
        id: forge,
        settings: typeInput().settings,
        actionConfigurationProperties: [
          { name: 'Project', required: true, key: true, secret: false, queryable: true },
          { name: 'Password', required: false, key: false, secret: true, queryable: false, type: 'String' },
        ],
        inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
        outputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
      },
    ])
    const elsewhere = new ListActionTypesCommand({ actionOwnerFilter: 'Custom', regionFilter: 'eu-west-1' })
    expect((await shop.codepipeline.send(elsewhere)).actionTypes).toEqual([])
  })

  it.each([
    ['that is there already', {}, 'already exists'],
    ['of approvals', { category: 'Approval' as const }, 'are of Source'],
    [
      'with a property that is queryable and optional',
      {
        version: '2',
        configurationProperties: [{ name: 'A', required: false, key: true, secret: false, queryable: true }],
      },
      'must be required and not secret',
    ],
  ])('%s is refused', async (_, more, message) => {
    await expect(create(more)).rejects.toThrow(message)
  })

  it('is gone for good once it was deleted', async () => {
    await create({ provider: 'Gone' })
    const gone = { category: 'Build' as const, provider: 'Gone', version: '1' }
    await shop.codepipeline.send(new DeleteCustomActionTypeCommand(gone))
    await expect(create({ provider: 'Gone' })).rejects.toThrow('take a version that was never used')
    await expect(
      shop.codepipeline.send(new PollForJobsCommand({ actionTypeId: { ...gone, owner: 'Custom' } })),
    ).rejects.toMatchObject({ name: 'ActionTypeNotFoundException' })
    await expect(
      start('gone', worked('gone', { actionTypeId: { ...gone, owner: 'Custom' } })),
    ).rejects.toThrow(
      "Provider: 'Gone', Owner: 'Custom', Version: '1') in action 'Work' is not available in region",
    )
  })

  it.each([
    ['an unknown key', { Project: 'x', Projekt: 'x' }, "contains unknown configuration '[Projekt]'"],
    ['a missing key', { Password: 'x' }, "is missing required configuration 'Project'"],
    ['a queryable value with spaces', { Project: 'a b' }, 'Project is queryable'],
  ])('refuses an action with %s', async (_, configuration, message) => {
    await expect(start('wrong', worked('wrong', { configuration }))).rejects.toThrow(message)
  })
})

describe('a partner’s action', () => {
  const vendor = () => shop.client(CodePipelineClient, { account: DEV })
  const declare = (allowedAccounts: string[]) =>
    vendor().send(
      new UpdateActionTypeCommand({
        actionType: {
          id: { ...partner, owner: 'ThirdParty' },
          executor: {
            type: 'JobWorker',
            configuration: { jobWorkerExecutorConfiguration: { pollingAccounts: [DEV] } },
            jobTimeout: 600,
          },
          inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
          outputArtifactDetails: { minimumCount: 0, maximumCount: 0 },
          permissions: { allowedAccounts },
          properties: [{ name: 'Site', optional: false, key: true, noEcho: false }],
        },
      }),
    )
  const probe = {
    name: 'Work',
    actionTypeId: partner,
    configuration: { Site: 'x' },
    inputArtifacts: [{ name: 'SourceOutput' }],
  }

  it('is for the accounts that the partner names', async () => {
    await expect(start('probed', probe)).rejects.toThrow('is not available in region')
    await declare(['333333333333'])
    await expect(start('probed', probe)).rejects.toThrow('is not available in region')
    await declare([HUB])
    const { actionType } = await vendor().send(new GetActionTypeCommand(partner))
    expect(actionType).toMatchObject({ id: partner, permissions: { allowedAccounts: [HUB] } })
  })

  it('is done by the partner, with the token that took it', async () => {
    await start('probed', probe)
    const asked = new PollForThirdPartyJobsCommand({ actionTypeId: partner })
    await expect(shop.codepipeline.send(asked)).rejects.toMatchObject({ name: 'ActionTypeNotFoundException' })
    const { jobs } = await vendor().send(asked)
    const { jobId } = jobs![0]!
    const mine = { jobId, clientToken: 'mine' }
    const { jobDetails } = await vendor().send(new GetThirdPartyJobDetailsCommand(mine))
    expect(jobDetails!.data).toMatchObject({ actionConfiguration: { configuration: { Site: 'x' } } })
    const taking = new AcknowledgeThirdPartyJobCommand({ ...mine, nonce: jobDetails!.nonce })
    expect(await vendor().send(taking)).toMatchObject({ status: 'InProgress' })
    await expect(
      vendor().send(new PutThirdPartyJobSuccessResultCommand({ jobId, clientToken: 'theirs' })),
    ).rejects.toMatchObject({ name: 'InvalidClientTokenException' })
    await expect(
      shop.codepipeline.send(new PutJobSuccessResultCommand({ jobId: jobId! })),
    ).rejects.toMatchObject({ name: 'JobNotFoundException' })
    await vendor().send(new PutThirdPartyJobSuccessResultCommand(mine))
    await shop.cloud.settled()
    expect(await last('probed')).toMatchObject({ status: 'Succeeded' })
  })

  it('fails when its job takes longer than the partner says', async () => {
    await start('unprobed', probe)
    await clock.pass(11)
    await shop.cloud.settled()
    expect(await last('unprobed')).toMatchObject({ status: 'Failed' })
  })
})
