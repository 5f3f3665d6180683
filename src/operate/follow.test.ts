import { expect, test } from 'vitest'
import { type Answers, fakeAccounts } from '../../tests/fake-accounts.ts'
import { deniedIn, ENDPOINT, recordOf } from '../../tests/fake-cloud-record.ts'
import { answersOf, EXECUTION, fakeFleet, type Moment, ran } from '../../tests/fake-pipeline.ts'
import { inlinePolicy, type PolicyRef } from '../model/index.ts'
import { type FollowEvent, type FollowOptions, follow } from './follow.ts'

const begun: Moment = { status: 'InProgress', actions: [ran('Fetch', 'InProgress')] }
const fetched: Moment = { status: 'InProgress', actions: [ran('Fetch', 'Succeeded')] }
const asking: Moment = {
  status: 'InProgress',
  actions: [ran('Ask', 'InProgress'), ran('Fetch', 'Succeeded')],
}
const done: Moment = { status: 'Succeeded', actions: [ran('Ask', 'Succeeded'), ran('Fetch', 'Succeeded')] }

/** Follows to the end without time passing; gives the events, and how often it rested. */
async function following(
  moments: readonly Moment[],
  { answers = {}, endpoint, ...more }: { answers?: Answers; endpoint?: string } & Partial<FollowOptions> = {},
) {
  const { fleet, calls } = fakeFleet({ ...answersOf(...moments), ...answers }, endpoint)
  const events: FollowEvent[] = []
  let rests = 0
  const sleep = async () => void rests++
  for await (const event of follow(fleet, 'app', EXECUTION, { interval: 1, sleep, ...more }))
    events.push(event)
  return { events, types: events.map(({ type }) => type), rests, calls }
}

test('tells each state once, and the end', async () => {
  const { types, events, rests } = await following([begun, begun, fetched, fetched, done])
  expect(types).toEqual(['state', 'state', 'state', 'ended'])
  expect(events.at(-1)).toMatchObject({ state: { status: 'Succeeded' } })
  expect(rests).toBe(4)
})

test.each(['Succeeded', 'Failed', 'Stopped', 'Superseded', 'Cancelled'])('%s is an end', async (status) => {
  const { types, rests } = await following([{ status, actions: [] }])
  expect([types, rests]).toEqual([['state', 'ended'], 0])
})

test('tells of an approval once, with what it would change, and then again how it stands', async () => {
  const DescribeChangeSet = () => ({ Changes: [{ Type: 'Resource' }] })
  const { types, events, calls } = await following([asking, asking, asking, done], {
    answers: { DescribeChangeSet },
  })
  expect(types).toEqual(['state', 'approval', 'state', 'state', 'ended'])
  expect(events[1]).toMatchObject({
    waiting: [{ stage: 'Prod', action: { name: 'Ask', approvalToken: 'token' } }],
    changes: [{ stack: 'app', changes: [{ Type: 'Resource' }] }],
  })
  expect(calls.filter(({ operation }) => operation === 'DescribeChangeSet')).toHaveLength(1)
})

test('waits for whoever reads it', async () => {
  const { fleet, operations } = fakeFleet(answersOf(begun, done))
  const events = follow(fleet, 'app', EXECUTION, { interval: 1, sleep: async () => undefined })
  await events.next()
  const looks = () => operations().filter((one) => one === 'GetPipelineExecution').length
  await new Promise((resolve) => setImmediate(resolve))
  expect(looks()).toBe(1)
  await events.next()
  expect(looks()).toBe(2)
  await events.return()
})

const failed: Moment = {
  status: 'Failed',
  actions: [
    ran('Compile', 'Failed', {
      externalExecutionId: 'p:1',
      errorDetails: { code: 'JobFailed', message: 'exit 1' },
    }),
  ],
}

test('tells why each action failed: its denials, and the end of its log', async () => {
  recordOf([deniedIn('Compile')])
  const lines = Array.from({ length: 50 }, (_, index) => ({ message: `line ${index}` }))
  const { types, events } = await following([failed], {
    endpoint: ENDPOINT,
    answers: {
      BatchGetBuilds: () => ({ builds: [{ logs: { groupName: 'g', streamName: 's' } }] }),
      GetLogEvents: ({ nextToken }) => ({ events: nextToken ? [] : lines, nextForwardToken: 'n' }),
    },
  })
  expect(types).toEqual(['state', 'failed', 'ended'])
  const [, event] = events
  if (event?.type !== 'failed') throw new Error('no failure')
  expect(event).toMatchObject({ stage: 'Build', action: { error: { message: 'exit 1' } } })
  expect(event.denials.map((one) => one.action)).toEqual(['s3:GetObject'])
  expect([event.log.length, event.log[0], event.log.at(-1)]).toEqual([40, 'line 10', 'line 49'])
  expect(event).not.toHaveProperty('trouble')
})

test('says where the policies stand that denied something, wherever they are looked up', async () => {
  const at = inlinePolicy('arn:aws:iam::222222222222:role/deploy', 'own')
  recordOf([deniedIn('Compile', { remedies: [{ at, belongsIn: 'its own policy', advice: 'Change it.' }] })])
  const origin = { account: '111111111111', region: 'us-east-1', stack: 'app' }
  const places = (policy: PolicyRef | undefined) => (policy ? origin : undefined)
  const answers = { BatchGetBuilds: () => ({}) }
  const { events } = await following([failed], { endpoint: ENDPOINT, answers, places })
  expect(events[1]).toMatchObject({ denials: [{ remedies: [{ origin }] }] })
})

test('a failure is told also where its denials are not', async () => {
  recordOf(['<html>'])
  const answers = { BatchGetBuilds: () => ({}) }
  const { events } = await following([failed], { endpoint: ENDPOINT, answers })
  expect(events[1]).toMatchObject({ type: 'failed', denials: [], log: [] })
  expect((events[1] as { trouble: Error }).trouble.message).toContain('no JSON')
})

test('one that is gone is told, and an error is thrown as it is', async () => {
  await expect(following([begun], { answers: { GetPipelineExecution: () => ({}) } })).rejects.toThrow(
    `the execution ${EXECUTION} of app is gone`,
  )
  const { accounts } = fakeAccounts({})
  const fleet = { ...fakeFleet({}).fleet, accounts }
  const events = follow(fleet, 'app', EXECUTION, { interval: 1 })
  await expect(events.next()).rejects.toThrow('nobody answers GetPipeline')
})

test('ends when it is told to, also in the middle of a rest', async () => {
  const ending = new AbortController()
  const { fleet } = fakeFleet(answersOf(begun))
  const types: string[] = []
  for await (const { type } of follow(fleet, 'app', EXECUTION, { interval: 1e9, until: ending.signal })) {
    types.push(type)
    setImmediate(() => ending.abort())
  }
  expect(types).toEqual(['state'])
})
