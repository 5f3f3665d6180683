import { expect, test } from 'vitest'
import { type Answers, awsError, fakeAccounts } from '../../tests/fake-accounts.ts'
import { recordedReason } from '../model/index.ts'
import { buildCommandTime, buildLog, buildReports } from './build-log.ts'
import type { ActionState } from './pipeline-state.ts'
import { recordedResources } from './recorded-resources.ts'

const action: ActionState = {
  name: 'Compile',
  provider: 'CodeBuild',
  category: 'Build',
  account: '222222222222',
  region: 'us-east-1',
  status: 'Succeeded',
  externalExecutionId: 'project:1',
  configuration: {},
}
const BatchGetBuilds = () => ({ builds: [{ logs: { groupName: 'g', streamName: 's' } }] })
const reading = (answers: Answers, more: Partial<ActionState> = {}) => {
  const { accounts, calls } = fakeAccounts({ BatchGetBuilds, ...answers })
  return { lines: buildLog(accounts, { ...action, ...more }), calls }
}

test('reads the log of the build from its beginning to where the token comes back', async () => {
  const pages: Record<string, object> = {
    '': { events: [{ message: 'one\n' }], nextForwardToken: 'a' },
    a: { events: [{ message: 'two' }, {}], nextForwardToken: 'b' },
    b: { events: [{ message: 'three' }], nextForwardToken: 'b' },
  }
  const { lines, calls } = reading({ GetLogEvents: ({ nextToken = '' }) => pages[nextToken] })
  expect(await lines).toEqual(['one', 'two', '', 'three'])
  expect(calls[0]).toMatchObject({ account: '222222222222', input: { ids: ['project:1'] } })
  expect(calls[1]!.input).toMatchObject({ logGroupName: 'g', logStreamName: 's', startFromHead: true })
})

test('a log that is not there is empty; one that may not be read is told', async () => {
  const absent = reading({ GetLogEvents: () => awsError('ResourceNotFoundException') })
  expect(await absent.lines).toEqual([])
  await expect(reading({ GetLogEvents: () => awsError('AccessDenied') }).lines).rejects.toThrow(
    'AccessDenied',
  )
})

test.each<[string, Partial<ActionState>, Answers]>([
  ['another provider', { provider: 'S3' }, {}],
  ['an action that started none', { externalExecutionId: undefined }, {}],
  ['a build without a log', {}, { BatchGetBuilds: () => ({ builds: [{}] }) }],
])('%s has no log', async (_, more, answers) => {
  expect(await reading(answers, more).lines).toBeUndefined()
})

test("a build's own commands are its four phases", async () => {
  const phase = (phaseType: string, from: number, to: number) => ({
    phaseType,
    startTime: new Date(from),
    endTime: new Date(to),
  })
  const phases = [
    phase('PROVISIONING', 0, 1000),
    phase('INSTALL', 1000, 1010),
    phase('BUILD', 1010, 1200),
    phase('POST_BUILD', 1200, 1201),
    phase('FINALIZING', 1201, 5000),
  ]
  const { accounts } = fakeAccounts({ BatchGetBuilds: () => ({ builds: [{ phases }] }) })
  expect(await buildCommandTime(accounts, action)).toBe(201)
  expect(await buildCommandTime(accounts, { ...action, provider: 'S3' })).toBe(0)
})

test('a batch is told by all its builds', async () => {
  const { accounts, calls } = fakeAccounts({
    BatchGetBuildBatches: () => ({
      buildBatches: [
        { buildGroups: [{ currentBuildSummary: { arn: 'a' } }, {}, { currentBuildSummary: { arn: 'b' } }] },
      ],
    }),
    BatchGetBuilds: () => ({
      builds: ['a', 'b'].map((id) => ({ id, logs: { groupName: 'g', streamName: id } })),
    }),
    GetLogEvents: ({ logStreamName }) => ({
      events: [{ message: `of ${logStreamName}` }],
      nextForwardToken: undefined,
    }),
  })
  const batch = { ...action, configuration: { BatchEnabled: 'true' } }
  expect(await buildLog(accounts, batch)).toEqual(['build a', 'of a', 'build b', 'of b'])
  expect(calls[1]!.input).toEqual({ ids: ['a', 'b'] })
})

test('reports are told by what they say', async () => {
  const reports = [
    {
      name: 'unit',
      arn: 'r1',
      type: 'TEST',
      status: 'FAILED',
      testSummary: { total: 9, statusCounts: { FAILED: 1, ERROR: 1 } },
    },
    {
      name: 'lines',
      arn: 'r2',
      type: 'CODE_COVERAGE',
      status: 'SUCCEEDED',
      codeCoverageSummary: { lineCoveragePercentage: 80 },
    },
    { name: 'none', arn: 'r3', type: 'TEST', status: 'INCOMPLETE' },
  ]
  const { accounts, calls } = fakeAccounts({
    BatchGetBuilds: () => ({ builds: [{ reportArns: ['r1', 'r2'] }, { reportArns: ['r3'] }] }),
    BatchGetReports: () => ({ reports }),
  })
  expect(await buildReports(accounts, action)).toMatchObject([
    { name: 'unit', tests: { total: 9, failed: 2 } },
    { name: 'lines', coverage: 80 },
    { name: 'none', status: 'INCOMPLETE' },
  ])
  expect(calls[1]!.input).toEqual({ reportArns: ['r1', 'r2', 'r3'] })
  const without = fakeAccounts({ BatchGetBuilds: () => ({ builds: [{}] }) })
  expect(await buildReports(without.accounts, action)).toEqual([])
})

const deploy = {
  ...action,
  provider: 'CloudFormation',
  category: 'Deploy',
  configuration: { StackName: 'app' },
}
const resource = (LogicalResourceId: string, ResourceStatusReason?: string) => ({
  LogicalResourceId,
  ResourceType: 'AWS::X::Y',
  ResourceStatusReason,
})

test('resources that the embedded cloud only recorded are told, of all pages', async () => {
  const pages: Record<string, object> = {
    '': {
      StackResourceSummaries: [resource('Real'), resource('A', recordedReason('AWS::DynamoDB::Table'))],
      NextToken: 'n',
    },
    n: {
      StackResourceSummaries: [
        resource('B', recordedReason('AWS::DynamoDB::Table')),
        resource('C', 'not Recorded'),
      ],
    },
  }
  const answers = { ListStackResources: ({ NextToken = '' }) => pages[NextToken] }
  const { accounts } = fakeAccounts(answers, 'http://127.0.0.1:1')
  expect(await recordedResources(accounts, deploy)).toEqual([
    { stack: 'app', logicalId: 'A', type: 'AWS::X::Y' },
    { stack: 'app', logicalId: 'B', type: 'AWS::X::Y' },
  ])
  expect(await recordedResources(fakeAccounts(answers).accounts, deploy)).toEqual([])
})

test('of what deployed no stack there are none', async () => {
  const { accounts, calls } = fakeAccounts({}, 'http://127.0.0.1:1')
  for (const more of [{ provider: 'S3' }, { status: 'Failed' as const }, { configuration: {} }])
    expect(await recordedResources(accounts, { ...deploy, ...more })).toEqual([])
  expect(calls).toEqual([])
  const without = (error: Error) =>
    fakeAccounts({ ListStackResources: () => error }, 'http://127.0.0.1:1').accounts
  expect(await recordedResources(without(awsError('ValidationError')), deploy)).toEqual([])
  await expect(recordedResources(without(awsError('AccessDenied')), deploy)).rejects.toThrow('AccessDenied')
})
