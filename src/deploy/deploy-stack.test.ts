import { expect, test } from 'vitest'
import { assemblyStack } from '../../tests/assembly-stack.ts'
import { type Answers, awsError, fakeAccounts, fakePace } from '../../tests/fake-accounts.ts'
import { type AssemblyStack, FleetError } from '../model/index.ts'
import { deploy } from './deploy.ts'
import type { DeployContext } from './deploy-stack.ts'
import { withDigest } from './digest.ts'
import type { DeployEvent } from './events.ts'

const stack = assemblyStack()
const digest = (withDigest(stack).Outputs!.CrossdockDigest as { Value: string }).Value
const standing = {
  StackName: 'app',
  StackId: 'arn:stack',
  StackStatus: 'CREATE_COMPLETE',
  ChangeSetId: 'arn:aws:cloudformation:us-east-1:222222222222:changeSet/crossdock-before/1',
  Tags: [{ Key: 'fleet', Value: 'small' }],
  Outputs: [{ OutputKey: 'CrossdockDigest', OutputValue: digest }],
}
const absent = awsError('ValidationError', 'Stack with id app does not exist')

/** A cloud in which the stack stands so before, and so after a change set was executed. */
function cloudOf(before: unknown, after: object, answers: Answers = {}): Answers {
  let executed = false
  return {
    DescribeStacks: () => (executed ? { Stacks: [{ ...standing, ...after }] } : before),
    CreateChangeSet: () => ({ Id: 'arn:set', StackId: 'arn:stack' }),
    DescribeChangeSet: () => ({ Status: 'CREATE_COMPLETE' }),
    DeleteStack: () => ({}),
    ExecuteChangeSet: () => {
      executed = true
      return {}
    },
    DescribeStackEvents: () => ({
      StackEvents: [
        {
          EventId: '2',
          ClientRequestToken: 'T',
          LogicalResourceId: 'app',
          PhysicalResourceId: 'arn:stack',
          ResourceStatus: 'X_COMPLETE',
        },
        {
          EventId: '1',
          ClientRequestToken: 'T',
          LogicalResourceId: 'Topic',
          ResourceType: 'AWS::SNS::Topic',
          ResourceStatus: 'CREATE_FAILED',
          ResourceStatusReason: 'not authorized',
        },
      ],
    }),
    ...answers,
  }
}

async function deploying(
  answers: Answers,
  waves: readonly (readonly AssemblyStack[])[] = [[stack]],
  more: Partial<DeployContext> = {},
) {
  const { accounts, calls } = fakeAccounts(answers)
  const events: DeployEvent[] = []
  const context: DeployContext = {
    accounts,
    render: ({ template }) => JSON.stringify(template),
    listener: (event) => events.push(event),
    pace: fakePace().pace,
    now: () => 0,
    token: 'T',
    ...more,
  }
  const failure = await deploy({ fleet: 'f', waves, pipelines: [] }, context).then(
    () => undefined,
    (error: Error) => error,
  )
  const outcomes = events.flatMap((one) => (one.type === 'stack-done' ? [one.outcome] : []))
  return { failure, events, outcomes, operations: calls.map((one) => one.operation), calls }
}

test('one that does not stand is created, and its resources are told of', async () => {
  const { outcomes, events, calls } = await deploying(cloudOf(absent, {}))
  expect(outcomes).toEqual(['created'])
  const created = calls.find(({ operation }) => operation === 'CreateChangeSet')!.input
  expect(created.ChangeSetType).toBe('CREATE')
  expect(JSON.parse(created.TemplateBody).Outputs.CrossdockDigest.Value).toBe(digest)
  expect(events.map(({ type }) => type)).toEqual([
    'wave-started',
    'stack-started',
    'resource',
    'resource',
    'stack-done',
    'wave-done',
  ])
  expect(events[0]).toMatchObject({ wave: 1, stacks: [stack] })
})

test('one that carries its digest is left alone, unless all are to be compared', async () => {
  const same = cloudOf({ Stacks: [standing] }, {})
  const { outcomes, operations } = await deploying(same)
  expect(outcomes).toEqual(['unchanged'])
  expect(operations).toEqual(['DescribeStacks'])
  expect((await deploying(same, [[stack]], { force: true })).outcomes).toEqual(['updated'])
})

