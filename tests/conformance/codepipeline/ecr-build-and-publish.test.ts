/** ECRBuildAndPublish: an image built of the source and pushed, under a role that holds its needs and nothing else. */

import { readFileSync } from 'node:fs'
import { CreatePipelineCommand, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline'
import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import type { PipelineDeclaration } from '../../../src/model/index.ts'
import { pipelineNeeds } from '../../../src/pipeline/index.ts'
import { BUSYBOX, builderMissing, skippedFor } from '../../containers/images.ts'
import { HUB } from '../cloud.ts'
import { action, pipelineOf, s3Source } from './declarations.ts'
import { compare, grants } from './need-checks.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

const missing = builderMissing()
const roleOf = (pipeline: string) => `arn:aws:iam::${HUB}:role/${pipeline}-role`

const declared = (name: string, configuration: Record<string, string>): PipelineDeclaration =>
  pipelineOf(name, roleOf(name), 'artifacts', [
    [s3Source('drops')],
    [
      action('Publish', ['Build', 'ECRBuildAndPublish'], {
        configuration: { ECRRepositoryName: 'app', ...configuration },
        inputArtifacts: [{ name: 'SourceOutput' }],
        namespace: 'Published',
      }),
    ],
  ]) as PipelineDeclaration

const SURROUNDINGS = {
  account: HUB,
  region: REGION,
  artifactBucketKeyArn: () => undefined,
  project: () => undefined,
}

async function fill(shop: Workshop): Promise<void> {
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  await shop.client(ECRClient).send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  const Dockerfile = 'FROM scratch\nCOPY sh /bin/sh\nCMD ["/bin/sh"]\n'
  const Body = await pack([
    { name: 'image/Dockerfile', content: Buffer.from(Dockerfile) },
    { name: 'sh', content: missing ? Buffer.from('') : readFileSync(BUSYBOX), mode: 0o755 },
  ])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
}

async function run(shop: Workshop, pipeline: PipelineDeclaration) {
  const needs = pipelineNeeds(pipeline, SURROUNDINGS)
  await shop.role(`${pipeline.name}-role`, 'codepipeline.amazonaws.com', grants(needs, pipeline.roleArn))
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: pipeline as never }))
  await shop.cloud.settled()
  const { pipelineExecutionSummaries = [] } = await shop.codepipeline.send(
    new ListPipelineExecutionsCommand({ pipelineName: pipeline.name }),
  )
  return { needs, execution: pipelineExecutionSummaries[0]! }
}

describe('without an engine', () => {
  let shop: Workshop
  beforeAll(async () => {
    shop = await openWorkshop()
    await fill(shop)
  })

  it('fails, and refuses a public registry by name', async () => {
    const { execution } = await run(shop, declared('none', { DockerFilePath: 'image' }))
    expect(execution.status).toBe('Failed')
    await expect(run(shop, declared('public', { RegistryType: 'public' }))).rejects.toThrow(
      /does not support a public registry of the action Publish/,
    )
  })
})

describe.skipIf(missing)(`with an engine${skippedFor(missing)}`, () => {
  it('pushes every tag with what the needs say and nothing more, and tells the digest', async () => {
    const shop = await openWorkshop({ containers: 'podman' })
    await fill(shop)
    const { needs, execution } = await run(
      shop,
      declared('publishing', { DockerFilePath: 'image/Dockerfile', ImageTags: 'v1, latest' }),
    )
    expect([execution.status, execution.statusSummary]).toEqual(['Succeeded', undefined])
    const { imageDetails } = await shop
      .client(ECRClient)
      .send(new DescribeImagesCommand({ repositoryName: 'app' }))
    expect(imageDetails![0]!.imageTags!.toSorted()).toEqual(['latest', 'v1'])
    const runs = await shop.runs('publishing')
    expect(runs.find(({ action: name }) => name === 'Publish')!.variables).toEqual({
      ECRImageDigestId: imageDetails![0]!.imageDigest,
      ECRRepositoryName: 'app',
    })
    const { ungranted, unused } = compare(needs, shop.cloud.trail.entries())
    // The log is what it goes on without; the artifact lies under AWS's own key, whose policy lets the account use it.
    expect(ungranted.filter((one) => !/ (?:logs|kms):/.test(one))).toEqual([])
    // AWS names it; no client asks for a layer that it pushes.
    expect(unused.filter((one) => !one.includes('ecr:GetDownloadUrlForLayer'))).toEqual([])
  }, 60_000)
})
