/** Jobs of a partner's action type: polled for, taken, looked at and ended by the partner's job workers. */
import { AwsError } from '../../../../model/index.ts'
import { isSameType } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { partnerTypes } from '../engine/action-types.ts'
import { jobData } from '../engine/job-data.ts'
import { openJobs, putJob } from '../engine/job-records.ts'
import { acknowledge, assertOpen, existingJob, type FoundJob, fail, succeed } from '../engine/report-job.ts'
import { revisionOf } from '../engine/told-revision.ts'
import { ActionFailure } from '../providers/runner.ts'
import { type Job, jobs, type StoredActionType } from '../state.ts'

/** AWS: a type says which accounts poll for its jobs. */
const isWorkerOf = ({ account }: Context, { partner }: StoredActionType): boolean =>
  partner?.pollingAccounts.includes(account) ?? false

const jobsEverywhere = (ctx: Context) =>
  ctx.cloud.store.everywhere(jobs).filter(({ region }) => region === ctx.region)

/**
 * AWS: a client is known by an id and a token, which partner and customer agree on outside of the API. Here an account is a
 * client, and the token that takes a job is its token.
 */
export const PollForThirdPartyJobs = operation({
  service: 'codepipeline',
  name: 'PollForThirdPartyJobs',
  access: () => [{ action: 'codepipeline:PollForThirdPartyJobs', resource: '*' }],
  run: (input, ctx) => {
    const { actionTypeId: type, maxBatchSize = Number.POSITIVE_INFINITY } = input
    const known = partnerTypes(ctx).find((one) => isSameType(one.type, type))
    if (!known || !isWorkerOf(ctx, known))
      throw new AwsError(
        'ActionTypeNotFoundException',
        `There is no action type ${type.provider} that this account works for`,
      )
    const open = jobsEverywhere(ctx)
      .flatMap(({ table }) => openJobs(table, type))
      .map((job) => existingJob(ctx, job, job.id))
      .filter(({ job }) => job.status === 'Queued' || job.status === 'Dispatched')
      .slice(0, maxBatchSize)
    return { jobs: open.map((one) => ({ jobId: one.job.id, clientId: dispatched(ctx, one) })) }
  },
})

/** AWS: the nonce is told with the details of the job. */
function dispatched(caller: Context, { ctx, job }: FoundJob): string {
  if (job.status === 'Queued')
    putJob(ctx, {
      ...job,
      status: 'Dispatched',
      polled: { ...job.polled!, nonce: caller.cloud.ids.upper(16) },
    })
  return clientOf(job)
}

/** The form of a UUID that stands for an account. */
const clientOf = ({ home }: Job): string => `00000000-0000-4000-8000-${home.account}`

/** Errors: JobNotFoundException; InvalidClientTokenException where another token has taken it. */
function partnersJob(ctx: Context, id: string, token: string): FoundJob {
  const job = jobsEverywhere(ctx).flatMap(({ table }) => table.get(id) ?? [])[0]
  const type = job?.polled?.type
  const known = type && partnerTypes(ctx).find((one) => isSameType(one.type, type))
  const found = existingJob(ctx, known && isWorkerOf(ctx, known) ? job : undefined, id)
  if (found.job.clientToken !== undefined && found.job.clientToken !== token)
    throw new AwsError('InvalidClientTokenException', `The client token of the job ${id} is invalid`)
  return found
}

export const AcknowledgeThirdPartyJob = operation({
  service: 'codepipeline',
  name: 'AcknowledgeThirdPartyJob',
  access: () => [{ action: 'codepipeline:AcknowledgeThirdPartyJob', resource: '*' }],
  run: ({ jobId, nonce, clientToken }, ctx) => ({
    status: acknowledge(partnersJob(ctx, jobId, clientToken), nonce, clientToken),
  }),
})

export const GetThirdPartyJobDetails = operation({
  service: 'codepipeline',
  name: 'GetThirdPartyJobDetails',
  access: () => [{ action: 'codepipeline:GetThirdPartyJobDetails', resource: '*' }],
  run: async (input, caller) => {
    const { ctx, job, execution, run } = partnersJob(caller, input.jobId, input.clientToken)
    const data = await jobData(ctx, job, execution, run)
    return { jobDetails: { id: job.id, nonce: job.polled?.nonce, data } }
  },
})

export const PutThirdPartyJobSuccessResult = operation({
  service: 'codepipeline',
  name: 'PutThirdPartyJobSuccessResult',
  access: () => [{ action: 'codepipeline:PutThirdPartyJobSuccessResult', resource: '*' }],
  run: (input, ctx) => {
    const found = partnersJob(ctx, input.jobId, input.clientToken)
    assertOpen(found)
    const { continuationToken, executionDetails: details, currentRevision } = input
    succeed(found, { continuationToken, details, revision: revisionOf(ctx, currentRevision) })
    return {}
  },
})

export const PutThirdPartyJobFailureResult = operation({
  service: 'codepipeline',
  name: 'PutThirdPartyJobFailureResult',
  access: () => [{ action: 'codepipeline:PutThirdPartyJobFailureResult', resource: '*' }],
  run: (input, ctx) => {
    const found = partnersJob(ctx, input.jobId, input.clientToken)
    assertOpen(found)
    const { type: code, message, externalExecutionId: id } = input.failureDetails
    fail(found, new ActionFailure(message, { code, external: { id: id ?? found.run.external?.id } }))
    return {}
  },
})
