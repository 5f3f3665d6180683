/** examples/blue-green on a clock that a test moves: a shift that an alarm takes back, and a hook that says no in one of two regions. */
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { afterEach, expect, test } from 'vitest'
import type { Target } from '../../src/model/index.ts'
import { hookSource } from '../conformance/codedeploy/deploy-shop.ts'
import { HandClock } from '../conformance/hand-clock.ts'
import { makeFunction } from '../conformance/lambda/functions.ts'
import { Demonstration, type ExampleChange, replaced } from './demonstration.ts'

const TEST: Target = { account: '222222222222', region: 'us-east-1' }
const PROD: Target = { account: '333333333333', region: 'us-east-2' }
const [OLD, NEW] = ['1.27', '1.29']

let clock: HandClock
let shipped: Demonstration | undefined
afterEach(async () => {
  await shipped?.end()
  shipped = undefined
})

/** Lets a tenth of a second go by, and what it begins be done. */
async function pass(): Promise<void> {
  await clock.pass(1 / 600, 100)
  await sleep(1)
}

/** Lets time pass until something is done, or holds. */
async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await pass()
}

async function passWhile<T>(work: Promise<T>): Promise<T> {
  let isOver = false
  const end = () => {
    isOver = true
  }
  work.then(end, end)
  await until(async () => isOver)
  return work
}

async function deploy(edit: ExampleChange['edit']): Promise<Demonstration> {
  clock = new HandClock()
  shipped = await passWhile(Demonstration.deploy('blue-green', { edit, clock }))
  return shipped
}

/** The DNS name of a load balancer, once its stack is there. */
async function hostAt({ workspace }: Demonstration, target: Target): Promise<string | undefined> {
  const client = await workspace.accounts.client(CloudFormationClient, target)
  const { Stacks } = await client
    .send(new DescribeStacksCommand({ StackName: 'api' }))
    .catch(() => ({ Stacks: [] }))
  const url = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'Url')?.OutputValue
  return url && new URL(url).host
}

/** Which versions of the image answer ten requests. */
async function versions(one: Demonstration, target: Target): Promise<Record<string, number>> {
  const host = await hostAt(one, target)
  const found: Record<string, number> = {}
  for (let at = 0; host && at < 10; at++) {
    const answer = await new Promise<string>((resolve, reject) => {
      get(one.cloud.endpoint, { headers: { host } }, (response) => text(response).then(resolve, reject)).on(
        'error',
        reject,
      )
    })
    const version = /nginx:([\d.]+)/.exec(answer)?.[1] ?? answer
    found[version] = (found[version] ?? 0) + 1
  }
  return found
}

const actionsOf = ({ states }: Demonstration) =>
  states
    .get('api')!
    .stages.flatMap(({ actions }) => actions)
    .map(({ name, status, error }) => [name, status, error?.message] as const)

test('a shift in tenths is seen at the listener, and taken back when the alarm is raised', {
  timeout: 60_000,
}, async () => {
  const one = await deploy({
    'crossdock.yaml': (file) =>
      replaced(
        'stages: [test, prod]',
        'stages: [test]',
      )(replaced('Traffic: ECSAllAtOnce', 'Traffic: ECSLinear10PercentEvery1Minutes')(file)),
  })
  const ended = one.ship()
  const share = async () => (await versions(one, TEST))[NEW!] ?? 0
  await until(async () => (await share()) === 1)
  await clock.pass(1)
  await until(async () => (await share()) === 2)
  expect(await versions(one, TEST)).toEqual({ [OLD!]: 8, [NEW!]: 2 })
  const alarms = await one.workspace.accounts.client(CloudWatchClient, TEST)
  await alarms.send(
    new SetAlarmStateCommand({ AlarmName: 'api-errors', StateValue: 'ALARM', StateReason: 'errors' }),
  )
  await passWhile(ended)
  const [release] = actionsOf(one).filter(([name]) => name.startsWith('release'))
  expect(release).toEqual([
    'release-api-us-east-1',
    'Failed',
    expect.stringMatching(/^Deployment d-\w+ was stopped: ALARM_ACTIVE: .*Activated alarms: <api-errors>/),
  ])
  await until(async () => (await share()) === 0)
  expect(await versions(one, TEST)).toEqual({ [OLD!]: 10 })
  expect(one.trail.filter(({ decision }) => decision.effect !== 'allowed')).toEqual([])
})

/** Makes the function that is asked in an account before traffic is moved. */
async function makeHook({ workspace }: Demonstration, target: Target, says: 'Succeeded' | 'Failed') {
  const iam = await workspace.accounts.client(IAMClient, target)
  const document = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'hook',
      AssumeRolePolicyDocument: document({
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    }),
  )
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'hook',
      PolicyName: 'answer',
      PolicyDocument: document({
        Action: ['codedeploy:PutLifecycleEventHookExecutionStatus', 'logs:*'],
        Resource: '*',
      }),
    }),
  )
  const lambda = await workspace.accounts.client(LambdaClient, target)
  await passWhile(makeFunction(lambda, 'CodeDeployHook_check', Role!.Arn!, hookSource(says)))
}

test('a hook that says no in one region leaves that region as it was, and the other one goes on', {
  timeout: 60_000,
}, async () => {
  const one = await deploy({
    'crossdock.yaml': (file) =>
      replaced(
        'stages: [test, prod]',
        'stages: [{ environment: [test, prod], name: both }]',
      )(replaced('    approve: true\n', '')(file)),
    'api/appspec.yaml': (file) => `${file}Hooks:\n  - AfterAllowTestTraffic: CodeDeployHook_check\n`,
    'api/service.yaml': replaced(
      '              # Looking at load balancers',
      `              - Effect: Allow
                Action: lambda:InvokeFunction
                Resource: !Sub "arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:CodeDeployHook_check"
              # Looking at load balancers`,
    ),
  })
  await makeHook(one, TEST, 'Succeeded')
  await makeHook(one, PROD, 'Failed')
  await passWhile(one.ship())
  const releases = actionsOf(one).filter(([name]) => name.startsWith('release'))
  expect(releases.map(([, status]) => status).sort()).toEqual(['Failed', 'Succeeded'])
  expect(releases.find(([, status]) => status === 'Failed')).toEqual([
    expect.stringContaining('us-east-2'),
    'Failed',
    expect.stringMatching(
      /^Deployment d-\w+ failed: HOOK_EXECUTION_FAILURE: One of the lifecycle event validation functions failed\./,
    ),
  ])
  expect(await versions(one, TEST)).toEqual({ [NEW!]: 10 })
  await until(async () => (await versions(one, PROD))[OLD!] === 10)
  expect(one.trail.filter(({ decision }) => decision.effect !== 'allowed')).toEqual([])
})
