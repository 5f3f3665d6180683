/** PollForJobs and AcknowledgeJob: how job workers find jobs of a custom action type, and take them. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { registeredType } from '../engine/action-types.ts'
import { jobData } from '../engine/job-data.ts'
import { openJobs, putJob } from '../engine/job-records.ts'
import { acknowledge, existingJob, type FoundJob } from '../engine/report-job.ts'
import { actionTypeKind } from '../kinds.ts'
import { jobs } from '../state.ts'

/**
 * AWS: one that is not acknowledged is given again, and the latest nonce alone takes it; credentials and secrets come with
 * it, and a job whose credentials nobody may have is left where it is.
 */
export const PollForJobs = operation({
  service: 'codepipeline',
  name: 'PollForJobs',
  access: (input, ctx) => [actionTypeKind.on(ctx, 'PollForJobs', input.actionTypeId)],
  run: async (input, ctx) => {
    const { actionTypeId: type, maxBatchSize = Number.POSITIVE_INFINITY, queryParam = {} } = input
    const known = type.owner === 'Custom' ? registeredType(ctx, type) : undefined
    if (!known)
      throw new AwsError('ActionTypeNotFoundException', `There is no custom action type ${type.provider}`)
    for (const name of Object.keys(queryParam))
      if (!known.properties.some((one) => one.name === name && one.queryable))
        throw new AwsError('ValidationException', `The property ${name} is not queryable`)
    const wanted = openJobs(ctx.table(jobs), type)
      .map((job) => existingJob(ctx, job, job.id))
      .filter(({ job, run }) => isOpen(job) && matches(run.resolved, queryParam))
      .slice(0, maxBatchSize)
    return { jobs: await Promise.all(wanted.map((one) => dispatched(ctx, one))) }
  },
})

const isOpen = ({ status }: FoundJob['job']): boolean => status === 'Queued' || status === 'Dispatched'

const matches = (configuration: Readonly<Record<string, string>>, asked: Readonly<Record<string, string>>) =>
  Object.entries(asked).every(([key, value]) => entryOf(configuration, key) === value)

async function dispatched(caller: Context, { ctx, job, execution, run }: FoundJob) {
  const data = await jobData(ctx, job, execution, run)
  const nonce = caller.cloud.ids.upper(16)
  putJob(ctx, { ...job, status: 'Dispatched', polled: { ...job.polled!, nonce } })
  return { id: job.id, nonce, accountId: ctx.account, data }
}

/** AWS: whoever comes with an older nonce hears that another worker has the job. */
export const AcknowledgeJob = operation({
  service: 'codepipeline',
  name: 'AcknowledgeJob',
  access: () => [{ action: 'codepipeline:AcknowledgeJob', resource: '*' }],
  run: (input, ctx) => {
    const job = ctx.table(jobs).get(input.jobId)
    const found = existingJob(ctx, job?.polled?.type.owner === 'Custom' ? job : undefined, input.jobId)
    return { status: acknowledge(found, input.nonce) }
  },
})
