import {
  CreatePipelineCommand,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
  const Body = await pack([{ name: 'hello.txt', content: Buffer.from('hello') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
})

const create = (name: string, stages: Parameters<typeof pipelineOf>[3], rest = {}) =>
  shop.codepipeline.send(
    new CreatePipelineCommand({ pipeline: pipelineOf(name, role, 'artifacts', stages, rest) }),
  )

async function start(name: string, rest = {}): Promise<string> {
  const { pipelineExecutionId } = await shop.codepipeline.send(
    new StartPipelineExecutionCommand({ name, ...rest }),
  )
  await shop.cloud.settled()
  return pipelineExecutionId!
}

async function answer(
  name: string,
  status: 'Approved' | 'Rejected' = 'Approved',
  at = { stage: 'Stage1', action: 'Approve' },
): Promise<void> {
  const token = (await shop.state(name))[at.stage]?.actions[at.action]?.token
  await shop.codepipeline.send(
    new PutApprovalResultCommand({
      pipelineName: name,
      stageName: at.stage,
      actionName: at.action,
      token,
      result: { status, summary: 'said so' },
    }),
  )
  await shop.cloud.settled()
}

describe('an execution', () => {
  it('starts when the pipeline is created, waits for the approval, and succeeds after it', async () => {
    await create('plain', [
      [s3Source('drops')],
      [approval('Approve', { configuration: { CustomData: '#{Fetched.VersionId}' } })],
    ])
    await shop.cloud.settled()
    const before = await shop.state('plain')
    expect(before.Source?.status).toBe('Succeeded')
    expect(before.Stage1).toMatchObject({
      status: 'InProgress',
      actions: { Approve: { status: 'InProgress' } },
    })
    const id = before.Stage1!.execution!
    expect((await shop.execution('plain', id)).trigger?.triggerType).toBe('CreatePipeline')
    await answer('plain')
    expect(await shop.settled('plain', id)).toBe('Succeeded')
    const [fetch, approve] = await shop.runs('plain')
    expect(fetch).toMatchObject({ action: 'Fetch', status: 'Succeeded', outputs: ['SourceOutput'] })
    expect(fetch?.variables).toMatchObject({
      BucketName: 'drops',
      ObjectKey: 'app.zip',
      VersionId: fetch?.id,
    })
    expect(approve).toMatchObject({ action: 'Approve', status: 'Succeeded', summary: 'said so' })
  })

  it('fails when the approval is rejected, and is retried', async () => {
    await create('rejected', [[s3Source('drops')], [approval()]])
    await shop.cloud.settled()
    await answer('rejected', 'Rejected')
    const { Stage1 } = await shop.state('rejected')
    expect(Stage1).toMatchObject({ status: 'Failed', actions: { Approve: { status: 'Failed' } } })
    expect(Stage1?.actions.Approve?.error).toMatch(/^Rejected by arn:aws:iam::111111111111:root: said so/)
    const pipelineExecutionId = Stage1!.execution!
    const retry = new RetryStageExecutionCommand({
      pipelineName: 'rejected',
      stageName: 'Stage1',
      pipelineExecutionId,
      retryMode: 'FAILED_ACTIONS',
    })
    await shop.codepipeline.send(retry)
    await shop.cloud.settled()
    await answer('rejected')
    expect(await shop.settled('rejected', pipelineExecutionId)).toBe('Succeeded')
    await expect(shop.codepipeline.send(retry)).rejects.toThrow(/has not failed/)
  })

  it('takes an approval once and only with its token', async () => {
    await create('tokens', [[s3Source('drops')], [approval()]])
    await shop.cloud.settled()
    const token = (await shop.state('tokens')).Stage1!.actions.Approve!.token!
    const put = (token: string) =>
      shop.codepipeline.send(
        new PutApprovalResultCommand({
          pipelineName: 'tokens',
          stageName: 'Stage1',
          actionName: 'Approve',
          token,
          result: { status: 'Approved', summary: '' },
        }),
      )
    await expect(put('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      name: 'InvalidApprovalTokenException',
    })
    await put(token)
    await expect(put(token)).rejects.toMatchObject({ name: 'ApprovalAlreadyCompletedException' })
  })

  it('runs equal run orders together and higher ones after them', async () => {
    await create('orders', [
      [s3Source('drops')],
      [approval('A'), approval('B'), approval('C', { runOrder: 2 })],
    ])
    await shop.cloud.settled()
    const actions = async () => (await shop.state('orders')).Stage1!.actions
    expect(await actions()).toMatchObject({
      A: { status: 'InProgress' },
      B: { status: 'InProgress' },
      C: undefined,
    })
    await answer('orders', 'Approved', { stage: 'Stage1', action: 'A' })
    expect((await actions()).C).toBeUndefined()
    await answer('orders', 'Approved', { stage: 'Stage1', action: 'B' })
    expect((await actions()).C).toMatchObject({ status: 'InProgress' })
  })

  it('gives the same execution for the same client request token', async () => {
    await create('idempotent', [[s3Source('drops')], [approval()]])
    const first = await start('idempotent', { clientRequestToken: 'once' })
    expect(await start('idempotent', { clientRequestToken: 'once' })).toBe(first)
  })

  it('resolves pipeline variables, and refuses ones that are not declared', async () => {
    const variables = [{ name: 'Word', defaultValue: 'default' }]
    const asked = approval('Approve', {
      configuration: { CustomData: '#{variables.Word} #{codepipeline.PipelineExecutionId}' },
    })
    await create('variables', [[s3Source('drops')], [asked]], { variables })
    await shop.cloud.settled()
    await answer('variables')
    const id = await start('variables', { variables: [{ name: 'Word', value: 'given' }] })
    expect((await shop.execution('variables', id)).variables).toEqual([
      { name: 'Word', resolvedValue: 'given' },
    ])
    await expect(start('variables', { variables: [{ name: 'Other', value: 'x' }] })).rejects.toThrow(
      /'Other'/,
    )
  })
})

describe('execution modes', () => {
  it('SUPERSEDED: the newest that waits replaces the older one', async () => {
    await create('superseded', [[s3Source('drops')], [approval()], [approval('Last')]])
    await shop.cloud.settled()
    const second = await start('superseded')
    expect((await shop.state('superseded')).Stage1?.inbound).toEqual([second])
    const third = await start('superseded')
    expect(await shop.settled('superseded', second)).toBe('Superseded')
    expect((await shop.state('superseded')).Stage1?.inbound).toEqual([third])
    await answer('superseded', 'Rejected')
    expect((await shop.state('superseded')).Stage1).toMatchObject({ status: 'InProgress', execution: third })
  })

  it('QUEUED: everyone waits for its turn', async () => {
    await create('queued', [[s3Source('drops')], [approval()]], { executionMode: 'QUEUED' })
    await shop.cloud.settled()
    const second = await start('queued')
    const third = await start('queued')
    expect((await shop.state('queued')).Stage1?.inbound).toEqual([second, third])
    await answer('queued')
    expect((await shop.state('queued')).Stage1).toMatchObject({ execution: second, inbound: [third] })
  })

  it('PARALLEL: nobody waits, there is no state, and the execution id is the approval’s token', async () => {
    await create('parallel', [[s3Source('drops')], [approval()]], { executionMode: 'PARALLEL' })
    const second = await start('parallel')
    expect((await shop.state('parallel')).Stage1).toMatchObject({ status: undefined, inbound: [] })
    const waiting = (await shop.runs('parallel')).filter((run) => run.status === 'InProgress')
    expect(waiting).toHaveLength(2)
    const [own] = (await shop.runs('parallel', second)).filter((run) => run.action === 'Approve')
    await shop.codepipeline.send(
      new PutApprovalResultCommand({
        pipelineName: 'parallel',
        stageName: 'Stage1',
        actionName: 'Approve',
        token: own?.id,
        result: { status: 'Approved', summary: '' },
      }),
    )
    expect(await shop.settled('parallel', second)).toBe('Succeeded')
  })
})

describe('stopping, transitions, rollback, update', () => {
  it('stops and waits, then abandons', async () => {
    await create('stopped', [[s3Source('drops')], [approval()]])
    await shop.cloud.settled()
    const pipelineExecutionId = (await shop.state('stopped')).Stage1!.execution!
    const stop = (abandon: boolean) =>
      shop.codepipeline.send(
        new StopPipelineExecutionCommand({
          pipelineName: 'stopped',
          pipelineExecutionId,
          abandon,
          reason: 'enough',
        }),
      )
    await stop(false)
    expect(await shop.settled('stopped', pipelineExecutionId)).toBe('Stopping')
    await expect(stop(false)).rejects.toMatchObject({ name: 'DuplicatedStopRequestException' })
    await stop(true)
    expect(await shop.settled('stopped', pipelineExecutionId)).toBe('Stopped')
    expect((await shop.state('stopped')).Stage1?.actions.Approve?.status).toBe('Abandoned')
    await expect(stop(true)).rejects.toMatchObject({ name: 'PipelineExecutionNotStoppableException' })
  })

  it('holds executions in front of a disabled transition', async () => {
    await create('held', [[s3Source('drops')], [approval()]])
    await shop.cloud.settled()
    await answer('held')
    const transition = { pipelineName: 'held', stageName: 'Stage1', transitionType: 'Inbound' as const }
    await shop.codepipeline.send(new DisableStageTransitionCommand({ ...transition, reason: 'freeze' }))
    const id = await start('held')
    expect((await shop.state('held')).Stage1?.inbound).toEqual([id])
    await shop.codepipeline.send(new EnableStageTransitionCommand(transition))
    await shop.cloud.settled()
    expect((await shop.state('held')).Stage1).toMatchObject({ execution: id, inbound: [] })
  })

  it('rolls a stage back to an execution that succeeded in it', async () => {
    await create('rolled', [[s3Source('drops')], [approval()]])
    await shop.cloud.settled()
    const good = (await shop.state('rolled')).Stage1!.execution!
    await answer('rolled')
    const { pipelineExecutionId } = await shop.codepipeline.send(
      new RollbackStageCommand({
        pipelineName: 'rolled',
        stageName: 'Stage1',
        targetPipelineExecutionId: good,
      }),
    )
    await shop.cloud.settled()
    await answer('rolled')
    const rolled = await shop.execution('rolled', pipelineExecutionId!)
    expect(rolled).toMatchObject({ status: 'Succeeded', executionType: 'ROLLBACK' })
    expect(rolled.rollbackMetadata?.rollbackTargetPipelineExecutionId).toBe(good)
  })

  it('cancels what waits when the pipeline is changed, and does not start anew', async () => {
    await create('changed', [[s3Source('drops')], [approval()]])
    await shop.cloud.settled()
    const running = (await shop.state('changed')).Stage1!.execution!
    const waiting = await start('changed')
    const pipeline = pipelineOf('changed', role, 'artifacts', [[s3Source('drops')], [approval('Other')]])
    const { pipeline: updated } = await shop.codepipeline.send(new UpdatePipelineCommand({ pipeline }))
    expect(updated?.version).toBe(2)
    expect(await shop.settled('changed', waiting)).toBe('Cancelled')
    expect(await shop.settled('changed', running)).toBe('InProgress')
  })
})
