/** Starting a pipeline and answering its approval, where the server acted and its answer is lost. */
import {
  CodePipelineClient,
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
} from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { pack } from '../../src/cloud/machine/archive.ts'
import { answerApprovals, declarationOf, executionState, startPipeline } from '../../src/operate/index.ts'
import { approval, pipelineOf, s3Source } from '../conformance/codepipeline/declarations.ts'
import { openWorkshop, type Workshop } from '../conformance/codepipeline/workshop.ts'
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { SleepClock } from './small-deployment.ts'

const hub = { account: '111111111111', region: 'us-east-1' }
let shop: Workshop
let role: string
let proxy: FaultProxy
let client: CodePipelineClient
let accounts: Accounts
let name: string
/** What the first call of an operation meets. */
let faults: Map<string, Fault>
let pipelines = 0

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
  const Body = await pack([{ name: 'hello.txt', content: Buffer.from('hello') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
})

beforeEach(async () => {
  name = `lost-${++pipelines}`
  await shop.codepipeline.send(
    new CreatePipelineCommand({
      pipeline: pipelineOf(name, role, 'artifacts', [[s3Source('drops')], [approval()]]),
    }),
  )
  await shop.cloud.settled()
  faults = new Map()
  proxy = await startFaultProxy({
    target: shop.cloud.endpoint,
    fault: ({ operation }) => {
      const fault = faults.get(operation)
      faults.delete(operation)
      return fault
    },
  })
  accounts = new Accounts([{ name: 'hub', account: hub.account }], {
    endpoint: proxy.endpoint,
    patience: new SleepClock(),
  })
  client = await accounts.client(CodePipelineClient, hub)
})

afterEach(async () => {
  accounts.close()
  await proxy.close()
})

const executions = async () => {
  const { pipelineExecutionSummaries = [] } = await shop.codepipeline.send(
    new ListPipelineExecutionsCommand({ pipelineName: name }),
  )
  return pipelineExecutionSummaries
}

const waiting = async () => {
  const [{ pipelineExecutionId = '' } = {}] = await executions()
  return (await executionState(client, await declarationOf(client, name), hub, pipelineExecutionId))!
}

describe.each<[string, Fault]>([
  ['the connection breaks', { kind: 'reset', acted: true }],
  ['the answer is a 500', { kind: 'answer', acted: true, status: 500, body: '' }],
  ['the answer is cut short', { kind: 'truncate', honest: true }],
])('%s', (_, fault) => {
  test('a start by hand starts one execution', async () => {
    const before = (await executions()).length
    faults.set('StartPipelineExecution', fault)
    const id = await startPipeline(client, name)
    const after = await executions()
    expect(after).toHaveLength(before + 1)
    expect(after[0]?.pipelineExecutionId).toBe(id)
  })

  test.each([true, false])(
    'an approval that was answered with %s is known as one’s own',
    async (approved) => {
      faults.set('PutApprovalResult', fault)
      const state = await waiting()
      const answered = await answerApprovals(client, state, { approved, summary: 'looked at it' })
      expect(answered).toHaveLength(1)
      await shop.cloud.settled()
      expect((await executions())[0]?.status).toBe(approved ? 'Succeeded' : 'Failed')
    },
  )
})

test('an approval that somebody else rejected meanwhile is told', async () => {
  const state = await waiting()
  const { stages } = state
  const action = stages.flatMap((stage) => stage.actions).find((one) => one.approvalToken)!
  faults.set('PutApprovalResult', { kind: 'reset', acted: false })
  await shop.codepipeline.send(
    new PutApprovalResultCommand({
      pipelineName: name,
      stageName: 'Stage1',
      actionName: action.name,
      token: action.approvalToken,
      result: { status: 'Rejected', summary: 'not today' },
    }),
  )
  await expect(answerApprovals(client, state, { approved: true, summary: 'fine' })).rejects.toThrow(
    /already been completed/,
  )
})
