/** Projects and lists of builds: create, change, delete, pages, who may do it, and what is refused by name. */
import {
  BatchDeleteBuildsCommand,
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  DeleteProjectCommand,
  ListBuildsCommand,
  ListBuildsForProjectCommand,
  ListProjectsCommand,
  StartBuildCommand,
  UpdateProjectCommand,
} from '@aws-sdk/client-codebuild'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { buildspec, environment, HUB, openBuilder } from './builder.ts'

const builder = await openBuilder()
const SPEC = buildspec({ build: ['true'] })
const ARN = `arn:aws:codebuild:us-east-1:${HUB}:project/`
const BASE = {
  source: { type: 'NO_SOURCE' as const, buildspec: SPEC },
  artifacts: { type: 'NO_ARTIFACTS' as const },
  environment: environment(),
}

/** A client of a new IAM user who may do this. */
async function user(name: string, ...Statement: object[]): Promise<CodeBuildClient> {
  const iam = builder.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: name }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return builder.client(CodeBuildClient, { credentials })
}

describe('a project', () => {
  it('is made with AWS’s defaults, changed, found by name and ARN, and deleted', async () => {
    const made = await builder.project('life', SPEC, {
      environment: environment([{ name: 'A', value: 'b' }]),
      tags: [{ key: 'team', value: 'orders' }],
    })
    expect(made).toMatchObject({
      name: 'life',
      arn: `${ARN}life`,
      encryptionKey: `arn:aws:kms:us-east-1:${HUB}:alias/aws/s3`,
      timeoutInMinutes: 60,
      queuedTimeoutInMinutes: 480,
      cache: { type: 'NO_CACHE' },
      badge: { badgeEnabled: false },
      environment: { environmentVariables: [{ name: 'A', value: 'b', type: 'PLAINTEXT' }] },
      tags: [{ key: 'team', value: 'orders' }],
    })
    await expect(builder.project('life', SPEC)).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: `Project already exists: ${ARN}life`,
    })
    const update = new UpdateProjectCommand({ name: 'life', description: 'changed', timeoutInMinutes: 5 })
    const { project } = await builder.codebuild.send(update)
    expect(project).toMatchObject({ description: 'changed', timeoutInMinutes: 5, tags: made.tags })
    const found = await builder.codebuild.send(
      new BatchGetProjectsCommand({ names: ['life', `${ARN}life`, 'none'] }),
    )
    expect(found.projects!.map((one) => one.description)).toEqual(['changed', 'changed'])
    expect(found.projectsNotFound).toEqual(['none'])
    await builder.codebuild.send(new DeleteProjectCommand({ name: 'life' }))
    await builder.codebuild.send(new DeleteProjectCommand({ name: 'life' }))
    await expect(builder.start('life')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it.each<[string, object, RegExp]>([
    [
      'a role that does not exist',
      { serviceRole: `arn:aws:iam::${HUB}:role/nobody` },
      /not authorized to perform: sts:AssumeRole on .*nobody/,
    ],
    [
      'a source that it cannot fetch',
      { source: { type: 'GITHUB', location: 'x' } },
      /location must be the HTTPS clone URL of a repository if source type is GITHUB/,
    ],
    ['no buildspec without a source', { source: { type: 'NO_SOURCE' } }, /buildspec must be given inline/],
    ['half a pipeline', { source: { type: 'CODEPIPELINE' } }, /both must be CODEPIPELINE/],
    ['half a VPC', { vpcConfig: { vpcId: 'vpc-1' } }, /Invalid vpc config: subnets is required/],
    ['a cache nowhere', { cache: { type: 'S3' } }, /location must be a valid S3 bucket/],
    ['logs in S3', { logsConfig: { s3Logs: { status: 'ENABLED', location: 'b/p' } } }, /s3Logs/],
    ['a fleet', { environment: { ...environment(), fleet: { fleetArn: 'arn:x' } } }, /fleet/],
    [
      'Windows',
      { environment: { ...environment(), type: 'WINDOWS_SERVER_2022_CONTAINER' } },
      /WINDOWS_SERVER_2022/,
    ],
    ['S3 artifacts without a bucket', { artifacts: { type: 'S3' } }, /location must not be empty/],
  ])('is refused with %s', async (_what, more, message) => {
    await expect(builder.project('refused', SPEC, more)).rejects.toThrow(message)
  })

  it('needs iam:PassRole for its role', async () => {
    const manager = await user('manager', { Effect: 'Allow', Action: 'codebuild:*', Resource: '*' })
    const input = { ...BASE, name: 'passed', serviceRole: builder.builderRole }
    await expect(manager.send(new CreateProjectCommand(input))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `User: arn:aws:iam::${HUB}:user/manager is not authorized to perform: iam:PassRole on resource: ${builder.builderRole}`,
      ),
    })
    const passer = await user(
      'passer',
      { Effect: 'Allow', Action: 'codebuild:*', Resource: `${ARN}passed` },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: builder.builderRole,
        Condition: { StringEquals: { 'iam:PassedToService': 'codebuild.amazonaws.com' } },
      },
    )
    await passer.send(new CreateProjectCommand(input))
    const { build } = await passer.send(new StartBuildCommand({ projectName: 'passed' }))
    expect(build).toMatchObject({ initiator: 'passer', buildStatus: 'IN_PROGRESS' })
    await builder.cloud.settled()
    const override = { projectName: 'passed', serviceRoleOverride: builder.builderRole }
    await expect(manager.send(new StartBuildCommand(override))).rejects.toThrow(/iam:PassRole/)
    await expect(passer.send(new ListProjectsCommand({}))).rejects.toThrow(/codebuild:ListProjects/)
  })
})

