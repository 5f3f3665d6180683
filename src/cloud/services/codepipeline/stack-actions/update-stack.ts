/** CREATE_UPDATE, REPLACE_ON_FAILURE and DELETE_ONLY: working on a stack directly. */
import type { Stack } from '@aws-sdk/client-cloudformation'
import { AwsError } from '../../../../model/index.ts'
import { ActionFailure, type ActionJob, type Outcome } from '../providers/runner.ts'
import { type StackInput, withStackInput } from './stack-input.ts'
import { describeStack, externalOf, outcomeOf, outputsOf, stackName, waitForStack } from './watch-stack.ts'

/**
 * States that REPLACE_ON_FAILURE deletes. AWS: "a failed state (reported as ROLLBACK_COMPLETE, ROLLBACK_FAILED, CREATE_FAILED,
 * DELETE_FAILED, or UPDATE_ROLLBACK_FAILED)" (CloudFormation configuration properties reference).
 */
const FAILED = [
  'CREATE_FAILED',
  'DELETE_FAILED',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_FAILED',
]

/** Creates the stack, or updates it where it is there. AWS: no change is a success. */
export const createOrUpdate = (job: ActionJob): Promise<Outcome> =>
  withStackInput(job, (input) => apply(job, input))

async function apply(job: ActionJob, input: StackInput): Promise<Outcome> {
  const existing = await describeStack(job)
  const replaced =
    existing &&
    job.configuration.ActionMode === 'REPLACE_ON_FAILURE' &&
    FAILED.includes(existing.StackStatus ?? '')
  if (replaced) await deleteStack(job, existing)
  const id = existing && !replaced ? await update(job, input) : await create(job, input)
  if (!id) return { ...(await outputsOf(job, existing)), external: unchanged(job, existing!) }
  job.show(externalOf(job, id))
  return finish(job, id)
}

const unchanged = (job: ActionJob, stack: Stack) => ({
  ...externalOf(job, stack.StackId ?? ''),
  summary: 'No updates are to be performed.',
})

async function create(job: ActionJob, input: StackInput): Promise<string> {
  const { StackId = '' } = await job.call('cloudformation', 'CreateStack', {
    StackName: stackName(job),
    ClientRequestToken: job.actionRunId,
    ...input,
  })
  return StackId
}

/** Gives the stack's id, or undefined where there was nothing to change. */
async function update(job: ActionJob, input: StackInput): Promise<string | undefined> {
  try {
    const { StackId = '' } = await job.call('cloudformation', 'UpdateStack', {
      StackName: stackName(job),
      ClientRequestToken: job.actionRunId,
      ...input,
    })
    return StackId
  } catch (error) {
    if (error instanceof AwsError && /No updates are to be performed/.test(error.message)) return undefined
    throw error
  }
}

async function finish(job: ActionJob, id: string): Promise<Outcome> {
  const stack = await waitForStack(job, id)
  if (!stack) throw new ActionFailure(`Stack ${stackName(job)} was deleted meanwhile`)
  return outcomeOf(job, stack)
}

/** Deletes the stack. AWS: a stack that is not there is a success. */
export async function deleteOnly(job: ActionJob): Promise<Outcome> {
  const stack = await describeStack(job)
  if (!stack) return { external: { id: stackName(job), summary: 'The stack does not exist.' } }
  job.show(externalOf(job, stack.StackId ?? ''))
  await deleteStack(job, stack)
  return { external: { summary: 'DELETE_COMPLETE' } }
}

async function deleteStack(job: ActionJob, stack: Stack): Promise<void> {
  const id = stack.StackId ?? ''
  await job.call('cloudformation', 'DeleteStack', {
    StackName: stackName(job),
    RoleARN: job.configuration.RoleArn || undefined,
    ClientRequestToken: job.actionRunId,
  })
  const left = await waitForStack(job, id)
  if (left) await outcomeOf(job, left)
}
