/** What is asked of a pipeline costs the same after thousands of executions as after a few. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreatePipelineCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Collection, Table } from '../../../src/cloud/kernel/store.ts'
import {
  actionRunsOf,
  executionsOf,
  type StoredExecution,
} from '../../../src/cloud/services/codepipeline/state.ts'
import { HUB } from '../cloud.ts'
import { approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

const data = mkdtempSync(join(tmpdir(), 'crossdock-many-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

const NAME = 'old'
const ENDED = 3000
let shop: Workshop
let looked = 0

/** Makes tables count the records that are looked at. */
function countLooks(): void {
  const { store } = shop.cloud
  const of = store.of.bind(store)
  store.of = <T>(kind: Collection<T>, account?: string, region?: string): Table<T> => {
    const table = of(kind, account, region)
    if (kind.name !== executionsOf(NAME).name && kind.name !== actionRunsOf(NAME).name) return table
    const count = <R>(records: R, by: number): R => {
      looked += by
      return records
    }
    return {
      ...table,
      get: (key) => count(table.get(key), 1),
      values: () => count(table.values(), table.size),
      entries: () => count(table.entries(), table.size),
      get size() {
        return table.size
      },
    }
  }
}

const looksOf = async <T>(act: () => Promise<T>): Promise<{ looks: number; answer: T }> => {
  looked = 0
  const answer = await act()
  await shop.cloud.settled()
  return { looks: looked, answer }
}

beforeAll(async () => {
  shop = await openWorkshop({ data })
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body: 'x' }))
  const pipeline = pipelineOf(NAME, role, 'artifacts', [[s3Source('drops')], [approval()]])
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
  await approve()
  await shop.cloud.settled()
  // Records of executions that ended before, which a restart finds.
  const executions = shop.cloud.store.of(executionsOf(NAME), HUB, REGION)
  const runs = shop.cloud.store.of(actionRunsOf(NAME), HUB, REGION)
  const [model] = executions.values()
  for (let number = 2; number <= ENDED; number++) copy(model!, number)
  function copy(one: StoredExecution, number: number): void {
    const id = `${number}`.padStart(8, '0')
    for (const run of runs.values().slice(0, 2))
      runs.put(`${id}-${run.action}`, { ...run, id: `${id}-${run.action}`, executionId: id })
    executions.put(id, { ...one, id, number, started: one.started + number })
  }
  await shop.cloud.stop()
  shop = await openWorkshop({ data })
  countLooks()
})

async function approve(): Promise<void> {
  const { stageStates } = await shop.codepipeline.send(new GetPipelineStateCommand({ name: NAME }))
  const token = stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token
  const result = { status: 'Approved' as const, summary: '' }
  const place = { pipelineName: NAME, stageName: 'Stage1', actionName: 'Approve' }
  await shop.codepipeline.send(new PutApprovalResultCommand({ ...place, token, result }))
}

describe('of a pipeline with thousands of ended executions', () => {
  it('a start, an approval and the state look at few', async () => {
    const started = await looksOf(() =>
      shop.codepipeline.send(new StartPipelineExecutionCommand({ name: NAME, clientRequestToken: 'once' })),
    )
    expect(started.looks).toBeLessThan(100)
    const again = await looksOf(() =>
      shop.codepipeline.send(new StartPipelineExecutionCommand({ name: NAME, clientRequestToken: 'once' })),
    )
    expect(again.answer.pipelineExecutionId).toBe(started.answer.pipelineExecutionId)
    expect(again.looks).toBeLessThan(10)
    const state = await looksOf(() => shop.state(NAME))
    expect(state.answer.Stage1).toMatchObject({
      status: 'InProgress',
      execution: again.answer.pipelineExecutionId,
    })
    expect(state.looks).toBeLessThan(20)
    expect((await looksOf(approve)).looks).toBeLessThan(100)
    expect((await shop.state(NAME)).Stage1?.status).toBe('Succeeded')
  })

  it('a page of executions and one of action executions look at what they hold', async () => {
    const executions = await looksOf(() =>
      shop.codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName: NAME, maxResults: 10 })),
    )
    const { pipelineExecutionSummaries: summaries = [], nextToken } = executions.answer
    expect([summaries.length, summaries[0]?.status]).toEqual([10, 'Succeeded'])
    expect(summaries[1]?.pipelineExecutionId).toBe(`${ENDED}`.padStart(8, '0'))
    expect(executions.looks).toBeLessThan(20)
    const more = { pipelineName: NAME, maxResults: 10, nextToken }
    const next = await shop.codepipeline.send(new ListPipelineExecutionsCommand(more))
    expect(next.pipelineExecutionSummaries?.[0]?.pipelineExecutionId).toBe(`${ENDED - 9}`.padStart(8, '0'))
    const filter = { pipelineExecutionId: summaries[0]?.pipelineExecutionId }
    const runs = await looksOf(() =>
      shop.codepipeline.send(new ListActionExecutionsCommand({ pipelineName: NAME, filter })),
    )
    expect(runs.answer.actionExecutionDetails?.map((one) => one.actionName)).toEqual(['Approve', 'Fetch'])
    expect(runs.looks).toBeLessThan(20)
  })
})
