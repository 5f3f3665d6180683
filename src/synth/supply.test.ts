import { expect, it } from 'vitest'
import { parseFleet } from '../fleet/index.ts'
import type { ActionDeclaration } from '../model/index.ts'
import { synthesize } from './index.ts'

const assemblyOf = (pipeline: string) =>
  synthesize(
    parseFleet(
      `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments: { dev: { account: "222222222222", regions: [us-east-1] } }
pipelines:
  web:
    stages: [dev]
${pipeline}`,
      'crossdock.yaml',
    ),
  )

const declarationOf = (pipeline: string) => assemblyOf(pipeline).pipelines[0]!.declaration

const resourcesOf = (pipeline: string) => {
  const { waves } = assemblyOf(pipeline)
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
