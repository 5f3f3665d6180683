import { expect, test } from 'vitest'
import { synthesize } from '../../synth/index.ts'
import { parseFleet } from '../index.ts'

const fleet = (deploy: string, more = '') =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev: { account: "222222222222", regions: [us-east-2] }
pipelines:
  api:
    sources:
      app: { s3: { key: app.zip } }
      image: { s3: { key: image.zip } }
    start: app
    deploy: [${deploy}]
    stages: [dev]${more}
`,
    '/nowhere/crossdock.yaml',
  )

const deploy = (more = '') =>
  `{ from: app, codedeploy: { application: api, group: "api-\${environment}", images: { IMAGE1_NAME: image }, roles: [team/api-task, "arn:aws:iam::222222222222:role/api-execution"]${more} } }`

function deployed(text: string) {
  const { pipelines, waves } = synthesize(fleet(text))
  const [action] = pipelines[0]!.declaration.stages.at(-1)!.actions
  const access = waves[0]!.find(({ name }) => name.endsWith('access'))!
  return { action, policy: JSON.stringify(access.template) }
}

test('a service is deployed by CodeDeploy, as the pipeline’s role of its account', () => {
  const { action } = deployed(deploy())
  expect(action).toMatchObject({
    name: 'release-api-us-east-2',
    actionTypeId: { category: 'Deploy', provider: 'CodeDeployToECS' },
    configuration: {
      ApplicationName: 'api',
      DeploymentGroupName: 'api-dev',
      TaskDefinitionTemplateArtifact: 'app',
      TaskDefinitionTemplatePath: 'taskdef.json',
      AppSpecTemplateArtifact: 'app',
      AppSpecTemplatePath: 'appspec.yaml',
      Image1ArtifactName: 'image',
      Image1ContainerName: 'IMAGE1_NAME',
    },
    inputArtifacts: [{ name: 'app' }, { name: 'image' }],
    region: 'us-east-2',
  })
})

test('the roles that it names are the only ones passed, and its configuration the only one looked at', () => {
  const { policy } = deployed(deploy(', traffic: ECSCanary10Percent5Minutes'))
  expect(policy).toContain(
    '"Action":"iam:PassRole","Resource":["arn:aws:iam::222222222222:role/api-execution","arn:aws:iam::222222222222:role/team/api-task"]',
  )
  expect(policy).not.toContain('role/*')
  expect(policy).toContain(
    '"arn:aws:codedeploy:us-east-2:222222222222:deploymentconfig:CodeDeployDefault.ECSCanary10Percent5Minutes"',
  )
  expect(deployed(deploy()).policy).toContain(
    '"arn:aws:codedeploy:us-east-2:222222222222:deploymentconfig:*"',
  )
  expect(deployed(deploy(', traffic: own')).policy).toContain('deploymentconfig:own"')
})

test('no role is passed where the task definition has none', () => {
  const { policy } = deployed(
    '{ from: app, codedeploy: { application: api, group: api, images: { A: image }, roles: [] } }',
  )
  expect(policy).not.toContain('iam:PassRole')
})

test('what is wrong is told', () => {
  expect(() => fleet('{ from: app, codedeploy: { application: api, group: api } }')).toThrow(/roles/)
  expect(() => fleet(deploy().replace('IMAGE1_NAME: image', 'IMAGE1_NAME: none'))).toThrow(
    'there is no artifact `none`',
  )
  const five = [1, 2, 3, 4, 5].map((n) => `I${n}: image`).join(', ')
  expect(() => fleet(deploy().replace('IMAGE1_NAME: image', five))).toThrow('AWS takes 4 images')
})
