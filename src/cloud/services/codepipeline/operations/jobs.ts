/** PutJobSuccessResult, PutJobFailureResult and GetJobDetails: what a function tells of its job, and asks about it. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { forgetAction } from '../engine/action-journal.ts'
import { advance, runInBackground } from '../engine/advance.ts'
import { endAction } from '../engine/end-action.ts'
import { executionOf } from '../engine/execution-record.ts'
import { findJob, putJob } from '../engine/job-records.ts'
import { actionOf, changeRun, ownContext } from '../engine/records.ts'
import { pipelineArn } from '../kinds.ts'
import { ActionFailure, type Outcome } from '../providers/runner.ts'
import { type ActionRun, actionRunsOf, type Job } from '../state.ts'

/** Errors: JobNotFoundException, InvalidJobStateException once the job or its action has ended. */
function openJob(caller: Context, id: string): { ctx: Context; job: Job; run: ActionRun } {
  const job = findJob(caller, id)
  const ctx = job && ownContext(caller, job.pipeline, job.home)
  const run = ctx?.table(actionRunsOf(job!.pipeline)).get(job!.actionRunId)
  if (!job || !ctx || !run) throw new AwsError('JobNotFoundException', `Job not found: ${id}`)
  if (job.finished || run.status !== 'InProgress')
    throw new AwsError('InvalidJobStateException', `Job ${id} is not in a state that allows this operation`)
  return { ctx, job, run }
}

function finish(ctx: Context, job: Job, outcome: Outcome | ActionFailure): void {
  putJob(ctx, { ...job, finished: true })
  endAction(ctx, job.pipeline, job.actionRunId, outcome)
  advance(ctx, job.pipeline)
}

/** AWS: with a continuation token the job goes on: the function is invoked again with that token. */
export const PutJobSuccessResult = operation({
  service: 'codepipeline',
  name: 'PutJobSuccessResult',
  access: () => [{ action: 'codepipeline:PutJobSuccessResult', resource: '*' }],
  run: (input, caller) => {
    const { ctx, job, run } = openJob(caller, input.jobId)
    const { continuationToken, executionDetails: details, outputVariables: variables } = input
    if (continuationToken && variables)
      throw new AwsError(
        'ValidationException',
        'Output variables cannot be given together with a continuation token',
      )
    const external = {
      id: details?.externalExecutionId ?? run.external?.id,
      summary: details?.summary,
      percentComplete: details?.percentComplete,
    }
    if (!continuationToken) {
      finish(ctx, job, { variables, external })
      return {}
    }
    putJob(ctx, { ...job, continuationToken })
    forgetAction(ctx, run.id)
    runInBackground(ctx, changeRun(ctx, job.pipeline, run.id, { external }), job.pipeline)
    return {}
  },
})

export const PutJobFailureResult = operation({
  service: 'codepipeline',
  name: 'PutJobFailureResult',
  access: () => [{ action: 'codepipeline:PutJobFailureResult', resource: '*' }],
  run: (input, caller) => {
    const { ctx, job, run } = openJob(caller, input.jobId)
    const { type: code, message, externalExecutionId } = input.failureDetails
    const external = { id: externalExecutionId ?? run.external?.id }
    finish(ctx, job, new ActionFailure(message, { code, external }))
    return {}
  },
})

export const GetJobDetails = operation({
  service: 'codepipeline',
  name: 'GetJobDetails',
  access: () => [{ action: 'codepipeline:GetJobDetails', resource: '*' }],
  run: (input, caller) => {
    const job = findJob(caller, input.jobId)
    const ctx = job && ownContext(caller, job.pipeline, job.home)
    const run = ctx?.table(actionRunsOf(job!.pipeline)).get(job!.actionRunId)
    const execution = ctx && executionOf(ctx, job!.pipeline, job!.executionId)
    if (!job || !ctx || !run || !execution)
      throw new AwsError('JobNotFoundException', `Job not found: ${input.jobId}`)
    const located = (list: ActionRun['inputs']) =>
      list.map(({ name, bucket, key }) => ({
        name,
        location: { type: 'S3' as const, s3Location: { bucketName: bucket, objectKey: key } },
      }))
    return {
      jobDetails: {
        id: job.id,
        accountId: ctx.account,
        data: {
          actionTypeId: actionOf(execution, run).actionTypeId as never,
          actionConfiguration: { configuration: { ...run.resolved } },
          pipelineContext: {
            pipelineName: job.pipeline,
            pipelineArn: pipelineArn(ctx, job.pipeline),
            pipelineExecutionId: job.executionId,
            stage: { name: run.stage },
            action: { name: run.action, actionExecutionId: run.id },
          },
          inputArtifacts: located(run.inputs),
          outputArtifacts: located(run.outputs),
        },
      },
    }
  },
})
