/** A shared-services account in Terraform: its pipeline's builds act in dev, QA and prod, each by its own role. */
import { spawnSync } from 'node:child_process'
import { GetAliasCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { expect, test as it } from 'vitest'
import { startTestCloud } from '../conformance/cloud.ts'
import { missing } from '../conformance/terraform/terraform.ts'
import { failureOf, followFirst } from './ship.ts'
import { openSystem, pushFirst } from './terraform-system.ts'

const ACCOUNTS = {
  'shared-services': '111111111111',
  dev: '222222222222',
  qa: '333333333333',
  prod: '444444444444',
}
const region = 'us-east-1'
const hub = { account: ACCOUNTS['shared-services'], region }

/** What the buildspecs call. */
const absent = ['aws', 'jq', 'zip', 'python3'].filter((one) => spawnSync(one, ['--version']).error)
const reason = missing ?? (absent.length ? `${absent.join(', ')} not installed` : undefined)

const test = await startTestCloud()

it.skipIf(reason)(
  `moves the aliases of three accounts${reason ? ` (skipped: ${reason})` : ''}`,
  async () => {
    const { accounts, terraform } = await openSystem(test, 'shared-services', ACCOUNTS)
    await pushFirst(test.cloud, {
      account: hub.account,
      repository: 'example/greeter',
      from: 'tests/journeys/terraform/shared-services/application',
    })
    await terraform.apply()
    expect(await terraform.plan()).toBe('')

    const state = await followFirst(accounts, hub, 'greeter')
    expect(failureOf({ state })).toBe('')
    for (const alias of ['dev', 'qa', 'prod'] as const) {
      const lambda = await accounts.client(LambdaClient, { account: ACCOUNTS[alias], region })
      const name = { FunctionName: 'greeter' }
      expect(await lambda.send(new GetAliasCommand({ ...name, Name: alias }))).toMatchObject({
        FunctionVersion: '2',
      })
      const { Payload } = await lambda.send(new InvokeCommand({ ...name, Qualifier: alias }))
      expect(Buffer.from(Payload ?? []).toString()).toBe('"first version"')
    }
    // What the pipeline moved is the pipeline's.
    expect(await terraform.plan()).toBe('')
    await terraform.destroy()
  },
  480_000,
)
