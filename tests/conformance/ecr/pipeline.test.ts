/** Pipelines whose source is an image: started by the push, and told which image it was. */
import {
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { unzipSync } from 'fflate'
import { beforeAll, expect, it } from 'vitest'
import type { Need, PipelineDeclaration } from '../../../src/model/index.ts'
import { pipelineNeeds } from '../../../src/pipeline/index.ts'
import { HUB } from '../cloud.ts'
import { action, approval, pipelineOf } from '../codepipeline/declarations.ts'
import { compare, grants } from '../codepipeline/need-checks.ts'
import { openWorkshop, REGION, type Workshop } from '../codepipeline/workshop.ts'
import { imageOf, pushImage } from './images.ts'

const REPOSITORY = `arn:aws:ecr:us-east-1:${HUB}:repository/app`
let shop: Workshop
let ecr: ECRClient
let key: string

const source = action('Fetch', ['Source', 'ECR'], {
  configuration: { RepositoryName: 'app', ImageTag: 'live' },
  outputArtifacts: [{ name: 'Image' }],
  namespace: 'Fetched',
})

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  key = await shop.key()
  ecr = shop.client(ECRClient)
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
})

/** Makes a pipeline whose role may do what the pipeline needs, and nothing else; gives the needs. */
async function pipeline(name: string, without = 'nothing'): Promise<Need[]> {
  const role = `arn:aws:iam::${HUB}:role/${name}`
  const artifactStore = {
    type: 'S3' as const,
    location: 'artifacts',
    encryptionKey: { id: key, type: 'KMS' as const },
  }
  const declared = pipelineOf(name, role, 'artifacts', [[source], [approval()]], { artifactStore })
  const needs = pipelineNeeds(declared as PipelineDeclaration, {
    account: HUB,
    region: REGION,
    artifactBucketKeyArn: () => key,
    project: () => undefined,
  })
  const granted = grants(needs, role).filter((one) => one.Action !== without)
  await shop.role(name, 'codepipeline.amazonaws.com', granted)
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: declared }))
  await shop.cloud.settled()
  return needs
}

/** What the pipeline's newest artifact holds. */
async function imageDetail(name: string): Promise<unknown> {
  const { Contents = [] } = await shop.s3.send(
    new ListObjectsV2Command({ Bucket: 'artifacts', Prefix: name }),
  )
  const newest = Contents.sort((one, other) => +other.LastModified! - +one.LastModified!)[0]
  const { Body } = await shop.s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key: newest!.Key }))
  const files = unzipSync(await Body!.transformToByteArray())
  expect(Object.keys(files)).toEqual(['imageDetail.json'])
  return JSON.parse(Buffer.from(files['imageDetail.json']!).toString())
}

it('starts when EventBridge hears of the push, and writes imageDetail.json', async () => {
  const digest = await pushImage(ecr, { repositoryName: 'app' }, 'first', 'live')
  const needs = await pipeline('watching')
  const starter = await shop.role('starter', 'events.amazonaws.com', [
    { Action: 'codepipeline:StartPipelineExecution' },
  ])
  const events = shop.client(EventBridgeClient)
  const EventPattern = JSON.stringify({
    source: ['aws.ecr'],
    'detail-type': ['ECR Image Action'],
    detail: {
      'action-type': ['PUSH'],
      result: ['SUCCESS'],
      'repository-name': ['app'],
      'image-tag': ['live'],
    },
  })
  await events.send(new PutRuleCommand({ Name: 'pushes', EventPattern }))
  const Arn = `arn:aws:codepipeline:us-east-1:${HUB}:watching`
  await events.send(new PutTargetsCommand({ Rule: 'pushes', Targets: [{ Id: 'p', Arn, RoleArn: starter }] }))
  const runs = await shop.runs('watching')
  expect(runs[0]?.variables).toMatchObject({ ImageDigest: digest })

  const next = await pushImage(ecr, { repositoryName: 'app' }, 'second', 'live')
  await pushImage(ecr, { repositoryName: 'app' }, 'unwatched', 'other')
  await shop.cloud.settled()
  const { pipelineExecutionSummaries: executions = [] } = await shop.codepipeline.send(
    new ListPipelineExecutionsCommand({ pipelineName: 'watching' }),
  )
  expect(executions).toHaveLength(2)
  expect(executions[0]?.sourceRevisions).toMatchObject([{ actionName: 'Fetch', revisionId: next }])
  const ImageURI = `${shop.cloud.endpoint.replace('http://', '')}/${HUB}/us-east-1/app@${next}`
  const fetched = (await shop.runs('watching')).findLast((one) => one.action === 'Fetch')
  expect(fetched?.variables).toEqual({
    ImageDigest: next,
    ImageTag: 'live',
    ImageURI,
    RegistryId: HUB,
    RepositoryName: 'app',
  })
  expect(await imageDetail('watching')).toEqual({
    ImageSizeInBytes: imageOf('second').blobs.reduce((sum, one) => sum + one.length, 0),
    ImageDigest: next,
    Version: '1.0',
    ImagePushedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    RegistryId: HUB,
    RepositoryName: 'app',
    ImageURI,
    ImageTags: ['live'],
  })
  expect(compare(needs, shop.cloud.trail.entries())).toEqual({ ungranted: [], unused: [] })
})

it('takes a certain image where the execution is started for it', async () => {
  const digest = await pushImage(ecr, { repositoryName: 'app' }, 'certain')
  await pushImage(ecr, { repositoryName: 'app' }, 'newer', 'live')
  await pipeline('chosen')
  const revision = { actionName: 'Fetch', revisionType: 'IMAGE_DIGEST' as const, revisionValue: digest }
  await shop.codepipeline.send(
    new StartPipelineExecutionCommand({ name: 'chosen', sourceRevisions: [revision] }),
  )
  await shop.cloud.settled()
  expect((await shop.runs('chosen')).at(-1)?.variables?.ImageDigest ?? '').toBe(digest)
})

it('fails where the pipeline’s role may not look the image up', async () => {
  await pipeline('denied', 'ecr:DescribeImages')
  const [run] = await shop.runs('denied')
  expect(run?.status).toBe('Failed')
  expect(run?.error?.message).toContain(
    `is not authorized to perform: ecr:DescribeImages on resource: ${REPOSITORY}`,
  )
})
