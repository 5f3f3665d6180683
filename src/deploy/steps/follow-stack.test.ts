import type { CloudFormationClient, StackEvent } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { type Answers, fakeClient, fakePace } from '../../../tests/fake-accounts.ts'
import { followStack } from './follow-stack.ts'

const event = (EventId: string, ResourceStatus: string, more: Partial<StackEvent> = {}): StackEvent =>
  ({
    EventId,
    StackId: 'arn:stack',
    LogicalResourceId: 'Topic',
    ClientRequestToken: 'T',
    ResourceStatus,
    ...more,
  }) as StackEvent
const own = { PhysicalResourceId: 'arn:stack', LogicalResourceId: 'app' }

async function following(answers: Answers) {
  const { client, calls } = fakeClient<CloudFormationClient>({
    DescribeStacks: () => ({ Stacks: [{ StackStatus: 'CREATE_COMPLETE', ChangeSetId: 'arn:set' }] }),
    ...answers,
  })
  const { pace, rests } = fakePace()
  const told: string[] = []
  const result = await followStack(
    client,
    { id: 'arn:set', stackId: 'arn:stack', changes: [] },
    { token: 'T', pace, tell: ({ EventId }) => told.push(EventId ?? '') },
  )
  return { ...result, told, rests, calls: calls.map(({ operation }) => operation) }
}

test("tells this operation's events once each, oldest first, until the stack's own says that it is over", async () => {
  const older = event('0', 'UPDATE_COMPLETE', { ...own, ClientRequestToken: 'earlier' })
  const looks = [
    [event('2', 'CREATE_IN_PROGRESS'), event('1', 'CREATE_IN_PROGRESS', own), older],
    [
      event('4', 'CREATE_COMPLETE', own),
      event('3', 'CREATE_COMPLETE'),
      event('2', 'CREATE_IN_PROGRESS'),
      older,
    ],
  ]
  const { stack, told, events } = await following({
    DescribeStackEvents: () => ({ StackEvents: looks.shift() ?? [] }),
  })
  expect(told).toEqual(['1', '2', '3', '4'])
  expect(events.map(({ EventId }) => EventId)).toEqual(['1', '2', '3', '4'])
  expect(stack?.StackStatus).toBe('CREATE_COMPLETE')
})

test('reads on to the page where the known ones begin', async () => {
  const pages: Record<string, object> = {
    '': { StackEvents: [event('3', 'CREATE_COMPLETE', own)], NextToken: 'b' },
    b: { StackEvents: [event('2', 'CREATE_COMPLETE'), event('1', 'CREATE_IN_PROGRESS')], NextToken: 'c' },
    c: { StackEvents: [event('0', 'CREATE_COMPLETE', { ClientRequestToken: 'other' })], NextToken: 'never' },
  }
  const { told } = await following({ DescribeStackEvents: ({ NextToken = '' }) => pages[NextToken] })
  expect(told).toEqual(['1', '2', '3'])
})

test('an operation whose events do not show has ended once the stack says that this change set was its last', async () => {
  const states = [
    { StackStatus: 'UPDATE_IN_PROGRESS', ChangeSetId: 'arn:set' },
    { StackStatus: 'UPDATE_COMPLETE', ChangeSetId: 'arn:before' },
  ]
  const { told, stack, rests } = await following({
    DescribeStackEvents: () => ({ StackEvents: [] }),
    DescribeStacks: () => ({
      Stacks: [states.shift() ?? { StackStatus: 'UPDATE_COMPLETE', ChangeSetId: 'arn:set' }],
    }),
  })
  expect(told).toEqual([])
  expect(stack).toMatchObject({ ChangeSetId: 'arn:set' })
  expect(rests.length).toBeGreaterThanOrEqual(2)
})
