import { createContext, runInContext } from 'node:vm'
import { beforeEach, expect, it } from 'vitest'
import { OBSERVER_CODE } from './observer-code.ts'

/** What the clients of the SDK were asked, in order: `Command` with its input. */
let asked: (readonly [command: string, input: Record<string, unknown>])[] = []
let answers: Record<string, unknown> = {}
let now = 0

/** A module of the SDK whose commands are answered from `answers`. */
const sdk = new Proxy(
  {},
  {
    get: (_, name: string) =>
      name.endsWith('Client')
        ? class {
            async send({ command, input }: { command: string; input: Record<string, unknown> }) {
              asked.push([command, input])
              const answer = answers[command]
              return typeof answer === 'function' ? answer(input) : (answer ?? {})
            }
          }
        : function Command(this: object, input: unknown) {
            Object.assign(this, { command: name, input })
          },
  },
)

async function invoke(parameters: unknown, continuationToken?: string) {
  const module = { exports: {} as { handler?: (event: unknown) => Promise<void> } }
  const UserParameters = JSON.stringify(parameters)
  runInContext(
    OBSERVER_CODE,
    createContext({
      exports: module.exports,
      require: () => sdk,
      process: { env: { ROLE: 'arn:aws:iam::ACCOUNT:role/deploy' } },
      Date: { now: () => now },
      setTimeout: (done: () => void, milliseconds: number) => {
        now += milliseconds
        done()
      },
    }),
  )
  const data = { actionConfiguration: { configuration: { UserParameters } }, continuationToken }
  await module.exports.handler!({ 'CodePipeline.job': { id: 'job', data } })
  return asked.at(-1)!
}

beforeEach(() => {
  asked = []
  now = 1_000_000
  answers = {
    AssumeRoleCommand: { Credentials: {} },
    DescribeAlarmsCommand: { MetricAlarms: [{ AlarmName: 'a', StateValue: 'OK' }] },
  }
})

const watching = (minutes: number) => ({
  task: 'watch',
  minutes,
  alarms: [[['a'], { 'eu-west-1': '222222222222' }]],
})

it('fits into a template', () => {
  expect(OBSERVER_CODE.length).toBeLessThan(4096)
})

it('looks at alarms as the role of their account', async () => {
  expect(await invoke(watching(0))).toEqual(['PutJobSuccessResultCommand', { jobId: 'job' }])
  expect(asked[0]).toEqual([
    'AssumeRoleCommand',
    { RoleArn: 'arn:aws:iam::222222222222:role/deploy', RoleSessionName: 'crossdock-observer' },
  ])
})

it('asks to be invoked again until the minutes are over', async () => {
  const started = now
  const [command, { continuationToken }] = await invoke(watching(2))
  expect([command, continuationToken]).toEqual(['PutJobSuccessResultCommand', String(started)])
  expect(now - started).toBe(60_000)
  await invoke(watching(2), String(started))
  expect(await invoke(watching(2), String(started))).toEqual(['PutJobSuccessResultCommand', { jobId: 'job' }])
})

it('fails when an alarm goes off, in the middle too', async () => {
  answers.DescribeAlarmsCommand = { CompositeAlarms: [{ AlarmName: 'a', StateValue: 'ALARM' }] }
  expect(await invoke(watching(5), String(now - 60_000))).toEqual([
    'PutJobFailureResultCommand',
    {
      jobId: 'job',
      failureDetails: { type: 'JobFailed', message: 'the alarm a in 222222222222 eu-west-1 went off' },
    },
  ])
})

it('fails where there is no such alarm', async () => {
  answers.DescribeAlarmsCommand = {}
  const [, { failureDetails }] = await invoke(watching(0))
  expect(failureDetails).toMatchObject({ message: 'there is no alarm a in 222222222222 eu-west-1' })
})

it('counts what change sets would change', async () => {
  answers.DescribeChangeSetCommand = ({ StackName }: { StackName: string }) => ({
    Changes: StackName === 'network' ? [{}, {}] : undefined,
  })
  const stacks = {
    'eu-west-1 network set': '222222222222 333333333333',
    'us-east-1 orders set': '222222222222',
  }
  expect(await invoke({ task: 'changes', stacks })).toEqual([
    'PutJobSuccessResultCommand',
    { jobId: 'job', outputVariables: { changes: '4' } },
  ])
  expect(asked).toContainEqual(['DescribeChangeSetCommand', { StackName: 'network', ChangeSetName: 'set' }])
})
