/** Batch builds: graphs, lists, matrices and fanouts, under a role of their own. */
import {
  BatchGetBuildBatchesCommand,
  BatchGetBuildsCommand,
  type BuildBatch,
  DeleteBuildBatchCommand,
  ListBuildBatchesCommand,
  ListBuildBatchesForProjectCommand,
  StartBuildBatchCommand,
  type StartBuildBatchCommandInput,
  StopBuildBatchCommand,
} from '@aws-sdk/client-codebuild'
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { open } from '../../../src/cloud/machine/archive.ts'
import { buildspec, HUB, openBuilder, printed } from './builder.ts'

const builder = await openBuilder()
const { codebuild } = builder
let batchRole: string
let serviceRole: string

beforeAll(async () => {
  batchRole = await builder.role('batching', [{ Action: ['codebuild:StartBuild', 'codebuild:StopBuild'] }])
  serviceRole = await builder.role('storing', [{ Action: ['logs:*', 's3:*', 'kms:*'] }])
})

async function look(id: string): Promise<BuildBatch> {
  return (await codebuild.send(new BatchGetBuildBatchesCommand({ ids: [id] }))).buildBatches![0]!
}

async function start(
  projectName: string,
  more: Partial<StartBuildBatchCommandInput> = {},
): Promise<BuildBatch> {
  return (await codebuild.send(new StartBuildBatchCommand({ projectName, ...more }))).buildBatch!
}

/** Makes a project, runs it as a batch to its end, and gives that and what its builds printed, by identifier. */
async function batch(
  name: string,
  spec: string,
  { project = {}, ...more }: Partial<StartBuildBatchCommandInput> & { project?: object } = {},
) {
  await builder.project(name, spec, { buildBatchConfig: { serviceRole: batchRole }, ...project })
  const { id = '' } = await start(name, more)
  await builder.cloud.settled()
  const ended = await look(id)
  const texts: Record<string, string[]> = {}
  for (const { identifier = '', currentBuildSummary } of ended.buildGroups ?? []) {
    if (!currentBuildSummary?.arn) continue
    const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [currentBuildSummary.arn] }))
    texts[identifier] = printed(await builder.log(builds![0]!))
  }
  return { ended, texts }
}

const phasesOf = ({ phases = [] }: BuildBatch) =>
  phases.map((one) => [one.phaseType, one.phaseStatus].filter(Boolean).join(' '))
const statusesOf = ({ buildGroups = [] }: BuildBatch) =>
  buildGroups.map((one) => `${one.identifier} ${one.currentBuildSummary?.buildStatus ?? ''}`.trim())
const failureOf = ({ phases = [] }: BuildBatch) =>
  phases.flatMap(({ phaseType, contexts = [] }) =>
    contexts.map((one) => `${phaseType} ${one.statusCode}: ${one.message}`),
  )[0]

const SAYS = { build: ['echo "$CODEBUILD_BATCH_BUILD_IDENTIFIER says $WORD"'] }

