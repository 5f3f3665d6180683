/** The record of one build while it runs: its phases, and how it stands. */
import type { BuildPhase, BuildPhaseType, StatusType } from '@aws-sdk/client-codebuild'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { builds, type StoredBuild } from '../state.ts'
import { publishPhase } from './publish-state.ts'
import { EARLY_END_CONTEXT, type EarlyEnd, running } from './running.ts'

/** A phase that failed, with CodeBuild's status code. */
export class PhaseFailure extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export class BuildRun {
  readonly ctx: Context
  readonly id: string
  status: StatusType = 'IN_PROGRESS'
  private phases: BuildPhase[] = []
  private early: EarlyEnd | undefined

  constructor(ctx: Context, id: string) {
    this.ctx = ctx
    this.id = id
  }

  get build(): StoredBuild {
    return this.ctx.table(builds).get(this.id)!
  }

  /** Whether the build was ended from outside. */
  get cutShort(): boolean {
    return this.early !== undefined
  }

  /** Whether it is being ended from outside, though the phase has not come to its end yet. */
  get endedFromOutside(): boolean {
    return running(this.ctx.cloud).get(this.build.arn)?.ended !== undefined
  }

  change(changes: Partial<StoredBuild>): void {
    this.ctx.table(builds).put(this.id, { ...this.build, ...changes, phases: this.phases })
  }

  /** Runs one phase and records its times; a failure is recorded, and told by the answer. */
  async phase(name: BuildPhaseType, work: () => Promise<void>): Promise<boolean> {
    const startTime = this.ctx.cloud.clock.date()
    this.phases = [...this.phases, { phaseType: name, startTime }]
    this.change({ currentPhase: name })
    let failure: PhaseFailure | undefined
    try {
      await work()
    } catch (error) {
      failure = asFailure(error)
    }
    const cut = this.early ? undefined : running(this.ctx.cloud).get(this.build.arn)?.ended
    this.early ??= cut
    const endTime = this.ctx.cloud.clock.date()
    const ended: BuildPhase = {
      phaseType: name,
      phaseStatus: cut ?? (failure ? 'FAILED' : 'SUCCEEDED'),
      startTime,
      endTime,
      durationInSeconds: Math.round((endTime.getTime() - startTime.getTime()) / 1000),
      contexts: [phaseContext(failure, cut)],
    }
    this.phases = [...this.phases.slice(0, -1), ended]
    if (cut) this.status = cut
    else if (failure && this.status === 'IN_PROGRESS') this.status = 'FAILED'
    this.change({})
    publishPhase(this.ctx, this.build, ended)
    return !failure && !cut
  }

  /** Ends the record. AWS: the phase COMPLETED has only a start. */
  complete(): void {
    const endTime = this.ctx.cloud.clock.date()
    this.phases = [...this.phases, { phaseType: 'COMPLETED', startTime: endTime }]
    const buildStatus: StatusType = this.status === 'IN_PROGRESS' ? 'SUCCEEDED' : this.status
    this.change({ buildStatus, buildComplete: true, endTime, currentPhase: 'COMPLETED' })
  }
}

function phaseContext(failure: PhaseFailure | undefined, cut: EarlyEnd | undefined) {
  if (cut) return EARLY_END_CONTEXT[cut]
  return failure ? { statusCode: failure.code, message: failure.message } : { statusCode: '', message: '' }
}

function asFailure(error: unknown): PhaseFailure {
  if (error instanceof PhaseFailure) return error
  if (error instanceof AwsError) return new PhaseFailure('CLIENT_ERROR', `${error.code}: ${error.message}`)
  return new PhaseFailure('CLIENT_ERROR', (error as Error).message)
}
