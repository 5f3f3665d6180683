/** An action of a custom type, or of a partner's: a job is put up for whoever polls for jobs of the type. */
import { registeredType } from '../engine/action-types.ts'
import { jobOf, putJob } from '../engine/job-records.ts'
import type { Job } from '../state.ts'
import { ActionFailure, type ActionJob, PENDING, type Runner } from './runner.ts'

/** Milliseconds until a custom action that nobody has ended fails. AWS: 24 hours ("Quotas in AWS CodePipeline"). */
const TOTAL = 24 * 60 * 60_000

export const jobWorker: Runner = {
  id: 'Custom',
  run: async (job) => {
    const type = registeredType(job.ctx, job.action.actionTypeId)
    if (!type) throw new ActionFailure('The action type is no longer there', { code: 'ConfigurationError' })
    expire(job, type.partner?.declaration.executor.jobTimeout)
    const id = job.progress?.job as string | undefined
    const before = id ? jobOf(job.ctx, job.ctx, id) : undefined
    // AWS: a result with a continuation token ends its job, and a new one carries the token.
    if (before && before.status !== 'Succeeded') return PENDING
    const next = newJob(job, before?.continuationToken)
    putJob(job.ctx, next)
    job.save({ job: next.id })
    return PENDING
  },
}

function expire(job: ActionJob, jobTimeout: number | undefined): void {
  const end = job.started + TOTAL
  const begun = job.once('begun', () => job.ctx.cloud.clock.now())
  const at = jobTimeout === undefined ? end : Math.min(end, begun + jobTimeout * 1000)
  job.expire(at, 'The job worker did not return a result in time')
}

const newJob = (job: ActionJob, continuationToken?: string): Job => ({
  home: { account: job.ctx.account, region: job.ctx.region },
  worker: { account: job.ctx.account, region: job.ctx.region },
  id: job.once('job', () => job.ctx.cloud.ids.uuid()),
  pipeline: job.pipeline.name,
  executionId: job.executionId,
  actionRunId: job.actionRunId,
  status: 'Queued',
  polled: { type: job.action.actionTypeId },
  continuationToken,
})
