/** AWS::CodeBuild::Project, from template to build. */
import { BatchGetProjectsCommand, ListSourceCredentialsCommand } from '@aws-sdk/client-codebuild'
import { describe, expect, it } from 'vitest'
import { driveStacks, type TemplateData } from '../cloudformation/stack-driver.ts'
import { buildspec, HUB, openBuilder, printed } from './builder.ts'

const builder = await openBuilder()
const stacks = driveStacks(builder)

const template = (more: object = {}): TemplateData => ({
  Resources: {
    Project: {
      Type: 'AWS::CodeBuild::Project',
      Properties: {
        Name: 'stacked',
        ServiceRole: builder.builderRole,
        Source: { Type: 'NO_SOURCE', BuildSpec: buildspec({ build: ['echo "$SAYS"'] }) },
        Artifacts: { Type: 'NO_ARTIFACTS' },
        Environment: {
          Type: 'LINUX_CONTAINER',
          Image: 'aws/codebuild/standard:7.0',
          ComputeType: 'BUILD_GENERAL1_SMALL',
          EnvironmentVariables: [{ Name: 'SAYS', Value: 'hello' }],
        },
        ...more,
      },
    },
  },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Project', 'Arn'] } }, Name: { Value: { Ref: 'Project' } } },
})

const find = async (name: string) =>
  (await builder.codebuild.send(new BatchGetProjectsCommand({ names: [name] }))).projects![0]

