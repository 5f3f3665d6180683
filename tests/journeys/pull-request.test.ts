/** A pull request is built and told how it stands, deploys nothing, and ships when it is merged. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { CodeBuildClient, ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pr } from '../../src/cli/commands/pr.ts'
import { executions } from '../../src/operate/index.ts'
import { runCommand } from '../run-command.ts'
import { type Example, failureOf, followNext, openExample, type Shipment, ship } from './ship.ts'

const run = promisify(execFile)

let example: Example
let shipment: Shipment
let remote: string

/** A project that tests pull requests, as one stands beside a pipeline. */
const CHECKS = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        Policies: [
          {
            PolicyName: 'logs',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
                  Resource: '*',
                },
              ],
            },
          },
        ],
      },
    },
    Checks: {
      Type: 'AWS::CodeBuild::Project',
      Properties: {
        Name: 'checks',
        ServiceRole: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Source: { Type: 'GITHUB', Location: 'https://github.com/example/hello' },
        Artifacts: { Type: 'NO_ARTIFACTS' },
        Environment: {
          Type: 'LINUX_CONTAINER',
          Image: 'aws/codebuild/standard:7.0',
          ComputeType: 'BUILD_GENERAL1_SMALL',
        },
        Triggers: {
          Webhook: true,
          FilterGroups: [
            [
              { Type: 'EVENT', Pattern: 'PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED' },
              { Type: 'BASE_REF', Pattern: '^refs/heads/main$' },
            ],
          ],
        },
      },
    },
  },
}

const git = async (...words: string[]): Promise<void> => {
  const author = ['-c', 'user.name=Ana', '-c', 'user.email=ana@acme.example']
  await run('git', [...author, ...words], { cwd: example.fleet.directory })
}

/** Commits another greeting (its test as well, or not) to the branch, and pushes it. */
async function greet(from: string, to: string, ...files: string[]): Promise<void> {
  for (const file of files) {
    const path = join(example.fleet.directory, file)
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(from, to))
  }
  await git('commit', '--quiet', '--all', '--message', `${to} instead of ${from}`)
  await git('push', '--quiet', remote, 'HEAD:greeting')
  await shipment.cloud.settled()
}

const greeting = async (): Promise<string> => {
  const { accounts } = example.fleet.environments[0]!
  const lambda = await shipment.accounts.client(LambdaClient, {
    account: accounts[0]!.account,
    region: 'us-east-1',
  })
  const Payload = Buffer.from('{"name":"Ada"}')
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'hello', Payload }))
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString()).message
}

const runs = async (): Promise<number> =>
  (await executions(await shipment.accounts.client(CodePipelineClient, example.fleet.hub), example.pipeline))
    .length

const shown = async () => (await runCommand(pr, { remote }, 'show', '1')).text

beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
  shipment = await ship(example)
  const { account } = example.fleet.hub
  remote = `${shipment.cloud.endpoint.replace('//', `//${account}:${shipment.cloud.secret}@`)}/_codeconnections/example/hello.git`
  const client = await shipment.accounts.client(CloudFormationClient, example.fleet.hub)
  const StackName = 'checks'
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(CHECKS),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  )
  await waitUntilStackCreateComplete(
    { client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.1 },
    { StackName },
  )
}, 90_000)

afterAll(async () => {
  await shipment?.end()
  await example?.remove()
})

test('it is built, told of, and deploys nothing until it is merged', async () => {
  expect(shipment.state?.status, failureOf(shipment)).toBe('Succeeded')
  const before = await runs()
  await git('checkout', '--quiet', '-b', 'greeting')
  await greet('Hello,', 'Welcome,', 'src/greeting.mjs')
  const opened = await runCommand(pr, { remote, source: 'greeting', title: 'Be welcoming' }, 'open')
  expect(opened.text).toMatch(/^#1 Be welcoming {2}greeting → main/)
  await shipment.cloud.settled()
  // The test still says Hello.
  expect(await shown()).toMatch(/failure {2}AWS CodeBuild us-east-1 \(checks\)/)
  await greet('Hello,', 'Welcome,', 'test/greeting.test.mjs')
  expect(await shown()).toMatch(/success {2}AWS CodeBuild us-east-1 \(checks\)/)

  const codebuild = await shipment.accounts.client(CodeBuildClient, example.fleet.hub)
  const { ids } = await codebuild.send(new ListBuildsForProjectCommand({ projectName: 'checks' }))
  expect(ids).toHaveLength(2)
  expect([await runs(), await greeting()]).toEqual([before, 'Hello, Ada!'])

  const state = await followNext(shipment.accounts, example.fleet.hub, example.pipeline, async () => {
    await runCommand(pr, { remote }, 'merge', '1')
  })
  expect(state.status, failureOf({ state })).toBe('Succeeded')
  expect([await greeting(), (await shown()).split('\n')[0]]).toEqual([
    'Welcome, Ada!',
    expect.stringMatching(/merged$/),
  ])
}, 90_000)
