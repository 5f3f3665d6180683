/** examples/foreign/ecs-policies, deployed with the aws CLI and run; and with typical mistakes in it. */
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BUILD, ecsPolicies, TEST } from './ecs-policies-system.ts'
import { failureIn, hasAwsCli, type Run, runForeign } from './foreign-system.ts'

describe.skipIf(!hasAwsCli())('ecs-policies (skipped: the aws CLI is not installed)', () => {
  let run: Run

  beforeAll(async () => {
    run = await runForeign(ecsPolicies, {}, { cli: true })
  }, 120_000)
  afterAll(() => run?.end())

  test('travels through every stage', () => {
    expect(failureIn(run)).toBe('')
    expect(run.state?.status).toBe('Succeeded')
  })

  test('brings the image that was built into the test account', async () => {
    const ecs = await run.accounts.client(ECSClient, { account: TEST, region: 'us-west-2' })
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'my-thing', services: ['my-thing'] }),
    )
    const [{ taskDefinition, runningCount, deployments } = {}] = services ?? []
    expect(taskDefinition).toMatch(/:task-definition\/my-thing:2$/)
    expect({ runningCount, all: deployments?.length }).toEqual({ runningCount: 1, all: 1 })
    const { taskDefinition: revision } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
    expect(revision?.containerDefinitions?.[0]?.image).toMatch(
      new RegExp(`/${BUILD}/us-west-2/my-thing:[0-9a-f]{40}$`),
    )
  })
})
