/** PutJobSuccessResult, PutJobFailureResult and GetJobDetails: what a function or a job worker tells of its job, and asks. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { jobData } from '../engine/job-data.ts'
import { findJob } from '../engine/job-records.ts'
import { assertOpen, existingJob, type FoundJob, fail, succeed } from '../engine/report-job.ts'
import { revisionOf } from '../engine/told-revision.ts'
import { ActionFailure } from '../providers/runner.ts'

/** Errors: JobNotFoundException, also for a partner's job. */
function ownJob(ctx: Context, id: string): FoundJob {
  const found = findJob(ctx, id)
  return existingJob(ctx, found?.polled?.type.owner === 'ThirdParty' ? undefined : found, id)
}

/** AWS: with a continuation token the action goes on: the function is invoked again, or a new job is put up. */
export const PutJobSuccessResult = operation({
  service: 'codepipeline',
  name: 'PutJobSuccessResult',
  access: () => [{ action: 'codepipeline:PutJobSuccessResult', resource: '*' }],
  run: (input, ctx) => {
    const found = ownJob(ctx, input.jobId)
    assertOpen(found)
    const { continuationToken, executionDetails: details, outputVariables: variables } = input
    if (continuationToken && variables)
      throw new AwsError(
        'ValidationException',
        'Output variables cannot be given together with a continuation token',
      )
    const revision = revisionOf(ctx, input.currentRevision)
    succeed(found, { continuationToken, details, variables, revision })
    return {}
  },
})

export const PutJobFailureResult = operation({
  service: 'codepipeline',
  name: 'PutJobFailureResult',
  access: () => [{ action: 'codepipeline:PutJobFailureResult', resource: '*' }],
  run: (input, ctx) => {
    const found = ownJob(ctx, input.jobId)
    assertOpen(found)
    const { type: code, message, externalExecutionId } = input.failureDetails
    const external = { id: externalExecutionId ?? found.run.external?.id }
    fail(found, new ActionFailure(message, { code, external }))
    return {}
  },
})

export const GetJobDetails = operation({
  service: 'codepipeline',
  name: 'GetJobDetails',
  access: () => [{ action: 'codepipeline:GetJobDetails', resource: '*' }],
  run: async (input, caller) => {
    const { ctx, job, execution, run } = ownJob(caller, input.jobId)
    return {
      jobDetails: { id: job.id, accountId: ctx.account, data: await jobData(ctx, job, execution, run) },
    }
  },
})
