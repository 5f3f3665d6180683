import { expect, test } from 'vitest'
import { synthesize } from '../../synth/index.ts'
import { parseFleet } from '../index.ts'

const fleet = (pipelines: string, more = '') =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev: { account: "222222222222", regions: [eu-west-1] }
  prod: { account: "444444444444", regions: [us-east-1], values: { Cluster: large } }
${more}
pipelines:
${pipelines}
`,
    '/nowhere/crossdock.yaml',
  )

const IMAGES = 'images: { web: { keep: 5, immutable: true }, base: { scan: false } }'
const DEPLOY =
  '{ from: image, ecs: { cluster: "${environment}", service: web, file: "image-${environment}.json", timeout: 20, roles: ["tasks/web-${region}", run] } }'
const PIPELINE = `
  web:
    sources: { app: { github: acme/web }, base: { ecr: acme/base } }
    builds: { image: { images: [web], from: [app, base] } }
    start: app
    deploy: [${DEPLOY}]
    stages: [dev, prod]
`

const synthesized = (text = PIPELINE) => synthesize(fleet(text, IMAGES))
const resourcesOf = (assembly: ReturnType<typeof synthesize>, stack: string, account = '111111111111') =>
  assembly.waves.flat().find(({ name, target }) => name === stack && target.account === account)!.template
    .Resources
const repositories = (assembly = synthesized()) =>
  Object.values(resourcesOf(assembly, 'crossdock-acme-hub'))
    .filter(({ Type }) => Type === 'AWS::ECR::Repository')
    .map(({ Properties }) => Properties as Record<string, unknown>)

test('a deploy becomes an ECS action of each place, which reads the file of its environment', () => {
  const actions = synthesized()
    .pipelines[0]!.declaration.stages.slice(2)
    .flatMap((one) => one.actions)
  expect(actions.map(({ name, configuration, region }) => ({ name, configuration, region }))).toEqual(
    [
      ['dev', 'eu-west-1'],
      ['prod', 'us-east-1'],
    ].map(([environment, region]) => ({
      name: `deploy-web-${region}`,
      configuration: {
        ClusterName: environment,
        ServiceName: 'web',
        FileName: `image-${environment}.json`,
        DeploymentTimeout: '20',
      },
      region,
    })),
  )
})

test('the role of the account may pass the named roles to tasks, and no others', () => {
  const { DeployRole } = resourcesOf(synthesized(), 'crossdock-acme-web-access', '222222222222')
  const text = JSON.stringify(DeployRole)
  expect(text).toContain(
    '"Action":"iam:PassRole","Resource":["arn:aws:iam::222222222222:role/run","arn:aws:iam::222222222222:role/tasks/web-eu-west-1"],"Condition":{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}',
  )
  expect(text).not.toContain('role/*')
  expect(text).toContain('"arn:aws:ecs:eu-west-1:222222222222:service/dev/web"')
})

test('what pushes and what may pull follows from builds and stages', () => {
  const assembly = synthesized()
  const [web, base] = repositories(assembly)
  expect(web).toMatchObject({
    RepositoryName: 'acme/web',
    ImageScanningConfiguration: { ScanOnPush: true },
    ImageTagMutability: 'IMMUTABLE',
    RepositoryPolicyText: {
      Statement: [
        {
          Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::444444444444:root'] },
          Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        },
      ],
    },
  })
  expect(web!.LifecyclePolicy).toMatchObject({
    LifecyclePolicyText: expect.stringContaining('"countNumber":5'),
  })
  // It is built upon, and deployed nowhere.
  expect(base).toEqual({
    RepositoryName: 'acme/base',
    ImageScanningConfiguration: { ScanOnPush: false },
    ImageTagMutability: 'MUTABLE',
  })
  const { Build, BuildRole } = Object.fromEntries(
    Object.entries(resourcesOf(assembly, 'crossdock-acme-web')).map(([id, one]) => [
      id.replace(/^Build(Image)?/, 'Build').replace(/[0-9a-f]{8}/, ''),
      one,
    ]),
  )
  expect(JSON.stringify(Build?.Properties)).toMatch(
    /"PrivilegedMode":true,"EnvironmentVariables":\[\{"Name":"IMAGE_WEB".*"Name":"REPOSITORY_URI"/,
  )
  const role = JSON.stringify(BuildRole)
  expect(role).toContain('"ecr:PutImage"')
  expect(role).toContain('"arn:aws:ecr:us-east-1:111111111111:repository/acme/web"')
  expect(role).not.toContain('repository/acme/base')
})

test('an image of the fleet that is a source is pulled by those to whom it is deployed', () => {
  const text = `
  web:
    source: { ecr: acme/base }
    deploy: [{ s3: { bucket: site } }]
    stages: [dev]
`
  const [, base] = repositories(synthesized(text))
  expect(base?.RepositoryPolicyText).toMatchObject({
    Statement: [{ Principal: { AWS: ['arn:aws:iam::222222222222:root'] } }],
  })
})

test('of several images each has a variable, and none is the only one', () => {
  const text = PIPELINE.replace('images: [web]', 'images: [web, base]')
  const project = JSON.stringify(resourcesOf(synthesized(text), 'crossdock-acme-web'))
  expect(project).toContain('"Name":"IMAGE_BASE"')
  expect(project).not.toContain('REPOSITORY_URI')
})
