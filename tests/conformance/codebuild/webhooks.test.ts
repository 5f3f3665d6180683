/** Webhooks: pushes, tags and pull requests of connected repositories start builds, and hear how these end. */
import {
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  type Build,
  CreateWebhookCommand,
  type CreateWebhookCommandInput,
  DeleteWebhookCommand,
  ListBuildBatchesForProjectCommand,
  ListBuildsForProjectCommand,
  type ProjectSource,
  StartBuildBatchCommand,
  UpdateWebhookCommand,
  type WebhookFilter,
} from '@aws-sdk/client-codebuild'
import { describe, expect, it } from 'vitest'
import { addressed, gitClient } from '../codecommit/git-client.ts'
import { buildspec, HUB, openBuilder, printed } from './builder.ts'

const builder = await openBuilder()
const { cloud, codebuild } = builder
const authorization = `Basic ${Buffer.from(`${HUB}:test`).toString('base64')}`
const TELLS = buildspec({
  build: [
    'echo $CODEBUILD_WEBHOOK_EVENT $CODEBUILD_WEBHOOK_TRIGGER $CODEBUILD_WEBHOOK_HEAD_REF',
    'echo ${CODEBUILD_WEBHOOK_BASE_REF:-none} ${CODEBUILD_WEBHOOK_PREV_COMMIT:-none} $CODEBUILD_WEBHOOK_ACTOR_ACCOUNT_ID',
    'echo $CODEBUILD_SOURCE_VERSION $CODEBUILD_RESOLVED_SOURCE_VERSION',
    'test ! -e broken',
  ],
})

const filter = (
  type: WebhookFilter['type'],
  pattern: string,
  excludeMatchedPattern?: boolean,
): WebhookFilter => ({
  type,
  pattern,
  ...(excludeMatchedPattern && { excludeMatchedPattern }),
})

