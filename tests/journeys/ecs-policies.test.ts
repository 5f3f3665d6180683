/** examples/foreign/ecs-policies, deployed with the aws CLI and run; and with typical mistakes in it. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
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
    const target = { account: TEST, region: 'us-west-2' }
    const cloudformation = await run.accounts.client(CloudFormationClient, target)
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'my-thing' }))
    expect(Stacks?.[0]?.Outputs?.[0]?.OutputValue).toMatch(
      new RegExp(`^${BUILD}\\.dkr\\.ecr\\.us-west-2\\.amazonaws\\.com/my-thing:[0-9a-f]{40}$`),
    )
  })
})