test('one that would not change is unchanged', async () => {
  const none = { Status: 'FAILED', StatusReason: 'No updates are to be performed.' }
  const answers = { DescribeChangeSet: () => none, DeleteChangeSet: () => ({}) }
  const { outcomes, operations } = await deploying(
    cloudOf({ Stacks: [{ ...standing, Outputs: [] }] }, {}, answers),
  )
  expect(outcomes).toEqual(['unchanged'])
  expect(operations).not.toContain('ExecuteChangeSet')
})

test('what a failed creation left is cleared away first', async () => {
  let deleted = false
  const dead = { Stacks: [{ ...standing, StackStatus: 'ROLLBACK_COMPLETE' }] }
  const answers = cloudOf(undefined, {})
  const { DescribeStacks } = answers
  const { outcomes } = await deploying({
    ...answers,
    DescribeStacks: (input, at) => DescribeStacks!(input, at) ?? (deleted ? absent : dead),
    DeleteStack: () => {
      deleted = true
      return {}
    },
  })
  expect(outcomes).toEqual(['created'])
})

test('a look that was long ago is not built upon', async () => {
  let time = 0
  const looks = async (step: number) => {
    const now = () => (time += step)
    const { operations } = await deploying(cloudOf(absent, {}), [[stack]], { now })
    return operations.slice(0, operations.indexOf('CreateChangeSet')).length
  }
  expect(await looks(1)).toBe(1)
  expect(await looks(31_000)).toBe(2)
})

test('one that ends badly is told with its cause', async () => {
  const { failure, events } = await deploying(cloudOf(absent, { StackStatus: 'ROLLBACK_COMPLETE' }))
  expect(failure?.message).toBe(
    'app in dev (222222222222, us-east-1) failed: Topic (AWS::SNS::Topic) not authorized',
  )
  expect(events.at(-1)).toMatchObject({ type: 'stack-failed', failure: { status: 'ROLLBACK_COMPLETE' } })
})

test("a parameter is another stack's output; without it nothing is asked for", async () => {
  const from = { stack: 'first', target: stack.target, output: 'Arn' }
  const second = assemblyStack({ parametersFrom: { Topic: from } })
  const first = {
    StackName: 'first',
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{ OutputKey: 'Arn', OutputValue: 'arn:t' }],
  }
  const cloud = (Outputs: object[]): Answers => {
    const answers = cloudOf(absent, {})
    const { DescribeStacks } = answers
    return {
      ...answers,
      DescribeStacks: (input, at) =>
        input.StackName === 'first' ? { Stacks: [{ ...first, Outputs }] } : DescribeStacks!(input, at),
    }
  }
  const { calls } = await deploying(cloud(first.Outputs), [[second]])
  expect(calls.find(({ operation }) => operation === 'CreateChangeSet')!.input.Parameters).toEqual([
    { ParameterKey: 'Topic', ParameterValue: 'arn:t' },
  ])
  const { failure, operations } = await deploying(cloud([]), [[second]])
  expect(failure?.message).toContain('the stack first in 222222222222/us-east-1 has no output "Arn"')
  expect(operations).not.toContain('CreateChangeSet')
})

test('a wave runs to its end though one of it fails; the next does not begin', async () => {
  const good = assemblyStack({ name: 'good' })
  const answers = cloudOf(absent, {})
  const { CreateChangeSet } = answers
  const { failure, outcomes, events } = await deploying(
    {
      ...answers,
      CreateChangeSet: (input, at) =>
        input.StackName === 'app'
          ? awsError('ValidationError', 'a wrong template')
          : CreateChangeSet!(input, at),
    },
    [[stack, good], [assemblyStack({ name: 'later' })]],
  )
  expect(failure?.message).toBe('app in dev (222222222222, us-east-1) failed: a wrong template')
  expect(outcomes).toEqual(['created'])
  expect(events.filter(({ type }) => type === 'wave-started')).toHaveLength(1)
})

test('where an account does not answer any more, its further stacks are not begun', async () => {
  const dead = () => new FleetError('AWS does not answer', { fix: 'look at the network' })
  const { failure, events, operations } = await deploying(
    { DescribeStacks: dead },
    [[stack, assemblyStack({ name: 'b' }), assemblyStack({ name: 'c' })]],
    { concurrency: { perTarget: 1, total: 1 } },
  )
  expect(operations).toHaveLength(1)
  expect(events.filter(({ type }) => type === 'stack-started')).toHaveLength(1)
  expect(failure?.message.split('\n')).toEqual(
    ['app', 'b', 'c'].map(
      (name) => `${name} in dev (222222222222, us-east-1) failed: AWS does not answer (look at the network)`,
    ),
  )
})
