import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseFleet } from '../fleet/index.ts'
import type { ActionDeclaration } from '../model/index.ts'
import { synthesize } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-supply-'))
afterAll(() => rmSync(folder, { recursive: true }))

const assemblyOf = (pipeline: string, hub = '') =>
  synthesize(
    parseFleet(
      `
fleet: acme
hub: { account: "111111111111", region: us-east-1${hub} }
environments:
  dev: { account: "222222222222", regions: [us-east-1] }
  here: { account: "111111111111", regions: [us-east-1] }
pipelines:
  web:
    stages: [dev]
${pipeline}`,
      join(folder, 'crossdock.yaml'),
    ),
  )

const declarationOf = (pipeline: string) => assemblyOf(pipeline).pipelines[0]!.declaration

const resourcesOf = (pipeline: string, hub = '') => {
  const { waves } = assemblyOf(pipeline, hub)
  const { template, parametersFrom } = waves[1]!.find(({ name }) => name === 'crossdock-acme-web')!
  return { resources: template.Resources, parametersFrom }
}

const inOrder = ({ name, runOrder = 1, inputArtifacts = [], outputArtifacts = [] }: ActionDeclaration) =>
  `${runOrder} ${name}: ${inputArtifacts.map((one) => one.name)} > ${outputArtifacts.map((one) => one.name)}`

const SEVERAL = `
    sources:
      app: { github: acme/app }
      infra: { gitlab: acme/infra, paths: ["**"] }
      data: { s3: { bucket: acme-data, key: data.zip } }
    start: [infra, data]
    builds:
      code: {}
      pages: { from: [app, data, code] }
      report: { after: pages, outputs: [numbers, pictures] }
      checks: { from: infra }
    deploy: [{ from: pages, s3: { bucket: web } }, { from: pictures, s3: { bucket: pictures } }]
`

it('several sources have an action each, an artifact of its name, and only those start the pipeline that say so', () => {
  const { stages, triggers } = declarationOf(SEVERAL)
  const actions = stages[0]!.actions
  expect(actions.map(inOrder)).toEqual(['1 app:  > app', '1 infra:  > infra', '1 data:  > data'])
  expect(actions.map(({ namespace }) => namespace)).toEqual(['Source-app', 'Source-infra', 'Source-data'])
  expect(actions[0]!.configuration!.DetectChanges).toBe('false')
  expect(triggers).toMatchObject([{ gitConfiguration: { sourceActionName: 'infra' } }])
  const rules = Object.entries(resourcesOf(SEVERAL).resources).filter(
    ([, { Type }]) => Type === 'AWS::Events::Rule',
  )
  expect(rules.map(([id]) => id)).toEqual(['SourceRuleData'])
})

it('builds run side by side, save those that come after others or read what others make', () => {
  expect(declarationOf(SEVERAL).stages[1]!.actions.map(inOrder)).toEqual([
    '1 code: app > code',
    '2 pages: app,data,code > pages',
    '3 report: app > numbers,pictures',
    '1 checks: infra > checks',
  ])
  expect(declarationOf(SEVERAL).stages[1]!.actions[1]!.configuration).toEqual({
    ProjectName: 'crossdock-acme-web-build-pages',
    PrimarySource: 'app',
  })
})

it('each deploy takes the artifact that it names', () => {
  expect(declarationOf(SEVERAL).stages[2]!.actions.map(inOrder)).toEqual([
    '1 deploy-web-us-east-1: pages > ',
    '2 deploy-pictures-us-east-1: pictures > ',
  ])
})

it('each project has a role of its own, which reads what its build reads and nothing else', () => {
  const { resources } = resourcesOf(SEVERAL)
  const of = (id: string) => JSON.stringify(resources[id]!.Properties!.Policies)
  expect(of('BuildCodeRole')).toContain('/acme-web/app/*')
  expect(of('BuildCodeRole')).not.toContain('/acme-web/infra/*')
  expect(of('BuildChecksRole')).not.toContain('/acme-web/app/*')
  expect(resources.BuildChecks!.Properties!.ServiceRole).toEqual({ 'Fn::GetAtt': ['BuildChecksRole', 'Arn'] })
})

it('two connections come in by two parameters', () => {
  const { resources, parametersFrom } = resourcesOf(SEVERAL)
  expect(Object.keys(parametersFrom)).toEqual(['KeyUsEast1', 'ConnectionGitHub', 'ConnectionGitLab'])
  const [{ Actions }] = resources.Pipeline!.Properties!.Stages as [{ Actions: unknown }]
  const [app, infra] = Actions as { Configuration: Record<string, unknown> }[]
  expect(app!.Configuration.ConnectionArn).toEqual({ Ref: 'ConnectionGitHub' })
  expect(infra!.Configuration.ConnectionArn).toEqual({ Ref: 'ConnectionGitLab' })
})

