/** A Lambda function that is handed a job and reports the outcome itself. */
import { storeOf } from '../engine/artifact-objects.ts'
import { artifactPolicy, credentialsOf, located } from '../engine/job-data.ts'
import { jobOf, putJob } from '../engine/job-records.ts'
import type { Job } from '../state.ts'
import { ActionFailure, type ActionJob, PENDING, type Runner } from './runner.ts'

/** Milliseconds that a function may stay silent. AWS: 20 minutes, anew after every "in progress". */
export const SILENCE = 20 * 60_000
/** Milliseconds that all its turns together may take. AWS: 24 hours. */
const TOTAL = 24 * 60 * 60_000

export const lambdaInvoke: Runner = {
  id: 'Invoke/Lambda',
  run: async (job) => {
    const now = job.ctx.cloud.clock.now()
    job.expire(
      Math.min(now + SILENCE, job.started + TOTAL),
      'The AWS Lambda function failed to return a result in time',
    )
    const handed = job.progress?.job as string | undefined
    const record = handed ? jobOf(job.ctx, job, handed) : undefined
    if (record && !record.continuationToken) return PENDING
    await checkFunction(job)
    await invoke(job, record ?? newJob(job))
    return PENDING
  },
}

function newJob(job: ActionJob): Job {
  const { account, region } = job
  return {
    home: { account: job.ctx.account, region: job.ctx.region },
    worker: { account, region },
    id: job.once('job', () => job.ctx.cloud.ids.uuid()),
    pipeline: job.pipeline.name,
    executionId: job.executionId,
    actionRunId: job.actionRunId,
    status: 'InProgress',
  }
}

/** AWS: the role in effect must be allowed to list functions, and the function must be among them. */
async function checkFunction(job: ActionJob): Promise<void> {
  const { FunctionName = '' } = job.configuration
  const wanted = FunctionName.replace(/^.*:function:/, '').split(':')[0]
  let Marker: string | undefined
  do {
    const page = await job.call('lambda', 'ListFunctions', { Marker })
    if (page.Functions?.some((one) => one.FunctionName === wanted)) return
    Marker = page.NextMarker
  } while (Marker)
  throw new ActionFailure(`The AWS Lambda function ${FunctionName} cannot be found`, {
    code: 'ConfigurationError',
  })
}

/** AWS: the job is over only when the function says so; its own return value counts for nothing. */
async function invoke(job: ActionJob, record: Job): Promise<void> {
  const { continuationToken } = record
  const data = { ...(await jobData(job)), continuationToken }
  await job.call('lambda', 'Invoke', {
    FunctionName: job.configuration.FunctionName ?? '',
    InvocationType: 'Event',
    Payload: Buffer.from(
      JSON.stringify({ 'CodePipeline.job': { id: record.id, accountId: job.ctx.account, data } }),
    ) as never,
  })
  putJob(job.ctx, { ...record, continuationToken: undefined })
  job.save({ job: record.id }, { id: record.id })
}

async function jobData(job: ActionJob) {
  const { FunctionName, UserParameters } = job.configuration
  const { encryptionKey } = storeOf(job.pipeline, job.region, job.ctx.region)
  return {
    actionConfiguration: { configuration: { FunctionName, ...(UserParameters && { UserParameters }) } },
    inputArtifacts: job.inputs.map((one) => ({ ...located(one), revision: null })),
    outputArtifacts: job.outputs.map((one) => ({ ...located(one), revision: null })),
    artifactCredentials: credentialsOf(await job.limited(artifactPolicy(job))),
    ...(encryptionKey && { encryptionKey }),
  }
}
