/** State machines run: states, paths, choices, functions under the machine's role, retries, and what is written down of it. */
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import { openMachineShop } from './machine-shop.ts'

const shop = await openMachineShop()
const { create, run, states, arnOf } = shop
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:${HUB}:function:${name}`

beforeAll(async () => {
  await shop.fn('double', 'export const handler = async ({ n }) => ({ twice: 2 * n })')
  await shop.fn(
    'shaky',
    `let calls = 0
    class Shaky extends Error { name = 'Shaky' }
    export const handler = async ({ until }) => {
      calls++
      if (calls < until) throw new Shaky('not yet')
      return calls
    }`,
  )
  await shop.fn(
    'broken',
    `export const handler = async () => { const e = new Error('no'); e.name = 'Broken'; throw e }`,
  )
})

const task = (Resource: string, more: object = {}) => ({ Type: 'Task', Resource, End: true, ...more })
const only = (state: object) => ({ StartAt: 'Only', States: { Only: state } })
const outputOf = async (name: string, input?: object) => JSON.parse((await run(name, input)).output!)

describe('a state machine', () => {
  it('passes data through paths, results and intrinsic functions', async () => {
    await create('paths', {
      StartAt: 'Make',
      States: {
        Make: {
          Type: 'Pass',
          Parameters: {
            'who.$': '$.name',
            'said.$': "States.Format('hi {}, {}', $.name, States.ArrayLength($.list))",
            'execution.$': '$$.Execution.Name',
            fixed: 1,
          },
          ResultPath: '$.made.here',
          Next: 'Pick',
        },
        Pick: { Type: 'Pass', InputPath: '$.made', OutputPath: '$.here', Next: 'Fixed' },
        Fixed: { Type: 'Pass', Result: [1, 2], ResultPath: "$['all']", End: true },
      },
    })
    expect(await outputOf('paths', { name: 'ann', list: [1, 2, 3] })).toEqual({
      who: 'ann',
      said: 'hi ann, 3',
      execution: expect.stringMatching(/^[0-9a-f-]{36}$/),
      fixed: 1,
      all: [1, 2],
    })
  })

  it.each([
    [{ n: 3, tag: 'v1.2' }, 'version'],
    [{ n: 12, tag: 'x' }, 'large'],
    [{ n: 1, tag: 'x' }, 'other'],
  ])('chooses for %j', async (input, chosen) => {
    const to = (Next: string, rule: object) => ({ ...rule, Next })
    const states = Object.fromEntries(
      ['version', 'large', 'other'].map((Result) => [Result, { Type: 'Pass', Result, End: true }]),
    )
    await create(`chooses-${chosen}`, {
      StartAt: 'Choose',
      States: {
        Choose: {
          Type: 'Choice',
          Choices: [
            to('version', {
              And: [
                { Variable: '$.tag', StringMatches: 'v*.*' },
                { Not: { Variable: '$.missing', IsPresent: true } },
              ],
            }),
            to('large', { Variable: '$.n', NumericGreaterThan: 10 }),
          ],
          Default: 'other',
        },
        ...states,
      },
    })
    expect(await outputOf(`chooses-${chosen}`, input)).toBe(chosen)
  })

  it('fails where no choice matches, and as its Fail state says', async () => {
    await create('unmatched', {
      StartAt: 'Choose',
      States: {
        Choose: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'End' }] },
        End: { Type: 'Succeed' },
      },
    })
    expect(await run('unmatched', { a: 1 })).toMatchObject({
      status: 'FAILED',
      error: 'States.NoChoiceMatched',
    })
    await create('fails', only({ Type: 'Fail', Error: 'Own', CausePath: "States.Format('for {}', $.why)" }))
    expect(await run('fails', { why: 'x' })).toMatchObject({ status: 'FAILED', error: 'Own', cause: 'for x' })
  })

  it('does tasks by functions, in both ways', async () => {
    await create('plain', only(task(functionArn('double'), { ResultPath: '$.result' })))
    expect(await outputOf('plain', { n: 4 })).toEqual({ n: 4, result: { twice: 8 } })
    await create(
      'optimized',
      only(
        task('arn:aws:states:::lambda:invoke', {
          Parameters: { FunctionName: 'double', Payload: { 'n.$': '$.n' } },
          ResultSelector: { 'twice.$': '$.Payload.twice', 'status.$': '$.StatusCode' },
        }),
      ),
    )
    expect(await outputOf('optimized', { n: 5 })).toEqual({ twice: 10, status: 200 })
  })

  it('tries again, catches, and writes it down', async () => {
    const Retry = [{ ErrorEquals: ['Shaky'], IntervalSeconds: 0, MaxAttempts: 3 }]
    await create('shaky', only(task(functionArn('shaky'), { Retry })))
    const stateMachineArn = arnOf('shaky')
    const started = { stateMachineArn, name: 'once', input: '{"until":3}' }
    const { executionArn } = await states.call<{ executionArn: string }>('StartExecution', started)
    await shop.test.cloud.settled()
    expect((await shop.history(executionArn)).map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      ...['LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionFailed'],
      ...['LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionFailed'],
      ...['LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionSucceeded'],
      'TaskStateExited',
      'ExecutionSucceeded',
    ])
    await expect(states.call('StartExecution', started)).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    })

    const Catch = [
      { ErrorEquals: ['Other'], Next: 'Never' },
      { ErrorEquals: ['States.TaskFailed'], ResultPath: '$.failure', Next: 'Saved' },
    ]
    await create('catches', {
      StartAt: 'Try',
      States: {
        Try: { Type: 'Task', Resource: functionArn('broken'), Catch, Next: 'Never' },
        Never: { Type: 'Fail' },
        Saved: { Type: 'Succeed' },
      },
    })
    const { a, failure } = await outputOf('catches', { a: 1 })
    expect([a, failure.Error, JSON.parse(failure.Cause).errorMessage]).toEqual([1, 'Broken', 'no'])
  })

  it('runs as its role: what that may not do fails, and the trail tells it', async () => {
    const roleArn = await shop.role('bare', [])
    await create('denied', only(task(functionArn('double'))), { roleArn })
    expect(await run('denied', { n: 1 })).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.AWSLambdaException',
      cause: expect.stringContaining('is not authorized to perform: lambda:InvokeFunction'),
    })
    const denial = shop.test.cloud.trail.entries().find((entry) => entry.denial)
    expect(denial).toMatchObject({ action: 'lambda:InvokeFunction', principal: roleArn })
  })

  it('is refused with a role that Step Functions may not take on, or that the caller may not pass', async () => {
    const roleArn = await shop.role('others', [], 'ec2.amazonaws.com')
    await expect(create('unassumed', only({ Type: 'Succeed' }), { roleArn })).rejects.toThrow(
      'Neither the global service principal states.amazonaws.com',
    )
  })
})

describe('a definition', () => {
  it.each<[string, object, string]>([
    [
      'that leads nowhere',
      only({ Type: 'Pass', Next: 'Gone' }),
      'MISSING_TRANSITION_TARGET: Missing state: Gone at /States/Only/Next',
    ],
    [
      'whose state has no way out',
      only({ Type: 'Pass' }),
      'These fields are required: [Next] or [End] at /States/Only',
    ],
    [
      'with an unknown field',
      only({ Type: 'Succeed', Wait: 1 }),
      'Field is not supported at /States/Only/Wait',
    ],
    ['with an unknown type', only({ Type: 'Think' }), 'Value is not valid: Think at /States/Only/Type'],
    [
      'that starts nowhere',
      { StartAt: 'X', States: { A: { Type: 'Succeed' } } },
      'Missing state: X at /StartAt',
    ],
    [
      'with two waits',
      only({ Type: 'Wait', Seconds: 1, SecondsPath: '$.a', End: true }),
      'Exactly one of these fields',
    ],
    [
      'whose rule compares twice',
      only({ Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, IsString: true, Next: 'Only' }] }),
      'A rule needs exactly one comparison',
    ],
  ])('%s is refused', async (_, definition, message) => {
    await expect(create('wrong', definition)).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: expect.stringContaining(message),
    })
    expect(
      await states.call('ValidateStateMachineDefinition', { definition: JSON.stringify(definition) }),
    ).toMatchObject({ result: 'FAIL' })
  })

  it.each<[string, object, string]>([
    ['Map', { Type: 'Map', ItemProcessor: {}, End: true }, 'does not run states of the type Map'],
    ['JSONata', { Type: 'Pass', QueryLanguage: 'JSONata', End: true }, 'QueryLanguage is JSONata'],
    [
      'another service',
      task('arn:aws:states:::sns:publish'),
      'does not run tasks of arn:aws:states:::sns:publish',
    ],
  ])('with %s is kept, and its execution refused by name', async (name, state, message) => {
    await create(name.replace(' ', '-'), only(state))
    await expect(run(name.replace(' ', '-'))).rejects.toThrow(message)
  })
})

describe('an express state machine', () => {
  it('gives its result at once, and is not listed', async () => {
    await create('quick', only(task(functionArn('double'))), { type: 'EXPRESS' })
    const stateMachineArn = arnOf('quick')
    const done = await states.call('StartSyncExecution', { stateMachineArn, input: '{"n":2}' })
    expect(done).toMatchObject({ status: 'SUCCEEDED', output: '{"twice":4}' })
    await expect(states.call('ListExecutions', { stateMachineArn })).rejects.toMatchObject({
      name: 'StateMachineTypeNotSupported',
    })
    await create('slow', only({ Type: 'Succeed' }))
    await expect(states.call('StartSyncExecution', { stateMachineArn: arnOf('slow') })).rejects.toMatchObject(
      {
        name: 'StateMachineTypeNotSupported',
      },
    )
  })
})

it('events start an execution, once for each', async () => {
  await create('told', only({ Type: 'Pass', InputPath: '$.detail', End: true }))
  const events = shop.test.client(EventBridgeClient)
  const start = { Action: 'states:StartExecution', Resource: arnOf('told') }
  const RoleArn = await shop.role('rule', [start], 'events.amazonaws.com')
  await events.send(new PutRuleCommand({ Name: 'own', EventPattern: '{"source":["own"]}' }))
  const target = { Id: 'machine', Arn: arnOf('told') }
  await expect(events.send(new PutTargetsCommand({ Rule: 'own', Targets: [target] }))).rejects.toThrow(
    `RoleArn is required for target ${target.Arn}.`,
  )
  await events.send(new PutTargetsCommand({ Rule: 'own', Targets: [{ ...target, RoleArn }] }))
  const event = { Source: 'own', DetailType: 'd', Detail: '{"a":1}' }
  await events.send(new PutEventsCommand({ Entries: [event] }))
  await shop.test.cloud.settled()
  const { executions } = await states.call<{ executions: { executionArn: string }[] }>('ListExecutions', {
    stateMachineArn: arnOf('told'),
  })
  const [{ executionArn } = { executionArn: '' }] = executions
  expect(await states.call('DescribeExecution', { executionArn })).toMatchObject({ output: '{"a":1}' })
})

it('machines and executions are listed, changed and deleted', async () => {
  await create('listed', only({ Type: 'Pass', Result: 1, End: true }), { tags: [{ key: 'a', value: 'b' }] })
  const stateMachineArn = arnOf('listed')
  expect(await run('listed')).toMatchObject({ output: '1' })
  await states.call('UpdateStateMachine', {
    stateMachineArn,
    definition: JSON.stringify(only({ Type: 'Pass', Result: 2, End: true })),
  })
  expect(await run('listed')).toMatchObject({ output: '2' })
  const { executions } = await states.call<{ executions: object[] }>('ListExecutions', {
    stateMachineArn,
    statusFilter: 'SUCCEEDED',
  })
  expect(executions).toHaveLength(2)
  expect(await states.call('ListTagsForResource', { resourceArn: stateMachineArn })).toEqual({
    tags: [{ key: 'a', value: 'b' }],
  })
  await states.call('DeleteStateMachine', { stateMachineArn })
  await expect(states.call('DescribeStateMachine', { stateMachineArn })).rejects.toMatchObject({
    name: 'StateMachineDoesNotExist',
  })
})
