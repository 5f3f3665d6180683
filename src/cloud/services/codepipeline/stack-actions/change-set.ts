/** CHANGE_SET_REPLACE and CHANGE_SET_EXECUTE: a change set made in one action and carried out in a later one. */

import type { DescribeChangeSetOutput, Stack } from '@aws-sdk/client-cloudformation'
import { AwsError } from '../../../../model/index.ts'
import { changeSetPrepared } from '../../../kernel/service-events.ts'
import { ActionFailure, type ActionJob, type Outcome } from '../providers/runner.ts'
import { withStackInput } from './stack-input.ts'
import {
  describeStack,
  externalOf,
  outcomeOf,
  outputsOf,
  stackName,
  waitForStack,
  watch,
} from './watch-stack.ts'

const NO_CHANGES = /didn't contain changes|No updates are to be performed/

const changeSetName = ({ configuration }: ActionJob): string => configuration.ChangeSetName ?? ''

/** Makes the change set anew. AWS: one without changes is a success, and its later execution does nothing. */
export async function replaceChangeSet(job: ActionJob): Promise<Outcome> {
  const existing = await describeStack(job)
  await deleteChangeSet(job)
  const { Id: id = '', StackId = '' } = await createChangeSet(job, existing)
  job.show(externalOf(job, StackId))
  const changeSet = await watch(
    job,
    changeSetPrepared,
    ({ changeSet }) => changeSet === id,
    () => describeChangeSet(job, id),
    (seen) => (seen && !/^(CREATE_COMPLETE|FAILED)$/.test(seen.Status ?? '') ? undefined : { seen }),
  ).then(({ seen }) => seen ?? gone(job))
  if (changeSet.Status === 'FAILED' && !isUnchanged(changeSet))
    throw new ActionFailure(`Change set ${changeSetName(job)} failed: ${changeSet.StatusReason}`)
  return { ...(await outputsOf(job, existing)), external: { summary: summaryOf(job, changeSet) } }
}

/** AWS: a change set has no stack policy. */
const createChangeSet = (job: ActionJob, existing: Stack | undefined) =>
  withStackInput(job, ({ StackPolicyBody, ...input }) => {
    if (StackPolicyBody)
      throw new ActionFailure('A template configuration with a StackPolicy cannot be used for a change set', {
        code: 'ConfigurationError',
      })
    const isNew = !existing || existing.StackStatus === 'REVIEW_IN_PROGRESS'
    return job.call('cloudformation', 'CreateChangeSet', {
      StackName: stackName(job),
      ChangeSetName: changeSetName(job),
      ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
      ...input,
    })
  })

const isUnchanged = ({ Status, StatusReason }: DescribeChangeSetOutput): boolean =>
  Status === 'FAILED' && NO_CHANGES.test(StatusReason ?? '')

const summaryOf = (job: ActionJob, changeSet: DescribeChangeSetOutput): string =>
  isUnchanged(changeSet)
    ? `Change set ${changeSetName(job)} has no changes.`
    : `Change set ${changeSetName(job)} was created.`

async function deleteChangeSet(job: ActionJob): Promise<void> {
  try {
    await job.call('cloudformation', 'DeleteChangeSet', {
      StackName: stackName(job),
      ChangeSetName: changeSetName(job),
    })
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

function gone(job: ActionJob): never {
  throw new ActionFailure(`ChangeSet [${changeSetName(job)}] does not exist`)
}

const isMissing = (error: unknown): boolean =>
  error instanceof AwsError && (/ChangeSetNotFound/.test(error.code) || /does not exist/.test(error.message))

async function describeChangeSet(job: ActionJob, name: string): Promise<DescribeChangeSetOutput | undefined> {
  try {
    const found = await job.call('cloudformation', 'DescribeChangeSet', {
      StackName: stackName(job),
      ChangeSetName: name,
    })
    return found as DescribeChangeSetOutput
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Carries the change set out. */
export async function executeChangeSet(job: ActionJob): Promise<Outcome> {
  const changeSet = await describeChangeSet(job, changeSetName(job))
  if (!changeSet) return gone(job)
  if (isUnchanged(changeSet)) return unchanged(job)
  await job.call('cloudformation', 'ExecuteChangeSet', {
    StackName: stackName(job),
    ChangeSetName: changeSetName(job),
    ClientRequestToken: job.actionRunId,
  })
  job.show(externalOf(job, changeSet.StackId ?? ''))
  const stack = await waitForStack(job)
  if (!stack) throw new ActionFailure(`Stack ${stackName(job)} was deleted meanwhile`)
  return outcomeOf(job, stack)
}

async function unchanged(job: ActionJob): Promise<Outcome> {
  const stack = await describeStack(job)
  const external = { ...externalOf(job, stack?.StackId ?? ''), summary: 'The change set has no changes.' }
  return { ...(await outputsOf(job, stack)), external }
}
