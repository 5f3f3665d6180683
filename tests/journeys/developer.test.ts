/** `crossdock developer`: a copy of a pipeline beside the shared one, in the developer's own account, and nobody is disturbed. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { developer } from '../../src/cli/commands/developer.ts'
import { accountsOfFleet, developerCopy, loadFleet } from '../../src/fleet/index.ts'
import { executions } from '../../src/operate/index.ts'
import { runCommand } from '../run-command.ts'
import { type Example, followFirst, openExample, type Shipment, ship } from './ship.ts'

const run = promisify(execFile)
const ANA = '555555555555'
const COPY = 'hello--ana--hello'

let example: Example
let shipment: Shipment
let accounts: Accounts
let fleet: string

beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
  fleet = example.fleet.file
  const text = readFileSync(fleet, 'utf8')
  writeFileSync(fleet, text.replace('pipelines:', `developers:\n  ana: { account: "${ANA}" }\npipelines:`))
  shipment = await ship(example)
  process.env.AWS_ENDPOINT_URL = shipment.cloud.endpoint
  process.env.CROSSDOCK_CLOUD_SECRET = shipment.cloud.secret
  accounts = new Accounts(
    accountsOfFleet(developerCopy(await loadFleet(fleet), { developer: 'ana', pipeline: 'hello' })),
  )
  const { directory: cwd, hub } = example.fleet
  const git = (...words: string[]) =>
    run('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@acme.example', ...words], { cwd })
  await git('checkout', '--quiet', '-b', 'faster')
  for (const file of ['src/greeting.mjs', 'test/greeting.test.mjs'])
    writeFileSync(join(cwd, file), readFileSync(join(cwd, file), 'utf8').replaceAll('Hello,', 'Quick hello,'))
  await git('commit', '--quiet', '--message', 'Faster', 'src', 'test')
  const { host } = new URL(shipment.cloud.endpoint)
  await git(
    'push',
    '--quiet',
    `http://${hub.account}:${shipment.cloud.secret}@${host}/_codeconnections/example/hello.git`,
    'faster',
  )
}, 90_000)
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL
  delete process.env.CROSSDOCK_CLOUD_SECRET
  accounts?.close()
  await shipment?.end()
  await example?.remove()
})

const stacksIn = async (from: Pick<Accounts, 'client'>, account: string): Promise<string[]> => {
  const client = await from.client(CloudFormationClient, { account, region: 'us-east-1' })
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}))
  return Stacks.map(({ StackName = '' }) => StackName).sort()
}
const sharedExecutions = async () =>
  (await executions(await shipment.accounts.client(CodePipelineClient, example.fleet.hub), example.pipeline))
    .length
const answerIn = async (from: Pick<Accounts, 'client'>, account: string): Promise<string> => {
  const client = await from.client(LambdaClient, { account, region: 'us-east-1' })
  const { Payload } = await client.send(
    new InvokeCommand({ FunctionName: 'hello', Payload: Buffer.from('{"name":"Ada"}') }),
  )
  return Buffer.from(Payload ?? []).toString()
}

test('a branch goes into the developer’s account alone, past the shared pipeline', {
  timeout: 60_000,
}, async () => {
  const shared = await sharedExecutions()
  const { status, text } = await runCommand(developer, { fleet, branch: 'faster' }, 'start', 'ana', 'hello')
  expect(text).toContain(`${COPY} follows faster`)
  expect(status).toBe(0)
  const state = await followFirst(accounts, example.fleet.hub, COPY)
  expect(state.status).toBe('Succeeded')
  expect(state.stages.map(({ name }) => name)).toEqual(['Source', 'Build', 'ana'])
  expect(await answerIn(accounts, ANA)).toContain('Quick hello')
  expect(await answerIn(shipment.accounts, '222222222222')).not.toContain('Quick')
  expect(await sharedExecutions()).toBe(shared)
})

test('it is removed with all that it made, and what it deployed is told', { timeout: 60_000 }, async () => {
  const before = await stacksIn(accounts, '111111111111')
  expect(before.filter((name) => name.includes(COPY))).toEqual([
    `crossdock-${COPY}-hello`,
    `crossdock-${COPY}-hub`,
  ])
  const { status, text } = await runCommand(developer, { fleet }, 'stop', 'ana', 'hello')
  expect(status).toBe(0)
  expect(text).toContain(`what it deployed stays: the stack hello in ${ANA} us-east-1`)
  expect(await stacksIn(accounts, '111111111111')).toEqual(before.filter((name) => !name.includes(COPY)))
  expect(await stacksIn(accounts, ANA)).toEqual(['hello'])
  expect((await runCommand(developer, { fleet }, 'stop', 'ana', 'hello')).text).toBe(
    'there was nothing to remove',
  )
})

test.each([
  [['start', 'bo', 'hello'], /there is no developer bo\n {2}fix: name one of ana/],
  [['start', 'ana', 'helo'], /there is no pipeline helo\n {2}fix: name one of hello/],
  [['restart', 'ana', 'hello'], /takes start or stop, not "restart"/],
])('%j is told', async (words, told) => {
  await expect(runCommand(developer, { fleet }, ...words).catch(String)).resolves.toMatch(told)
})
