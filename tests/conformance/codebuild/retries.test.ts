/** Builds and batches that run once more. */
import {
  BatchGetBuildBatchesCommand,
  type BuildBatch,
  RetryBuildBatchCommand,
  RetryBuildCommand,
  StartBuildBatchCommand,
} from '@aws-sdk/client-codebuild'
import { describe, expect, it } from 'vitest'
import { addressed, gitClient } from '../codecommit/git-client.ts'
import { buildspec, openBuilder, printed } from './builder.ts'

const builder = await openBuilder()
const { codebuild } = builder

describe('a build', () => {
  it('runs again with what it was given, of the same commit', async () => {
    const work = await gitClient()
    const remote = addressed(`${builder.cloud.endpoint}/_codeconnections/team/again.git`)
    const first = await work.commit({ 'a.txt': 'one\n' })
    await work.git('push', '--quiet', remote, 'main')
    const spec = buildspec({ build: ['echo $SAYS $(git rev-parse HEAD)'] })
    const source = { type: 'GITHUB' as const, location: 'https://github.com/team/again', buildspec: spec }
    await builder.project('again', '', { source })
    const said = [{ name: 'SAYS', value: 'hello' }]
    const before = await builder.build('again', { environmentVariablesOverride: said })
    await work.commit({ 'a.txt': 'two\n' })
    await work.git('push', '--quiet', remote, 'main')

    const input = { id: before.arn!, idempotencyToken: 'once' }
    const { build: retried } = await codebuild.send(new RetryBuildCommand(input))
    expect(retried).toMatchObject({ buildNumber: 2, buildStatus: 'IN_PROGRESS', phases: [] })
    expect(retried!.id).not.toBe(before.id)
    await builder.cloud.settled()
    const after = await builder.look(retried!.id!)
    expect(after).toMatchObject({ buildStatus: 'SUCCEEDED', resolvedSourceVersion: first })
    expect(printed(await builder.log(after))).toEqual([`hello ${first}`])
    const { build: same } = await codebuild.send(new RetryBuildCommand(input))
    expect(same?.id).toBe(retried!.id)
  })

  it('that is not there, or runs, does not', async () => {
    await expect(codebuild.send(new RetryBuildCommand({ id: 'no:one' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    await builder.project('running', buildspec({ build: ['sleep 30'] }))
    const { id } = await builder.start('running')
    await expect(codebuild.send(new RetryBuildCommand({ id }))).rejects.toThrow(/is in progress/)
    await codebuild.send(new (await import('@aws-sdk/client-codebuild')).StopBuildCommand({ id: id! }))
    await builder.cloud.settled()
  })
})

describe('a batch', () => {
  const look = async (id: string): Promise<BuildBatch> => {
    await builder.cloud.settled()
    return (await codebuild.send(new BatchGetBuildBatchesCommand({ ids: [id] }))).buildBatches![0]!
  }
  const failing = async (name: string): Promise<string> => {
    const batchRole = await builder.role(`starts-${name}`, [{ Action: 'codebuild:*' }])
    const spec = JSON.stringify({
      version: 0.2,
      batch: { 'fast-fail': false, 'build-list': [{ identifier: 'good' }, { identifier: 'bad' }] },
      phases: { build: { commands: ['test $CODEBUILD_BATCH_BUILD_IDENTIFIER = good'] } },
    })
    await builder.project(name, spec, { buildBatchConfig: { serviceRole: batchRole } })
    const { buildBatch } = await codebuild.send(new StartBuildBatchCommand({ projectName: name }))
    expect((await look(buildBatch!.id!)).buildBatchStatus).toBe('FAILED')
    return buildBatch!.id!
  }
  const groups = (batch: BuildBatch) =>
    Object.fromEntries(
      batch.buildGroups!.map((one) => [one.identifier, one.priorBuildSummaryList?.length ?? 0]),
    )

  it('runs what failed again, or all of it', async () => {
    const id = await failing('partly')
    const good = (batch: BuildBatch) =>
      batch.buildGroups!.find((one) => one.identifier === 'good')?.currentBuildSummary?.arn
    const before = await look(id)
    await codebuild.send(new RetryBuildBatchCommand({ id, retryType: 'RETRY_FAILED_BUILDS' }))
    const partly = await look(id)
    expect([good(partly), groups(partly)]).toEqual([good(before), { DOWNLOAD_SOURCE: 0, good: 0, bad: 1 }])
    await codebuild.send(new RetryBuildBatchCommand({ id }))
    const whole = await look(id)
    expect(groups(whole)).toEqual({ DOWNLOAD_SOURCE: 1, good: 1, bad: 2 })
    expect(good(whole)).not.toBe(good(before))
    expect(whole.buildBatchStatus).toBe('FAILED')
  })

  it('that has succeeded does not', async () => {
    const batchRole = await builder.role('starts-fine', [{ Action: 'codebuild:*' }])
    const spec = JSON.stringify({
      version: 0.2,
      batch: { 'build-list': [{ identifier: 'one' }] },
      phases: { build: { commands: ['true'] } },
    })
    await builder.project('fine', spec, { buildBatchConfig: { serviceRole: batchRole } })
    const { buildBatch } = await codebuild.send(new StartBuildBatchCommand({ projectName: 'fine' }))
    await builder.cloud.settled()
    await expect(codebuild.send(new RetryBuildBatchCommand({ id: buildBatch!.id }))).rejects.toThrow(
      /only one that has failed/,
    )
  })
})
