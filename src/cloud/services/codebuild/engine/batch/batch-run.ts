/** The record of one batch build while it runs: its phases, its builds, and how it stands. */
import type { BuildBatchPhaseType, BuildGroup, BuildSummary, StatusType } from '@aws-sdk/client-codebuild'
import { AwsError } from '../../../../../model/index.ts'
import { type Cloud, part } from '../../../../kernel/cloud.ts'
import type { Context } from '../../../../kernel/context.ts'
import { buildEnded } from '../../../../kernel/service-events.ts'
import { batches, builds, type StoredBatch, type StoredBuild } from '../../state.ts'
import { PhaseFailure } from '../build-run.ts'
import { EARLY_END_CONTEXT, type EarlyEnd, endBuild } from '../running.ts'

interface RunningBatch {
  ended?: EarlyEnd
  /** ARNs of the builds that run right now. */
  readonly builds: Set<string>
}

const runningBatches = part({ name: 'running batches', make: () => new Map<string, RunningBatch>() })

const running = (cloud: Cloud): Map<string, RunningBatch> => cloud.part(runningBatches)

/** Ends a running batch and all its builds. */
export function endBatch(cloud: Cloud, arn: string, status: EarlyEnd): void {
  const batch = running(cloud).get(arn)
  if (!batch) return
  batch.ended ??= status
  for (const build of batch.builds) endBuild(cloud, build, status === 'TIMED_OUT' ? 'STOPPED' : status)
}

export class BatchRun {
  readonly ctx: Context
  readonly id: string
  private readonly state: RunningBatch = { builds: new Set() }
  private status: StatusType = 'IN_PROGRESS'

  constructor(ctx: Context, id: string) {
    this.ctx = ctx
    this.id = id
    running(ctx.cloud).set(this.batch.arn, this.state)
  }

  get batch(): StoredBatch {
    return this.ctx.table(batches).get(this.id)!
  }

  get ended(): EarlyEnd | undefined {
    return this.state.ended
  }

  change(changes: Partial<StoredBatch>): void {
    this.ctx.table(batches).put(this.id, { ...this.batch, ...changes })
  }

  /** Runs one phase and records its times; a failure is recorded, and told by the answer. */
  async phase(phaseType: BuildBatchPhaseType, work: () => Promise<void>): Promise<boolean> {
    const startTime = this.ctx.cloud.clock.date()
    const before = this.batch.phases ?? []
    this.change({ currentPhase: phaseType, phases: [...before, { phaseType, startTime }] })
    let failure: { statusCode: string; message: string } | undefined
    try {
      await work()
    } catch (error) {
      failure = contextOf(error)
    }
    const endTime = this.ctx.cloud.clock.date()
    const cut = this.state.ended
    const phaseStatus: StatusType = cut ?? (failure ? 'FAILED' : 'SUCCEEDED')
    const context = cut ? EARLY_END_CONTEXT[cut] : failure
    const durationInSeconds = Math.round((endTime.getTime() - startTime.getTime()) / 1000)
    const ended = { phaseType, phaseStatus, startTime, endTime, durationInSeconds }
    this.change({ phases: [...before, { ...ended, ...(context && { contexts: [context] }) }] })
    if (this.status === 'IN_PROGRESS' && phaseStatus !== 'SUCCEEDED') this.status = phaseStatus
    return phaseStatus === 'SUCCEEDED'
  }

  /** Notes how one of the batch's builds stands. */
  note(identifier: string, change: Partial<BuildGroup>): void {
    this.change({
      buildGroups: this.batch.buildGroups.map((one) =>
        one.identifier === identifier ? { ...one, ...change } : one,
      ),
    })
  }

  /** Waits for a build's end, and notes it in its group. */
  async settled(identifier: string, build: StoredBuild): Promise<StoredBuild> {
    this.state.builds.add(build.arn)
    this.note(identifier, { currentBuildSummary: summaryOf(identifier, build) })
    if (this.state.ended) endBuild(this.ctx.cloud, build.arn, this.state.ended)
    await new Promise<void>((resolve) => {
      const stop = this.ctx.cloud.bus.on(buildEnded, ({ build: arn }) => {
        if (arn !== build.arn) return
        stop()
        resolve()
      })
      if (this.ctx.table(builds).get(build.id)?.buildComplete) {
        stop()
        resolve()
      }
    })
    this.state.builds.delete(build.arn)
    const ended = this.ctx.table(builds).get(build.id) ?? build
    this.note(identifier, { currentBuildSummary: summaryOf(identifier, ended) })
    this.change({ reportArns: [...(this.batch.reportArns ?? []), ...(ended.reportArns ?? [])] })
    return ended
  }

  /** Stops the builds that run, on behalf of a batch that fails fast. */
  stopBuilds(): void {
    for (const build of this.state.builds) endBuild(this.ctx.cloud, build, 'STOPPED')
  }

  /** Ends the record. AWS: the last phase is named for the outcome and has only a start. */
  complete(): void {
    const endTime = this.ctx.cloud.clock.date()
    const buildBatchStatus: StatusType = this.status === 'IN_PROGRESS' ? 'SUCCEEDED' : this.status
    const succeeded = buildBatchStatus === 'SUCCEEDED'
    const phaseType = succeeded ? 'SUCCEEDED' : buildBatchStatus === 'STOPPED' ? 'STOPPED' : 'FAILED'
    const phases = [...(this.batch.phases ?? []), { phaseType, startTime: endTime } as const]
    this.change({ buildBatchStatus, complete: true, endTime, currentPhase: phaseType, phases })
    running(this.ctx.cloud).delete(this.batch.arn)
    this.ctx.cloud.bus.emit(buildEnded, { build: this.batch.arn })
  }
}

function contextOf(error: unknown): { statusCode: string; message: string } {
  if (error instanceof PhaseFailure) return { statusCode: error.code, message: error.message }
  const { message } = error as Error
  const isAws = error instanceof AwsError
  return { statusCode: 'CLIENT_ERROR', message: isAws ? `${error.code}: ${message}` : message }
}

/** AWS: of a build without artifacts `no_artifacts` is answered, in small letters. */
function summaryOf(identifier: string, build: StoredBuild): BuildSummary {
  const { primary, secondary } = build.targets
  const location = build.artifacts?.location
  return {
    arn: build.arn,
    requestedOn: build.startTime,
    buildStatus: build.buildStatus,
    primaryArtifact: {
      type: (primary?.type === 'NO_ARTIFACTS' ? 'no_artifacts' : primary?.type) as never,
      ...(location ? { location } : {}),
      identifier,
    },
    secondaryArtifacts: secondary.map((one, index) => ({
      type: one.type,
      location: build.secondaryArtifacts?.[index]?.location,
      identifier: one.artifactIdentifier,
    })),
  }
}
