import {
  CodePipelineClient,
  CreatePipelineCommand,
  DeletePipelineCommand,
  GetPipelineCommand,
  ListActionTypesCommand,
  ListPipelinesCommand,
  ListTagsForResourceCommand,
  type PipelineDeclaration,
  StartPipelineExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEV, HUB } from '../cloud.ts'
import { action, approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
})

const plain = (name: string, rest: Partial<PipelineDeclaration> = {}) =>
  pipelineOf(name, role, 'artifacts', [[s3Source('drops')], [approval()]], rest)
const create = (pipeline: PipelineDeclaration, client = shop.codepipeline) =>
  client.send(new CreatePipelineCommand({ pipeline }))

describe('CreatePipeline', () => {
  it('gives the declaration back with AWS’s defaults', async () => {
    const { pipeline } = await create(plain('defaults'))
    expect(pipeline).toMatchObject({ version: 1, executionMode: 'SUPERSEDED', pipelineType: 'V2' })
    expect(pipeline?.stages?.[1]?.actions?.[0]).toMatchObject({
      runOrder: 1,
      inputArtifacts: [],
      outputArtifacts: [],
    })
    const found = await shop.codepipeline.send(new GetPipelineCommand({ name: 'defaults' }))
    expect(found.pipeline).toEqual(pipeline)
    expect(found.metadata?.pipelineArn).toBe(`arn:aws:codepipeline:us-east-1:${HUB}:defaults`)
  })

  it('takes a name once', async () => {
    await create(plain('twice'))
    await expect(create(plain('twice'))).rejects.toMatchObject({
      name: 'PipelineNameInUseException',
      message: `A pipeline with the name 'twice' already exists in account '${HUB}'`,
    })
  })

  it('holds the declaration to its rules, in AWS’s words', async () => {
    const oneStage = plain('short')
    await expect(create({ ...oneStage, stages: oneStage.stages!.slice(0, 1) })).rejects.toMatchObject({
      name: 'InvalidStructureException',
      message: 'Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline',
    })
  })

  it('refuses a service role that CodePipeline cannot assume', async () => {
    const foreign = await shop.role('not-for-pipelines', 'codebuild.amazonaws.com', [])
    for (const roleArn of [foreign, `arn:aws:iam::${HUB}:role/missing`])
      await expect(create(plain('untrusted', { roleArn }))).rejects.toMatchObject({
        name: 'InvalidStructureException',
        message: `CodePipeline is not authorized to perform AssumeRole on role ${roleArn}`,
      })
  })

  it('refuses an action role that the pipeline’s role cannot assume', async () => {
    const roleArn = await shop.role('deploy', role, [], DEV)
    const pipeline = pipelineOf('crossing', role, 'artifacts', [
      [s3Source('drops')],
      [approval('Approve', { roleArn })],
    ])
    await expect(create(pipeline)).rejects.toMatchObject({
      name: 'InvalidStructureException',
      message: `${role} is not authorized to perform AssumeRole on role ${roleArn}`,
    })
    await expect(shop.codepipeline.send(new GetPipelineCommand({ name: 'crossing' }))).rejects.toMatchObject({
      name: 'PipelineNotFoundException',
    })
  })

  it('refuses by name a provider that the embedded cloud cannot run', async () => {
    const beanstalk = action('Roll', ['Deploy', 'ElasticBeanstalk'], {
      configuration: { ApplicationName: 'a', EnvironmentName: 'e' },
      inputArtifacts: [{ name: 'SourceOutput' }],
    })
    await expect(
      create(pipelineOf('old', role, 'artifacts', [[s3Source('drops')], [beanstalk]])),
    ).rejects.toThrow(
      'The embedded cloud cannot run the action provider ElasticBeanstalk (Deploy, AWS) of the action Roll.',
    )
  })

  it('refuses by name the parts of a stage that it does not carry out', async () => {
    const pipeline = plain('blockers')
    const [source, last] = pipeline.stages!
    const blockers = [{ name: 'holidays', type: 'Schedule' as const }]
    await expect(create({ ...pipeline, stages: [source!, { ...last!, blockers }] })).rejects.toThrow(
      /does not support blockers of the stage Stage1/,
    )
  })

  it('asks its caller for iam:PassRole', async () => {
    const iam = shop.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: 'carla' }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'carla' }))
    const Statement = [{ Effect: 'Allow', Action: 'codepipeline:*', Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await iam.send(new PutUserPolicyCommand({ UserName: 'carla', PolicyName: 'p', PolicyDocument }))
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    const client = shop.client(CodePipelineClient, { credentials })
    await expect(create(plain('passed'), client)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`is not authorized to perform: iam:PassRole on resource: ${role}`),
    })
  })
})

