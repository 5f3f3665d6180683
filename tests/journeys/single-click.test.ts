/** examples/foreign/single-click: its script, with the aws CLI, and its pipeline from dev to production. */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { describe, expect, test } from 'vitest'
import { openScripts } from './scripts.ts'
import { failureOf, followNext } from './ship.ts'

const ACCOUNTS = { tools: '111111111111', dev: '222222222222', test: '333333333333', prod: '444444444444' }
const region = 'us-east-1'
const hub = { account: ACCOUNTS.tools, region }
const absent = ['aws', 'zip'].filter((one) => spawnSync(one, ['--version']).error)

describe.skipIf(absent.length)('single-click.sh (skipped: the aws CLI or zip is not installed)', async () => {
  const world = await openScripts(ACCOUNTS, region)

  test('lays the pipeline across four accounts', async () => {
    const answers = Object.entries(ACCOUNTS).flatMap(([profile, account]) => [account, profile])
    const text = await world.script('single-click/single-click.sh', answers)
    expect(text.match(/^Successfully created\/updated stack/gm)).toHaveLength(7)
  }, 480_000)

  test('ships what lies in the dev account to production', async () => {
    const state = await followNext(world.accounts, hub, 'greeter', async () => {
      const zip = join(world.cloud.folder, 'app.zip')
      await world.run('zip', ['-qr', zip, '.'], resolve('examples/foreign/single-click/app'))
      const to = `s3://greeter-source-${ACCOUNTS.dev}/app.zip`
      await world.run('aws', ['s3', 'cp', zip, to, '--profile', 'dev'])
    })
    expect(failureOf({ state })).toBe('')
    expect(state.status).toBe('Succeeded')
    for (const account of [ACCOUNTS.test, ACCOUNTS.prod]) {
      const lambda = await world.accounts.client(LambdaClient, { account, region })
      const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'greeter', Qualifier: 'live' }))
      expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({ account })
    }
  }, 60_000)
})
