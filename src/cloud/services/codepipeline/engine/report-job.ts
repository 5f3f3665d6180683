/** Jobs as those who do them see them: found, and ended or gone on with. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ActionFailure, Outcome } from '../providers/runner.ts'
import { type ActionRun, actionRunsOf, type Execution, type Job } from '../state.ts'
import { forgetAction } from './action-journal.ts'
import { addressOf, registeredType } from './action-types.ts'
import { advance, runInBackground } from './advance.ts'
import { endAction } from './end-action.ts'
import { executionOf } from './execution-record.ts'
import { putJob } from './job-records.ts'
import { actionOf, changeRun, ownContext } from './records.ts'

export interface FoundJob {
  readonly job: Job
  /** Acts as CodePipeline where the pipeline is. */
  readonly ctx: Context
  readonly execution: Execution
  readonly run: ActionRun
}

const notFound = (id: string): AwsError => new AwsError('JobNotFoundException', `Job not found: ${id}`)

/** Gives all that hangs together with a job. Errors: JobNotFoundException, also once its pipeline was deleted. */
export function existingJob(caller: Context, job: Job | undefined, id: string): FoundJob {
  const ctx = job && ownContext(caller, job.pipeline, job.home)
  const run = ctx?.table(actionRunsOf(job!.pipeline)).get(job!.actionRunId)
  const execution = ctx && executionOf(ctx, job!.pipeline, job!.executionId)
  if (!job || !ctx || !run || !execution) throw notFound(id)
  return { job: { ...job, status: statusOf(job, run) }, ctx, execution, run }
}

/** A job of an action that somebody or something else ended is over as well. */
const statusOf = ({ status }: Job, run: ActionRun): Job['status'] =>
  run.status === 'InProgress' || status === 'Succeeded' || status === 'Failed' ? status : 'TimedOut'

/** Errors: InvalidJobStateException where it has ended, or nobody has taken it yet. */
export function assertOpen({ job }: FoundJob): void {
  if (job.status !== 'InProgress')
    throw new AwsError(
      'InvalidJobStateException',
      `Job ${job.id} is not in a state that allows this operation`,
    )
}

export interface Success {
  readonly continuationToken?: string
  readonly variables?: Readonly<Record<string, string>>
  readonly revision?: Outcome['revision']
  readonly details?: { summary?: string; externalExecutionId?: string; percentComplete?: number }
}

/** Ends a job well; its action too, unless a continuation token says that it goes on. */
export function succeed(found: FoundJob, success: Success): void {
  const { ctx, job, run } = found
  const { continuationToken, details, variables, revision } = success
  const id = details?.externalExecutionId ?? run.external?.id
  const external = {
    id,
    url: addressOfRun(found, id, revision?.id) ?? run.external?.url,
    summary: details?.summary,
    percentComplete: details?.percentComplete,
  }
  if (!continuationToken) {
    putJob(ctx, { ...job, status: 'Succeeded' })
    endAction(ctx, job.pipeline, run.id, { variables, external, revision })
    advance(ctx, job.pipeline)
    return
  }
  // A function is invoked again for the same job; for job workers a new one carries the token.
  putJob(ctx, { ...job, continuationToken, status: job.polled ? 'Succeeded' : job.status })
  forgetAction(ctx, run.id)
  runInBackground(ctx, changeRun(ctx, job.pipeline, run.id, { external }), job.pipeline)
}

/** Ends a job badly, and its action. */
export function fail({ ctx, job, run }: FoundJob, failure: ActionFailure): void {
  putJob(ctx, { ...job, status: 'Failed' })
  endAction(ctx, job.pipeline, run.id, failure)
  advance(ctx, job.pipeline)
}

/** AWS: the type's executionUrlTemplate, filled in with what the worker calls the execution. */
function addressOfRun(
  { ctx, execution, run }: FoundJob,
  ExternalExecutionId: string | undefined,
  Revision: string | undefined,
): string | undefined {
  const type = registeredType(ctx, actionOf(execution, run).actionTypeId)
  return (
    type &&
    addressOf(type.settings.executionUrlTemplate, type, run.resolved, { ExternalExecutionId, Revision })
  )
}

/**
 * Takes a job that was polled; gives its status, which is not InProgress where there is nothing to do any more.
 * Errors: InvalidNonceException where somebody else has got it since.
 */
export function acknowledge({ ctx, job }: FoundJob, nonce: string, clientToken?: string): Job['status'] {
  if (job.polled?.nonce !== nonce)
    throw new AwsError('InvalidNonceException', `The nonce ${nonce} of the job ${job.id} was not correct`)
  if (job.status !== 'Dispatched') return job.status
  putJob(ctx, { ...job, status: 'InProgress', clientToken })
  return 'InProgress'
}