/** A repository with a project that has a webhook on it. */
async function hooked(
  name: string,
  webhook: Omit<CreateWebhookCommandInput, 'projectName'> = {},
  source: Partial<ProjectSource> = {},
  more: object = {},
) {
  const url = `${cloud.endpoint}/_codeconnections/team/${name}.git`
  const work = await gitClient()
  const base = await work.commit({ 'a.txt': 'one\n' })
  const push = async (...refs: string[]) => {
    await work.git('push', '--quiet', '--force', addressed(url), ...refs)
    await cloud.settled()
  }
  await push('main')
  await builder.project(name, '', {
    source: { type: 'GITHUB', location: `https://github.com/team/${name}`, buildspec: TELLS, ...source },
    ...more,
  })
  await codebuild.send(new CreateWebhookCommand({ projectName: name, ...webhook }))
  const builds = async (): Promise<Build[]> => {
    const { ids = [] } = await codebuild.send(
      new ListBuildsForProjectCommand({ projectName: name, sortOrder: 'ASCENDING' }),
    )
    return ids.length ? (await codebuild.send(new BatchGetBuildsCommand({ ids }))).builds! : []
  }
  const ask = async (path: string, body?: object): Promise<Record<string, unknown>[]> => {
    const answer = await fetch(`${url}${path}`, {
      headers: { authorization },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
    await cloud.settled()
    return (await answer.json()) as Record<string, unknown>[]
  }
  return { work, push, builds, ask, base }
}

describe('a webhook', () => {
  it('builds what is pushed, told where it comes from, and says so at the commit', async () => {
    const { work, push, builds, ask, base } = await hooked('pushed')
    const head = await work.commit({ 'b.txt': 'one\n' })
    await push('main')
    const [build, ...more] = await builds()
    expect(more).toEqual([])
    expect(build).toMatchObject({
      buildStatus: 'SUCCEEDED',
      sourceVersion: head,
      resolvedSourceVersion: head,
      initiator: `GitHub-Hookshot/${head.slice(0, 7)}`,
    })
    expect(printed(await builder.log(build!))).toEqual([
      'PUSH branch/main refs/heads/main',
      `none ${base} ${HUB}`,
      `${head} ${head}`,
    ])
    expect(await ask(`/statuses/${head}`)).toMatchObject([
      { context: 'AWS CodeBuild us-east-1 (pushed)', state: 'success' },
    ])
    await work.git('tag', 'v1')
    await push('v1')
    expect(printed(await builder.log((await builds())[1]!))[0]).toBe('PUSH tag/v1 refs/tags/v1')
  })

  it('builds pull requests by their number, and tells them of failure', async () => {
    const { work, push, builds, ask } = await hooked('pulled', {
      filterGroups: [
        [
          filter('EVENT', 'PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED'),
          filter('BASE_REF', '^refs/heads/main$'),
        ],
      ],
    })
    await work.git('checkout', '--quiet', '-b', 'feature')
    const head = await work.commit({ 'b.txt': 'one\n' })
    await push('feature')
    expect(await builds()).toEqual([])
    await ask('/pulls', { source: 'feature' })
    const [first] = await builds()
    expect(first).toMatchObject({
      buildStatus: 'SUCCEEDED',
      sourceVersion: 'pr/1',
      resolvedSourceVersion: head,
    })
    expect(printed(await builder.log(first!))).toEqual([
      'PULL_REQUEST_CREATED pr/1 refs/heads/feature',
      `refs/heads/main none ${HUB}`,
      `pr/1 ${head}`,
    ])
    await work.commit({ broken: '' })
    await push('feature')
    const [, second] = await builds()
    expect(second?.buildStatus).toBe('FAILED')
    expect((await ask('/pulls'))[0]!.statuses).toMatchObject([{ state: 'failure' }])
    await ask('/pulls/1/merge', {})
    expect(await builds()).toHaveLength(2)
  })

  it('tells of merged, closed and reopened pull requests apart', async () => {
    const { work, push, builds, ask } = await hooked('ends', {
      filterGroups: [[filter('EVENT', 'PULL_REQUEST_MERGED,PULL_REQUEST_CLOSED,PULL_REQUEST_REOPENED')]],
    })
    await work.git('checkout', '--quiet', '-b', 'feature')
    await work.commit({ 'b.txt': 'one\n' })
    await push('feature')
    await ask('/pulls', { source: 'feature' })
    await ask('/pulls/1', { state: 'closed' })
    await ask('/pulls/1', { state: 'open' })
    await ask('/pulls/1/merge', {})
    const said = await Promise.all((await builds()).map(async (one) => printed(await builder.log(one))[0]))
    expect(said.map((one) => one?.split(' ')[0])).toEqual([
      'PULL_REQUEST_CLOSED',
      'PULL_REQUEST_REOPENED',
      'PULL_REQUEST_MERGED',
    ])
  })

  it('starts batches where it is to', async () => {
    const batchRole = await builder.role('starts', [{ Action: 'codebuild:*' }])
    const spec = JSON.stringify({
      version: 0.2,
      batch: { 'build-list': [{ identifier: 'one' }, { identifier: 'two' }] },
      phases: { build: { commands: ['test "$CODEBUILD_WEBHOOK_TRIGGER" = branch/main'] } },
    })
    const more = { buildBatchConfig: { serviceRole: batchRole } }
    const { work, push, builds, ask } = await hooked(
      'batched',
      { buildType: 'BUILD_BATCH' },
      { buildspec: spec },
      more,
    )
    const head = await work.commit({ 'b.txt': 'one\n' })
    await push('main')
    const { ids } = await codebuild.send(new ListBuildBatchesForProjectCommand({ projectName: 'batched' }))
    expect(ids).toHaveLength(1)
    expect((await builds()).map((one) => one.buildStatus)).toEqual(Array(3).fill('SUCCEEDED'))
    expect(await ask(`/statuses/${head}`)).toMatchObject([
      { state: 'success', description: 'Batch build of batched: SUCCEEDED' },
    ])
  })

  it('is changed, shown with its project, and deleted', async () => {
    const { work, push, builds } = await hooked('changed')
    const filterGroups = [[filter('EVENT', 'PUSH'), filter('HEAD_REF', '^refs/heads/release')]]
    // No request is one of a fork here, so that none waits for an approval.
    const pullRequestBuildPolicy = { requiresCommentApproval: 'FORK_PULL_REQUESTS' as const }
    await codebuild.send(
      new UpdateWebhookCommand({ projectName: 'changed', filterGroups, pullRequestBuildPolicy }),
    )
    const { projects } = await codebuild.send(new BatchGetProjectsCommand({ names: ['changed'] }))
    expect(projects![0]!.webhook).toMatchObject({
      ...{ filterGroups, pullRequestBuildPolicy, buildType: 'BUILD', status: 'ACTIVE' },
    })
    await work.commit({ 'b.txt': 'one\n' })
    await push('main')
    expect(await builds()).toEqual([])
    await codebuild.send(new DeleteWebhookCommand({ projectName: 'changed' }))
    await push('main:release')
    expect(await builds()).toEqual([])
    await expect(codebuild.send(new DeleteWebhookCommand({ projectName: 'changed' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })

  it('says at the commit that its build could not begin', async () => {
    const { work, push, ask } = await hooked('limited', { buildType: 'BUILD_BATCH' })
    const head = await work.commit({ 'b.txt': 'one\n' })
    await push('main')
    expect(await ask(`/statuses/${head}`)).toMatchObject([
      { state: 'error', description: expect.stringContaining('need a service role of their own') },
    ])
  })
})

it('a build that nobody’s event started is told of where the project wants it', async () => {
  const { base, ask } = await hooked(
    'wanted',
    {},
    {
      reportBuildStatus: true,
      buildStatusConfig: { context: 'tests', targetUrl: 'https://example.com/here' },
    },
  )
  await builder.build('wanted')
  expect(await ask(`/statuses/${base}`)).toMatchObject([
    { context: 'tests', state: 'success', url: 'https://example.com/here' },
  ])
})

it('a batch is told of as one, or build by build, where whoever starts it wants it', async () => {
  const serviceRole = await builder.role('starts-told', [{ Action: 'codebuild:*' }])
  const spec = JSON.stringify({
    version: 0.2,
    batch: { 'build-list': [{ identifier: 'one' }, { identifier: 'two' }] },
    phases: { build: { commands: ['true'] } },
  })
  const { base, ask } = await hooked('told', {}, { buildspec: spec }, { buildBatchConfig: { serviceRole } })
  const start = async (more: object) => {
    await codebuild.send(new StartBuildBatchCommand({ projectName: 'told', ...more }))
    await cloud.settled()
    return (await ask(`/statuses/${base}`)).map(({ context }) =>
      String(context).replace(/^.*\(told\)/, 'told'),
    )
  }
  expect(await start({})).toEqual([])
  expect(await start({ reportBuildBatchStatusOverride: true })).toEqual(['told'])
  const buildBatchConfigOverride = { serviceRole, batchReportMode: 'REPORT_INDIVIDUAL_BUILDS' }
  expect(await start({ reportBuildBatchStatusOverride: true, buildBatchConfigOverride })).toEqual([
    'told',
    'told DOWNLOAD_SOURCE',
    'told one',
    'told two',
  ])
})

describe('of a project', () => {
  const group = (...filters: WebhookFilter[]) => ({ filterGroups: [filters] })
  const push = filter('EVENT', 'PUSH')

  it.each<[string, Partial<ProjectSource>, Omit<CreateWebhookCommandInput, 'projectName'>, RegExp]>([
    ['no events', {}, group(filter('HEAD_REF', 'main')), /exactly one filter of the type EVENT/],
    ['an unknown event', {}, group(filter('EVENT', 'PULL')), /event PULL is none of webhooks/],
    ['releases', {}, group(filter('EVENT', 'RELEASED')), /RELEASED does not happen/],
    ['names of repositories', {}, group(push, filter('REPOSITORY_NAME', 'x')), /REPOSITORY_NAME filter/],
    ['the base of pushes', {}, group(push, filter('BASE_REF', 'main')), /pull request events only/],
    ['a broken pattern', {}, group(push, filter('HEAD_REF', '(')), /HEAD_REF is no regular expression/],
    [
      'a pattern that looks around',
      {},
      group(push, filter('HEAD_REF', '(?!main)')),
      /no regular expression that CodeBuild reads/,
    ],
    ['a secret', {}, { manualCreation: true }, /manualCreation/],
    [
      'approvals by comment',
      {},
      { pullRequestBuildPolicy: { requiresCommentApproval: 'ALL_PULL_REQUESTS' } },
      /no comments of pull requests/,
    ],
    [
      'reopened ones of Bitbucket',
      { type: 'BITBUCKET', location: 'https://bitbucket.org/team/x' },
      group(filter('EVENT', 'PULL_REQUEST_REOPENED')),
      /none of webhooks of source type BITBUCKET/,
    ],
    [
      'CodeCommit',
      { type: 'CODECOMMIT', location: 'https://git-codecommit.us-east-1.amazonaws.com/v1/repos/x' },
      {},
      /not supported for projects whose source type is CODECOMMIT/,
    ],
  ])('a webhook with %s is refused', async (what, source, webhook, message) => {
    const name = what.replaceAll(' ', '-')
    const whole = { type: 'GITHUB' as const, location: 'https://github.com/team/x', ...source }
    await builder.project(name, '', { source: whole })
    await expect(codebuild.send(new CreateWebhookCommand({ projectName: name, ...webhook }))).rejects.toThrow(
      message,
    )
  })
})