it('a pipeline is called after fleet and key, or as it says', () => {
  const site =
    '    source: { github: acme/web, branch: Release/1.2 }\n    deploy: [{ s3: { bucket: web } }]\n'
  expect(declarationOf(site).name).toBe('acme-web')
  expect(declarationOf(`${site}    name: "\${pipeline}-\${branchSlug}"`).name).toBe('web-release-1-2')
  const long = declarationOf(`${site}    name: "\${pipeline}-${'x'.repeat(120)}"`).name
  expect(long).toMatch(/^web-x+-[0-9a-f]{8}$/)
  expect(long).toHaveLength(100)
})

it('what starts after another pipeline waits for it by the name that AWS has', () => {
  const second = `
    source: { github: acme/web }
    deploy: [{ s3: { bucket: web } }]
    start: { after: [base] }
  base:
    name: the-base
    stages: [dev]
    source: { github: acme/base }
    deploy: [{ s3: { bucket: base } }]
`
  expect(resourcesOf(second).resources.AfterRule!.Properties).toMatchObject({
    EventPattern: { detail: { pipeline: ['the-base'] } },
  })
})

const site = (rest: string) => `
    source: { github: acme/web }
    deploy: [{ s3: { bucket: web } }]
    ${rest}
`

it.each([
  ['tags: ["v*", "!v0.*"]', { tags: { includes: ['v*'], excludes: ['v0.*'] } }],
  ['tags: ["!v0.*"]', { tags: { excludes: ['v0.*'] } }],
  [
    'paths: ["src/**", "!**/*.md"]',
    { branches: { includes: ['main'] }, filePaths: { includes: ['src/**'], excludes: ['**/*.md'] } },
  ],
])('a trigger has what starts the pipeline and what does not: %s', (keys, push) => {
  const { triggers, stages } = declarationOf(
    `    source: { github: acme/web, ${keys} }\n    deploy: [{ s3: { bucket: web } }]\n`,
  )
  expect(triggers).toMatchObject([{ gitConfiguration: { sourceActionName: 'Source', push: [push] } }])
  expect(stages[0]!.actions[0]!.configuration!.DetectChanges).toBe('false')
})

const CONNECTION = 'arn:aws:codeconnections:us-east-1:111111111111:connection/1'
const EXISTING = `, connections: { github: "${CONNECTION}" }`

it('a connection of the hub is used where the source names none, and none is made', () => {
  const { waves } = assemblyOf(site(''), EXISTING)
  const types = waves
    .flat()
    .flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type))
  expect(types).not.toContain('AWS::CodeStarConnections::Connection')
  const { resources, parametersFrom } = resourcesOf(site(''), EXISTING)
  expect(Object.keys(parametersFrom)).toEqual(['KeyUsEast1'])
  expect(JSON.stringify(resources.Pipeline)).toContain(`"ConnectionArn":"${CONNECTION}"`)
})

it('an image is fetched by its tag, and its push starts the pipeline', () => {
  const images = '    source: { ecr: base/node, tag: "22" }\n    deploy: [{ s3: { bucket: web } }]\n'
  expect(declarationOf(images).stages[0]!.actions[0]).toMatchObject({
    actionTypeId: { provider: 'ECR' },
    configuration: { RepositoryName: 'base/node', ImageTag: '22' },
  })
  expect(resourcesOf(images).resources.SourceRule!.Properties).toMatchObject({
    EventPattern: { detail: { 'repository-name': ['base/node'], 'image-tag': ['22'], result: ['SUCCESS'] } },
  })
})

it('commands that make several artifacts describe each as a secondary one', () => {
  const { resources } = resourcesOf(
    site(
      'build: { commands: [make], outputs: [app, docs], artifacts: { app: { files: [app] }, docs: { files: [docs/**] } } }',
    ).replace('{ s3:', '{ from: app, s3:'),
  )
  const { BuildSpec } = resources.Build!.Properties!.Source as { BuildSpec: string }
  expect(parse(BuildSpec).artifacts).toEqual({
    files: ['app'],
    'secondary-artifacts': { app: { files: ['app'] }, docs: { files: ['docs/**'] } },
  })
})