describe('StartBuild', () => {
  it('gives the same build for the same token, and refuses the token for another request', async () => {
    await builder.project('token', SPEC)
    const first = await builder.start('token', { idempotencyToken: 't' })
    const second = await builder.start('token', { idempotencyToken: 't' })
    expect(second.id).toBe(first.id)
    await expect(
      builder.start('token', { idempotencyToken: 't', timeoutInMinutesOverride: 5 }),
    ).rejects.toMatchObject({ name: 'InvalidInputException' })
    await builder.cloud.settled()
  })

  it('keeps to the project’s limit of concurrent builds', async () => {
    await builder.project('one-at-a-time', SPEC, { concurrentBuildLimit: 1 })
    await builder.start('one-at-a-time')
    await expect(builder.start('one-at-a-time')).rejects.toMatchObject({
      name: 'AccountLimitExceededException',
    })
    await builder.cloud.settled()
    expect((await builder.build('one-at-a-time')).buildNumber).toBe(2)
  })

  it.each<[object, RegExp]>([
    [{ fleetOverride: { fleetArn: 'x' } }, /fleetOverride/],
    [{ debugSessionEnabled: true }, /debugSessionEnabled/],
    [{ cacheOverride: { type: 'S3' } }, /location must be a valid S3 bucket/],
    [{ sourceTypeOverride: 'GITHUB', sourceLocationOverride: 'x' }, /location must be the HTTPS clone URL/],
    [{ sourceTypeOverride: 'CODEPIPELINE' }, /gets its source from a pipeline/],
  ])('refuses %j by name', async (more, message) => {
    await builder.project('strict', SPEC).catch(() => undefined)
    await expect(builder.start('strict', more)).rejects.toThrow(message)
  })
})

describe('lists', () => {
  it('of projects are sorted and come in pages of 100', async () => {
    const eu = builder.client(CodeBuildClient, { region: 'eu-west-1' })
    const names = Array.from({ length: 103 }, (_, index) => `p-${String(index).padStart(3, '0')}`)
    for (const name of names)
      await eu.send(new CreateProjectCommand({ ...BASE, name, serviceRole: builder.builderRole }))
    const first = await eu.send(new ListProjectsCommand({}))
    expect(first.projects).toEqual(names.slice(0, 100))
    const second = await eu.send(new ListProjectsCommand({ nextToken: first.nextToken }))
    expect(second).toMatchObject({ projects: names.slice(100) })
    expect(second.nextToken).toBeUndefined()
    const turned = await eu.send(new ListProjectsCommand({ sortBy: 'CREATED_TIME', sortOrder: 'DESCENDING' }))
    expect(turned.projects![0]).toBe('p-102')
    const wrong = new ListProjectsCommand({ nextToken: first.nextToken, sortOrder: 'DESCENDING' })
    await expect(eu.send(wrong)).rejects.toMatchObject({ name: 'InvalidInputException' })
  })

  it('of builds come newest first, by project too; builds are deleted once they have ended', async () => {
    await builder.project('many', SPEC)
    for (let count = 0; count < 102; count++) await builder.start('many')
    await builder.cloud.settled()
    const list = (more: object) =>
      builder.codebuild.send(new ListBuildsForProjectCommand({ projectName: 'many', ...more }))
    const first = await list({})
    const second = await list({ nextToken: first.nextToken })
    expect([first.ids!.length, second.ids!.length, second.nextToken]).toEqual([100, 2, undefined])
    const oldest = await list({ sortOrder: 'ASCENDING' })
    const { builds, buildsNotFound } = await builder.codebuild.send(
      new BatchGetBuildsCommand({ ids: [oldest.ids![0]!, first.ids![0]!, 'many:none'] }),
    )
    expect(builds!.map((one) => one.buildNumber)).toEqual([1, 102])
    expect(buildsNotFound).toEqual(['many:none'])
    const all = await builder.codebuild.send(new ListBuildsCommand({}))
    expect(all.ids![0]).toBe(first.ids![0])
    const removed = await builder.codebuild.send(
      new BatchDeleteBuildsCommand({ ids: [first.ids![0]!, 'many:none'] }),
    )
    expect(removed.buildsDeleted).toEqual([first.ids![0]])
    expect(removed.buildsNotDeleted).toEqual([{ id: 'many:none', statusCode: 'BUILD_NOT_FOUND' }])
    expect((await list({})).ids![0]).toBe(first.ids![1])
    await expect(list({ projectName: 'none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  }, 60_000)
})