describe('a batch', () => {
  it('of a list runs each of its builds, with what it has of its own', async () => {
    const list = [
      { identifier: 'one', env: { variables: { WORD: 'hello' } } },
      { identifier: 'two', buildspec: buildspec({ build: ['echo other'] }) },
    ]
    const { ended, texts } = await batch('listed', buildspec(SAYS, { batch: { 'build-list': list } }))
    expect(ended).toMatchObject({
      arn: `arn:aws:codebuild:us-east-1:${HUB}:build-batch/${ended.id}`,
      buildBatchStatus: 'SUCCEEDED',
      complete: true,
      buildBatchNumber: 1,
      currentPhase: 'SUCCEEDED',
      initiator: 'root',
      buildBatchConfig: { restrictions: { maximumBuildsAllowed: 100 }, timeoutInMins: 480 },
    })
    expect(phasesOf(ended)).toEqual([
      'SUBMITTED SUCCEEDED',
      'DOWNLOAD_BATCHSPEC SUCCEEDED',
      'IN_PROGRESS SUCCEEDED',
      'COMBINE_ARTIFACTS SUCCEEDED',
      'SUCCEEDED',
    ])
    expect(statusesOf(ended)).toEqual(['DOWNLOAD_SOURCE SUCCEEDED', 'one SUCCEEDED', 'two SUCCEEDED'])
    expect(ended.buildGroups![1]).toMatchObject({
      dependsOn: [],
      ignoreFailure: false,
      currentBuildSummary: {
        primaryArtifact: { type: 'no_artifacts', identifier: 'one' },
        secondaryArtifacts: [],
      },
    })
    expect(texts).toEqual({ DOWNLOAD_SOURCE: [], one: ['one says hello'], two: ['other'] })
    const [build] = await Promise.all([builder.look(ended.buildGroups![1]!.currentBuildSummary!.arn!)])
    expect(build.buildBatchArn).toBe(ended.arn)
  })

  it('of a graph runs its builds in their order, and not those whose dependency failed', async () => {
    const graph = [
      { identifier: 'c', 'depend-on': ['b'] },
      { identifier: 'a', env: { variables: { FAILS: 'yes' } }, 'ignore-failure': 'true' },
      { identifier: 'b', 'depend-on': ['a'], env: { variables: { FAILS: 'yes' } } },
    ]
    const spec = buildspec({ build: ['test -z "$FAILS"'] }, { batch: { 'build-graph': graph } })
    const { ended } = await batch('graphed', spec)
    expect(statusesOf(ended)).toEqual(['DOWNLOAD_SOURCE SUCCEEDED', 'c', 'a FAILED', 'b FAILED'])
    expect(ended.buildBatchStatus).toBe('FAILED')
    expect(failureOf(ended)).toBe('IN_PROGRESS BUILD_FAILED: builds of the batch failed: b')
    expect(phasesOf(ended).at(-1)).toBe('FAILED')
  })

  it('of a matrix runs every combination', async () => {
    const matrix = {
      static: { env: { variables: { END: '.' } } },
      dynamic: { env: { variables: { A: ['1', '2'], B: ['x', 'y'] } } },
    }
    const { texts } = await batch(
      'matrix',
      buildspec({ build: ['echo "$A$B$END"'] }, { batch: { 'build-matrix': matrix } }),
    )
    expect(Object.values(texts).flat().sort()).toEqual(['1x.', '1y.', '2x.', '2y.'])
  })

  it('of a fanout runs the same build several times', async () => {
    const { ended } = await batch(
      'fanned',
      buildspec(SAYS, { batch: { 'build-fanout': { parallelism: 3 } } }),
    )
    expect(ended.buildGroups).toHaveLength(4)
    expect(ended.buildBatchStatus).toBe('SUCCEEDED')
  })

  it('that fails fast stops what runs', async () => {
    const list = [{ identifier: 'bad', env: { variables: { FAILS: 'yes' } } }, { identifier: 'slow' }]
    const spec = buildspec(
      { build: ['test -z "$FAILS"', 'sleep 60'] },
      { batch: { 'fast-fail': true, 'build-list': list } },
    )
    const { ended } = await batch('hasty', spec)
    expect(statusesOf(ended)).toEqual(['DOWNLOAD_SOURCE SUCCEEDED', 'bad FAILED', 'slow STOPPED'])
  })

  it('is stopped with its builds, found, and deleted', async () => {
    const spec = buildspec({ build: ['sleep 60'] }, { batch: { 'build-list': [{ identifier: 'slow' }] } })
    await builder.project('stopped', spec, { buildBatchConfig: { serviceRole: batchRole } })
    const { id = '' } = await start('stopped', { idempotencyToken: 'once' })
    expect((await start('stopped', { idempotencyToken: 'once' })).id).toBe(id)
    await codebuild.send(new StopBuildBatchCommand({ id }))
    await builder.cloud.settled()
    expect(await look(id)).toMatchObject({ buildBatchStatus: 'STOPPED', currentPhase: 'STOPPED' })
    expect((await codebuild.send(new ListBuildBatchesCommand({}))).ids).toContain(id)
    const ofProject = new ListBuildBatchesForProjectCommand({
      projectName: 'stopped',
      filter: { status: 'STOPPED' },
    })
    expect((await codebuild.send(ofProject)).ids).toEqual([id])
    await codebuild.send(new DeleteBuildBatchCommand({ id }))
    const looked = await codebuild.send(new BatchGetBuildBatchesCommand({ ids: [id] }))
    expect(looked.buildBatchesNotFound).toEqual([id])
  })

  it('combines its artifacts', async () => {
    const s3 = builder.client(S3Client)
    await s3.send(new CreateBucketCommand({ Bucket: 'outputs' }))
    const list = [{ identifier: 'one' }, { identifier: 'two' }]
    const spec = buildspec(
      { build: ['echo 1 > "$CODEBUILD_BATCH_BUILD_IDENTIFIER.txt"'] },
      { batch: { 'build-list': list }, artifacts: { files: '*.txt' } },
    )
    const { ended } = await batch('combined', spec, {
      project: {
        serviceRole,
        artifacts: { type: 'S3', location: 'outputs', name: 'all.zip', packaging: 'ZIP' },
        buildBatchConfig: { serviceRole: batchRole, combineArtifacts: true },
      },
    })
    expect(ended.artifacts).toEqual({ location: 'arn:aws:s3:::outputs/all.zip' })
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'outputs', Key: 'all.zip' }))
    expect([...(await open(await Body!.transformToByteArray())).keys()].sort()).toEqual([
      'one.txt',
      'two.txt',
    ])
  })

  it.each<[string, object, object, RegExp]>([
    ['nobatch', {}, {}, /^DOWNLOAD_BATCHSPEC YAML_FILE_ERROR: the buildspec has no batch section/],
    [
      'circle',
      {
        batch: {
          'build-graph': [
            { identifier: 'a', 'depend-on': ['b'] },
            { identifier: 'b', 'depend-on': ['a'] },
          ],
        },
      },
      {},
      /^DOWNLOAD_BATCHSPEC YAML_FILE_ERROR: batch\/build-graph has builds that depend on each other in a circle/,
    ],
    [
      'many',
      { batch: { 'build-fanout': { parallelism: 3 } } },
      { restrictions: { maximumBuildsAllowed: 2 } },
      /^DOWNLOAD_BATCHSPEC CLIENT_ERROR: the batch has 3 builds; the project allows 2/,
    ],
    [
      'large',
      { batch: { 'build-list': [{ identifier: 'a', env: { 'compute-type': 'BUILD_GENERAL1_LARGE' } }] } },
      { restrictions: { computeTypesAllowed: ['BUILD_GENERAL1_SMALL'] } },
      /the build a has the compute type BUILD_GENERAL1_LARGE, which the project does not allow/,
    ],
  ])('fails: %s', async (name, more, config, message) => {
    const project = { buildBatchConfig: { serviceRole: batchRole, ...config } }
    const { ended } = await batch(name, buildspec(SAYS, more), { project })
    expect(failureOf(ended)).toMatch(message)
    expect(ended.buildBatchStatus).toBe('FAILED')
  })

  it('needs a role of its own, which may start its builds', async () => {
    const spec = buildspec(SAYS, { batch: { 'build-list': [{ identifier: 'a' }] } })
    await builder.project('roleless', spec)
    await expect(start('roleless')).rejects.toThrow(/need a service role of their own/)
    const { ended } = await batch('denied', spec, {
      project: { buildBatchConfig: { serviceRole: builder.builderRole } },
    })
    expect(failureOf(ended)).toMatch(
      /^DOWNLOAD_BATCHSPEC CLIENT_ERROR: AccessDenied.*codebuild:StartBuild on resource/,
    )
  })
})
