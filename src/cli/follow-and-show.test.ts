import { expect, test } from 'vitest'
import { deniedIn, ENDPOINT, recordOf } from '../../tests/fake-cloud-record.ts'
import { answersOf, EXECUTION, fakeFleet, type Moment, ran } from '../../tests/fake-pipeline.ts'
import { fakeTerminal } from '../../tests/fake-terminal.ts'
import { followAndShow } from './follow-and-show.ts'
import type { Workspace } from './workspace.ts'

async function showing(moments: Moment[], answers = {}, approved = true) {
  const { fleet, calls } = fakeFleet({ ...answersOf(...moments), ...answers }, ENDPOINT)
  const { terminal, lines, warned } = fakeTerminal()
  const state = await followAndShow(
    fleet as Workspace,
    terminal,
    { pipeline: 'app', execution: EXECUTION },
    { interval: 0, decide: async () => ({ approved, summary: 'by me' }) },
  )
  const puts = calls.filter(({ operation }) => operation === 'PutApprovalResult')
  return { state, text: lines.map((one) => one.trim().split(/ {2,}/)[0]), lines, warned, puts }
}

const asking: Moment = { status: 'InProgress', actions: [ran('Ask', 'InProgress')] }

test('an approval shows what it would change, and is answered as was decided', async () => {
  const done = { status: 'Succeeded', actions: [ran('Ask', 'Succeeded')] }
  const change = {
    ResourceChange: { Action: 'Add', LogicalResourceId: 'Topic', ResourceType: 'AWS::SNS::Topic' },
  }
  const answers = { DescribeChangeSet: () => ({ Changes: [change] }), PutApprovalResult: () => ({}) }
  const { state, text, puts } = await showing([asking, asking, done], answers, false)
  expect(state.status).toBe('Succeeded')
  expect(text).toEqual([
    'Pipeline app',
    '? Prod / Ask',
    'What this would change:',
    'app 222222222222 eu-west-1',
    '+ Topic AWS::SNS::Topic',
    '✔ Prod / Ask',
  ])
  expect(puts.map(({ input }) => input.result)).toEqual([{ status: 'Rejected', summary: 'by me' }])
})

const failed: Moment = {
  status: 'Failed',
  actions: [ran('Compile', 'Failed', { externalExecutionId: 'p:1', errorDetails: { message: 'exit 1' } })],
}
const log = {
  BatchGetBuilds: () => ({ builds: [{ logs: { groupName: 'g', streamName: 's' } }] }),
  GetLogEvents: () => ({ events: [{ message: 'the last line' }] }),
}

test('a failure is told below, with its denials and the end of its log', async () => {
  recordOf([deniedIn('Compile')])
  const { state, lines, warned } = await showing([failed], {
    ...log,
    GetLogEvents: ({ nextToken }: { nextToken?: string }) =>
      nextToken ? {} : { ...log.GetLogEvents(), nextForwardToken: 'n' },
  })
  expect(state.status).toBe('Failed')
  const at = lines.indexOf('Build / Compile failed: exit 1')
  expect(lines[at + 1]).toBe('  denied deploy may not s3:GetObject')
  expect(lines.at(-1)).toBe('  the last line')
  expect(warned).toEqual([])
})

test('that denials are not told is warned of', async () => {
  recordOf(['x'])
  const { warned } = await showing([failed], { BatchGetBuilds: () => ({}) })
  expect(warned).toEqual([expect.stringContaining(`warning the embedded cloud at ${ENDPOINT} does not tell`)])
})
