import { expect, test } from 'vitest'
import { synthesize } from '../../synth/index.ts'
import { parseFleet } from '../index.ts'

const fleet = (deploy: string) =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev: { account: "222222222222", regions: [eu-west-1] }
pipelines:
  worker:
    source: { github: acme/worker }
    build: { commands: [make] }
    deploy: [${deploy}]
    stages: [dev]
`,
    '/nowhere/crossdock.yaml',
  )

const deployment =
  '{ lambda: { function: worker, alias: "${environment}", strategy: Canary10Percent5Minutes, alarms: [late, "broken-${region}"] } }'

test('the function’s alias of the environment is moved there, as the pipeline’s role of that account', () => {
  const { pipelines, waves } = synthesize(fleet(deployment))
  const [action] = pipelines[0]!.declaration.stages.at(-1)!.actions
  expect(action).toMatchObject({
    name: 'publish-worker-eu-west-1',
    actionTypeId: { category: 'Deploy', provider: 'Lambda' },
    configuration: {
      FunctionName: 'worker',
      FunctionAlias: 'dev',
      DeployStrategy: 'Canary10Percent5Minutes',
      Alarms: 'late,broken-eu-west-1',
    },
    inputArtifacts: [{ name: 'BuildOutput' }],
    region: 'eu-west-1',
  })
  const access = waves
    .flat()
    .find(({ name, target }) => name.endsWith('access') && target.account[0] === '2')!
  const text = JSON.stringify(access.template)
  const arn = 'arn:aws:lambda:eu-west-1:222222222222:function:worker'
  for (const resource of [arn, `${arn}:*`, `${arn}:dev`]) expect(text).toContain(`"${resource}"`)
  expect(text).toContain('"arn:aws:cloudwatch:eu-west-1:222222222222:alarm:broken-eu-west-1"')
})

test('several aliases of one function may be moved, and a version published alone', () => {
  const { pipelines } = synthesize(
    fleet(
      '{ name: live, lambda: { function: f, alias: live } }, { name: next, lambda: { function: f, alias: next } }, { name: bare, lambda: { function: g } }',
    ),
  )
  expect(pipelines[0]!.declaration.stages.at(-1)!.actions).toMatchObject([
    { name: 'publish-f-live-eu-west-1' },
    { name: 'publish-f-next-eu-west-1' },
    { name: 'publish-g-eu-west-1', configuration: { FunctionName: 'g' } },
  ])
})

test.each([
  ['{ lambda: { function: f, strategy: AllAtOnce } }', /without an alias there is no traffic to shift/],
  [
    '{ lambda: { function: f, alias: a, strategy: Canary10Percent } }',
    /the strategy "Canary10Percent" is none of AllAtOnce/,
  ],
  ['{ lambda: { function: "f-${stage}" } }', /does not stand for anything/],
  ['{ lambda: { function: f, alias: a, alarms: [] } }', /alarms/],
])('%s is refused', (deploy, message) => {
  expect(() => fleet(deploy)).toThrow(message)
})