describe('a stack with a project', () => {
  it('creates, changes, replaces and deletes it', async () => {
    const made = await stacks.create(
      'project',
      template({
        Description: 'first',
        TimeoutInMinutes: 7,
        LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: 'g' } },
      }),
    )
    expect(made.StackStatus, (await stacks.events('project')).join('\n')).toBe('CREATE_COMPLETE')
    const arn = `arn:aws:codebuild:us-east-1:${HUB}:project/stacked`
    expect(await stacks.outputs('project')).toEqual({ Arn: arn, Name: 'stacked' })
    expect(await find('stacked')).toMatchObject({
      description: 'first',
      timeoutInMinutes: 7,
      logsConfig: { cloudWatchLogs: { groupName: 'g' } },
      tags: expect.arrayContaining([{ key: 'aws:cloudformation:stack-name', value: 'project' }]),
    })
    const build = await builder.build('stacked')
    expect(build.logs?.groupName).toBe('g')
    expect(printed(await builder.log(build))).toEqual(['hello'])

    const changed = await stacks.update('project', template({ Tags: [{ Key: 'a', Value: 'b' }] }))
    expect(changed.StackStatus, (await stacks.events('project')).join('\n')).toBe('UPDATE_COMPLETE')
    const now = await find('stacked')
    expect(now).toMatchObject({
      timeoutInMinutes: 60,
      tags: expect.arrayContaining([{ key: 'a', value: 'b' }]),
    })
    expect(now?.description || undefined).toBeUndefined()
    expect((await builder.build('stacked')).logs?.groupName).toBe('/aws/codebuild/stacked')

    await stacks.update('project', template({ Name: 'renamed' }))
    expect((await stacks.outputs('project')).Name).toBe('renamed')
    expect(await find('stacked')).toBeUndefined()
    expect((await stacks.remove('project')).StackStatus).toBe('DELETE_COMPLETE')
    expect(await find('renamed')).toBeUndefined()
  })

  it('takes the spellings of CloudFormation’s first years, and a role by its name', async () => {
    const made = await stacks.create(
      'old-spellings',
      template({
        Name: 'old',
        ServiceRole: 'builder',
        Artifacts: { Type: 'no_artifacts', EncryptionDisabled: 'false' },
        Source: { Type: 'no_source', BuildSpec: buildspec({ build: ['echo "$SAYS"'] }) },
        Environment: {
          Type: 'linuxContainer',
          ComputeType: 'build_general1_small',
          Image: 'aws/codebuild/nodejs:8.11.0',
          PrivilegedMode: 'true',
          EnvironmentVariables: [{ Name: 'SAYS', Value: 7 }],
        },
        TimeoutInMinutes: '10',
        Triggers: { Webhook: false },
        Visibility: 'PRIVATE',
        Cache: { Type: 'local', Modes: ['LOCAL_CUSTOM_CACHE'] },
      }),
    )
    expect(made.StackStatus, (await stacks.events('old-spellings')).join('\n')).toBe('CREATE_COMPLETE')
    expect(await find('old')).toMatchObject({
      serviceRole: builder.builderRole,
      artifacts: { type: 'NO_ARTIFACTS', encryptionDisabled: false },
      source: { type: 'NO_SOURCE' },
      environment: { type: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_SMALL', privilegedMode: true },
      timeoutInMinutes: 10,
      cache: { type: 'LOCAL' },
    })
    expect(printed(await builder.log(await builder.build('old')))).toEqual(['7'])
  })

  it('has a webhook, with other filters, and none any more', async () => {
    const Source = {
      Type: 'GITHUB',
      Location: 'https://github.com/team/app',
      BuildSpec: buildspec({ build: [] }),
    }
    const hooked = (Triggers?: object) => template({ Name: 'hooked', Source, ...(Triggers && { Triggers }) })
    const filters = (Pattern: string | number) => [
      [
        { Type: 'EVENT', Pattern: 'PUSH' },
        { Type: 'ACTOR_ACCOUNT_ID', Pattern, ExcludeMatchedPattern: 'true' },
      ],
    ]
    await stacks.create('hooked', hooked({ Webhook: true, FilterGroups: filters(12345) }))
    expect((await find('hooked'))?.webhook, (await stacks.events('hooked')).join('\n')).toMatchObject({
      buildType: 'BUILD',
      filterGroups: [
        [
          { type: 'EVENT', pattern: 'PUSH' },
          { type: 'ACTOR_ACCOUNT_ID', pattern: '12345', excludeMatchedPattern: true },
        ],
      ],
    })
    await stacks.update(
      'hooked',
      hooked({ Webhook: true, BuildType: 'BUILD_BATCH', FilterGroups: filters('6') }),
    )
    expect((await find('hooked'))?.webhook).toMatchObject({
      buildType: 'BUILD_BATCH',
      filterGroups: [[{ pattern: 'PUSH' }, { pattern: '6' }]],
    })
    await stacks.update('hooked', hooked())
    expect((await find('hooked'))?.webhook).toBeUndefined()
    await stacks.update('hooked', hooked({ Webhook: 'true' }))
    expect((await find('hooked'))?.webhook).toMatchObject({ buildType: 'BUILD' })
    expect((await stacks.remove('hooked')).StackStatus).toBe('DELETE_COMPLETE')
  })

  it.each<[string, object, RegExp]>([
    ['half a VPC', { VpcConfig: { VpcId: 'vpc-1' } }, /Invalid vpc config: subnets is required/],
    [
      'webhooks of organizations',
      { Triggers: { Webhook: true, ScopeConfiguration: { Name: 'acme', Scope: 'GITHUB_ORGANIZATION' } } },
      /the property "Triggers.ScopeConfiguration" of AWS::CodeBuild::Project/,
    ],
    [
      'webhooks of nothing',
      { Triggers: { Webhook: true } },
      /not supported for projects whose source type is NO_SOURCE/,
    ],
    [
      'public builds',
      { Visibility: 'PUBLIC_READ' },
      /does not support the property "Visibility: PUBLIC_READ" of AWS::CodeBuild::Project/,
    ],
    ['no repository', { Source: { Type: 'GITHUB', Location: 'x' } }, /location must be the HTTPS clone URL/],
    [
      'roles that are not there',
      { ServiceRole: `arn:aws:iam::${HUB}:role/nobody` },
      /sts:AssumeRole on .*nobody/,
    ],
  ])('refuses %s by name', async (what, more, message) => {
    const name = `refused-${what.replaceAll(' ', '-')}`
    expect((await stacks.create(name, template(more))).StackStatus).toBe('ROLLBACK_COMPLETE')
    const failed = (await stacks.events(name)).find((one) => one.startsWith('Project CREATE_FAILED'))
    expect(failed).toMatch(message)
  })
})

it('a stack has the account’s source credentials, once for each provider, and gives them back', async () => {
  const credential = (AuthType: string, Token: string): TemplateData => ({
    Resources: {
      Credential: {
        Type: 'AWS::CodeBuild::SourceCredential',
        Properties: { ServerType: 'GITHUB', AuthType, Token },
      },
    },
    Outputs: { Ref: { Value: { Ref: 'Credential' } } },
  })
  const listed = async () =>
    (await builder.codebuild.send(new ListSourceCredentialsCommand({}))).sourceCredentialsInfos
  await stacks.create('signing', credential('PERSONAL_ACCESS_TOKEN', 'hush'))
  const arn = `arn:aws:codebuild:us-east-1:${HUB}:token/github`
  expect(await stacks.outputs('signing'), (await stacks.events('signing')).join('\n')).toEqual({ Ref: arn })
  expect((await stacks.create('twice', credential('PERSONAL_ACCESS_TOKEN', 'hush'))).StackStatus).toBe(
    'ROLLBACK_COMPLETE',
  )
  const connection = `arn:aws:codeconnections:us-east-1:${HUB}:connection/c`
  await stacks.update('signing', credential('CODECONNECTIONS', connection))
  expect(await listed()).toMatchObject([{ arn, authType: 'CODECONNECTIONS', resource: connection }])
  await stacks.remove('signing')
  expect(await listed()).toEqual([])
})