describe('pipelines', () => {
  it('are updated by version and keep older ones', async () => {
    await create(plain('versions'))
    const changed = pipelineOf('versions', role, 'artifacts', [[s3Source('drops')], [approval('Other')]])
    await shop.codepipeline.send(new UpdatePipelineCommand({ pipeline: changed }))
    const get = async (version?: number) =>
      (await shop.codepipeline.send(new GetPipelineCommand({ name: 'versions', version }))).pipeline
    expect((await get())?.version).toBe(2)
    expect((await get(1))?.stages?.[1]?.actions?.[0]?.name).toBe('Approve')
    await expect(get(3)).rejects.toMatchObject({ name: 'PipelineVersionNotFoundException' })
  })

  it('are deleted, and deleting one that is not there succeeds', async () => {
    await create(plain('gone'))
    await shop.codepipeline.send(new DeletePipelineCommand({ name: 'gone' }))
    await shop.codepipeline.send(new DeletePipelineCommand({ name: 'gone' }))
    await expect(shop.codepipeline.send(new StartPipelineExecutionCommand({ name: 'gone' }))).rejects.toThrow(
      `Account '${HUB}' does not have a pipeline with name 'gone'`,
    )
    await shop.cloud.settled()
  })

  it('are listed by name in pages', async () => {
    for (const name of ['page-a', 'page-b']) await create(plain(name))
    const names: (string | undefined)[] = []
    let nextToken: string | undefined
    do {
      const page = await shop.codepipeline.send(new ListPipelinesCommand({ maxResults: 1, nextToken }))
      names.push(...(page.pipelines ?? []).map((one) => one.name))
      nextToken = page.nextToken
    } while (nextToken)
    expect(names).toEqual([...names].sort())
    expect(names).toEqual(expect.arrayContaining(['page-a', 'page-b']))
    await expect(shop.codepipeline.send(new ListPipelinesCommand({ nextToken: 'x' }))).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    })
  })

  it('carry tags', async () => {
    const tags = [{ key: 'team', value: 'a' }]
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: plain('tagged'), tags }))
    const resourceArn = `arn:aws:codepipeline:us-east-1:${HUB}:tagged`
    await shop.codepipeline.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'cost', value: '1' }] }))
    await shop.codepipeline.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }))
    const listed = await shop.codepipeline.send(new ListTagsForResourceCommand({ resourceArn }))
    expect(listed.tags).toEqual([{ key: 'cost', value: '1' }])
    await expect(
      shop.codepipeline.send(new ListTagsForResourceCommand({ resourceArn: `${resourceArn}x` })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('may use the action types that are listed', async () => {
    const { actionTypes = [] } = await shop.codepipeline.send(
      new ListActionTypesCommand({ actionOwnerFilter: 'AWS' }),
    )
    const found = actionTypes.find((one) => one.id?.provider === 'CloudFormation')
    expect(found).toMatchObject({
      inputArtifactDetails: { minimumCount: 0, maximumCount: 10 },
      actionConfigurationProperties: expect.arrayContaining([
        expect.objectContaining({ name: 'ActionMode', required: true }),
      ]),
    })
    expect(actionTypes.some((one) => one.id?.provider === 'ElasticBeanstalk')).toBe(false)
  })
})
