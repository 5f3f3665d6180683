/**
 * The image repository of examples/foreign/ecs-policies: the build account's project pushes to it, the test account pulls
 * from it and can do no more, any other account nothing at all.
 */
import { resolve } from 'node:path'
import { BatchGetBuildsCommand, CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild'
import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  GetRepositoryPolicyCommand,
  InitiateLayerUploadCommand,
  ListImagesCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestOf, imageOf } from '../conformance/ecr/images.ts'
import { BUILD, ecsPolicies, TEST } from './ecs-policies-system.ts'
import { failureIn, type Run, runForeign } from './foreign-system.ts'

const { hub } = ecsPolicies
const OTHER = '999999999999'
const IMAGE = { registryId: BUILD, repositoryName: 'my-thing' }
const ARN = `arn:aws:ecr:${hub.region}:${BUILD}:repository/my-thing`
const imageIds = [{ imageTag: 'v1' }]
const LAYER = { ...IMAGE, layerDigest: digestOf('the application') }

let run: Run

beforeAll(async () => {
  run = await runForeign(ecsPolicies)
  expect(failureIn(run)).toBe('')
}, 60_000)
afterAll(() => run?.end())

/** Has the example's project run a command, under the role that the example gives it; gives how it ended. */
async function build(command: string): Promise<string | undefined> {
  const codebuild = await run.accounts.client(CodeBuildClient, hub)
  const started = await codebuild.send(
    new StartBuildCommand({
      projectName: 'my-thing',
      sourceTypeOverride: 'NO_SOURCE',
      artifactsOverride: { type: 'NO_ARTIFACTS' },
      buildspecOverride: JSON.stringify({ version: 0.2, phases: { build: { commands: [command] } } }),
    }),
  )
  await run.cloud.settled()
  const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [started.build!.id!] }))
  return builds?.[0]?.buildStatus
}

const [jiti, pusher] = ['node_modules/jiti/lib/jiti-cli.mjs', 'tests/journeys/push-image.mjs'].map((file) =>
  resolve(file),
)
const push = (repository: string) =>
  build(`"${process.execPath}" "${jiti}" "${pusher}" ${repository} "the application" v1`)

/** A user who may do everything with ECR as far as the own account is concerned. */
async function userOf(account: string): Promise<ECRClient> {
  const reach = { endpoint: run.cloud.endpoint, region: hub.region }
  const root = { accessKeyId: account, secretAccessKey: run.cloud.secret }
  const iam = new IAMClient({ ...reach, credentials: root })
  const UserName = 'puller'
  await iam.send(new CreateUserCommand({ UserName }))
  const Statement = [{ Effect: 'Allow', Action: 'ecr:*', Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'ecr', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const { AccessKeyId = '', SecretAccessKey = '' } = AccessKey ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
  return new ECRClient({ ...reach, credentials, maxAttempts: 1 })
}

const denied = (account: string, action: string) => ({
  name: 'AccessDeniedException',
  message: `User: arn:aws:iam::${account}:user/puller is not authorized to perform: ecr:${action} on resource: ${ARN} because no resource-based policy allows the ecr:${action} action`,
})

describe('the image repository of ecs-policies', () => {
  let puller: ECRClient
  const pull = (client: ECRClient) => client.send(new BatchGetImageCommand({ ...IMAGE, imageIds }))

  test('takes what the project builds, as the project’s role', async () => {
    const before = run.cloud.trail.entries().length
    expect(await push('my-thing')).toBe('SUCCEEDED')
    const calls = run.cloud.trail.entries().slice(before)
    const pushes = calls.filter(({ action }) => action.startsWith('ecr:'))
    expect(new Set(pushes.map((one) => one.principal))).toEqual(
      new Set([`arn:aws:iam::${BUILD}:role/my-thing-build`]),
    )
    expect(await push('another-thing')).toBe('FAILED')
  }, 60_000)

  test('lets the test account pull', async () => {
    puller = await userOf(TEST)
    const { images } = await pull(puller)
    expect(images?.[0]?.imageManifest).toBe(imageOf('the application').manifest)
    const { layerDigest } = LAYER
    const { layers } = await puller.send(
      new BatchCheckLayerAvailabilityCommand({ ...IMAGE, layerDigests: [layerDigest] }),
    )
    expect(layers?.[0]?.layerAvailability).toBe('AVAILABLE')
    const { downloadUrl } = await puller.send(new GetDownloadUrlForLayerCommand(LAYER))
    expect(await (await fetch(downloadUrl!)).text()).toBe('the application')
  })

  test.each<[string, () => Promise<unknown>]>([
    ['InitiateLayerUpload', () => puller.send(new InitiateLayerUploadCommand(IMAGE))],
    ['PutImage', () => puller.send(new PutImageCommand({ ...IMAGE, imageManifest: '{}' }))],
    ['BatchDeleteImage', () => puller.send(new BatchDeleteImageCommand({ ...IMAGE, imageIds }))],
    ['ListImages', () => puller.send(new ListImagesCommand(IMAGE))],
    ['DescribeImages', () => puller.send(new DescribeImagesCommand(IMAGE))],
    [
      'DescribeRepositories',
      () =>
        puller.send(new DescribeRepositoriesCommand({ registryId: BUILD, repositoryNames: ['my-thing'] })),
    ],
    ['GetRepositoryPolicy', () => puller.send(new GetRepositoryPolicyCommand(IMAGE))],
    [
      'SetRepositoryPolicy',
      () => puller.send(new SetRepositoryPolicyCommand({ ...IMAGE, policyText: '{}' })),
    ],
    [
      'PutImageTagMutability',
      () => puller.send(new PutImageTagMutabilityCommand({ ...IMAGE, imageTagMutability: 'IMMUTABLE' })),
    ],
    ['DeleteRepository', () => puller.send(new DeleteRepositoryCommand({ ...IMAGE, force: true }))],
  ])('refuses it %s', async (action, call) => {
    await expect(call()).rejects.toMatchObject(denied(TEST, action))
  })

  test('refuses any other account even the pull', async () => {
    await expect(pull(await userOf(OTHER))).rejects.toMatchObject(denied(OTHER, 'BatchGetImage'))
  })
})