it('a build may have a network and a cache on its host', () => {
  const build =
    'build: { vpc: { id: vpc-1, subnets: [subnet-1], securityGroups: [sg-1] }, cache: local, privileged: true }'
  const { resources } = resourcesOf(site(build))
  expect(resources.Build!.Properties).toMatchObject({
    VpcConfig: { VpcId: 'vpc-1', Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    Cache: { Type: 'LOCAL', Modes: ['LOCAL_CUSTOM_CACHE', 'LOCAL_DOCKER_LAYER_CACHE'] },
  })
  expect(resources.CacheBucket).toBeUndefined()
  expect(JSON.stringify(resources.BuildRole)).toContain('ec2:CreateNetworkInterfacePermission')
})

const REQUESTS =
  site(`build: { secrets: { TOKEN: writing }, cache: s3, timeout: 30, permissions: [{ Action: "sns:Publish", Resource: "arn:aws:sns:us-east-1:111111111111:t" }] }
    pullRequests: { branches: [main, "release/*"], paths: ["src/**", "!**/*.md"], build: { buildspec: pr.yml }, secrets: { TOKEN: reading } }`)

it('pull requests are built as the build is, without its secrets, permissions and the cache that it trusts', () => {
  const { resources } = resourcesOf(REQUESTS, EXISTING)
  const role = JSON.stringify(resources.PullRequestsRole)
  expect(role).toContain('secret:reading-')
  expect(role).not.toMatch(/secret:writing|sns:Publish|s3:/)
  expect(resources.PullRequests!.Properties).toMatchObject({
    Source: {
      Type: 'GITHUB',
      Location: 'https://github.com/acme/web.git',
      BuildSpec: 'pr.yml',
      Auth: { Type: 'CODECONNECTIONS', Resource: CONNECTION },
      ReportBuildStatus: true,
    },
    Artifacts: { Type: 'NO_ARTIFACTS' },
    TimeoutInMinutes: 30,
    Triggers: {
      Webhook: true,
      FilterGroups: [
        [
          { Type: 'EVENT', Pattern: 'PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED, PULL_REQUEST_REOPENED' },
          { Type: 'BASE_REF', Pattern: '^refs/heads/(?:main|release/[^/]*)$' },
          { Type: 'FILE_PATH', Pattern: '^(?:src/.*)$' },
          { Type: 'FILE_PATH', Pattern: '^(?:(?:.*/)?[^/]*\\.md)$', ExcludeMatchedPattern: true },
        ],
      ],
      PullRequestBuildPolicy: { RequiresCommentApproval: 'FORK_PULL_REQUESTS' },
    },
  })
  expect(resources.PullRequests!.Properties).not.toHaveProperty('Cache')
  expect(declarationOf(REQUESTS).stages.map(({ name }) => name)).toEqual(['Source', 'Build', 'dev'])
})

it('a webhook through a connection that is made with it is warned of', () => {
  const warned = (hub: string) => assemblyOf(REQUESTS, hub).warnings?.map(({ message }) => message)
  expect(warned('')).toEqual([expect.stringContaining('somebody must have authorized')])
  expect(warned(EXISTING)).toEqual([])
})

it('an artifact that a buildspec beside the fleet file does not make is warned of', () => {
  writeFileSync(
    join(folder, 'several.yml'),
    'version: 0.2\nphases: {}\nartifacts: { secondary-artifacts: { app: { files: [app] } } }\n',
  )
  const warned = (buildspec: string) =>
    assemblyOf(
      site(`build: { buildspec: ${buildspec}, outputs: [app, docs] }`).replace('{ s3:', '{ from: app, s3:'),
    ).warnings?.map(String)
  expect(warned('several.yml')).toEqual([
    `${join(folder, 'crossdock.yaml')}:13:5: several.yml makes no artifact \`docs\`\n  fix: describe it there, under \`artifacts: secondary-artifacts: docs:\``,
  ])
  expect(warned('of-another-repository.yml')).toEqual([])
})

it('a test that runs in an account of its environment has its role with the others there, save one that exists', () => {
  const stage = (environment: string) =>
    `stages: [{ environment: ${environment}, test: { runsIn: environment, commands: [make] } }]`
  const rolesIn = (pipeline: string, stack: string) =>
    Object.keys(assemblyOf(pipeline).waves[0]!.find(({ name }) => name === stack)?.template.Resources ?? {})
  const tested = (environment: string, rest = '') => `${site(rest)}\n    ${stage(environment)}\n`
  const build = 'arn:aws:iam::111111111111:role/build'
  const access = 'crossdock-acme-tested-access'
  const pipeline = (environment: string, rest = '') => `${site('')}
  tested:${tested(environment, rest)}`
  expect(rolesIn(pipeline('dev'), access)).toEqual(['DeployRole', 'TestDevRole'])
  expect(rolesIn(pipeline('here'), access)).toEqual(['DeployRole', 'TestHereRole'])
  expect(rolesIn(pipeline('here', `roles: { build: "${build}" }`), access)).toEqual(['DeployRole'])
})
