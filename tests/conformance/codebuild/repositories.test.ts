/** Projects whose source is a repository: which version, how much of it, what the build is told, and what its role needs. */
import {
  BatchGetBuildBatchesCommand,
  BatchGetBuildsCommand,
  type BuildBatch,
  DeleteSourceCredentialsCommand,
  ImportSourceCredentialsCommand,
  ListSourceCredentialsCommand,
  type ProjectSource,
  StartBuildBatchCommand,
} from '@aws-sdk/client-codebuild'
import { CodeCommitClient, CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { CodeStarConnectionsClient, CreateConnectionCommand } from '@aws-sdk/client-codestar-connections'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { beforeAll, describe, expect, it } from 'vitest'
import { addressed, gitClient } from '../codecommit/git-client.ts'
import { type Allow, buildspec, failureOf, HUB, openBuilder, printed } from './builder.ts'

const builder = await openBuilder()
const work = await gitClient()
const LOGS: Allow = { Action: 'logs:*' }
const HISTORY = 'git rev-list --count HEAD'
const place = (repository: string) => `${builder.cloud.endpoint}/_codeconnections/${repository}.git`

let [first, second, side, tagged, pulled]: string[] = []
let connection = ''

beforeAll(async () => {
  const spec = buildspec({ build: ['echo the spec of the source', 'cat readme.txt'] })
  first = await work.commit({ 'readme.txt': 'first\n', 'buildspec.yml': spec })
  second = await work.commit({ 'readme.txt': 'second\n' })
  await work.git('checkout', '--quiet', '-b', 'side')
  side = await work.commit({ 'readme.txt': 'side\n' })
  await work.git('checkout', '--quiet', '-b', 'pull')
  pulled = await work.commit({ 'readme.txt': 'pulled\n' })
  await work.git('checkout', '--quiet', 'main')
  tagged = first
  await work.git('tag', 'v1', tagged)
  const remote = addressed(place('team/app'))
  await work.git('push', '--quiet', remote, 'main', 'side', 'v1', 'pull:refs/pull/7/head')
  const commits = builder.client(CodeCommitClient)
  const { repositoryMetadata } = await commits.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  await work.git('push', '--quiet', addressed(repositoryMetadata!.cloneUrlHttp!), 'main', 'side', 'v1')
  const made = await builder
    .client(CodeStarConnectionsClient)
    .send(new CreateConnectionCommand({ ConnectionName: 'c', ProviderType: 'GitHub' }))
  connection = made.ConnectionArn!
  await builder.cloud.settled()
})

const github = (more: Partial<ProjectSource> = {}): ProjectSource => ({
  type: 'GITHUB',
  location: 'https://github.com/team/app',
  ...more,
})
const CODECOMMIT: ProjectSource = {
  type: 'CODECOMMIT',
  location: 'https://git-codecommit.us-east-1.amazonaws.com/v1/repos/app',
}
const PULL: Allow = { Action: 'codecommit:GitPull', Resource: `arn:aws:codecommit:us-east-1:${HUB}:app` }

describe('a version', () => {
  beforeAll(() => builder.project('versions', '', { source: github() }))

  it.each([
    ['none', undefined, () => second],
    ['a branch', 'side', () => side],
    ['a tag', 'v1', () => tagged],
    ['a commit', () => first, () => first],
    ['a full name', 'refs/heads/side', () => side],
    ['a name and a commit', () => `refs/heads/main^{${first}}`, () => first],
    ['a pull request', 'pr/7', () => pulled],
    ['the reference of a pull request', 'refs/pull/7/head', () => pulled],
  ])('is %s', async (_what, version, expected) => {
    const sourceVersion = typeof version === 'function' ? version() : version
    const build = await builder.build('versions', { sourceVersion })
    expect(build.buildStatus, failureOf(build)).toBe('SUCCEEDED')
    expect(build.resolvedSourceVersion).toBe(expected())
    expect(build.sourceVersion).toBe(sourceVersion)
    expect(printed(await builder.log(build))[0]).toBe('the spec of the source')
  })

  it.each(['nowhere', 'pr/8', '0'.repeat(40), '-x', 'refs/heads/..'])('%s is told', async (sourceVersion) => {
    const build = await builder.build('versions', { sourceVersion })
    expect(failureOf(build)).toBe(
      `DOWNLOAD_SOURCE CLIENT_ERROR: reference not found for primary source and source version ${sourceVersion}`,
    )
  })

  it('is the project’s, where the build has none', async () => {
    await builder.project('sided', '', { source: github(), sourceVersion: 'side' })
    expect((await builder.build('sided')).resolvedSourceVersion).toBe(side)
  })

  it('is no pull request at other providers', async () => {
    const location = 'https://bitbucket.org/team/app'
    await builder.project('bitbucket', '', { source: { type: 'BITBUCKET', location } })
    const build = await builder.build('bitbucket', { sourceVersion: 'pr/7' })
    expect(failureOf(build)).toContain('reference not found for primary source and source version pr/7')
  })
})

describe('a clone', () => {
  it('has its whole history on no branch, and the variables that AWS names', async () => {
    await builder.project('whole', '', { source: github() })
    const build = await builder.build('whole', {
      sourceVersion: 'main',
      buildspecOverride: buildspec({
        build: [
          HISTORY,
          'git branch --show-current',
          'echo $CODEBUILD_SOURCE_REPO_URL $CODEBUILD_SOURCE_VERSION $CODEBUILD_RESOLVED_SOURCE_VERSION',
          'git remote get-url --push origin',
        ],
      }),
    })
    expect(printed(await builder.log(build))).toEqual([
      '2',
      `https://github.com/team/app main ${second}`,
      place('team/app'),
    ])
  })

  it('is as deep as the project or the build says', async () => {
    const spec = buildspec({ build: [HISTORY] })
    await builder.project('shallow', '', { source: github({ buildspec: spec, gitCloneDepth: 1 }) })
    expect(printed(await builder.log(await builder.build('shallow')))).toEqual(['1'])
    const old = await builder.build('shallow', { sourceVersion: first, gitCloneDepthOverride: 5 })
    expect(old.resolvedSourceVersion).toBe(first)
    const whole = await builder.build('shallow', { gitCloneDepthOverride: 0 })
    expect(printed(await builder.log(whole))).toEqual(['2'])
  })

  it('has submodules where the project wants them', async () => {
    const outer = await gitClient()
    await outer.commit({ '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ../app.git\n' })
    await outer.git('update-index', '--add', '--cacheinfo', `160000,${first},lib`)
    const author = ['-c', 'user.name=T', '-c', 'user.email=t@example.com']
    await outer.git(...author, 'commit', '--quiet', '-m', 'A submodule')
    await outer.git('push', '--quiet', addressed(place('team/outer')), 'main')
    const location = 'https://github.com/team/outer'
    const spec = buildspec({ build: ['cat lib/readme.txt || echo nothing'] })
    const source = github({ location, buildspec: spec, gitSubmodulesConfig: { fetchSubmodules: true } })
    const { build, log } = await builder.once('outer', '', { source })
    expect(printed(log), failureOf(build)).toEqual(['first'])
    const without = await builder.build('outer', { gitSubmodulesConfigOverride: { fetchSubmodules: false } })
    expect(printed(await builder.log(without)).at(-1)).toBe('nothing')
  })

  it('is told where there is no such repository', async () => {
    const source = github({ location: 'https://github.com/team/none' })
    const { build } = await builder.once('none', '', { source })
    expect(failureOf(build)).toMatch(/^DOWNLOAD_SOURCE CLIENT_ERROR: .*team\/none/)
  })
})

it('secondary sources have folders, addresses and versions of their own', async () => {
  const serviceRole = await builder.role('two', [LOGS, PULL])
  await builder.project('two', '', {
    serviceRole,
    source: github({
      buildspec: buildspec({
        build: [
          'cat readme.txt $CODEBUILD_SRC_DIR_other/readme.txt',
          'echo $CODEBUILD_SOURCE_REPO_URL_other $CODEBUILD_SOURCE_VERSION_other',
        ],
      }),
    }),
    secondarySources: [{ ...CODECOMMIT, sourceIdentifier: 'other' }],
    secondarySourceVersions: [{ sourceIdentifier: 'other', sourceVersion: 'side' }],
  })
  const build = await builder.build('two')
  expect(printed(await builder.log(build)), failureOf(build)).toEqual([
    'second',
    'side',
    `${CODECOMMIT.location} side`,
  ])
  const older = await builder.build('two', {
    secondarySourcesVersionOverride: [{ sourceIdentifier: 'other', sourceVersion: 'v1' }],
  })
  expect(older.secondarySourceVersions).toEqual([{ sourceIdentifier: 'other', sourceVersion: 'v1' }])
  expect(printed(await builder.log(older))[1]).toBe('first')
})

it('the builds of a batch are of one commit', async () => {
  const batchRole = await builder.role('starts', [{ Action: 'codebuild:*' }])
  const spec = JSON.stringify({
    version: 0.2,
    batch: { 'build-list': [{ identifier: 'one' }, { identifier: 'two' }] },
    phases: { build: { commands: ['cat readme.txt'] } },
  })
  await builder.project('listed', '', {
    source: github({ buildspec: spec }),
    buildBatchConfig: { serviceRole: batchRole },
  })
  const { buildBatch } = await builder.codebuild.send(
    new StartBuildBatchCommand({ projectName: 'listed', sourceVersion: 'side' }),
  )
  await builder.cloud.settled()
  const { buildBatches } = await builder.codebuild.send(
    new BatchGetBuildBatchesCommand({ ids: [buildBatch!.id!] }),
  )
  const batch: BuildBatch = buildBatches![0]!
  expect(batch).toMatchObject({ buildBatchStatus: 'SUCCEEDED', resolvedSourceVersion: side })
  const ids = batch.buildGroups!.map((one) => one.currentBuildSummary!.arn!)
  const { builds } = await builder.codebuild.send(new BatchGetBuildsCommand({ ids }))
  expect(new Set(builds!.map((one) => one.resolvedSourceVersion))).toEqual(new Set([side]))
})

describe('the project’s role', () => {
  it('needs codecommit:GitPull on the repository', async () => {
    const may = await builder.role('pulls', [LOGS, PULL])
    const { build } = await builder.once('pulled', '', { source: CODECOMMIT, serviceRole: may })
    expect(build.buildStatus, failureOf(build)).toBe('SUCCEEDED')
    expect(build.resolvedSourceVersion).toBe(second)
    const { build: denied } = await builder.once('denied', '', { source: CODECOMMIT })
    expect(failureOf(denied)).toContain('is not authorized to perform: codecommit:GitPull on resource')
  })

  it.each(['GetConnectionToken', 'GetConnection'])('needs %s of its connection', async (action) => {
    const all = ['GetConnectionToken', 'GetConnection']
    const use = (actions: string[]): Allow => ({
      Action: actions.map((one) => `codestar-connections:${one}`),
      Resource: connection,
    })
    const source = github({ auth: { type: 'CODECONNECTIONS', resource: connection } })
    const may = await builder.role(`with-${action}`, [LOGS, use(all)])
    const { build } = await builder.once(`with-${action}`, '', { source, serviceRole: may })
    expect(build.buildStatus, failureOf(build)).toBe('SUCCEEDED')
    const less = await builder.role(`less-${action}`, [LOGS, use(all.filter((one) => one !== action))])
    const { build: denied } = await builder.once(`less-${action}`, '', { source, serviceRole: less })
    expect(failureOf(denied)).toContain(`not authorized to perform: codestar-connections:${action}`)
  })

  it('reads the secret with the token, which is in no message', async () => {
    const SecretString = '{"ServerType":"GITHUB","AuthType":"PERSONAL_ACCESS_TOKEN","Token":"hush-hush"}'
    const { ARN } = await builder
      .client(SecretsManagerClient)
      .send(new CreateSecretCommand({ Name: 'token', SecretString }))
    const { ARN: broken } = await builder
      .client(SecretsManagerClient)
      .send(new CreateSecretCommand({ Name: 'broken', SecretString: 'hush-hush' }))
    const reads: Allow = { Action: 'secretsmanager:GetSecretValue', Resource: [ARN!, broken!] }
    const serviceRole = await builder.role('reads', [LOGS, reads])
    const source = github({ auth: { type: 'SECRETS_MANAGER', resource: ARN! } })
    const { build } = await builder.once('secret', '', { source, serviceRole })
    expect(build.buildStatus, failureOf(build)).toBe('SUCCEEDED')
    const other = await builder.build('secret', {
      sourceAuthOverride: { type: 'SECRETS_MANAGER', resource: broken! },
    })
    expect(failureOf(other)).toMatch(/holds no token/)
    expect(failureOf(other)).not.toContain('hush-hush')
    const { build: denied } = await builder.once('unread', '', { source })
    expect(failureOf(denied)).toContain('not authorized to perform: secretsmanager:GetSecretValue')
  })

  it('signs in with the account’s credentials, where the source has none', async () => {
    const { codebuild } = builder
    const input = { serverType: 'GITHUB' as const, authType: 'CODECONNECTIONS' as const, token: connection }
    const { arn } = await codebuild.send(new ImportSourceCredentialsCommand(input))
    expect((await codebuild.send(new ListSourceCredentialsCommand({}))).sourceCredentialsInfos).toEqual([
      { arn, serverType: 'GITHUB', authType: 'CODECONNECTIONS', resource: connection },
    ])
    const { build: denied } = await builder.once('by-account', '', { source: github() })
    expect(failureOf(denied)).toContain('codestar-connections:GetConnectionToken')
    await expect(
      codebuild.send(new ImportSourceCredentialsCommand({ ...input, shouldOverwrite: false })),
    ).rejects.toThrow(/already exist/)
    await codebuild.send(new DeleteSourceCredentialsCommand({ arn }))
    expect((await builder.build('by-account')).buildStatus).toBe('SUCCEEDED')
  })
})

it.each<[string, ProjectSource, RegExp]>([
  ['no location', { type: 'GITHUB' }, /location must be the HTTPS clone URL/],
  [
    'another host',
    github({ location: 'https://gitlab.com/team/app' }),
    /must be a repository of github\.com/,
  ],
  ['no repository', { ...CODECOMMIT, location: 'https://github.com/a/b' }, /git-codecommit\.<region>/],
  ['groups in groups', { type: 'GITLAB', location: 'https://gitlab.com/a/b/c' }, /groups within groups/],
  [
    'a status that nobody hears',
    { ...CODECOMMIT, reportBuildStatus: true },
    /reportBuildStatus is not supported/,
  ],
  ['a depth below nothing', github({ gitCloneDepth: -1 }), /gitCloneDepth|Member must have value greater/],
])('a project with %s is refused', async (name, source, message) => {
  await expect(builder.project(name.replaceAll(' ', '-'), '', { source })).rejects.toThrow(message)
})
