/** examples/foreign/change-sets, deployed with the aws CLI and run; and with typical mistakes in it. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNTS, changeSets, HOME, SECOND } from './change-sets-system.ts'
import { failureIn, hasAwsCli, type Run, runForeign } from './foreign-system.ts'

describe.skipIf(!hasAwsCli())('change-sets (skipped: the aws CLI is not installed)', () => {
  let run: Run

  beforeAll(async () => {
    run = await runForeign(changeSets, {}, { cli: true })
  }, 120_000)
  afterAll(() => run?.end())

  test('travels through every stage', () => {
    expect(failureIn(run)).toBe('')
    expect(run.state?.status).toBe('Succeeded')
  })

  test('answers in every account and region', async () => {
    for (const [stage, regions] of [
      ['Dev', [HOME]],
      ['Test', [HOME, SECOND]],
      ['Prod', [HOME, SECOND]],
    ] as const)
      for (const region of regions) {
        const lambda = await run.accounts.client(LambdaClient, { account: ACCOUNTS[stage], region })
        const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'greeter' }))
        expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({
          stage: stage.toLowerCase(),
          region,
        })
      }
  })
})
