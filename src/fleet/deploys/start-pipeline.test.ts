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
  orders:
    source: { github: acme/orders }
    deploy: [${deploy}]
    stages: [dev]
`,
    '/nowhere/crossdock.yaml',
  )

const start =
  '{ startPipeline: { name: "smoke-${environment}", variables: { Commit: "#{Source.CommitId}", Count: 3 } } }'

test('a pipeline of the stage’s account is started there, as the pipeline’s role of that account', () => {
  const { pipelines, waves } = synthesize(fleet(start))
  const [action] = pipelines[0]!.declaration.stages.at(-1)!.actions
  expect(action).toMatchObject({
    name: 'start-smoke-dev-eu-west-1',
    actionTypeId: { category: 'Invoke', provider: 'CodePipeline' },
    configuration: {
      PipelineName: 'smoke-dev',
      Variables: '[{"name":"Commit","value":"#{Source.CommitId}"},{"name":"Count","value":"3"}]',
    },
    region: 'eu-west-1',
  })
  const access = waves[0]!.find(({ name }) => name.endsWith('access'))!
  expect(Object.keys(access.template.Resources)).toEqual(['DeployRole'])
  expect(JSON.stringify(access.template)).toContain(
    '"Action":"codepipeline:StartPipelineExecution","Resource":"arn:aws:codepipeline:eu-west-1:222222222222:smoke-dev"',
  )
})

test('what the started pipeline takes no variable by is refused', () => {
  expect(() => fleet('{ startPipeline: { name: a, variables: { "no space": b } } }')).toThrow(/variables/)
  expect(() => fleet('{ startPipeline: { name: "a-${stage}" } }')).toThrow(/does not stand for anything/)
})
